"""The table of mutations at the end of a run: how many, how many caught, how many by the right requirement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest

from harness.catalogue import load_catalogue
from harness.reference.vectors import load_unmutated

COLUMNS = ("mutations", "caught", "by the right one", "missed", "official schemas")
"""The last column: how many of them the official schemas catch alone, of those that they were asked about."""


@dataclass(frozen=True)
class Made:
    """One mutation that was run."""

    vector: str
    component: str
    kind: str
    caught: bool
    exact: bool


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the table: one line for each component, then one for each kind of requirement, then the total."""
    made, official = _made(terminalreporter)
    if not made:
        return
    terminalreporter.section("mutations")
    terminalreporter.write_line(f"{'':<12}" + "".join(f"{head:>18}" for head in COLUMNS))
    for title in ("component", "kind"):
        terminalreporter.write_line(title)
        for name in sorted({str(getattr(one, title)) for one in made}):
            group = [one for one in made if getattr(one, title) == name]
            _write_row(terminalreporter, f"  {name}", group, official)
    _write_row(terminalreporter, "all", made, official)
    share = sum(one.exact for one in made) / len(made)
    terminalreporter.write_line(f"caught by the right requirement: {share:.1%}")
    terminalreporter.write_line(
        f"requirements that say why no mutation can break them: {len(load_unmutated())}"
    )
    _write_trust_table(terminalreporter)


def _made(terminalreporter: pytest.TerminalReporter) -> tuple[list[Made], dict[str, bool]]:
    """Every mutation that was run, and what the official schemas say of each that they were asked about."""
    requirements = load_catalogue().requirements
    made: list[Made] = []
    official: dict[str, bool] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            known = dict(report.user_properties)
            for verdict in ("caught", "missed"):
                official |= dict.fromkeys(
                    str(known.get(f"official-{verdict}", "")).split(), verdict == "caught"
                )
            if getattr(report, "when", "") == "call" and "vector" in known:
                kind = requirements[str(known["requirement"])].kind
                made.append(
                    Made(
                        str(known["vector"]),
                        str(known["mutation"]),
                        kind,
                        bool(known.get("caught")),
                        outcome == "passed",
                    )
                )
    return made, official


def _write_row(
    terminalreporter: pytest.TerminalReporter, name: str, made: list[Made], official: dict[str, bool]
) -> None:
    caught, exact = sum(one.caught for one in made), sum(one.exact for one in made)
    asked = [official[one.vector] for one in made if one.vector in official]
    alone = f"{sum(asked)} of {len(asked)}" if asked else "-"
    figures = (len(made), caught, exact, len(made) - caught, alone)
    terminalreporter.write_line(f"{name:<12}" + "".join(f"{figure:>18}" for figure in figures))


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
