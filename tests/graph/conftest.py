"""Prints how many mutations of the chains were caught, and how many by the right requirement."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FILES = ("tests/graph/test_mutations.py", "tests/crm/test_bundle.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each requirement: its mutations, those caught, those caught by it alone."""
    rows: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            said = dict(report.user_properties)
            if "requirement" in said and report.nodeid.startswith(FILES):
                row = rows.setdefault(str(said["requirement"]), Counter())
                row.update(mutations=1, caught=bool(said.get("caught")), right=outcome == "passed")
    if not rows:
        return
    terminalreporter.section("mutations of bundles")
    for requirement, row in sorted(rows.items()):
        terminalreporter.line(
            f"{requirement:<18}{row['mutations']:>4} caught {row['caught']:>3}  by the right requirement {row['right']:>3}"
        )
    total = sum(rows.values(), Counter())
    terminalreporter.line(
        f"{total['mutations']} mutations, {total['caught']} caught, {total['right']} by the right requirement"
    )
