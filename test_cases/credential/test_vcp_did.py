"""The issuer's DID: its method, its document and the keys in it."""

from __future__ import annotations

from collections.abc import Iterable

from harness.credential.did_url import document_url, parse_did_url
from harness.errors import AbsentError, MalformedError
from harness.judge import CredentialUnderTest, Findings, case, once
from harness.judge.security import finding_of, settle, stopped_for
from harness.model import Finding
from harness.trust import did_rules
from harness.trust.codes import DECIDES, Problem
from harness.trust.did import DidDocument

RESOLVES = "VCP-DID-01"
"""Where resolution stops at a rule that no other requirement of the release decides, this one answers."""

OWN_DOCUMENT = ("key", "jwk")
"""DID methods whose DID is its own document: there is no place that it could be mapped to."""


@once
def is_did(credential: CredentialUnderTest) -> bool:
    """Whether the issuer is identified by a DID."""
    return (credential.issuer_id or "").startswith("did:")


@once
def method(credential: CredentialUnderTest) -> str:
    """The DID method of the issuer."""
    return (credential.issuer_id or "").split(":")[1] if is_did(credential) else ""


def hosted(credential: CredentialUnderTest) -> bool:
    """Whether the DID document is published on the web."""
    return method(credential) in ("web", "webvh")


def document(credential: CredentialUnderTest) -> DidDocument:
    """The issuer's DID document. Raises AbsentError where there is none to judge."""
    resolution = credential.security.issuer_resolution
    if resolution is None or resolution.document is None:
        problem = resolution.problem if resolution else None
        if problem is not None:
            settle(problem)
        raise AbsentError(
            f"there is no DID document to judge: {problem.message if problem else 'the issuer is no DID'}"
        )
    return resolution.document


def place(credential: CredentialUnderTest) -> Finding:
    """Where the credential names its issuer: the line to which findings in the DID document belong."""
    return credential.root.at("issuer").at("id").finds("")


def told(credential: CredentialUnderTest, problems: Iterable[Problem]) -> Findings:
    """Findings of problems in the DID document, which stands on a page of its own."""
    for problem in problems:
        where = f" (in the DID document at {problem.pointer})" if problem.pointer else ""
        yield (
            credential.root.at("issuer")
            .at("id")
            .finds(
                problem.message + where,
                expected=problem.expected,
                actual=problem.actual or problem.pointer,
                hint=problem.hint or "Correct the DID document.",
            )
        )


def resolving(credential: CredentialUnderTest, requirement: str) -> Findings:
    """A finding where resolution stopped at a code of this requirement."""
    resolution = credential.security.issuer_resolution
    if resolution is None or resolution.problem is None:
        return
    problem = settle(resolution.problem)
    if problem is None:
        return
    owner = DECIDES.get(problem.code, RESOLVES)
    if owner == "VCP-DID-12" and credential.version != "0.7.0":
        owner = RESOLVES
    if owner == requirement:
        yield finding_of(problem, resolution.steps, place(credential))


@case("VCP-DID-01", when=hosted)
def the_issuer_did_resolves(credential: CredentialUnderTest) -> Findings:
    """The issuer's did:web or did:webvh resolves to a document."""
    yield from resolving(credential, RESOLVES)


@case("VCP-DID-03", when=lambda credential: is_did(credential) and method(credential) not in OWN_DOCUMENT)
def did_web_maps_to_a_url(credential: CredentialUnderTest) -> Findings:
    """The issuer is a DID, nothing more, and it can be turned into the URL of its document."""
    issuer, form = credential.root.at("issuer").at("id"), "did:web:host or did:web:host:path"
    try:
        if not parse_did_url(credential.issuer_id or "").is_did:
            hint = "Write the segments of a path after colons; leave query and fragment out."
            yield issuer.finds(
                "this is the URL of something below a DID, not a DID", expected=form, hint=hint
            )
        document_url(credential.issuer_id or "")
    except MalformedError as error:
        yield issuer.finds(error.message, expected=form, hint=error.hint)


@case("VCP-DID-04", when=hosted)
def the_document_is_of_this_did(credential: CredentialUnderTest) -> Findings:
    """The id of the document is the DID that was resolved."""
    yield from resolving(credential, "VCP-DID-04")


@case("VCP-DID-05", when=is_did)
def verification_methods_are_complete(credential: CredentialUnderTest) -> Findings:
    """The document has methods, and each has id, type, controller and a usable key."""
    verification = credential.security.signature
    problem = stopped_for(verification, "VCP-DID-05")
    if problem is not None and verification is not None:
        yield finding_of(problem, verification.steps, place(credential))
        return
    yield from told(credential, did_rules.method_problems(document(credential)))


@case("VCP-DID-06", when=lambda credential: credential.security.jws)
def the_key_is_for_assertion(credential: CredentialUnderTest) -> Findings:
    """The signing key stands under assertionMethod."""
    verification = credential.security.signature
    problem = stopped_for(verification, "VCP-DID-06")
    if problem is not None and verification is not None:
        yield finding_of(problem, verification.steps, place(credential))


@case("VCP-DID-07", when=is_did)
def no_private_key_is_published(credential: CredentialUnderTest) -> Findings:
    """The document shows no private key material."""
    yield from told(credential, did_rules.private_members(document(credential)))


@case("VCP-DID-10", when=is_did)
def the_did_method_is_acknowledged(credential: CredentialUnderTest) -> Findings:
    """In 0.7.0 the issuer's DID is a did:web or a did:webvh."""
    yield from told(credential, unacknowledged(credential))


@case("VCP-DID-11", when=is_did)
def the_issuer_did_is_did_web(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x the issuer's DID is a did:web; did:webvh is a conflict of official texts."""
    for finding in told(credential, unacknowledged(credential)):
        yield finding.excused_by("CONFLICT-09") if method(credential) == "webvh" else finding


def unacknowledged(credential: CredentialUnderTest) -> list[Problem]:
    """The DID method, where the release does not acknowledge it; a malformed DID is VCP-DID-03."""
    found = did_rules.acknowledged_method(credential.issuer_id or "", credential.version)
    return [problem for problem in found if problem.code != "did-malformed"]


@case("VCP-DID-12", when=lambda credential: method(credential) == "webvh")
def the_webvh_log_is_intact(credential: CredentialUnderTest) -> Findings:
    """Every entry of the did:webvh log is hashed, signed and in order."""
    yield from resolving(credential, "VCP-DID-12")


@case("VCP-DID-14", when=lambda credential: is_did(credential) and has_services(credential))
def services_are_well_formed(credential: CredentialUnderTest) -> Findings:
    """Each service of the document has an id of its own, a type and an endpoint."""
    yield from told(credential, did_rules.service_problems(document(credential)))


def has_services(credential: CredentialUnderTest) -> bool:
    """Whether the document speaks of services."""
    resolution = credential.security.issuer_resolution
    return (
        resolution is not None and resolution.document is not None and "service" in resolution.document.body
    )
