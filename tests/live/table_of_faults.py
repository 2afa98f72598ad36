"""The faults of the live reference vendor as a table, at the end of the run that tried them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from harness.reference.server.faults import Kind, LiveFault, load_live_faults

TITLES = {
    Kind.BINDING: "binding faults: the requirement fails, and it alone; the vendor is nonconformant",
    Kind.ADVISORY: "advisory faults: the requirement warns, and it alone; the vendor is conformant with it, or open",
    Kind.COMPOUND: "compound faults: those that cannot but fail with the requirement are named",
}
HEAD = f"{'fault':<38} {'requirement':<14} {'outcome':<8} {'verdict':<14} seconds"


@dataclass(frozen=True)
class Row:
    """One fault, what was found with it alone, and whether that is what it says."""

    fault: LiveFault
    known: Mapping[str, Any]
    right: bool

    def __str__(self) -> str:
        """Its line."""
        fault, found = self.fault, dict(self.known.get("found", {}))
        outcome = found.pop(fault.requirement, "missed")
        also = f"  and {', '.join(sorted(found))}" if found else ""
        return (
            f"{fault.name:<38} {fault.requirement:<14} {outcome:<8} {self.known.get('verdict', 'none'):<14} "
            f"{self.known.get('seconds', 0):7.1f}{also}{'' if self.right else '  WRONG'}"
        )


def fault_tables(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a table for each kind of fault, with workers or without, and the combined runs below."""
    rows = list(_rows(terminalreporter))
    for kind, title in TITLES.items():
        mine = [row for row in rows if row.fault.kind is kind]
        if mine:
            terminalreporter.section(title)
            terminalreporter.write_line(HEAD)
            for row in mine:
                terminalreporter.write_line(str(row))
            terminalreporter.write_line(f"{len(mine)} faults, {sum(row.right for row in mine)} right")
    together = sorted(_together(terminalreporter))
    if together:
        terminalreporter.section("faults of all suites together, by certify")
        for line in together:
            terminalreporter.write_line(line)


def _known(terminalreporter: pytest.TerminalReporter, name: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """What tests noted under a name, and whether they passed."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            known = dict(getattr(report, "user_properties", ()))
            if getattr(report, "when", "") == "call" and name in known:
                yield known, outcome == "passed"


def _rows(terminalreporter: pytest.TerminalReporter) -> Iterator[Row]:
    faults = load_live_faults()
    found = {
        known["fault"]: Row(faults[known["fault"]], known, right)
        for known, right in _known(terminalreporter, "fault")
    }
    yield from (found[name] for name in faults if name in found)


def _together(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    for known, right in _known(terminalreporter, "together"):
        yield f"{known['together']}{'' if right else '  WRONG'}"
