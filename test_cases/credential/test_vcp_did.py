"""The issuer's DID: its method, its document and the keys in it."""

from __future__ import annotations

from typing import Any

from harness.credential.did_url import document_url
from harness.errors import AbsentError, MalformedError
from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of, settle
from harness.trust.did import DidDocument
from harness.trust.trace import TrustError

PRIVATE = frozenset(
    {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "privateKeyJwk", "privateKeyMultibase", "privateKeyBase58"}
)
RESOLVING = {
    "did-document-not-found": "VCP-DID-01",
    "did-malformed": "VCP-DID-03",
    "did-document-for-another-did": "VCP-DID-04",
    "did-document-malformed": "VCP-DID-05",
}


def is_did(credential: CredentialUnderTest) -> bool:
    """Whether the issuer is identified by a DID."""
    return (credential.issuer_id or "").startswith("did:")


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


def resolving(credential: CredentialUnderTest, requirement: str) -> Findings:
    """A finding where resolution stopped at a code of this requirement."""
    resolution = credential.security.issuer_resolution
    if resolution is None or resolution.problem is None:
        return
    problem = settle_absence_of_vendor(resolution.problem)
    owner = RESOLVING.get(problem.code, "VCP-DID-12" if problem.code.startswith("webvh") else "VCP-DID-01")
    if owner == requirement:
        yield finding_of(problem, resolution.steps, credential.root.at("issuer").at("id").finds(""))


def settle_absence_of_vendor(problem: TrustError) -> TrustError:
    """The problem, also where the issuer's own site has no document: that is the issuer's fault."""
    if problem.code == "did-document-not-found":
        return problem
    settled = settle(problem)
    return settled if settled is not None else problem


@case("VCP-DID-01", when=hosted)
def the_issuer_did_resolves(credential: CredentialUnderTest) -> Findings:
    """The issuer's did:web or did:webvh resolves to a document."""
    yield from resolving(credential, "VCP-DID-01")


@case("VCP-DID-03", when=lambda credential: method(credential) == "web")
def did_web_maps_to_a_url(credential: CredentialUnderTest) -> Findings:
    """The did:web can be turned into the URL of its document."""
    try:
        document_url(credential.issuer_id or "")
    except MalformedError as error:
        yield (
            credential.root.at("issuer")
            .at("id")
            .finds(error.message, expected="did:web:host or did:web:host:path", hint=error.hint)
        )


@case("VCP-DID-04", when=hosted)
def the_document_is_of_this_did(credential: CredentialUnderTest) -> Findings:
    """The id of the document is the DID that was resolved."""
    yield from resolving(credential, "VCP-DID-04")


@case("VCP-DID-05", when=is_did)
def verification_methods_are_complete(credential: CredentialUnderTest) -> Findings:
    """The document has methods, and each has id, type, controller and a usable key."""
    yield from resolving(credential, "VCP-DID-05")
    verification = credential.security.signature
    problem = settle(verification) if verification else None
    codes = (
        "no-keys-in-document",
        "method-malformed",
        "key-malformed",
        "key-off-curve",
        "key-ambiguous",
        "key-ambiguous-material",
    )
    if verification is not None and problem is not None and problem.code in codes:
        yield finding_of(problem, verification.steps)
        return
    for index, entry in enumerate(_entries(document(credential).body)):
        missing = [name for name in ("id", "type", "controller") if not isinstance(entry.get(name), str)]
        if missing:
            yield (
                credential.root.at("issuer")
                .at("id")
                .finds(
                    f"verification method {index} of the DID document has no {' and no '.join(missing)}",
                    expected="id, type and controller",
                    actual=", ".join(sorted(entry)),
                    hint="Complete the verification method in the DID document.",
                )
            )


@case("VCP-DID-06", when=lambda credential: credential.security.jws)
def the_key_is_for_assertion(credential: CredentialUnderTest) -> Findings:
    """The signing key stands under assertionMethod."""
    verification = credential.security.signature
    problem = settle(verification) if verification else None
    if verification is not None and problem is not None and problem.code == "key-not-in-relationship":
        yield finding_of(problem, verification.steps)


@case("VCP-DID-07", when=is_did)
def no_private_key_is_published(credential: CredentialUnderTest) -> Findings:
    """The document shows no private key material."""
    for entry in _entries(document(credential).body):
        jwk = entry.get("publicKeyJwk")
        found = PRIVATE & (set(entry) | (set(jwk) if isinstance(jwk, dict) else set()))
        if found:
            yield (
                credential.root.at("issuer")
                .at("id")
                .finds(
                    "the DID document publishes a private key",
                    expected="public members only",
                    actual=", ".join(sorted(found)),
                    hint="Remove it and replace the key: everybody can sign with it now.",
                )
            )


@case("VCP-DID-10", when=is_did)
def the_did_method_is_acknowledged(credential: CredentialUnderTest) -> Findings:
    """In 0.7.0 the issuer's DID is a did:web or a did:webvh."""
    if not hosted(credential):
        yield (
            credential.root.at("issuer")
            .at("id")
            .finds(
                f"did:{method(credential)} is no method that UNTP acknowledges",
                expected="did:web or did:webvh",
                hint="Publish a did:web document for the issuer and sign with a key in it.",
            )
        )


@case("VCP-DID-11", when=is_did)
def the_issuer_did_is_did_web(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x the issuer's DID is a did:web; did:webvh is a conflict of official texts."""
    if method(credential) != "web":
        finding = (
            credential.root.at("issuer")
            .at("id")
            .finds(
                f"the issuer's DID is a did:{method(credential)}",
                expected="did:web",
                hint="Publish a did:web document for the issuer and sign with a key in it.",
            )
        )
        yield finding.excused_by("CONFLICT-09") if method(credential) == "webvh" else finding


@case("VCP-DID-12", when=lambda credential: method(credential) == "webvh")
def the_webvh_log_is_intact(credential: CredentialUnderTest) -> Findings:
    """Every entry of the did:webvh log is hashed, signed and in order."""
    yield from resolving(credential, "VCP-DID-12")


@case("VCP-DID-14", when=lambda credential: is_did(credential) and _services(credential))
def services_are_well_formed(credential: CredentialUnderTest) -> Findings:
    """Each service of the document has an id of its own, a type and an endpoint."""
    seen: set[str] = set()
    for index, service in enumerate(_services(credential)):
        entry = service if isinstance(service, dict) else {}
        identifier = entry.get("id")
        complete = isinstance(identifier, str) and entry.get("type") and entry.get("serviceEndpoint")
        if not complete or identifier in seen:
            yield (
                credential.root.at("issuer")
                .at("id")
                .finds(
                    f"service {index} of the DID document is not well formed",
                    expected="an id of its own, type and serviceEndpoint",
                    actual=", ".join(sorted(entry)) or "no object",
                    hint="Complete the service in the DID document (DID Core, section 5.4).",
                )
            )
        if isinstance(identifier, str):
            seen.add(identifier)


def _services(credential: CredentialUnderTest) -> list[Any]:
    resolution = credential.security.issuer_resolution
    if resolution is None or resolution.document is None:
        return []
    found = resolution.document.body.get("service")
    return found if isinstance(found, list) else []


def _entries(body: Any) -> list[dict[str, Any]]:
    found = body.get("verificationMethod")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
