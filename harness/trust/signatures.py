"""One signature, one key, one message: the primitive operations behind JOSE, COSE and Data Integrity.

Sources: RFC 7518 section 3 and RFC 8037 section 3.1; ECDSA signatures are the two numbers r and s
side by side, never DER (RFC 7518 section 3.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from harness.trust.keys import CURVES, ED25519, P256, P384, P521, RSA, PublicKey
from harness.trust.trace import TrustError


@dataclass(frozen=True)
class Algorithm:
    """A signature algorithm by its JOSE name: the family of its keys, its hash and its clause."""

    name: str
    family: str
    hash: hashes.HashAlgorithm | None
    clause: str


ALGORITHMS: Mapping[str, Algorithm] = {
    one.name: one
    for one in (
        Algorithm("ES256", P256, hashes.SHA256(), "RFC 7518 section 3.4"),
        Algorithm("ES384", P384, hashes.SHA384(), "RFC 7518 section 3.4"),
        Algorithm("ES512", P521, hashes.SHA512(), "RFC 7518 section 3.4"),
        Algorithm("EdDSA", ED25519, None, "RFC 8037 section 3.1"),
        Algorithm("Ed25519", ED25519, None, "RFC 9864 section 2.2"),
        Algorithm("PS256", RSA, hashes.SHA256(), "RFC 7518 section 3.5"),
        Algorithm("RS256", RSA, hashes.SHA256(), "RFC 7518 section 3.3"),
    )
}

_PKCS1 = padding.PKCS1v15()
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def verify(algorithm: Algorithm, key: PublicKey, signature: bytes, message: bytes, *, step: str) -> None:
    """Return if the signature is that of the message by the key; raise TrustError if not.

    Codes: alg-does-not-fit-key, signature-malformed, signature-mismatch.
    """
    if key.family != algorithm.family:
        raise TrustError(
            "alg-does-not-fit-key",
            f"{algorithm.name} needs a key of family {algorithm.family}",
            step=step,
            clause=algorithm.clause,
            expected=algorithm.family,
            actual=key.family,
            hint="Name the algorithm of the key that signs, or the key of the algorithm.",
        )
    if not _holds(algorithm, key, signature, message, step):
        raise TrustError(
            "signature-mismatch",
            "the signature does not belong to these bytes and this key",
            step=step,
            clause=algorithm.clause,
            hint="Compare the steps above with those of the signer: the bytes or the key changed in between.",
        )


def _holds(algorithm: Algorithm, key: PublicKey, signature: bytes, message: bytes, step: str) -> bool:
    used = key.key
    try:
        if isinstance(used, ed25519.Ed25519PublicKey):
            _sized(algorithm, signature, 64, step)
            used.verify(signature, message)
        elif isinstance(used, ec.EllipticCurvePublicKey):
            size = CURVES[key.family][1]
            _sized(algorithm, signature, 2 * size, step)
            r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            used.verify(encode_dss_signature(r, s), message, ec.ECDSA(_hash(algorithm)))
        else:
            _sized(algorithm, signature, (used.key_size + 7) // 8, step)
            used.verify(signature, message, _PSS if algorithm.name == "PS256" else _PKCS1, _hash(algorithm))
    except InvalidSignature:
        return False
    return True


def _hash(algorithm: Algorithm) -> hashes.HashAlgorithm:
    return algorithm.hash or hashes.SHA256()


def _sized(algorithm: Algorithm, signature: bytes, size: int, step: str) -> None:
    if len(signature) != size:
        der = algorithm.name.startswith("ES") and signature[:1] == b"\x30"
        raise TrustError(
            "signature-malformed",
            f"an {algorithm.name} signature has {size} bytes",
            step=step,
            clause=algorithm.clause,
            expected=f"{size} bytes",
            actual=f"{len(signature)} bytes",
            hint="This looks like DER: write r and s side by side."
            if der
            else "The signature is cut off or padded.",
        )
