"""The summary of a run that is too large for one record: sums, reasons and places, worked out row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import harness
from harness.catalogue import Profile
from harness.judge import Suite, Terms
from harness.model import Level, Outcome, Verdict, worst
from harness.run import engine_versions
from harness.volume.parts import OUTCOMES, Part

OPEN = (Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN, Outcome.REVIEW, Outcome.WARNING)
"""Outcomes that are told with their subjects, worst first."""
NAMED = 20
"""Subjects that are named for one requirement; the rest is counted."""


@dataclass
class Tally:
    """Adds parts up. What it holds does not grow with their number."""

    suite: Suite
    subjects: int = 0
    bytes: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    profiles: Counter[str] = field(default_factory=Counter)
    conflicts: Counter[str] = field(default_factory=Counter)
    _patterns: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)
    _counts: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    _first: dict[tuple[str, Outcome], list[str]] = field(default_factory=dict)
    _message: dict[tuple[str, Outcome], str] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Take the rows of one part in."""
        cases = [tuple(row) for row in part.head["cases"]]
        for row in part.rows:
            self.subjects += 1
            self.bytes += row["size"] if "#" not in row["name"] else 0
            self.verdicts[row["verdict"]] += 1
            self.types[row["type"] or "none"] += 1
            self.profiles[row["profile"] or "none"] += 1
            self.conflicts.update(row["conflicts"])
            self._patterns[cases[row["cases"]], row["outcomes"]] += 1
            for place, told in row["told"].items():
                self._tell(
                    cases[row["cases"]][int(place)], OUTCOMES[row["outcomes"][int(place)]], row["name"], told
                )
        if len(self._patterns) > 10_000:  # noqa: PLR2004 - settle, so that odd bundles do not grow it
            self._settle()

    def _tell(self, case: str, outcome: Outcome, name: str, told: Mapping[str, Any]) -> None:
        if outcome not in OPEN:
            return
        key = (self.suite.cases_by_id[case].requirement, outcome)
        first = self._first.setdefault(key, [])
        if len(first) < NAMED:
            first.append(name)
        findings = told["findings"]
        self._message.setdefault(key, findings[0]["message"] if findings else told["reason"] or "")

    def _settle(self) -> None:
        for (cases, outcomes), count in self._patterns.items():
            for case, letter in zip(cases, outcomes, strict=True):
                self._counts[self.suite.cases_by_id[case].requirement, OUTCOMES[letter]] += count
        self._patterns.clear()

    @property
    def verdict(self) -> Verdict:
        """The verdict on the whole."""
        return worst(Verdict(name) for name in self.verdicts)

    def summary(
        self,
        terms: Terms,
        *,
        profile: Profile | None,
        reproduce: Sequence[str],
        files: Iterable[str],
        skipped: int,
    ) -> dict[str, Any]:
        """What summary.json says: the members of a record that do not grow with the run, and findings by requirement."""
        self._settle()
        requirements = self.suite.catalogue.requirements
        by_level: Counter[tuple[Level, Outcome]] = Counter()
        for (name, outcome), count in self._counts.items():
            by_level[requirements[name].level, outcome] += count
        names = sorted({name for name, _ in self._counts})
        return {
            "summary": 1,
            "verdict": str(self.verdict),
            "at": terms.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "harness": {"version": harness.__version__, "suite": self.suite.digest},
            "profile": profile.name if profile else None,
            "subjects": self.subjects,
            "left_out": skipped,
            "verdicts": {str(verdict): self.verdicts.get(str(verdict), 0) for verdict in Verdict},
            "types": dict(sorted(self.types.items())),
            "profiles": dict(sorted(self.profiles.items())),
            "counts": {str(level): {str(o): by_level.get((level, o), 0) for o in Outcome} for level in Level},
            "findings": self._findings(),
            "requirements": {
                name: {str(o): self._counts.get((name, o), 0) for o in Outcome if (name, o) in self._counts}
                for name in names
            },
            "conflicts": dict(sorted(self.conflicts.items())),
            "engines": {"mode": terms.engine, **engine_versions()},
            "files": list(files),
            "reproduce": list(reproduce),
        }

    def _findings(self) -> list[dict[str, Any]]:
        requirements = self.suite.catalogue.requirements
        told = []
        for (name, outcome), first in self._first.items():
            requirement = requirements[name]
            told.append({
                "requirement": name, "level": str(requirement.level), "outcome": str(outcome),
                "title": requirement.title, "count": self._counts[name, outcome],
                "message": self._message[name, outcome], "subjects": first,
            })  # fmt: skip
        order = [str(outcome) for outcome in OPEN]
        levels = [str(level) for level in Level]
        return sorted(
            told,
            key=lambda r: (
                levels.index(r["level"]),
                order.index(r["outcome"]),
                -r["count"],
                r["requirement"],
            ),
        )


def told(summary: Mapping[str, Any], *, where: str | None) -> str:
    """The summary for people: verdict, numbers, the worst requirements with places, where the whole is."""
    lines = [summary["verdict"].capitalize()]
    verdicts = ", ".join(f"{number:,} {name}" for name, number in summary["verdicts"].items() if number)
    lines.append(f"{summary['subjects']:,} credentials: {verdicts}")
    for level, counts in summary["counts"].items():
        said = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items() if number)
        lines.append(f"  {level:<7}{said}" if said else f"  {level:<7}none")
    for row in summary["findings"][:12]:
        lines.append(
            f"{row['outcome']} {row['requirement']} {row['title']} ({row['level']}), {row['count']:,} credentials"
        )
        lines.append(f"    {row['message']}")
        lines.append(f"    in {', '.join(row['subjects'][:5])}{' …' if row['count'] > 5 else ''}")  # noqa: PLR2004
    if len(summary["findings"]) > 12:  # noqa: PLR2004
        lines.append(f"{len(summary['findings']) - 12} more requirements with findings are in the summary.")
    if where is not None:
        lines.append(f"Whole    {where}")
    return "\n".join(lines)
