"""How the vendor's software judges a credential: by the harness's own cases, as a list of grievances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.credential import Credential, read_credentials
from harness.evidence import Evidence
from harness.gather.closure import Closure
from harness.gather.web import Source
from harness.judge import CredentialUnderTest, Terms, judge_subject, load_suite, under_test
from harness.model import Finding, Level, Outcome, Result
from harness.reference.server.answers import problem_detail
from harness.semantics.artefacts import registry

IN_FORCE = "VCP-VAL-08"
OPEN_ENDS = (Outcome.FAILED, Outcome.WARNING, Outcome.NOT_RUN, Outcome.ERROR, Outcome.REVIEW)


@dataclass(frozen=True)
class Grievance:
    """One thing that speaks against a credential: a short code, the requirement, whether it is grave, and the finding."""

    code: str
    requirement: str
    grave: bool
    finding: Finding

    def as_problem(self) -> dict[str, Any]:
        """It as a problem detail, of the kinds that VCDM 2.0 section 7.6 names."""
        kinds = {"signature": "CRYPTOGRAPHIC_SECURITY_ERROR", "malformed": "PARSING_ERROR"}
        more: dict[str, Any] = {"code": self.code, "requirement": self.requirement}
        if self.finding.pointer is not None:
            more["pointer"] = self.finding.pointer
        title = self.code.replace("-", " ").capitalize()
        return problem_detail(title, self.finding.message, kind=kinds.get(family(self.requirement)), **more)


@dataclass(frozen=True)
class Opinion:
    """What the software thinks of one credential."""

    subject: CredentialUnderTest
    grievances: tuple[Grievance, ...]

    @property
    def credential(self) -> Credential:
        """The credential."""
        return self.subject.credential


def family(requirement: str) -> str:
    """What a requirement is about: signature, status, schema, context, malformed or content."""
    for name, prefixes in FAMILIES.items():
        if requirement.startswith(prefixes):
            return name
    return "content"


FAMILIES = {
    "signature": ("VCP-JOSE-", "VCP-DI-", "VCP-DID-"),
    "status": ("VCP-STAT-",),
    "context": ("VCP-CTX-", "VCP-ENV-01"),
    "malformed": ("VCP-JSON-",),
    "schema": ("VCP-SCH-",),
}


def opinions(evidence: Evidence, sources: Sequence[Source], at: datetime) -> Iterator[Opinion]:
    """An opinion on each credential in some bytes. What the sources do not bring speaks against it."""
    suite, terms = load_suite(), Terms(at)
    closure = Closure(sources, registry().contexts)
    for credential in read_credentials(evidence):
        subject = under_test(credential, suite, terms, closure.of(credential))
        report = judge_subject(subject, suite, terms)
        found = [told for result in report.results for told in _grievances(result, subject)]
        if credential.kind != "credential" and not found:
            finding = Finding(f"this is {credential.kind}, not a credential")
            found.append(Grievance("malformed", "VCP-JSON-01", grave=True, finding=finding))
        yield Opinion(subject, tuple(found))


def _grievances(result: Result, subject: CredentialUnderTest) -> Iterator[Grievance]:
    if result.outcome not in OPEN_ENDS:
        return
    for finding in result.findings:
        yield Grievance(
            _code(result, finding, subject), result.requirement, result.level is Level.MUST, finding
        )


def _code(result: Result, finding: Finding, subject: CredentialUnderTest) -> str:
    if result.requirement == IN_FORCE:
        if finding.pointer in ("/validFrom", "/validUntil"):
            return "not-yet-valid" if finding.pointer == "/validFrom" else "expired"
        purposes = {
            check.status.purpose
            for check in subject.security.statuses
            if check.status and check.status.blocks
        }
        if not finding.message.startswith("the credential was withdrawn"):
            return "status-unknown"
        return "suspended" if "suspension" in purposes and "revocation" not in purposes else "revoked"
    if family(result.requirement) == "signature":
        signature = subject.security.signature
        if signature is not None and signature.problem is not None:
            return signature.problem.code
    return family(result.requirement)
