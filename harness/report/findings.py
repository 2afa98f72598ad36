"""Findings as a reader wants them: by requirement, worst first, equal ones folded into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

OUTCOMES = ("passed", "failed", "warning", "not_applicable", "not_run", "error", "review")
"""In the order of the contract."""

WORST_FIRST = ("failed", "error", "review", "not_run", "warning", "not_applicable", "passed")
LEVELS = ("MUST", "SHOULD", "MAY")
QUIET = frozenset({"passed", "not_applicable"})
"""Outcomes that are no news: listed only where a finding comes with them."""


@dataclass(frozen=True)
class Place:
    """Where one finding stands: its result (case, subject, role) and the finding itself."""

    result: Mapping[str, Any]
    finding: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """Name of the credential or endpoint."""
        return str(self.result["subject"])

    @property
    def at(self) -> str:
        """Line and column as compilers write them, or nothing: ":41:24"."""
        line = self.finding["line"]
        return "" if line is None else f":{line}:{self.finding['column'] or 1}"


@dataclass(frozen=True)
class Fold:
    """Equal findings: one text, one or many places."""

    outcome: str
    places: tuple[Place, ...]

    @property
    def first(self) -> Place:
        """The place that is shown in full."""
        return self.places[0]

    @property
    def finding(self) -> Mapping[str, Any]:
        """The finding that all places share but for pointer, line, column, excerpt and trace."""
        return self.first.finding


@dataclass(frozen=True)
class Group:
    """All findings of one requirement, with its entry of the record."""

    requirement: str
    about: Mapping[str, Any]
    folds: tuple[Fold, ...]

    @property
    def outcome(self) -> str:
        """The worst outcome in it."""
        return self.folds[0].outcome

    @cached_property
    def size(self) -> int:
        """How many findings, unfolded."""
        return sum(len(fold.places) for fold in self.folds)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The credentials and endpoints concerned, each once."""
        return tuple(dict.fromkeys(place.subject for fold in self.folds for place in fold.places))

    @cached_property
    def issues(self) -> tuple[str, ...]:
        """Where failures in it that the vendor expected are dealt with, each once."""
        found = (place.result.get("expected_failure") for fold in self.folds for place in fold.places)
        return tuple(dict.fromkeys(str(issue) for issue in found if issue))

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes in it, worst first."""
        return tuple(sorted({fold.outcome for fold in self.folds}, key=WORST_FIRST.index))


def groups_of(record: Mapping[str, Any]) -> tuple[Group, ...]:
    """Group the findings of a record by requirement, worst first, and fold equal ones."""
    folded: dict[str, dict[tuple[object, ...], list[Place]]] = {}
    for place in places_of(record):
        finding = place.finding
        same = (
            place.result["outcome"],
            *(finding.get(part) for part in ("message", "expected", "actual", "hint", "source", "step")),
        )
        folded.setdefault(place.result["requirement"], {}).setdefault(same, []).append(place)
    groups = [
        Group(requirement, record["requirements"][requirement], _worst_first(folds))
        for requirement, folds in folded.items()
    ]
    return tuple(sorted(groups, key=_rank))


def places_of(record: Mapping[str, Any]) -> Iterator[Place]:
    """Each finding of a record in its order; a result without one counts as a finding of its reason."""
    for result in record["results"]:
        for finding in result["findings"]:
            yield Place(result, finding)
        if not result["findings"] and result["outcome"] not in QUIET:
            yield Place(result, _bare(result))


def tally(record: Mapping[str, Any], outcome: str) -> int:
    """How many results of a record have an outcome, whatever their level."""
    return sum(record["counts"][level][outcome] for level in LEVELS)


def _bare(result: Mapping[str, Any]) -> Mapping[str, Any]:
    message = result.get("reason") or "There is no further word on it."
    nothing = dict.fromkeys(("pointer", "line", "column", "expected", "actual", "hint", "source"))
    return {**nothing, "message": message}


def _worst_first(folds: Mapping[tuple[object, ...], list[Place]]) -> tuple[Fold, ...]:
    ranked = sorted(folds.items(), key=lambda fold: (WORST_FIRST.index(str(fold[0][0])), -len(fold[1])))
    return tuple(Fold(str(same[0]), tuple(places)) for same, places in ranked)


def _rank(group: Group) -> tuple[int, int, int, int, str]:
    """By outcome, then level, then the number of credentials concerned, then the number of findings."""
    worst = [place for fold in group.folds if fold.outcome == group.outcome for place in fold.places]
    return (
        WORST_FIRST.index(group.outcome),
        LEVELS.index(group.about["level"]),
        -len({place.subject for place in worst}),
        -len(worst),
        group.requirement,
    )
