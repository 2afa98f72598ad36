"""Equivalence tests need the official artefacts, which are not part of this repository.

They stand in `../shared`, or where `UNTP_CRM_SHARED` says. In CI their absence is a failure; on
anyone else's machine the folder is then left out, and pytest says so.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Final

import pytest

from .pairs import ARTEFACTS, SHARED

FIGURE: Final = "equivalence: "
"""What the name of a recorded property begins with when it is a figure for the summary."""

_MISSING: Final = not ARTEFACTS.is_dir()
_LEFT_OUT: Final = (
    f"equivalence: not collected, because the official artefacts are not in {SHARED} (set UNTP_CRM_SHARED)"
)

collect_ignore_glob = ["test_*.py"] if _MISSING and os.environ.get("CI") != "true" else []


def pytest_report_header() -> list[str]:
    """Says where the official artefacts are, or that the folder is left out."""
    return [_LEFT_OUT if collect_ignore_glob else f"equivalence: official artefacts in {SHARED}"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the figures that the tests recorded, or that the folder is left out."""
    figures: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name.startswith(FIGURE) and getattr(report, "when", "") == "call":
                    figures[name] += value
    if figures or collect_ignore_glob:
        terminalreporter.section("equivalence with the official artefacts")
    if collect_ignore_glob:
        terminalreporter.write_line(_LEFT_OUT)
    for name, value in figures.items():
        terminalreporter.write_line(f"{name.removeprefix(FIGURE)}: {value:,}")


@pytest.fixture(autouse=True, scope="session")
def official_artefacts() -> None:
    """The official artefacts; without them every test of the folder fails."""
    if _MISSING:
        pytest.fail(_LEFT_OUT.replace("not collected", "failed"), pytrace=False)
