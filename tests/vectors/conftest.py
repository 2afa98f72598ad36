"""The table of mutations at the end of a run: how many, how many caught, how many by the right requirement."""

from __future__ import annotations

from collections import defaultdict

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the table, one line for each component."""
    rows: dict[str, list[bool]] = defaultdict(list)
    caught: dict[str, int] = defaultdict(int)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            known = dict(report.user_properties)
            if getattr(report, "when", "") == "call" and "mutation" in known:
                rows[str(known["mutation"])].append(outcome == "passed")
                caught[str(known["mutation"])] += bool(known.get("caught"))
    if not rows:
        return
    terminalreporter.section("mutations")
    heads = ("mutations", "caught", "by the right one", "missed")
    terminalreporter.write_line(f"{'component':<10}" + "".join(f"{head:>18}" for head in heads))
    lines = [(name, len(right), caught[name], sum(right)) for name, right in sorted(rows.items())]
    lines.append(("all", sum(a for _, a, _, _ in lines), sum(b for _, _, b, _ in lines), sum(c for *_, c in lines)))
    for name, made, found, exact in lines:
        figures = (made, found, exact, made - found)
        terminalreporter.write_line(f"{name:<10}" + "".join(f"{figure:>18}" for figure in figures))
    terminalreporter.write_line(f"caught by the right requirement: {lines[-1][3] / lines[-1][1]:.1%}")
