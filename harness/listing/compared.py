"""Two records side by side: what got better, what got worse, what is new or gone, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.report.visible import one_line

REPLACEABLE = frozenset({"engines"})
"""Members that may differ between two machines that judge the same evidence: versions of the engines."""

RANK: Mapping[str, int] = {
    "failed": 0, "error": 1, "not_run": 2, "review": 3, "warning": 4, "not_applicable": 5, "passed": 6,
}  # fmt: skip
"""Outcomes from worst to best."""


QUIET = frozenset({"passed", "not_applicable"})
"""Outcomes between which nothing gets better or worse: the evidence only speaks of it, or no longer does."""


@dataclass(frozen=True)
class Change:
    """One case on one subject whose outcome is another."""

    case: str
    subject: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Comparison:
    """What became of each outcome from one record to the next, and what changed around it."""

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    other: tuple[Change, ...]
    """Passed before and not applicable now, or the other way round."""
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    same: int
    why: tuple[tuple[str, str, str], ...]
    """What differs between the runs: its name, before and after."""

    def as_json(self) -> dict[str, Any]:
        """Members: better, worse, other, new, gone, same, why."""
        return {
            **{
                name: [change.__dict__ for change in getattr(self, name)]
                for name in ("better", "worse", "other", "new", "gone")
            },
            "same": self.same,
            "why": [{"what": what, "before": before, "after": after} for what, before, after in self.why],
        }


def outcomes_of(record: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Outcome by case and subject; the results of subjects of one name are told apart by their order."""
    found: dict[tuple[str, str], str] = {}
    for row in record["results"]:
        key = (row["case"], row["subject"])
        number = 2
        while key in found:
            key = (row["case"], f"{row['subject']} ({number})")
            number += 1
        found[key] = row["outcome"]
    return found


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare two records, the older first."""
    old, new = outcomes_of(before), outcomes_of(after)
    better: list[Change] = []
    worse: list[Change] = []
    other: list[Change] = []
    same = 0
    for key in sorted(old.keys() & new.keys()):
        if old[key] == new[key]:
            same += 1
            continue
        change = Change(*key, old[key], new[key])
        if {old[key], new[key]} <= QUIET:
            other.append(change)
        else:
            (better if RANK[new[key]] > RANK[old[key]] else worse).append(change)
    worse.sort(key=lambda change: (RANK[str(change.after)], change.case, change.subject))
    added = tuple(Change(*key, None, new[key]) for key in sorted(new.keys() - old.keys()))
    gone = tuple(Change(*key, old[key], None) for key in sorted(old.keys() - new.keys()))
    return Comparison(
        tuple(better), tuple(worse), tuple(other), added, gone, same, tuple(_why(before, after))
    )


def _why(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    seen = [_around(record) for record in (before, after)]
    return [(name, seen[0][name], seen[1][name]) for name in seen[0] if seen[0][name] != seen[1][name]]


def _around(record: Mapping[str, Any]) -> dict[str, str]:
    product = record["product"] or {}
    evidence = sorted(row["sha256"] for row in record["subjects"])
    artefacts = sorted(f"{row['url']} {row['sha256']}" for row in record["artefacts"])
    return {
        "vendor": str((record["vendor"] or {}).get("name")),
        "product": f"{product.get('name')} {product.get('version')}",
        "profile": record["profile"] or "as each credential's contexts name it",
        "components": ", ".join(record["scope"]["components"]),
        "roles": ", ".join(record["scope"]["roles"]),
        "suite version": record["harness"]["version"],
        "suite": record["harness"]["suite"],
        "clock": record["at"],
        "credentials": _digest(evidence),
        "artefacts": _digest(artefacts),
        "engines": ", ".join(f"{name} {version}" for name, version in sorted(record["engines"].items())),
    }


def _digest(rows: list[str]) -> str:

    return f"{len(rows)} with digest {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"


HEADS: Mapping[str, str] = {
    "worse": "Worse", "better": "Better", "new": "New", "gone": "Gone", "other": "Passed, or does not apply",
}  # fmt: skip
MOST = 25
"""Changes of one kind that the text names one by one."""


def comparison_text(found: Comparison) -> str:
    """The comparison for the terminal: why first, then what got worse, better, new and gone."""
    named = ("worse", "better", "new", "gone", "other")
    counts = [f"{len(getattr(found, name)):,} {name}" for name in named[:4]]
    if found.other:
        counts.append(f"{len(found.other):,} passed or do not apply in place of the other")
    lines = [", ".join([*counts, f"{found.same:,} the same"])]
    lines += ["", "What changed around them:"]
    lines += [f"  {what}: {one_line(before)} -> {one_line(after)}" for what, before, after in found.why]
    if not found.why:
        lines.append("  nothing: the same product, suite, artefacts, clock and profile")
    for name in named:
        changes: tuple[Change, ...] = getattr(found, name)
        if changes:
            lines += ["", f"{HEADS[name]}:"]
            lines += [
                f"  {change.case}  {one_line(change.subject, 120)}: {change.before or '-'} -> {change.after or '-'}"
                for change in changes[:MOST]
            ]
        if len(changes) > MOST:
            lines.append(f"  and {len(changes) - MOST} more")
    return "\n".join(lines)
