"""A reference signer: adds proofs as VC Data Integrity 1.0 sections 4.1 and 4.2 say, for tests and the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness.errors import UsageError
from harness.trust.cryptosuites.suite import Canonicalise, Secured, Workings, jcs_hash_data, rdfc_hash_data
from harness.trust.encoding import encode_multibase
from harness.trust.trace import Trace

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

RDFC_SUITES = ("eddsa-rdfc-2022", "ecdsa-rdfc-2019")
JCS_SUITES = ("eddsa-jcs-2022", "ecdsa-jcs-2019")
HASHES: Mapping[int, tuple[str, hashes.HashAlgorithm]] = {
    256: ("sha256", hashes.SHA256()),
    384: ("sha384", hashes.SHA384()),
}


def sign_proof(
    document: Mapping[str, Any],
    suite: str,
    key: PrivateKey,
    verification_method: str,
    created: datetime | None,
    canonicalise: Canonicalise,
    *,
    purpose: str = "assertionMethod",
    **options: Any,
) -> dict[str, Any]:
    """Return the document with one more proof, after those that it has (sections 4.1 and 4.2).

    `options` are further members of the proof: id, previousProof, expires, domain, challenge, nonce.
    Raises UsageError for a suite that it does not sign or a key that does not fit.
    """
    hash_name, sign = _signer(suite, key)
    proof: dict[str, Any] = {"type": "DataIntegrityProof", "cryptosuite": suite}
    if created is not None:
        proof["created"] = created.isoformat().replace("+00:00", "Z")
    proof |= {"verificationMethod": verification_method, "proofPurpose": purpose, **options}
    before = document.get("proof", [])
    proofs: list[Any] = before if isinstance(before, list) else [before]
    named = options.get("previousProof", [])
    matching = [one for one in proofs if one.get("id") in ([named] if isinstance(named, str) else named)]
    secured = {name: value for name, value in document.items() if name != "proof"}
    if matching:
        secured["proof"] = matching
    if suite in JCS_SUITES:
        if "@context" in document:
            proof["@context"] = document["@context"]
        hash_data = jcs_hash_data(Secured(secured, proof), hash_name, Trace(), "")
    else:
        hash_data = rdfc_hash_data(Secured(secured, proof), hash_name, Workings(canonicalise, Trace()), "")
    proof["proofValue"] = encode_multibase(sign(hash_data))
    return {**document, "proof": [*proofs, proof] if proofs else proof}


def _signer(suite: str, key: PrivateKey) -> tuple[str, Callable[[bytes], bytes]]:
    if suite not in (*RDFC_SUITES, *JCS_SUITES):
        raise UsageError(f"no signer for {suite!r}", hint=f"One of {', '.join((*RDFC_SUITES, *JCS_SUITES))}.")
    if isinstance(key, ed25519.Ed25519PrivateKey) == suite.startswith("eddsa"):
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return "sha256", key.sign
        if key.key_size in HASHES:
            return HASHES[key.key_size][0], lambda data: _ecdsa(key, data)
    raise UsageError(f"{suite} does not sign with this key", hint="eddsa: Ed25519; ecdsa: P-256 or P-384.")


def _ecdsa(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Sign deterministically, as the ECDSA suites recommend, and write r and s side by side (section 3)."""
    signature = key.sign(data, ec.ECDSA(HASHES[key.key_size][1], deterministic_signing=True))
    size = key.key_size // 8
    return b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(signature))
