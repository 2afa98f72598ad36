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
    terminalreporter.write_line(f"{'component':<10}{'mutations':>10}{'caught':>10}{'by the right one':>18}")
    for component, right in sorted(rows.items()):
        terminalreporter.write_line(f"{component:<10}{len(right):>10}{caught[component]:>10}{sum(right):>18}")
    total = sum(len(right) for right in rows.values())
    exact = sum(sum(right) for right in rows.values())
    terminalreporter.write_line(f"{'all':<10}{total:>10}{sum(caught.values()):>10}{exact:>18}")
