"""Who is anchored, and by whom: the member's DID, the register behind the issuer."""

from __future__ import annotations

from _identity import identities, same

from harness.credential.did_url import parse_did_url
from harness.errors import MalformedError
from harness.judge import CredentialUnderTest, Findings, case

METHODS = {"0.6": ("web",), "0.7": ("web", "webvh")}
"""DID methods that a register may use in each release."""


@case(
    "DIA-SUBJ-01",
    owns=["/credentialSubject/id required", "/credentialSubject/id format"],
    when=lambda credential: credential.subjects,
)
def the_subject_id_is_a_did(credential: CredentialUnderTest) -> Findings:
    """The subject id is the DID of the registered member, and nothing more than a DID."""
    for subject in credential.subjects:
        stated = subject.get("id")
        if stated is None or (isinstance(stated, str) and not _is_did(stated)):
            yield subject.at("id").finds(
                "the subject is not identified by a DID",
                expected="a DID without path, query or fragment, such as did:web:member.example",
                actual=None if subject["id"] else "nothing",
                hint="State the DID that the member controls; the register number belongs into registeredId.",
            )


def _is_did(text: str) -> bool:
    try:
        return parse_did_url(text).is_did
    except MalformedError:
        return False


@case("DIA-SUBJ-02", owns="/credentialSubject/type", when=lambda credential: credential.subjects)
def the_subject_is_a_registered_identity(credential: CredentialUnderTest) -> Findings:
    """The subject is typed RegisteredIdentity; in 0.6.x the type is compulsory."""
    yield from credential.schema_findings("DIA-SUBJ-02")
    for subject in credential.subjects:
        if credential.version.startswith("0.6") and subject["type"] is None:
            yield subject.finds(
                "the subject has no type",
                expected="RegisteredIdentity",
                actual="nothing",
                hint='Add "type": ["RegisteredIdentity"]: without it the terms of the subject mean nothing.',
            )


@case("DIA-ISS-01", when=lambda credential: credential.subjects and credential.issuer_id)
def the_issuer_is_not_the_member(credential: CredentialUnderTest) -> Findings:
    """The anchor is issued by the register, never by the member itself."""
    issuer = identities(credential.root["issuer"])
    for subject in credential.subjects:
        if issuer & identities(subject):
            yield subject.at("id").finds(
                "the member anchors itself: issuer and subject are the same",
                expected="another party than the issuer",
                hint="The operator of the register issues the anchor, with a DID of its own.",
            )


@case("DIA-ISS-02", when=lambda credential: credential.issuer_id)
def the_issuer_uses_a_supported_did_method(credential: CredentialUnderTest) -> Findings:
    """The register issues under a DID of a supported method; whose domain it is, only trust anchors can tell."""
    methods = METHODS[credential.version[:3]]
    method = (credential.issuer_id or "").split(":")[1:2]
    if (credential.issuer_id or "").startswith("did:") and method and method[0] in methods:
        yield from untrusted(credential)
        return
    issuer = credential.root.at("issuer")
    found = issuer.at("id").finds(
        "the register does not issue under a DID of a supported method",
        expected=" or ".join(f"did:{name}" for name in methods),
        hint="Publish a did:web document on the well-known domain of the register and issue under it.",
    )
    yield found.excused_by("CONFLICT-09") if method == ["webvh"] else found


def untrusted(credential: CredentialUnderTest) -> Findings:
    """A finding where the verifier's own trust anchors name others as issuers for the scheme."""
    for subject in credential.subjects:
        scheme = subject.get("idScheme", "id")
        known = credential.anchors.issuers_for(scheme) if isinstance(scheme, str) else ()
        if known and credential.issuer_id not in known:
            yield (
                credential.root.at("issuer")
                .at("id")
                .finds(
                    "the issuer is not one that the trust anchors know for this scheme",
                    expected=" or ".join(known),
                    hint=f"Only the operator of {scheme} issues its anchors; else correct the file given with --anchors.",
                )
            )


@case("DIA-MULTI-01", when=lambda credential: credential.root["credentialSubject"])
def each_did_has_its_own_anchor(credential: CredentialUnderTest) -> Findings:
    """Each DID of a registered identity gets its own anchor."""
    first, *others = credential.subjects or (None,)
    for subject in credential.subjects:
        if isinstance(subject.get("id"), list):
            yield subject.at("id").finds(
                "one anchor binds several DIDs",
                expected="one DID",
                hint="Issue an anchor for each DID, so that each can be revoked alone.",
            )
    for other in others:
        if first is not None and other is not None and not same(first.get("id"), other.get("id")):
            yield other.at("id").finds(
                "one credential anchors several DIDs",
                expected="one subject",
                hint="Issue an anchor for each DID, so that each can be revoked alone.",
            )
