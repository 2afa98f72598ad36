"""The proofs of a did:webvh log: eddsa-jcs-2022 by a did:key, on log entries and by witnesses.

Sources: did:webvh v1.0, "Authorized Keys" and "Verifying Witness Proofs During Resolution"; Data
Integrity EdDSA Cryptosuites 1.0 section 3.3. This is the fixed corner of Data Integrity that the
method needs: one suite, one purpose, the key in the proof itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from harness.credential import strict_json
from harness.errors import MalformedError
from harness.trust.encoding import decode_multibase
from harness.trust.keys import from_multibase
from harness.trust.signatures import ALGORITHMS, verify
from harness.trust.trace import TrustError
from harness.trust.webvh_parameters import Witnesses

_FIXED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}
_CLAUSE = "did:webvh v1.0, Authorized Keys"
_WITNESS_CLAUSE = "did:webvh v1.0, Verifying Witness Proofs During Resolution"
MAX_PROOFS = 2_000


def canonical(value: object, what: str) -> bytes:
    """JCS (RFC 8785) of a value; raises TrustError (webvh-log-malformed) for numbers that it cannot write."""
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise TrustError(
            "webvh-log-malformed",
            f"{what} cannot be canonicalised: {error}",
            step="DID log",
            clause="RFC 8785",
        ) from error


def proofs_of(holder: Mapping[str, Any]) -> list[Any]:
    """The member `proof` as a list, whether it is one or many."""
    proof = holder.get("proof", [])
    return proof if isinstance(proof, list) else [proof]


def signer_of(proof: object, document: Mapping[str, Any]) -> str:
    """Verify a proof on a document (without `proof`); returns the Multikey that made it."""
    if not isinstance(proof, Mapping):
        raise _bad("a proof is not an object")
    for name, expected in _FIXED.items():
        if proof.get(name) != expected:
            raise _bad(f"{name} of the proof is wrong", expected, str(proof.get(name))[:80])
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str):
        raise _bad("the proof lacks verificationMethod or proofValue")
    body, sign, fragment = method.removeprefix("did:key:").partition("#")
    if not method.startswith("did:key:z") or (sign and fragment != body):
        raise _bad("verificationMethod is not did:key:<key>#<the same key>", actual=method[:160])
    config = {name: entry for name, entry in proof.items() if name != "proofValue"}
    hashes = b"".join(hashlib.sha256(canonical(one, "a proof")).digest() for one in (config, document))
    try:
        signature = decode_multibase(value) if value.startswith("z") else b""
        verify(ALGORITHMS["EdDSA"], from_multibase(body), signature, hashes, step="DID log proof")
    except MalformedError as error:
        raise _bad(f"proofValue is {error.message}") from error
    except TrustError as error:
        raise _bad(f"the proof does not verify: {error.message}", error.expected, error.actual) from error
    return body


def approvals(proofs: bytes, versions: Sequence[str]) -> dict[str, set[int]]:
    """Which witnesses approved which versions: did:key -> indices into `versions`; bad proofs count for nothing."""
    parsed = strict_json.parse(proofs)
    if parsed.faults or not isinstance(parsed.value, list):
        what = parsed.faults[0].message if parsed.faults else "it is not an array"
        raise TrustError(
            "webvh-witness",
            f"did-witness.json cannot be read: {what}",
            step="DID log witnesses",
            clause="did:webvh v1.0, The Witness Proofs File",
        )
    place = {version: index for index, version in enumerate(versions)}
    found: dict[str, set[int]] = {}
    looked_at = 0
    for record in parsed.value:
        version = record.get("versionId") if isinstance(record, Mapping) else None
        if not isinstance(version, str) or version not in place:
            continue
        for proof in proofs_of(record):
            looked_at += 1
            if looked_at > MAX_PROOFS:
                return found
            try:
                signer = signer_of(proof, {"versionId": version})
            except TrustError:
                continue
            found.setdefault(f"did:key:{signer}", set()).add(place[version])
    return found


def check_witnessed(index: int, witnesses: Witnesses, approved: Mapping[str, set[int]]) -> None:
    """Raise TrustError unless enough witnesses approved this entry or a later one."""
    agreeing = [one for one in witnesses.ids if any(place >= index for place in approved.get(one, ()))]
    if len(agreeing) < witnesses.threshold:
        raise TrustError(
            "webvh-witness",
            f"version {index + 1} has too few witnesses",
            step="DID log witnesses",
            clause=_WITNESS_CLAUSE,
            expected=f"{witnesses.threshold} of {len(witnesses.ids)}",
            actual=str(len(agreeing)),
            hint="Publish did-witness.json before the log.",
        )


def _bad(what: str, expected: str | None = None, actual: str | None = None) -> TrustError:
    return TrustError(
        "webvh-proof", what, step="DID log proof", clause=_CLAUSE, expected=expected, actual=actual
    )
