"""`judge`: a pure function from evidence, suite and clock to results. No I/O, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from harness.catalogue import CredentialType, Profile
from harness.credential import CREDENTIAL, Credential
from harness.credential.kinds import UNREADABLE
from harness.errors import AbsentError, HarnessError, SuiteError
from harness.evidence import Absence, Evidence
from harness.judge.case import Case, Ownership
from harness.judge.excerpt import with_excerpt
from harness.judge.expected import ExpectedFailure
from harness.judge.subject import CredentialUnderTest, DocumentUnderTest
from harness.judge.suite import READING, Suite
from harness.model import Finding, Outcome, Requirement, Result, SubjectReport, Verdict, verdict_of
from harness.trust.anchors import NOBODY, Anchors

STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a case may stumble over when input is of a kind that its author did not think of: our error."""


@dataclass(frozen=True)
class Terms:
    """How a run judges: the forced profile or None to guess, the clock, the engine, the wanted cases, whom it trusts.

    `expected` are the failures that the vendor knows of: they mark results and change none.
    """

    at: datetime
    profile: Profile | None = None
    engine: str = "fast"
    only: tuple[str, ...] = ()
    anchors: Anchors = NOBODY
    expected: tuple[ExpectedFailure, ...] = ()


def under_test(
    credential: Credential, suite: Suite, terms: Terms, web: Mapping[str, Evidence | Absence]
) -> CredentialUnderTest:
    """A credential with its profile, type and evidence: the subject that cases take."""
    profile = terms.profile or suite.guess_profile(credential)
    kind = suite.type_of(credential, profile)
    plan = suite.plan(profile, kind)
    beside = kind is not None and kind.suite == "document"
    return (DocumentUnderTest if beside else CredentialUnderTest)(
        credential,
        profile,
        kind,
        web,
        terms.at,
        terms.engine,
        plan.ownership.owner,
        plan.extension_ownership.owner,
        terms.anchors,
    )


def judge_credential(
    credential: Credential, suite: Suite, terms: Terms, web: Mapping[str, Evidence | Absence]
) -> SubjectReport:
    """Judge one credential by every case that applies to its type and profile."""
    return judge_subject(under_test(credential, suite, terms, web), suite, terms)


def judge_subject(subject: CredentialUnderTest, suite: Suite, terms: Terms) -> SubjectReport:
    """Judge a credential that already stands with its profile, type and evidence."""
    credential = subject.credential
    plan = suite.plan(subject.profile, subject.type)
    chosen = [item for item in plan.cases if wanted(item, terms.only)] if terms.only else plan.cases
    results: tuple[Result, ...]
    judged = credential.kind == CREDENTIAL or subject.type is not None
    if judged:
        results = tuple(run_case(item, subject, suite) for item in chosen)
        results = no_fault_unreported(results, subject, plan.ownership, suite)
    else:
        results = tuple(run_case(item, subject, suite) for item in chosen if item.id == READING[0])
    conflicts = tuple(sorted({name for result in results for name in result.conflicts}))
    contexts = subject.__dict__["expansion"].contexts if "expansion" in subject.__dict__ else ()
    return SubjectReport(
        name=credential.name,
        sha256=credential.evidence.sha256,
        media_type=credential.evidence.media_type,
        size=len(credential.evidence.body),
        origin=credential.evidence.origin,
        type=_type_name(credential, subject.type),
        profile=subject.profile.name if judged else None,
        results=results,
        verdict=_verdict(results, subject.type)
        if judged or credential.kind == UNREADABLE
        else Verdict.UNDETERMINED,
        conflicts=conflicts,
        contexts=contexts,
    )


def _verdict(results: tuple[Result, ...], kind: CredentialType | None) -> Verdict:
    """The verdict; open for a document that does not fit a schema which cannot fail it, such as a pre-release."""
    found = verdict_of(results)
    if kind is None or kind.suite != "document" or found is not Verdict.CONFORMANT:
        return found
    misfit = any(r.requirement == kind.umbrella and r.outcome is Outcome.WARNING for r in results)
    return Verdict.UNDETERMINED if misfit else found


def no_fault_unreported(
    results: tuple[Result, ...], subject: CredentialUnderTest, ownership: Ownership, suite: Suite
) -> tuple[Result, ...]:
    """Give the umbrella each schema fault of which no owner failed or was excused by a conflict.

    So a case that owns a pointer and looks away, or whose requirement cannot fail a vendor, never makes a
    credential pass that the official schema rejects.
    """
    if subject.type is None or "schema_faults" not in subject.__dict__:
        return results
    umbrella = subject.type.umbrella
    severity = suite.catalogue.requirements[umbrella].severity(proposed=subject.profile.proposed)
    loud = (Outcome.FAILED, severity)
    answered = {r.requirement for r in results if r.outcome in loud or r.conflicts}
    unanswered = [
        fault
        for name, faults in subject.schema_faults.items()
        for fault in faults
        if name is not None and answered.isdisjoint(ownership.owners(fault.pointer, fault.keyword))
    ]
    if not unanswered:
        return results
    source = (
        next(r for r in results if r.requirement == umbrella)
        if any(r.requirement == umbrella for r in results)
        else None
    )
    if source is None or source.outcome in (Outcome.NOT_RUN, Outcome.ERROR):
        return results
    more = tuple(with_excerpt(subject.finding_of(fault), subject.credential) for fault in unanswered)
    settled = replace(source, outcome=severity, findings=(*source.findings, *more))
    return tuple(settled if result is source else result for result in results)


def _type_name(credential: Credential, kind: CredentialType | None) -> str | None:
    if kind is not None:
        return kind.name
    if credential.document is None:
        return None
    others = [name for name in credential.document.root.types if name != "VerifiableCredential"]
    return others[0] if others else None


def wanted(item: Case, only: tuple[str, ...]) -> bool:
    """Whether a case is among those that the run was told to run."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - rarely needed

    return not only or any(fnmatchcase(item.id, glob) for glob in only)


class Subject(Protocol):
    """What a case can be run on: a credential, or an endpoint with what was said to it."""

    @property
    def name(self) -> str:
        """The name that it has in the record."""

    @property
    def profile(self) -> Profile:
        """The profile that it is judged by."""

    def excerpted(self, finding: Finding) -> Finding:
        """A finding about it with the source around its place, where it has one."""


def result_of(
    item: Case, requirement: Requirement, subject: str, outcome: Outcome, findings: tuple[Finding, ...] = (), *,
    reason: str | None = None, met: tuple[str, ...] = (),
) -> Result:  # fmt: skip
    """What a case says of a subject, by its name in the record."""
    level, role = requirement.level, requirement.role
    return Result(item.id, requirement.id, level, role, subject, outcome, findings, reason, met)


def unjudged(item: Case, requirement: Requirement, subject: str, failure: HarnessError) -> Result:
    """The outcome where a case could not judge: not_run for what was not there, error for all else on our side."""
    outcome = Outcome.NOT_RUN if isinstance(failure, AbsentError) else Outcome.ERROR
    finding = Finding(failure.message, hint=failure.hint, source=requirement.source)
    return result_of(item, requirement, subject, outcome, (finding,), reason=failure.message)


def run_case(item: Case, subject: Subject, suite: Suite) -> Result:
    """Run one case on one subject; what goes wrong on our side is an error outcome, never a verdict.

    A fault that was found before something went wrong stands: it is not lost behind what could not be judged.
    """
    requirement = suite.catalogue.requirements[item.requirement]
    found: list[Finding] = []
    try:
        if item.when is not None and not item.when(subject):
            return result_of(item, requirement, subject.name, Outcome.NOT_APPLICABLE)
        found.extend(item.function(subject))
    except SuiteError:
        raise
    except HarnessError as failure:
        if not any(finding.blame == "vendor" and finding.conflict is None for finding in found):
            return unjudged(item, requirement, subject.name, failure)
    except STUMBLES as stumble:
        message = f"the case stumbled over this input: {type(stumble).__name__}: {stumble}"
        hint = "This is a fault of the harness: report it with the evidence."
        stumbled = Finding(message, hint=hint, source=requirement.source)
        return result_of(item, requirement, subject.name, Outcome.ERROR, (stumbled,), reason=message)
    if not found:
        return result_of(item, requirement, subject.name, Outcome.PASSED)
    return _concluded(item, requirement, subject, found, suite)


def _concluded(
    item: Case, requirement: Requirement, subject: Subject, found: list[Finding], suite: Suite
) -> Result:
    """The outcome of a case that has something to say."""
    excused = tuple(dict.fromkeys(f.conflict for f in found if f.conflict is not None))
    unknown = [name for name in excused if name not in suite.catalogue.conflicts]
    if unknown:
        raise SuiteError(
            f"case {item.id} names the unknown conflict {unknown[0]}", where=f"{item.file}:{item.line}"
        )
    findings = tuple(finding for finding in found if finding.conflict is None)
    result = partial(result_of, item, requirement, subject.name)
    if not findings:
        reason = f"follows one side of {', '.join(excused)}, where standards disagree"
        return result(Outcome.PASSED, reason=reason, met=excused)
    for blame, outcome in (("harness", Outcome.ERROR), ("person", Outcome.REVIEW)):
        if all(finding.blame == blame for finding in findings):
            return result(outcome, findings, reason=findings[0].message)
    if not any(finding.blame == "vendor" for finding in findings):
        return result(Outcome.ERROR, findings, reason=findings[0].message)
    told = tuple(
        subject.excerpted(replace(finding, source=finding.source or requirement.source))
        for finding in findings
        if finding.blame == "vendor"
    )
    return result(requirement.severity(proposed=subject.profile.proposed), told, met=excused)
