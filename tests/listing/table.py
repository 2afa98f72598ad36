"""The table of tampering at the end of a run: each way, the rule that refuses it, and the answer."""

from __future__ import annotations

import pytest


def tampering_table(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the table, one line for each way of tampering."""
    rows: list[tuple[str, str, str, bool]] = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            known = dict(report.user_properties)
            if getattr(report, "when", "") == "call" and "tampering" in known:
                answer = str(known.get("answer", "none"))
                rows.append((str(known["rule"]), str(known["tampering"]), answer, outcome == "passed"))
    if not rows:
        return
    terminalreporter.section("tampering with submissions")
    for rule, name, answer, right in sorted(rows):
        terminalreporter.write_line(f"{rule:<12}{name:<48}{answer:<16}{'right' if right else 'WRONG'}")
    good = sum(right for *_, right in rows)
    terminalreporter.write_line(f"{len(rows)} ways, {good} refused by the rule that they break")
