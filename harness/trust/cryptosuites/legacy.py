"""Suites from before DataIntegrityProof: verified, and reported as legacy.

Ed25519Signature2020 (Data Integrity EdDSA Cryptosuites 1.0, appendix A), JsonWebSignature2020 (W3C CCG
Linked Data Signatures JWS 2020) and Ed25519Signature2018. The last two put a detached JWS with b64=false
(RFC 7797) into `jws`.
"""

from __future__ import annotations

from typing import Any

from harness.errors import MalformedError
from harness.trust.cryptosuites.suite import (
    EDDSA,
    Secured,
    Suite,
    Workings,
    family_of,
    proof_bytes,
    rdfc_hash_data,
)
from harness.trust.encoding import decode_base64url, read_object
from harness.trust.keys import ED25519, PublicKey
from harness.trust.signatures import ALGORITHMS, Algorithm, verify
from harness.trust.trace import TrustError

JWS_2020 = "https://w3c-ccg.github.io/lds-jws2020/#json-web-signature-2020"
ED_2018 = "https://w3c-ccg.github.io/lds-ed25519-2018/"
ED_2020 = EDDSA + "#verify-proof-ed25519signature2020"
JWS_ALGORITHMS = ("EdDSA", "ES256", "ES384", "PS256")


def _check_ed25519_2020(secured: Secured, key: PublicKey, work: Workings) -> None:
    hash_name, algorithm = family_of(key, (ED25519,), "Ed25519Signature2020", ED_2020)
    signature = proof_bytes(secured.proof, work.trace, EDDSA + "#ed25519signature2020")
    hash_data = rdfc_hash_data(secured, hash_name, work, ED_2020)
    verify(algorithm, key, signature, hash_data, step="proofBytes")


def _check_ed25519_2018(secured: Secured, key: PublicKey, work: Workings) -> None:
    _check_jws(secured, key, work, clause=ED_2018, allowed=("EdDSA",))


def _check_jws_2020(secured: Secured, key: PublicKey, work: Workings) -> None:
    _check_jws(secured, key, work, clause=JWS_2020, allowed=JWS_ALGORITHMS)


def _check_jws(
    secured: Secured, key: PublicKey, work: Workings, *, clause: str, allowed: tuple[str, ...]
) -> None:
    encoded, algorithm, signature = _read_jws(secured.proof.get("jws"), clause, allowed)
    work.trace.step("JWS header", decode_base64url(encoded), clause)
    work.trace.step("proofBytes", signature, clause)
    hash_data = rdfc_hash_data(secured, "sha256", work, clause, value="jws")
    signing_input = encoded.encode() + b"." + hash_data
    work.trace.step("JWS Signing Input", signing_input, "RFC 7797 section 3")
    verify(algorithm, key, signature, signing_input, step="jws")


def _read_jws(value: Any, clause: str, allowed: tuple[str, ...]) -> tuple[str, Algorithm, bytes]:
    """Take a detached JWS apart: header, nothing, signature."""
    if not isinstance(value, str):
        raise _problem("proof-value-missing", "The proof has no jws.", clause, actual=repr(value)[:80])
    encoded, _dot, rest = value.partition("..")
    try:
        header = read_object(decode_base64url(encoded), "the JWS header", max_bytes=4096)
        signature = decode_base64url(rest)
    except MalformedError as error:
        message = f"jws is no detached JWS: {error.message}."
        raise _problem(
            "proof-value-malformed", message, clause, actual=value[:80], hint=error.hint
        ) from error
    if header.get("b64") is not False or header.get("crit") != ["b64"]:
        message = "The header of the detached JWS does not say that the payload is bare bytes."
        expected = '{"b64": false, "crit": ["b64"], "alg": …}'
        raise _problem("proof-value-malformed", message, clause, expected=expected, actual=str(header)[:120])
    name = header.get("alg")
    if name == "ES256K":
        raise _problem("alg-not-allowed", "The harness cannot verify ES256K.", clause, undetermined=True)
    if name not in allowed:
        message = "The suite does not allow this algorithm."
        raise _problem(
            "alg-not-allowed", message, clause, expected=", ".join(allowed), actual=repr(name)[:60]
        )
    return encoded, ALGORITHMS[name], signature


def _problem(code: str, message: str, clause: str, **more: Any) -> TrustError:
    return TrustError(code, message, step="jws", clause=clause, **more)


SUITES = (
    Suite("Ed25519Signature2020", _check_ed25519_2020, legacy=True),
    Suite("Ed25519Signature2018", _check_ed25519_2018, legacy=True),
    Suite("JsonWebSignature2020", _check_jws_2020, legacy=True),
)
