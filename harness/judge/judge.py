"""`judge`: a pure function from evidence, suite and clock to results. No I/O, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from harness.catalogue import Conflict, CredentialType, Profile
from harness.credential import Credential
from harness.errors import AbsentError, EngineError
from harness.evidence import Absence, Evidence
from harness.judge.case import Case
from harness.judge.excerpt import with_excerpt
from harness.judge.subject import CredentialUnderTest
from harness.judge.suite import Suite
from harness.model import Finding, Outcome, Result, SubjectReport, Verdict, verdict_of

STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a case may stumble over when input is of a kind that its author did not think of: our error."""


@dataclass(frozen=True)
class Terms:
    """How a run judges: the forced profile or None to guess, the clock, the engine, the wanted cases."""

    at: datetime
    profile: Profile | None = None
    engine: str = "fast"
    only: tuple[str, ...] = ()


def under_test(
    credential: Credential, suite: Suite, terms: Terms, web: Mapping[str, Evidence | Absence]
) -> CredentialUnderTest:
    """A credential with its profile, type and evidence: the subject that cases take."""
    profile = terms.profile or suite.guess_profile(credential)
    kind = suite.type_of(credential, profile)
    owner = suite.plan(profile, kind).ownership.owner
    return CredentialUnderTest(credential, profile, kind, web, terms.at, terms.engine, owner)


def judge_credential(
    credential: Credential, suite: Suite, terms: Terms, web: Mapping[str, Evidence | Absence]
) -> SubjectReport:
    """Judge one credential by every case that applies to its type and profile."""
    subject = under_test(credential, suite, terms, web)
    plan = suite.plan(subject.profile, subject.type)
    chosen = [item for item in plan.cases if _wanted(item, terms.only)]
    results: tuple[Result, ...]
    if credential.kind == "credential":
        results = tuple(run_case(item, subject, suite) for item in chosen)
    else:
        results = tuple(run_case(item, subject, suite) for item in chosen if item.id == READING)
    results, conflicts = settle_conflicts(results, suite.catalogue.conflicts.values())
    contexts = subject.__dict__["expansion"].contexts if "expansion" in subject.__dict__ else ()
    return SubjectReport(
        name=credential.name,
        sha256=credential.evidence.sha256,
        media_type=credential.evidence.media_type,
        size=len(credential.evidence.body),
        origin=credential.evidence.origin,
        type=_type_name(credential, subject.type),
        profile=subject.profile.name if credential.kind == "credential" else None,
        results=results,
        verdict=verdict_of(results) if credential.kind in ("credential", "unreadable") else Verdict.UNDETERMINED,
        conflicts=conflicts,
        contexts=contexts,
    )


READING = "VCP-JSON-01"
"""The case that says whether there is a credential to read at all."""


def _type_name(credential: Credential, kind: CredentialType | None) -> str | None:
    if kind is not None and credential.kind == "credential":
        return kind.name
    if credential.document is None:
        return None
    others = [name for name in credential.document.root.types if name != "VerifiableCredential"]
    return others[0] if others else None


def _wanted(item: Case, only: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - rarely needed

    return not only or any(fnmatchcase(item.id, glob) for glob in only)


def run_case(item: Case, subject: CredentialUnderTest, suite: Suite) -> Result:
    """Run one case on one subject; what goes wrong on our side is an error outcome, never a verdict."""
    requirement = suite.catalogue.requirements[item.requirement]

    def result(outcome: Outcome, findings: tuple[Finding, ...] = (), reason: str | None = None) -> Result:
        return Result(
            item.id, requirement.id, requirement.level, requirement.role, subject.name, outcome, findings, reason
        )

    try:
        if item.when is not None and not item.when(subject):
            return result(Outcome.NOT_APPLICABLE)
        findings = tuple(item.function(subject))
    except AbsentError as absent:
        return result(Outcome.NOT_RUN, (Finding(absent.message, hint=absent.hint, source=requirement.source),), absent.message)
    except EngineError as failure:
        message = failure.message
        return result(Outcome.ERROR, (Finding(message, hint=failure.hint, source=requirement.source),), message)
    except STUMBLES as stumble:
        message = f"the case stumbled over this input: {type(stumble).__name__}: {stumble}"
        hint = "This is a fault of the harness: report it with the credential."
        return result(Outcome.ERROR, (Finding(message, hint=hint, source=requirement.source),), message)
    if not findings:
        return result(Outcome.PASSED)
    if any(finding.blame == "harness" for finding in findings):
        return result(Outcome.ERROR, findings, findings[0].message)
    told = tuple(
        with_excerpt(replace(finding, source=finding.source or requirement.source), subject.credential)
        for finding in findings
    )
    return result(requirement.severity(proposed=subject.profile.proposed), told)


def settle_conflicts(
    results: tuple[Result, ...], conflicts: Iterable[Conflict]
) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """Where standards disagree, following either side passes; the conflict is named in the record."""
    outcomes = {result.requirement: result.outcome for result in results}
    settled = list(results)
    met: list[str] = []
    for conflict in conflicts:
        sides = [outcomes[name] for name in conflict.requirements if name in outcomes]
        if len(sides) < 2 or Outcome.PASSED not in sides or set(sides) <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}:  # noqa: PLR2004
            continue
        for index, result in enumerate(settled):
            if result.requirement in conflict.requirements and result.outcome in (Outcome.FAILED, Outcome.WARNING):
                reason = f"standards disagree ({conflict.id}); this credential follows the other side"
                settled[index] = replace(result, outcome=Outcome.PASSED, findings=(), reason=reason)
                met.append(conflict.id)
    return tuple(settled), tuple(sorted(set(met)))
