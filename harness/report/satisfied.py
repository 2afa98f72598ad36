"""What satisfied each requirement, and what did not: the auditor's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.report.findings import LEVELS, WORST_FIRST
from harness.report.scope import component_rank

NAMED = 5
"""How many credentials are named for each outcome; the rest is counted."""


@dataclass
class Share:
    """The credentials with one outcome: all are counted, the first few are named."""

    outcome: str
    count: int = 0
    named: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def more(self) -> int:
        """How many are counted and not named."""
        return self.count - len(self.named)


@dataclass
class Answer:
    """One requirement: its cases and what each outcome rests on, worst first."""

    requirement: str
    about: Mapping[str, Any]
    cases: list[str] = field(default_factory=list)
    shares: dict[str, Share] = field(default_factory=dict)
    untested: str | None = None

    @property
    def worst_first(self) -> list[Share]:
        """Its shares, worst outcome first."""
        return sorted(self.shares.values(), key=lambda share: WORST_FIRST.index(share.outcome))


def answers_of(record: Mapping[str, Any]) -> dict[str, list[Answer]]:
    """Answer for every requirement of a record, by component in the order of the field."""
    answers = {name: Answer(name, about) for name, about in record["requirements"].items()}
    for result in record["results"]:
        answer = answers[result["requirement"]]
        if result["case"] not in answer.cases:
            answer.cases.append(result["case"])
        share = answer.shares.setdefault(result["outcome"], Share(result["outcome"]))
        share.count += 1
        if len(share.named) < NAMED:
            share.named.append(result["subject"])
        if "reason" in result:
            share.reasons[result["reason"]] += 1
    for row in record["untested"]:
        answers[row["requirement"]].untested = row["reason"]
    by_component: dict[str, list[Answer]] = {}
    for answer in sorted(
        answers.values(), key=lambda each: (component_rank(each.about["component"]), each.requirement)
    ):
        by_component.setdefault(answer.about["component"], []).append(answer)
    return by_component


@dataclass
class Unheard:
    """Results that ended the same way for the same reason, with the requirements concerned."""

    outcome: str
    reason: str
    count: int = 0
    requirements: dict[str, None] = field(default_factory=dict)


def unheard_of(record: Mapping[str, Any]) -> list[Unheard]:
    """What was not run, ended in an error or waits for a person, by reason: the largest first."""
    rows: dict[tuple[str, str], Unheard] = {}
    for result in record["results"]:
        outcome = result["outcome"]
        if outcome not in {"not_run", "error", "review"}:
            continue
        reason = result.get("reason") or next((row["message"] for row in result["findings"]), "")
        row = rows.setdefault((outcome, reason), Unheard(outcome, reason))
        row.count += 1
        row.requirements[result["requirement"]] = None
    return sorted(rows.values(), key=lambda row: (WORST_FIRST.index(row.outcome), -row.count, row.reason))


def levels_of(record: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Untested requirements by level, MUST first; levels without one are left out."""
    by_level = {level: [row for row in record["untested"] if row["level"] == level] for level in LEVELS}
    return {level: rows for level, rows in by_level.items() if rows}
