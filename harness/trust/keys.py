"""Public keys in every form that issuers publish them in, read strictly and kept by content.

Sources: RFC 7517, 7518 section 6 and 8037 (JWK); CID 1.0 sections 2.2.2 and 2.2.3 (Multikey,
JsonWebKey); the did:key method; for old documents the Ed25519 2018 and 2020 and JWS 2020 suites.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from harness.errors import MalformedError
from harness.trust.encoding import decode_base58, decode_base64url, decode_multibase, decode_multicodec
from harness.trust.trace import TrustError

P256, P384, P521 = "EC P-256", "EC P-384", "EC P-521"
ED25519, RSA = "OKP Ed25519", "RSA"

CryptographyKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey

CURVES: Mapping[str, tuple[ec.EllipticCurve, int]] = {
    P256: (ec.SECP256R1(), 32),
    P384: (ec.SECP384R1(), 48),
    P521: (ec.SECP521R1(), 66),
}
"""Curve and size of a coordinate in bytes, by family."""

MULTICODECS: Mapping[int, str] = {0xED: ED25519, 0x1200: P256, 0x1201: P384, 0x1202: P521}
PRIVATE_JWK = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
"""JWK members of the private information class (RFC 7518 section 8.1.1 and the JOSE registry)."""

MATERIAL = ("publicKeyJwk", "publicKeyMultibase", "publicKeyBase58")
OTHER_MATERIAL = (
    "publicKeyHex",
    "publicKeyPem",
    "publicKeyBase64",
    "publicKeyGpg",
    "blockchainAccountId",
    "ethereumAddress",
)
EXPECTED_MATERIAL: Mapping[str, str] = {
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
    "Multikey": "publicKeyMultibase",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
    "Ed25519VerificationKey2018": "publicKeyBase58",
}
MAX_JWK_BYTES = 16_384
MIN_RSA_BITS, MAX_RSA_BITS, MAX_EXPONENT_BITS = 2_048, 8_192, 64
ED25519_BYTES = 32
STEP = "verification method"

_P25519 = 2**255 - 19
_SIGN = 1 << 255
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P25519 - 1, _ORDER_EIGHT, _P25519 - _ORDER_EIGHT})
"""The y of the points whose order divides eight: for such a key one signature fits every message."""

_UNUSABLE_CODECS = {
    0xE7: "secp256k1",
    0xEB: "BLS12-381 G2",
    0x1205: "RSA",
    0x1206: "SM2",
    0x1207: "ML-DSA",
}
_AGREEMENT_CODECS = {0xEC: "X25519"}
_SECRET_CODECS = {0x1300: "Ed25519", 0x1306: "P-256", 0x1307: "P-384", 0x1308: "P-521", 0x130A: "BLS12-381"}


@dataclass(frozen=True)
class PublicKey:
    """A public key: its family ("EC P-256", "OKP Ed25519", "RSA" …) and the form that it was found in.

    `private_members` names members that would make it a private key, which must never be published.
    `alg` is the only algorithm that its owner wants it used with, where he says so (JWK `alg`).
    """

    family: str
    form: str
    key: CryptographyKey = field(repr=False, compare=False)
    material: bytes = field(repr=False)
    """Canonical public bytes: equal for one key, whatever form it was found in."""
    alg: str | None = None
    private_members: tuple[str, ...] = ()


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Read a JWK (RFC 7517); raises TrustError when no signature could be verified with it."""
    try:
        text = json.dumps(jwk, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise _malformed("the JWK is not JSON") from error
    if len(text) > MAX_JWK_BYTES:
        raise _malformed(f"the JWK has {len(text):,} characters")
    return _from_jwk(text)


@lru_cache(maxsize=4096)
def _from_jwk(text: str) -> PublicKey:
    jwk: dict[str, Any] = json.loads(text)
    kind = _member(jwk, "kty")
    if kind == "oct":
        raise TrustError(
            "key-symmetric",
            "a shared secret (kty oct) is no public key",
            step=STEP,
            clause="RFC 7518 section 6.4",
            hint="Withdraw this secret, it is public now, and publish a public key.",
        )
    alg = jwk.get("alg")
    if alg is not None and not isinstance(alg, str):
        raise _malformed("the JWK member alg is not a string")
    _check_use(jwk)
    private = tuple(sorted(PRIVATE_JWK & jwk.keys()))
    if kind == "EC":
        family, key = _ec_jwk(jwk)
    elif kind == "OKP":
        family, key = _okp_jwk(jwk)
    elif kind == "RSA":
        family, key = _rsa_jwk(jwk)
    else:
        raise _unsupported(f"keys of kty {kind!r}", "RFC 7518 section 6.1")
    return PublicKey(family, "publicKeyJwk", key, _material(key), alg, private)


@lru_cache(maxsize=4096)
def from_multibase(text: str) -> PublicKey:
    """Read a Multikey value, as in publicKeyMultibase and did:key (CID 1.0 section 2.2.2)."""
    clause = "CID 1.0 section 2.2.2"
    try:
        code, content = decode_multicodec(decode_multibase(text))
    except MalformedError as error:
        raise _malformed(f"the key is {error.message}", clause, error.hint) from error
    if code in _SECRET_CODECS:
        raise TrustError(
            "key-malformed",
            f"a secret {_SECRET_CODECS[code]} key stands where a public key belongs",
            step=STEP,
            clause=clause,
            hint="Withdraw this key, it is public now, and publish a new public key.",
        )
    if code in _AGREEMENT_CODECS:
        raise _not_for_signatures(f"an {_AGREEMENT_CODECS[code]} key", clause)
    family = MULTICODECS.get(code)
    if family is None:
        raise _unsupported(f"{_UNUSABLE_CODECS.get(code, f'multicodec 0x{code:x}')} keys", clause)
    if family == ED25519:
        key: CryptographyKey = _ed25519(content, clause)
    else:
        key = _compressed_point(family, content, clause)
    return PublicKey(family, "publicKeyMultibase", key, _material(key))


@lru_cache(maxsize=4096)
def from_base58(text: str) -> PublicKey:
    """Read publicKeyBase58 of Ed25519VerificationKey2018: the 32 bare bytes (legacy)."""
    try:
        content = decode_base58(text)
    except MalformedError as error:
        raise _malformed(f"the key is {error.message}", hint=error.hint) from error
    key = _ed25519(content, "Ed25519 Signature 2018")
    return PublicKey(ED25519, "publicKeyBase58", key, content)


_READERS: Mapping[str, Callable[[Any], PublicKey]] = {
    "publicKeyJwk": from_jwk,
    "publicKeyMultibase": from_multibase,
    "publicKeyBase58": from_base58,
}


def from_method(method: Mapping[str, Any]) -> PublicKey:
    """Read the key of a verification method, whatever its type (CID 1.0 section 2.2)."""
    kind = method.get("type")
    found = [name for name in MATERIAL if name in method]
    if not found:
        others = [name for name in OTHER_MATERIAL if name in method]
        if others:
            raise _unsupported(f"keys in {others[0]}", "DID Core 1.0 section 5.2.1")
        raise _malformed(
            "the verification method has no key material",
            "CID 1.0 section 2.2.1",
            f"A {kind} has {EXPECTED_MATERIAL.get(str(kind), 'publicKeyJwk or publicKeyMultibase')}.",
        )
    if len(found) > 1:
        raise TrustError(
            "key-ambiguous-material",
            f"the verification method has {' and '.join(found)}",
            step=STEP,
            clause="CID 1.0 section 2.2.1",
            expected="one of them",
            hint="Make two verification methods of it.",
        )
    expected = EXPECTED_MATERIAL.get(str(kind))
    if expected is not None and expected != found[0]:
        raise _malformed(f"a {kind} has {expected}, not {found[0]}", "CID 1.0 section 2.2.1")
    value = method[found[0]]
    if not isinstance(value, Mapping if found[0] == "publicKeyJwk" else str):
        raise _malformed(f"{found[0]} has the wrong JSON type")
    if isinstance(value, str) and len(value) > MAX_JWK_BYTES:
        raise _malformed(f"{found[0]} has {len(value):,} characters")
    key = _READERS[found[0]](value)
    if str(kind).startswith("Ed25519VerificationKey") and key.family != ED25519:
        raise _malformed(f"a {kind} holds an Ed25519 key, not {key.family}")
    return key


def _ec_jwk(jwk: Mapping[str, Any]) -> tuple[str, CryptographyKey]:
    clause = "RFC 7518 section 6.2.1"
    family = f"EC {_member(jwk, 'crv')}"
    if family not in CURVES:
        raise _unsupported(f"keys on the curve {jwk['crv']!r}", clause)
    curve, size = CURVES[family]
    x, y = (int.from_bytes(_octets(jwk, name, clause, size), "big") for name in ("x", "y"))
    numbers = ec.EllipticCurvePublicNumbers(x, y, curve)
    try:
        return family, numbers.public_key()
    except ValueError as error:
        raise _off_curve(family, clause) from error


def _okp_jwk(jwk: Mapping[str, Any]) -> tuple[str, CryptographyKey]:
    clause = "RFC 8037 section 2"
    curve = _member(jwk, "crv")
    if curve in ("X25519", "X448"):
        raise _not_for_signatures(f"an {curve} key", clause)
    if curve != "Ed25519":
        raise _unsupported(f"keys on the curve {curve!r}", clause)
    return ED25519, _ed25519(_octets(jwk, "x", clause, ED25519_BYTES), clause)


def _rsa_jwk(jwk: Mapping[str, Any]) -> tuple[str, CryptographyKey]:
    clause = "RFC 7518 section 6.3.1"
    modulus, exponent = (int.from_bytes(_octets(jwk, name, clause), "big") for name in ("n", "e"))
    bits = modulus.bit_length()
    if bits > MAX_RSA_BITS:
        raise _unsupported(f"RSA keys of {bits:,} bits", clause)
    if bits < MIN_RSA_BITS:
        raise TrustError(
            "key-too-weak",
            f"an RSA key of {bits:,} bits",
            step=STEP,
            clause="RFC 7518 section 3.3",
            expected=f"at least {MIN_RSA_BITS:,} bits",
            actual=f"{bits:,} bits",
            hint="Issue with a longer key.",
        )
    if exponent.bit_length() > MAX_EXPONENT_BITS:
        raise _unsupported("RSA keys with an exponent above 64 bits", clause)
    try:
        return RSA, rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise _malformed("the RSA key has an impossible exponent or modulus", clause) from error


def _ed25519(content: bytes, clause: str) -> CryptographyKey:
    if len(content) != ED25519_BYTES:
        raise _malformed(f"an Ed25519 key of {len(content)} bytes", clause, "It has 32 bytes.")
    if (int.from_bytes(content, "little") & ~_SIGN) % _P25519 in _SMALL_ORDER:
        raise _malformed("an Ed25519 key of small order: anybody can sign for it", clause, "Make a new key.")
    return ed25519.Ed25519PublicKey.from_public_bytes(content)


def _compressed_point(family: str, content: bytes, clause: str) -> CryptographyKey:
    curve, size = CURVES[family]
    if len(content) != size + 1 or content[0] not in (2, 3):
        raise _malformed(
            f"the key is not a compressed {family} point: {len(content)} bytes",
            clause,
            f"It has {size + 1} bytes.",
        )
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, content)
    except ValueError as error:
        raise _off_curve(family, clause) from error


def _material(key: CryptographyKey) -> bytes:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key.public_bytes_raw()
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big") + numbers.e.to_bytes(8, "big")
    point = key.public_numbers()
    size = (key.key_size + 7) // 8
    return bytes([2 + point.y % 2]) + point.x.to_bytes(size, "big")


def _check_use(jwk: Mapping[str, Any]) -> None:
    use, operations = jwk.get("use", "sig"), jwk.get("key_ops", ["verify"])
    if use != "sig":
        raise _not_for_signatures(f"a key with use {use!r}", "RFC 7517 section 4.2")
    if not isinstance(operations, list) or "verify" not in operations:
        raise _not_for_signatures(f"a key with key_ops {operations!r}", "RFC 7517 section 4.3")


def _member(jwk: Mapping[str, Any], name: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str):
        state = "is not a string" if name in jwk else "is missing"
        raise _malformed(f"the JWK member {name} {state}", "RFC 7517 section 4")
    return value


def _octets(jwk: Mapping[str, Any], name: str, clause: str, size: int | None = None) -> bytes:
    try:
        raw = decode_base64url(_member(jwk, name))
    except MalformedError as error:
        raise _malformed(f"the JWK member {name} is {error.message}", clause, error.hint) from error
    if size is not None and len(raw) != size:
        raise _malformed(
            f"the JWK member {name} has {len(raw)} bytes, this curve has {size}",
            clause,
            "Leading zero bytes belong to a coordinate, and each curve has its own length.",
        )
    if size is None and raw[:1] in (b"", b"\0"):
        raise _malformed(f"the JWK member {name} is empty or has a leading zero byte", "RFC 7518 section 2")
    return raw


def _malformed(what: str, clause: str = "RFC 7517 section 4", hint: str | None = None) -> TrustError:
    return TrustError("key-malformed", what, step=STEP, clause=clause, hint=hint)


def _off_curve(family: str, clause: str) -> TrustError:
    hint = "Either the curve is named wrongly or a coordinate was damaged."
    return TrustError(
        "key-off-curve", f"the key is no point of {family}", step=STEP, clause=clause, hint=hint
    )


def _not_for_signatures(what: str, clause: str) -> TrustError:
    hint = "Sign with a key for signatures, and name that one."
    return TrustError(
        "key-not-for-signatures", f"{what} verifies no signatures", step=STEP, clause=clause, hint=hint
    )


def _unsupported(what: str, clause: str) -> TrustError:
    return TrustError(
        "key-unsupported",
        f"the harness cannot verify with {what}",
        step=STEP,
        clause=clause,
        undetermined=True,
        hint="P-256, P-384, P-521, Ed25519 and RSA keys can be verified.",
    )
