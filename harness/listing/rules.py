"""The rules of review: data in test_cases/review/rules.toml, the same on the vendor's desk and at the UN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from harness.data_files import read_toml
from harness.errors import SuiteError
from harness.resources import resource

NOT_LISTABLE, NEEDS_PERSON = "not_listable", "needs_person"


@dataclass(frozen=True)
class Rule:
    """One rule: what has to hold, why, and what follows where it does not."""

    id: str
    what: str
    why: str
    severity: str


@dataclass(frozen=True)
class Window:
    """What a reviewer accepts: suite versions and their digests, profiles, ages, sizes, and what shows a service."""

    suite_versions: tuple[str, ...]
    suite_digests: tuple[str, ...]
    profiles: tuple[str, ...]
    oldest_days: int
    ahead_minutes: int
    largest_submission: int
    largest_record: int
    most_members: int
    served: Mapping[str, tuple[str, ...]]
    """Components that are listed as a service, and the roles that show them."""


@dataclass(frozen=True)
class Rulebook:
    """All rules by id, in the order in which they are checked, and the window."""

    rules: Mapping[str, Rule]
    window: Window


@dataclass(frozen=True)
class Breach:
    """A rule that a submission breaks: where, and what was found there."""

    rule: str
    message: str
    place: str | None = None
    expected: str | None = None
    actual: str | None = None
    details: tuple[Mapping[str, Any], ...] = field(default=())


class SubmissionRefusedError(Exception):
    """Breaches after which nothing further of a submission can be read."""

    def __init__(self, *breaches: Breach) -> None:
        super().__init__(breaches[0].message)
        self.breaches = breaches


@cache
def load_rules() -> Rulebook:
    """The rules that ship with the suite. Raises SuiteError where they do not follow their schema."""
    path = resource("test_cases", "review", "rules.toml")
    data = read_toml(path, "review-rule")
    rules = [Rule(row["id"], row["what"], row["why"], row["severity"]) for row in data["rule"]]
    if len({rule.id for rule in rules}) != len(rules):
        raise SuiteError("a rule id is used twice", where=str(path))
    window: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data["window"].items()
    }
    window["served"] = {component: tuple(roles) for component, roles in window["served"].items()}
    return Rulebook({rule.id: rule for rule in rules}, Window(**window))
