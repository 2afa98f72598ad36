"""Proofs of suites older than Data Integrity 1.0: verified, and reported as legacy."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness.evidence import Evidence, Web
from harness.trust.cryptosuites.suite import Secured, Workings, rdfc_hash_data
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.encoding import encode_base58, encode_base64url, encode_multibase, encode_multicodec
from harness.trust.trace import Trace

from .canonical import canonicalise

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
DID: Final = "did:web:mine.example"
DID_URL: Final = "https://mine.example/.well-known/did.json"

ED: Final = ed25519.Ed25519PrivateKey.from_private_bytes(b"test key, worth nothing, never u")
P256: Final = ec.derive_private_key(1_234_567_890_123, ec.SECP256R1())
RSA: Final = rsa.generate_private_key(65_537, 2_048)
PSS: Final = padding.PSS(padding.MGF1(hashes.SHA256()), 32)

CREDENTIAL: Final[dict[str, Any]] = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/suites/jws-2020/v1"],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "issuanceDate": "2021-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:web:mine.example:lot:7"},
}


def number(value: int, size: int) -> str:
    """A JWK number of so many bytes."""
    return encode_base64url(value.to_bytes(size, "big"))


def es256(message: bytes) -> bytes:
    """An ES256 signature, r and s side by side."""
    r, s = decode_dss_signature(P256.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def ps256(message: bytes) -> bytes:
    """A PS256 signature."""
    return RSA.sign(message, PSS, hashes.SHA256())


ED_JWK: Final = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(ED.public_key().public_bytes_raw())}
POINT: Final = P256.public_key().public_numbers()
EC_JWK: Final = {"kty": "EC", "crv": "P-256", "x": number(POINT.x, 32), "y": number(POINT.y, 32)}
MODULUS: Final = RSA.public_key().public_numbers().n
RSA_JWK: Final = {"kty": "RSA", "n": number(MODULUS, 256), "e": "AQAB"}
JWS_KEYS: Final[dict[str, tuple[dict[str, str], Callable[[bytes], bytes]]]] = {
    "EdDSA": (ED_JWK, ED.sign),
    "ES256": (EC_JWK, es256),
    "PS256": (RSA_JWK, ps256),
}
MULTIKEY: Final = encode_multibase(encode_multicodec(0xED, ED.public_key().public_bytes_raw()))
BASE58: Final = encode_base58(ED.public_key().public_bytes_raw())


def web_with(kind: str, **material: Any) -> Web:
    """The web with a DID document of one key of this kind."""
    key = {"id": f"{DID}#key-1", "type": kind, "controller": DID, **material}
    document = {"id": DID, "verificationMethod": [key], "assertionMethod": [key["id"]]}
    return Web({DID_URL: Evidence(DID_URL, json.dumps(document).encode())})


def signed(
    kind: str, sign: Callable[[bytes], bytes], header: dict[str, Any] | None, **changes: Any
) -> dict[str, Any]:
    """A credential with a proof of an older suite: with a detached JWS if there is a header."""
    document = {**CREDENTIAL, **changes}
    options: dict[str, Any] = {
        "type": kind,
        "created": "2021-01-01T00:00:00Z",
        "verificationMethod": f"{DID}#key-1",
        "proofPurpose": "assertionMethod",
    }
    hash_data = rdfc_hash_data(Secured(document, options), "sha256", Workings(canonicalise, Trace()), "")
    if header is None:
        return {**document, "proof": {**options, "proofValue": encode_multibase(sign(hash_data))}}
    encoded = encode_base64url(json.dumps(header).encode())
    jws = f"{encoded}..{encode_base64url(sign(encoded.encode() + b'.' + hash_data))}"
    return {**document, "proof": {**options, "jws": jws}}


def result_of(document: dict[str, Any], web: Web) -> ProofResult:
    """What became of the one proof."""
    (result,) = verify_proofs(document, web=web, at=NOW, canonicalise=canonicalise)
    return result


def code_of(document: dict[str, Any], web: Web) -> str | None:
    """The code at which the one proof stopped."""
    stopped = result_of(document, web).verification.problem
    return None if stopped is None else stopped.code


def jws_header(algorithm: str, **changes: Any) -> dict[str, Any]:
    """The header that RFC 7797 asks for."""
    return {"alg": algorithm, "b64": False, "crit": ["b64"], **changes}


@pytest.mark.parametrize("algorithm", list(JWS_KEYS))
def test_json_web_signature_2020_verifies_as_legacy(algorithm: str) -> None:
    """A detached JWS of each algorithm verifies, is legacy, and fails for another document."""
    jwk, sign = JWS_KEYS[algorithm]
    document = signed("JsonWebSignature2020", sign, jws_header(algorithm))
    web = web_with("JsonWebKey2020", publicKeyJwk=jwk)
    result = result_of(document, web)
    assert result.verification.problem is None
    assert (result.suite, result.legacy) == ("JsonWebSignature2020", True)
    assert [one.code for one in result.notes] == ["proof-suite-legacy"]
    assert code_of({**document, "issuanceDate": "2022-01-01T00:00:00Z"}, web) == "signature-mismatch"


def test_ed25519_signature_2018_verifies_as_legacy() -> None:
    """The oldest suite, whose terms VCDM 1.1 itself defines, verifies with a base58 key."""
    context = ["https://www.w3.org/2018/credentials/v1"]
    document = signed("Ed25519Signature2018", ED.sign, jws_header("EdDSA"), **{"@context": context})
    web = web_with("Ed25519VerificationKey2018", publicKeyBase58=BASE58)
    result = result_of(document, web)
    assert result.verification.problem is None
    assert result.legacy
    assert code_of({**document, "issuer": "did:web:other.example"}, web) == "signature-mismatch"


def test_ed25519_signature_2020_verifies_as_legacy() -> None:
    """Its proof value is base58btc, its key an Ed25519VerificationKey2020."""
    context = ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/suites/ed25519-2020/v1"]
    document = signed("Ed25519Signature2020", ED.sign, None, **{"@context": context})
    web = web_with("Ed25519VerificationKey2020", publicKeyMultibase=MULTIKEY)
    result = result_of(document, web)
    assert result.verification.problem is None
    assert result.legacy
    assert code_of({**document, "issuer": "did:web:other.example"}, web) == "signature-mismatch"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (jws_header("RS256"), "alg-not-allowed"),
        (jws_header("none"), "alg-not-allowed"),
        (jws_header("HS256"), "alg-not-allowed"),
        (jws_header("ES256K"), "alg-not-allowed"),
        (jws_header("ES256"), "alg-does-not-fit-key"),
        ({"alg": "EdDSA", "b64": True, "crit": ["b64"]}, "proof-value-malformed"),
        ({"alg": "EdDSA", "b64": False}, "proof-value-malformed"),
        ({"alg": "EdDSA", "b64": False, "crit": ["b64", "exp"]}, "proof-value-malformed"),
        ({"b64": False, "crit": ["b64"]}, "alg-not-allowed"),
    ],
)
def test_broken_header_names_the_rule(header: dict[str, Any], code: str) -> None:
    """The header of the detached JWS is as RFC 7797 says, and its algorithm one of the suite and the key."""
    document = signed("JsonWebSignature2020", ED.sign, header)
    assert code_of(document, web_with("JsonWebKey2020", publicKeyJwk=ED_JWK)) == code


@pytest.mark.parametrize(
    ("jws", "code"),
    [
        (None, "proof-value-missing"),
        (7, "proof-value-missing"),
        ("", "proof-value-malformed"),
        ("a.b.c", "proof-value-malformed"),
        ("e30..", "proof-value-malformed"),
        ("W10..AAAA", "proof-value-malformed"),
        ("..AAAA", "proof-value-malformed"),
    ],
)
def test_broken_jws_names_the_rule(jws: Any, code: str) -> None:
    """What is no detached JWS says so."""
    document = signed("JsonWebSignature2020", ED.sign, jws_header("EdDSA"))
    document["proof"]["jws"] = jws
    assert code_of(document, web_with("JsonWebKey2020", publicKeyJwk=ED_JWK)) == code


def test_es256k_is_undetermined() -> None:
    """An algorithm of the suite that the harness cannot compute neither passes nor fails."""
    document = signed("JsonWebSignature2020", ED.sign, jws_header("ES256K"))
    stopped = result_of(document, web_with("JsonWebKey2020", publicKeyJwk=ED_JWK)).verification.problem
    assert stopped is not None
    assert stopped.undetermined
