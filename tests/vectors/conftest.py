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
    lines.append(
        ("all", sum(a for _, a, _, _ in lines), sum(b for _, _, b, _ in lines), sum(c for *_, c in lines))
    )
    for name, made, found, exact in lines:
        figures = (made, found, exact, made - found)
        terminalreporter.write_line(f"{name:<10}" + "".join(f"{figure:>18}" for figure in figures))
    terminalreporter.write_line(f"caught by the right requirement: {lines[-1][3] / lines[-1][1]:.1%}")
    _write_trust_table(terminalreporter)


TRUST = (
    "VCP-JOSE-",
    "VCP-DI-",
    "VCP-DID-",
    "VCP-STAT-",
    "VCP-RND-04",
    "VCP-ENV-21",
    "VCP-ENV-22",
    "DPP-LINK-0",
)
"""The requirements of signatures, identifiers, status and digests, which have a table of their own."""


def _write_trust_table(terminalreporter: pytest.TerminalReporter) -> None:
    """Write one line for each trust requirement: its mutations, how many are caught, and by which requirements."""
    made: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    by: dict[str, set[str]] = defaultdict(set)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            known = dict(report.user_properties)
            name = str(known.get("requirement", ""))
            if getattr(report, "when", "") == "call" and name.startswith(TRUST):
                made[name].append((bool(known.get("caught")), outcome == "passed"))
                by[name].update(str(known.get("by", "")).split())
    if not made:
        return
    terminalreporter.section("mutations of trust")
    terminalreporter.write_line(f"{'requirement':<14}{'mutations':>10}{'caught':>8}{'right':>7}  by")
    for name, rows in sorted(made.items()):
        caught, right = (sum(row[which] for row in rows) for which in (0, 1))
        others = ", ".join(sorted(by[name] - {name}))
        told = f"{name}{f', with it {others}' if others else ''}"
        terminalreporter.write_line(f"{name:<14}{len(rows):>10}{caught:>8}{right:>7}  {told}")
    total = [row for rows in made.values() for row in rows]
    caught, right = (sum(row[which] for row in total) for which in (0, 1))
    terminalreporter.write_line(f"{'all':<14}{len(total):>10}{caught:>8}{right:>7}")
