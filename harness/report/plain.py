"""One finding in plain text, in the manner of a compiler: for terminals, JUnit and logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.report.dialogue import dialogue_of
from harness.report.findings import Place
from harness.report.visible import bearable, one_line, visible

GLYPHS: Mapping[str, str] = {
    "passed": "✓",
    "failed": "✗",
    "warning": "▲",
    "not_applicable": "-",
    "not_run": "○",
    "error": "■",
    "review": "◆",
}
"""One sign for each outcome, so that no reader depends on colour."""

_LABELS = (("expected", "expected"), ("actual", "actual"), ("hint", "what to do"), ("source", "source"))


def place_line(place: Place) -> str:
    """Where a finding stands: "dpp.json:41:24 at /credentialStatus/statusListIndex"."""
    pointer = place.finding["pointer"]
    where = f"{place.subject}{place.at}"
    return one_line(where if pointer is None else f"{where} at {pointer or 'the whole document'}", 300)


def finding_lines(finding: Mapping[str, Any]) -> list[str]:
    """What a finding says: its message, then expected, actual, what to do and source, one line each."""
    lines = [bearable(visible(finding["message"]))]
    sides = dialogue_of(finding)
    if sides:
        return [*lines, *(f"{said.side}: {one_line(said.head, 300)}" for said in sides)]
    if finding.get("trace"):
        lines.append(f"steps: {one_line(' > '.join(step['name'] for step in finding['trace']))}")
    if "step" in finding:
        lines.append(f"stopped at: {one_line(finding['step'])}")
    for member, label in _LABELS:
        if finding[member] is not None:
            lines.append(f"{label}: {one_line(finding[member])}")
    return lines
