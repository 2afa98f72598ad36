"""How the vendor's software judges a credential: by the harness's own cases, as a list of grievances."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from harness.credential import Credential, read_credentials
from harness.evidence import Evidence
from harness.gather.closure import Closure
from harness.gather.web import Source
from harness.judge import CredentialUnderTest, Terms, judge_subject, load_suite, under_test
from harness.model import Finding, Level, Outcome, Result
from harness.reference.server.answers import problem_detail
from harness.semantics.artefacts import registry

IN_FORCE, PRESENTED_IN_FORCE = "VCP-VAL-08", "VCP-PUB-06"
DISCLOSED = "VCP-SCH-04"
OPEN_ENDS = (Outcome.FAILED, Outcome.WARNING, Outcome.NOT_RUN, Outcome.ERROR, Outcome.REVIEW)
FAMILIES = {
    "signature": ("VCP-JOSE-", "VCP-DI-", "VCP-DID-"),
    "status": ("VCP-STAT-",),
    "context": ("VCP-CTX-", "VCP-ENV-01"),
    "malformed": ("VCP-JSON-", "VCP-ENV-"),
    "schema": ("VCP-SCH-",),
}
KINDS = {
    "signature": "CRYPTOGRAPHIC_SECURITY_ERROR",
    "status": "STATUS_VERIFICATION_ERROR",
    "context": "CONTEXT_ERROR",
    "malformed": "MALFORMED_VALUE_ERROR",
    "schema": "SCHEMA_VALIDATION_ERROR",
    "revoked": "CREDENTIAL_REVOKED",
    "suspended": "CREDENTIAL_SUSPENDED",
    "expired": "CREDENTIAL_EXPIRED",
    "not-yet-valid": "CREDENTIAL_NOT_YET_VALID",
    "status-unknown": "STATUS_RETRIEVAL_ERROR",
}
"""The type of a problem detail, by the code of a grievance or the family of its requirement."""


@dataclass(frozen=True)
class Grievance:
    """One thing that speaks against a credential: a short code, the requirement, whether it is grave, and the finding."""

    code: str
    requirement: str
    grave: bool
    finding: Finding

    def as_problem(self) -> dict[str, Any]:
        """It as a problem detail (VCDM 2.0, section 7.6)."""
        kind = KINDS.get(self.code) or KINDS.get(family(self.requirement))
        more: dict[str, Any] = {"code": self.code, "requirement": self.requirement}
        if self.finding.pointer is not None:
            more["pointer"] = self.finding.pointer
        return problem_detail(
            self.code.replace("-", " ").capitalize(), self.finding.message, kind=kind, **more
        )


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
    found = [name for name, prefixes in FAMILIES.items() if requirement.startswith(prefixes)]
    return found[0] if found else "content"


def is_at_home(grievance: Grievance, base: str) -> bool:
    """Whether an identifier is only not unique in the world because this server itself is on localhost."""
    return grievance.requirement == "IDR-ID-01" and f'"{base}/' in (grievance.finding.actual or "")


def opinions(evidence: Evidence, sources: Sequence[Source], at: datetime) -> Iterator[Opinion]:
    """An opinion on each credential in some bytes. What the sources do not bring speaks against it."""
    suite, terms = load_suite(), Terms(at)
    closure = Closure(sources, registry().contexts)
    for credential in read_credentials(evidence):
        subject = under_test(credential, suite, terms, closure.of(credential))
        report = judge_subject(subject, suite, terms)
        found = [told for result in report.results for told in _grievances(result, subject)]
        found += _by_own_schema(subject, sources)
        if credential.kind != "credential" and not found:
            finding = Finding(f"this is {credential.kind}, not a credential")
            found.append(Grievance("malformed", "VCP-JSON-01", grave=True, finding=finding))
        yield Opinion(subject, tuple(found))


def _grievances(result: Result, subject: CredentialUnderTest) -> Iterator[Grievance]:
    if result.outcome not in OPEN_ENDS:
        return
    for finding in result.findings:
        grave = result.level is Level.MUST and not _is_for_issuers(result, finding, subject)
        yield Grievance(_code(result, finding, subject), result.requirement, grave, finding)


def _is_for_issuers(result: Result, finding: Finding, subject: CredentialUnderTest) -> bool:
    """Whether a rule binds issuers of UNTP alone: a verifier takes other forms that the W3C allows.

    An embedded proof that holds takes the place of an envelope; several status entries and a schema of its own are
    members of VCDM 2.0 that the schema of UNTP bars.
    """
    if subject.credential.document is None:
        return False
    if result.requirement in ("VCP-JOSE-01", "VCP-DID-01"):
        proofs = subject.security.proofs
        webvh = (subject.issuer_id or "").startswith("did:webvh:")
        return (bool(proofs) and all(proof.verification.holds for proof in proofs)) or (
            result.requirement == "VCP-DID-01" and webvh and subject.security.issuer_resolution is not None
            and subject.security.issuer_resolution.document is not None
        )  # fmt: skip
    if result.requirement in ("VCP-STAT-02", "VCP-STAT-04", "VCP-STAT-20"):
        return isinstance(subject.value("credentialStatus"), list)
    if result.requirement in ("VCP-SCH-01", "VCP-SCH-02"):
        return (finding.pointer or "").startswith(("/credentialStatus", "/credentialSchema"))
    return False


def _code(result: Result, finding: Finding, subject: CredentialUnderTest) -> str:
    """The code of the rule that trust stopped at, where that is what the finding is about; else its family."""
    if subject.credential.document is None:
        return "malformed"
    security = subject.security
    if result.requirement == PRESENTED_IN_FORCE:
        return "expired" if finding.pointer in ("/exp", "/validUntil") else "not-yet-valid"
    if result.requirement == IN_FORCE:
        if finding.pointer in ("/validFrom", "/validUntil"):
            return "not-yet-valid" if finding.pointer == "/validFrom" else "expired"
        purposes = {one.status.purpose for one in security.statuses if one.status and one.status.blocks}
        if finding.message.startswith("the credential was withdrawn"):
            return "suspended" if purposes == {"suspension"} else "revoked"
        problems = [check.problem.code for check in security.statuses if check.problem is not None]
        return problems[0] if problems else "status-unknown"
    if family(result.requirement) == "signature":
        checked = [security.signature, *(proof.verification for proof in security.proofs)]
        broken = [one.problem.code for one in checked if one is not None and one.problem is not None]
        resolution = security.issuer_resolution
        if not broken and resolution is not None and resolution.problem is not None:
            broken = [resolution.problem.code]
        return broken[0] if broken else "signature"
    return family(result.requirement)


def _by_own_schema(subject: CredentialUnderTest, sources: Sequence[Source]) -> Iterator[Grievance]:
    """What the JSON Schema that a credential names for itself says of it (VC JSON Schema, section 3)."""
    document = subject.credential.document
    named = document.root.each("credentialSchema") if document is not None else ()
    for entry in named:
        if not isinstance(entry.value, dict) or entry.value.get("type") != "JsonSchema":
            continue
        url = entry.value.get("id")
        answers = [source.fetch(url) for source in sources] if isinstance(url, str) else []
        body = next((answer.body for answer in answers if isinstance(answer, Evidence)), None)
        message = _schema_message(body, subject.document.value)
        if message is not None:
            finding = Finding(f"the schema {url}: {message}", "/credentialSchema")
            yield Grievance("schema", DISCLOSED, grave=body is not None, finding=finding)


def _schema_message(body: bytes | None, value: Any) -> str | None:
    if body is None:
        return "it cannot be had"
    try:
        schema = json.loads(body)
        Draft202012Validator.check_schema(schema)
    except (ValueError, SchemaError) as error:
        return f"it is no JSON Schema: {type(error).__name__}"
    first = next(Draft202012Validator(schema).iter_errors(value), None)
    return first.message if first is not None else None
