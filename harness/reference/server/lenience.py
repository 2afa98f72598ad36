"""What a broken verifier overlooks: each fault forgives some grievances and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.evidence import Web
from harness.model import Finding
from harness.reference.server.faults import Switchboard
from harness.reference.server.judging import IN_FORCE, Grievance, Opinion, family
from harness.trust.jose import verify_jose

Overlooks = Callable[[Grievance, Opinion], bool]


def forgiven(grievance: Grievance, opinion: Opinion, faults: Switchboard) -> bool:
    """Whether a fault that is on makes the verifier overlook a grievance."""
    readable = opinion.credential.document is not None
    return any(
        faults.has(name) and (readable or overlooks is _unshaped) and overlooks(grievance, opinion)
        for name, overlooks in LENIENCE.items()
    )


def _codes(*codes: str) -> Overlooks:
    return lambda grievance, _opinion: grievance.code in codes


def _requirements(*requirements: str) -> Overlooks:
    return lambda grievance, _opinion: grievance.requirement in requirements


def _header(opinion: Opinion) -> Mapping[str, Any]:
    jws = opinion.subject.security.jws
    return jws.header if jws is not None else {}


def _kid_of_another(opinion: Opinion) -> bool:
    return str(_header(opinion).get("kid", "")).partition("#")[0] != (opinion.subject.issuer_id or "")


def _revoked_passport(grievance: Grievance, opinion: Opinion) -> bool:
    document = opinion.credential.document
    types = document.root.get("type") if document is not None else None
    return grievance.code == "revoked" and isinstance(types, list) and "DigitalProductPassport" in types


def _untyped(grievance: Grievance, opinion: Opinion) -> bool:
    """Whatever follows from a type that does not say that this is a credential at all."""
    document = opinion.credential.document
    types = document.root.get("type") if document is not None else None
    untyped = isinstance(types, list) and "VerifiableCredential" not in types
    return untyped and _misshaped(grievance, opinion)


def _foreign_key(grievance: Grievance, opinion: Opinion) -> bool:
    """A signature that holds, by the key of somebody else than the issuer."""
    if grievance.code != "issuer-does-not-control-key" or not _kid_of_another(opinion):
        return False
    subject = opinion.subject
    jws = subject.security.jws
    other = str(_header(opinion).get("kid", "")).partition("#")[0]
    web = subject.web if isinstance(subject.web, Web) else Web(subject.web)
    return jws is not None and verify_jose(jws, web=web, at=subject.at, issuer=other).holds


def _wrong_purpose(grievance: Grievance, opinion: Opinion) -> bool:
    if grievance.code == "issuer-does-not-control-key":
        return not _kid_of_another(opinion)
    return grievance.code in ("key-not-in-relationship", "key-revoked", "key-expired")


def _key_of_the_token(grievance: Grievance, opinion: Opinion) -> bool:
    brought = {"jwk", "jku", "x5c", "x5u"} & _header(opinion).keys()
    return bool(brought) and family(grievance.requirement) == "signature"


def _altered(grievance: Grievance, opinion: Opinion) -> bool:
    jws = opinion.subject.security.jws
    signed = jws is not None and jws.signature != b"" and not opinion.subject.security.disclosable
    return signed and grievance.code in ALTERED and not _key_of_the_token(grievance, opinion)


def _unresolved(grievance: Grievance, opinion: Opinion) -> bool:
    return grievance.code in UNRESOLVED and not _key_of_the_token(grievance, opinion)


def _unshaped(_grievance: Grievance, opinion: Opinion) -> bool:
    """A token whose payload is no credential, by its context."""
    document = opinion.credential.document
    value = document.value if document is not None else None
    return opinion.credential.token is not None and not (isinstance(value, dict) and "@context" in value)


def _misshaped(grievance: Grievance, opinion: Opinion) -> bool:
    """What breaks the data model, in a credential that has a context at all."""
    about = family(grievance.requirement)
    kept = ("VCP-ENV-12", "VCP-ENV-13", "VCP-ENV-22", "VCP-SCH-04", IN_FORCE)
    shaped = opinion.credential.kind == "credential" and not _unshaped(grievance, opinion)
    return shaped and about not in ("signature", "status") and grievance.requirement not in kept


def _other_bytes(grievance: Grievance, _opinion: Opinion) -> bool:
    """A digest that does not belong to what stands there; one that is missing or none is another matter."""
    return grievance.requirement == "VCP-ENV-22" and bool(grievance.finding.trace)


def _unproved(grievance: Grievance, opinion: Opinion) -> bool:
    return (
        family(grievance.requirement) == "signature"
        and opinion.credential.token is None
        and not opinion.subject.security.proofs
    )


def _broken_proof(grievance: Grievance, opinion: Opinion) -> bool:
    return family(grievance.requirement) == "signature" and bool(opinion.subject.security.proofs)


def _unknown_suite(grievance: Grievance, opinion: Opinion) -> bool:
    proofs = opinion.subject.security.proofs
    unknown = bool(proofs) and all(proof.proof.get("cryptosuite") not in KNOWN_SUITES for proof in proofs)
    return unknown and family(grievance.requirement) == "signature"


def _later_entry(grievance: Grievance, opinion: Opinion) -> bool:
    """Whether only a status entry behind the first is set."""
    first = next(iter(opinion.subject.security.statuses), None)
    return grievance.code in ("revoked", "suspended") and not (first and first.status and first.status.blocks)


def _list_problem(grievance: Grievance, _opinion: Opinion) -> bool:
    return (family(grievance.requirement) == "status" and grievance.code != BEYOND) or (
        grievance.code.startswith("status-") and grievance.code not in (BEYOND, "status-list-expired")
    )  # fmt: skip


def _mirror_is_set(opinion: Opinion) -> bool:
    """Whether a bit is set where the credential's own would be if each byte were read from the right."""
    for check in opinion.subject.security.statuses:
        index, listed = check.entry.index, check.list_credential
        if index is None or listed is None or listed.bits is None:
            continue
        if index < listed.bits.size and listed.bits.value(index // 8 * 8 + 7 - index % 8):
            return True
    return False


def _backwards(grievance: Grievance, opinion: Opinion) -> bool:
    return grievance.code in ("revoked", "suspended") and not _mirror_is_set(opinion)


KNOWN_SUITES = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "ecdsa-jcs-2019", "ecdsa-rdfc-2019")
MANY = 12_000
"""Characters of a credential beyond which a verifier gives up that allows too little work for canonicalisation."""
BEYOND = "status-index-out-of-range"
ALTERED = ("signature-mismatch", "signature-malformed", "header-malformed")
UNRESOLVED = (
    "did-document-absent", "did-document-not-found", "did-document-malformed", "did-document-for-another-did",
    "did-deactivated", "no-keys-in-document", "key-not-found", "webvh-entry-hash", "webvh-proof",
    "webvh-key-not-authorised",
)  # fmt: skip
LENIENCE: Mapping[str, Overlooks] = {
    "verifier-accepts-revoked": _codes("revoked"),
    "verifier-accepts-revoked-passports": _revoked_passport,
    "verifier-accepts-suspended": _codes("suspended"),
    "verifier-accepts-expired": _codes("expired"),
    "verifier-accepts-not-yet-valid": _codes("not-yet-valid"),
    "verifier-accepts-unreachable-status": _list_problem,
    "verifier-accepts-any-index": lambda grievance, _opinion: grievance.code == BEYOND,
    "verifier-reads-bits-backwards": _backwards,
    "verifier-reads-the-first-status-alone": _later_entry,
    "verifier-accepts-alg-none": _codes("alg-none"),
    "verifier-accepts-another-algorithm": _codes("alg-does-not-fit-key", "alg-symmetric"),
    "verifier-accepts-foreign-keys": _foreign_key,
    "verifier-accepts-tampered": _altered,
    "verifier-ignores-crit": _codes("crit-not-understood"),
    "verifier-trusts-the-key-in-the-token": _key_of_the_token,
    "verifier-signs-off-any-payload": _unshaped,
    "verifier-accepts-unresolved-issuers": _unresolved,
    "verifier-ignores-the-purpose-of-keys": _wrong_purpose,
    "verifier-ignores-the-shape": _misshaped,
    "verifier-ignores-types": _untyped,
    "verifier-ignores-nonsense-dates": _requirements("VCP-ENV-12", "VCP-ENV-13"),
    "verifier-ignores-digests": _other_bytes,
    "verifier-ignores-schemas": _requirements("VCP-SCH-04"),
    "verifier-needs-no-proof": _unproved,
    "verifier-passes-broken-proofs": _broken_proof,
    "verifier-passes-unknown-suites": _unknown_suite,
}
"""Each fault of the verifier that forgives, by name."""


def invented(opinion: Opinion, faults: Switchboard) -> Iterator[Grievance]:
    """What a broken verifier holds against a credential without a reason."""
    if opinion.credential.document is None:
        return
    backwards = faults.has("verifier-reads-bits-backwards") or faults.has("verifier-reads-bits-either-way")
    if backwards and _mirror_is_set(opinion):
        yield _grievance("revoked", "VCP-STAT-17", "its revocation bit is set")
    if faults.has("verifier-knows-references-alone") and _embeds_keys(opinion):
        yield _grievance("key-not-in-relationship", "VCP-DID-06", "the key is not under assertionMethod")
    if faults.has("verifier-gives-up-on-many-nodes") and _is_large(opinion):
        yield _grievance("unknown", "VCP-DI-01", "the credential has too many nodes")
    if faults.has("verifier-rejects-good-credentials") and not opinion.grievances:
        yield _grievance("unknown", "VCP-JOSE-15", "the credential is not accepted")


def _is_large(opinion: Opinion) -> bool:
    """Whether a credential with a proof over RDF has many nodes."""
    proofs = opinion.subject.security.proofs
    over_rdf = any("rdfc" in str(proof.proof.get("cryptosuite")) for proof in proofs)
    return over_rdf and len(opinion.credential.evidence.body) > MANY


def _grievance(code: str, requirement: str, message: str) -> Grievance:
    return Grievance(code, requirement, grave=True, finding=Finding(message))


def _embeds_keys(opinion: Opinion) -> bool:
    resolution = opinion.subject.security.issuer_resolution
    document = resolution.document if resolution is not None else None
    return document is not None and any(
        isinstance(one, dict) for one in document.body.get("assertionMethod", ())
    )
