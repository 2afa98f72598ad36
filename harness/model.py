"""The words of the house as frozen values: Requirement, Finding, Outcome, Verdict, Result, Record.

Nothing here computes a verdict about a credential; `verdict_of` only adds outcomes up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How binding a requirement is (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Basis(StrEnum):
    """What a requirement rests on; it decides whether a fault can fail a vendor."""

    KEYWORD = "keyword"
    SCHEMA = "schema"
    W3C = "w3c"
    PROSE = "prose"
    DERIVED = "derived"
    PROPOSED = "proposed"


BINDING = frozenset({Basis.KEYWORD, Basis.SCHEMA, Basis.W3C})


class Outcome(StrEnum):
    """What one case says of one subject."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    ERROR = "error"
    REVIEW = "review"


OPEN = frozenset({Outcome.NOT_RUN, Outcome.ERROR, Outcome.REVIEW})
"""Outcomes that settle nothing: a MUST that ends in one of them leaves the verdict open."""


class Verdict(StrEnum):
    """What a run says of a vendor, a role or one credential."""

    CONFORMANT = "conformant"
    NONCONFORMANT = "nonconformant"
    UNDETERMINED = "undetermined"


EXIT_CODES: Mapping[Verdict, int] = {Verdict.CONFORMANT: 0, Verdict.NONCONFORMANT: 1, Verdict.UNDETERMINED: 3}


@dataclass(frozen=True)
class Requirement:
    """One normative statement, as the catalogue holds it."""

    id: str
    title: str
    level: Level
    role: str
    basis: Basis
    versions: tuple[str, ...]
    kind: str
    statement: str
    decide: str
    sources: tuple[str, ...]
    mutation: Mapping[str, str] | None = None
    manual: str | None = None
    deferred: str | None = None
    conflict: str | None = None
    note: str | None = None

    @property
    def component(self) -> str:
        """The part of UNTP it belongs to: the first word of its id."""
        return self.id.partition("-")[0]

    @property
    def source(self) -> str:
        """The first and most exact source."""
        return self.sources[0]

    def severity(self, *, proposed: str = "warns") -> Outcome:
        """What a fault against it is: failed where it binds, else a warning.

        `proposed` is "binds" under a profile of our own (untp-crm), where proposed requirements fail.
        """
        binds = self.basis in BINDING or (self.basis is Basis.PROPOSED and proposed == "binds")
        return Outcome.FAILED if self.level is Level.MUST and binds else Outcome.WARNING


@dataclass(frozen=True)
class Finding:
    """One observation: what was found where, what was expected, and what to do about it."""

    message: str
    pointer: str | None = None
    line: int | None = None
    column: int | None = None
    expected: str | None = None
    actual: str | None = None
    hint: str | None = None
    source: str | None = None
    step: str | None = None
    trace: tuple[Mapping[str, str], ...] = ()
    excerpt: Mapping[str, Any] | None = None
    blame: str = "vendor"
    """Whose it is: "vendor", "harness" where we could not judge, or "person" where somebody has to look."""
    conflict: str | None = None
    """The conflict of standards that excuses it: then it is shown as feedback and charged to nobody."""

    def excused_by(self, conflict: str) -> Finding:
        """The same, charged to a conflict of standards instead of the vendor."""
        return replace(self, conflict=conflict)

    def for_a_person(self) -> Finding:
        """The same, as a question that a person has to answer."""
        return replace(self, blame="person")

    def as_json(self) -> dict[str, Any]:
        """Members in the order of the contract; absent ones are null, the last three only where they are."""
        row: dict[str, Any] = {
            "pointer": self.pointer,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "expected": self.expected,
            "actual": self.actual,
            "hint": self.hint,
            "source": self.source,
        }
        if self.step is not None:
            row["step"] = self.step
        if self.trace:
            row["trace"] = [dict(step) for step in self.trace]
        if self.excerpt is not None:
            row["excerpt"] = dict(self.excerpt)
        return row


@dataclass(frozen=True)
class Result:
    """What one case says of one subject, with its findings."""

    case: str
    requirement: str
    level: Level
    role: str
    subject: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    conflicts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Members in the order of the contract; `reason` only where there is one."""
        row: dict[str, Any] = {
            "case": self.case,
            "requirement": self.requirement,
            "level": str(self.level),
            "role": self.role,
            "subject": self.subject,
            "outcome": str(self.outcome),
            "findings": [finding.as_json() for finding in self.findings],
        }
        if self.reason is not None:
            row["reason"] = self.reason
        return row


@dataclass(frozen=True)
class SubjectReport:
    """All results on one credential (or one document that should have been one)."""

    name: str
    sha256: str
    media_type: str
    size: int
    origin: str
    type: str | None
    profile: str | None
    results: tuple[Result, ...]
    verdict: Verdict
    conflicts: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many results had each outcome, every outcome named."""
        counted = Counter(result.outcome for result in self.results)
        return {str(outcome): counted.get(outcome, 0) for outcome in Outcome}


def verdict_of(results: Iterable[Result]) -> Verdict:
    """Add outcomes up: one failed MUST is nonconformant; open ends or nothing tested are undetermined."""
    tested = failed = unsettled = 0
    for result in results:
        outcome = result.outcome
        if outcome is Outcome.PASSED:
            tested += 1
        elif outcome is Outcome.FAILED:
            failed += 1
        elif outcome in OPEN and result.level is Level.MUST:
            unsettled += 1
    if failed:
        return Verdict.NONCONFORMANT
    return Verdict.CONFORMANT if tested and not unsettled else Verdict.UNDETERMINED


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a whole of many parts: undetermined when there is no part at all."""
    seen = set(verdicts)
    for verdict in (Verdict.NONCONFORMANT, Verdict.UNDETERMINED):
        if verdict in seen:
            return verdict
    return Verdict.CONFORMANT if seen else Verdict.UNDETERMINED
