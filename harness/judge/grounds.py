"""Why a run is not conformant: each MUST that stands in the way, worst first, those of one cause together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harness.judge.suite import Suite
from harness.model import Level, Outcome, Requirement, Result

SHOWN_REASONS = 5
"""How many a reader sees at first; the rest is counted."""
WORST = (Outcome.FAILED, Outcome.ERROR, Outcome.REVIEW, Outcome.NOT_RUN)
"""In the order in which the report has findings."""
TRUST = frozenset({"crypto", "did", "status"})
"""Kinds of requirement without which nothing else that a credential says can be believed."""
SUBJECTS = 5
CLAIM = "claim"
"""The subject of what was claimed and nothing that was given shows."""


@dataclass(frozen=True)
class Ground:
    """One requirement with one outcome that keeps a run from being conformant, and its results."""

    outcome: Outcome
    requirement: Requirement
    results: Sequence[Result]

    @property
    def messages(self) -> tuple[str, ...]:
        """What was found, each once; of a result without a finding, the reason that it gives."""
        found = [
            message
            for result in self.results
            for message in ([one.message for one in result.findings] or [result.reason or ""])
        ]
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Where, each once."""
        return tuple(dict.fromkeys(result.subject for result in self.results))

    @property
    def cause(self) -> tuple[object, ...]:
        """What grounds of one cause share: a document that is missing leaves many requirements open, all alike."""
        if self.outcome is Outcome.FAILED or not self.messages:
            return (self.requirement.id, self.outcome)
        return (self.outcome, frozenset(self.messages), frozenset(self.subjects))

    @property
    def rank(self) -> tuple[int, bool, bool, int, str]:
        """By outcome, what was asked before what nothing came for, then what trust rests on, then the number of checks.

        An endpoint that cannot be reached is why nothing shows a component: the cause stands before what follows from it.
        """
        unshown = all(result.subject == CLAIM for result in self.results)
        trust = self.requirement.kind in TRUST
        return WORST.index(self.outcome), unshown, not trust, -len(self.results), self.requirement.id


def reasons_of(results: Iterable[Result], suite: Suite) -> list[dict[str, Any]]:
    """The reasons as the record has them, worst first."""
    grouped: dict[tuple[Outcome, str], list[Result]] = {}
    for result in results:
        if result.level is Level.MUST and result.outcome in WORST:
            grouped.setdefault((result.outcome, result.requirement), []).append(result)
    known = suite.catalogue.requirements
    grounds = [Ground(outcome, known[name], found) for (outcome, name), found in grouped.items()]
    causes: dict[tuple[object, ...], list[Ground]] = {}
    for ground in sorted(grounds, key=lambda one: one.rank):
        causes.setdefault(ground.cause, []).append(ground)
    return [_reason(found) for found in causes.values()]


def _reason(grounds: Sequence[Ground]) -> dict[str, Any]:
    first = grounds[0]
    also = [ground.requirement.id for ground in grounds[1:]]
    return {
        "requirement": first.requirement.id,
        "outcome": str(first.outcome),
        "text": _text(first, alone=not also),
        "count": sum(len(ground.results) for ground in grounds),
        "subjects": list(first.subjects[:SUBJECTS]),
        "places": len(first.subjects),
    } | ({"also": also} if also else {})


def _text(ground: Ground, *, alone: bool) -> str:
    """The title; beside what is no failure also what was found first, and how much else."""
    title, messages = ground.requirement.title, ground.messages
    if ground.outcome is Outcome.FAILED or not messages:
        return title
    others = len(messages) - 1
    more = f" (and {others} other reason{'s' if others > 1 else ''})" if others else ""
    return f"{f'{title}: ' if alone else ''}{messages[0]}{more}"
