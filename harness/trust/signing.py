"""Signing, for our tests and for the embedded reference vendor; the harness never signs for anybody else.

Everything here is deterministic: the same seed makes the same key, the same input the same token.
Sources: RFC 7515, 8037; RFC 6979 (deterministic ECDSA); the did:web method.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness.trust.encoding import encode_base64url, encode_multibase, encode_multicodec
from harness.trust.keys import (
    CURVES,
    ED25519,
    ED25519_BYTES,
    MULTICODECS,
    P256,
    P384,
    P521,
    PRIVATE_JWK,
    RSA,
    PublicKey,
    from_jwk,
)
from harness.trust.signatures import ALGORITHMS

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

DEFAULT_ALG: Mapping[str, str] = {P256: "ES256", P384: "ES384", P521: "ES512", ED25519: "EdDSA", RSA: "PS256"}
"""The algorithm that a key signs with unless told, by family."""


def key_from_seed(seed: bytes | str, family: str = P256) -> PrivateKey:
    """Make a demo key of a family from a seed; never use such a key for anything that matters.

    The 32 bytes of an Ed25519 seed are the private key (RFC 8032 5.1.5); other seeds are hashed.
    """
    raw = seed.encode() if isinstance(seed, str) else seed
    if family == ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(
            raw if len(raw) == ED25519_BYTES else hashlib.sha256(raw).digest()
        )
    curve = CURVES[family][0]
    scalar = int.from_bytes(hashlib.shake_256(family.encode() + raw).digest(96), "big")
    return ec.derive_private_key(scalar % (curve.group_order - 1) + 1, curve)


def public_of(key: PrivateKey) -> PublicKey:
    """The public half, as the verifier would read it from a JWK."""
    return from_jwk(jwk_of(key))


def jwk_of(key: PrivateKey) -> dict[str, str]:
    """The public JWK of a private key (RFC 7518 section 6, RFC 8037 section 2)."""
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(public.public_bytes_raw())}
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
        return {
            "kty": "RSA",
            "n": encode_base64url(numbers.n.to_bytes(size, "big")),
            "e": encode_base64url(exponent),
        }
    point = public.public_numbers()
    family, size = next(
        (name, size) for name, (curve, size) in CURVES.items() if curve.name == public.curve.name
    )
    x, y = (encode_base64url(one.to_bytes(size, "big")) for one in (point.x, point.y))
    return {"kty": "EC", "crv": family.removeprefix("EC "), "x": x, "y": y}


def multikey_of(key: PrivateKey) -> str:
    """The public key as a Multikey value (CID 1.0 section 2.2.2); not for RSA."""
    public = public_of(key)
    code = next(code for code, family in MULTICODECS.items() if family == public.family)
    return encode_multibase(encode_multicodec(code, public.material))


def did_key_of(key: PrivateKey) -> str:
    """The did:key of a private key."""
    return f"did:key:{multikey_of(key)}"


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a public key, base64url (RFC 7638 section 3)."""
    needed = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}[
        jwk["kty"]
    ]
    text = json.dumps({name: jwk[name] for name in needed}, separators=(",", ":"))
    return encode_base64url(hashlib.sha256(text.encode()).digest())


def sign_bytes(message: bytes, key: PrivateKey, *, alg: str | None = None) -> bytes:
    """Sign bytes with a JOSE algorithm: r and s side by side for ECDSA, which is deterministic (RFC 6979)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    if isinstance(key, rsa.RSAPrivateKey):
        salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        return key.sign(message, padding.PKCS1v15() if alg == "RS256" else salted, hashes.SHA256())
    family, size = next(
        (name, size) for name, (curve, size) in CURVES.items() if curve.name == key.curve.name
    )
    algorithm = ALGORITHMS[alg or DEFAULT_ALG[family]]
    chosen = algorithm.hash or hashes.SHA256()
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(chosen, deterministic_signing=True)))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def sign_compact(
    payload: bytes,
    key: PrivateKey,
    *,
    alg: str | None = None,
    kid: str | None,
    typ: str | None = "vc+jwt",
    cty: str | None = None,
    extra_header: Mapping[str, Any] | None = None,
) -> str:
    """Secure a payload as a compact JWS (VC-JOSE-COSE 3.1.1); a member given as None is left out.

    `alg` is only checked for what the key can do at all, so that tests can tell lies in the header.
    """
    named = alg or DEFAULT_ALG[public_of(key).family]
    header = {"alg": named, "kid": kid, "typ": typ, "cty": cty, **(extra_header or {})}
    text = json.dumps(
        {name: value for name, value in header.items() if value is not None}, separators=(",", ":")
    )
    signing_input = f"{encode_base64url(text.encode())}.{encode_base64url(payload)}"
    fitting = named if named in ALGORITHMS and ALGORITHMS[named].family == public_of(key).family else None
    return f"{signing_input}.{encode_base64url(sign_bytes(signing_input.encode(), key, alg=fitting))}"


def did_web_document(
    did: str, keys: Iterable[tuple[str, PrivateKey, Sequence[str]]], *, form: str = "JsonWebKey"
) -> dict[str, Any]:
    """A DID document with the keys given as (fragment, key, relationships), as JsonWebKey or as Multikey."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": did,
        "verificationMethod": [],
    }
    context = {
        "JsonWebKey": "https://w3id.org/security/jwk/v1",
        "Multikey": "https://w3id.org/security/multikey/v1",
    }
    document["@context"].append(context[form])
    for fragment, key, relationships in keys:
        identifier = f"{did}#{fragment}"
        method: dict[str, Any] = {"id": identifier, "type": form, "controller": did}
        if form == "Multikey":
            method["publicKeyMultibase"] = multikey_of(key)
        else:
            jwk = jwk_of(key)
            assert not PRIVATE_JWK & jwk.keys()
            method["publicKeyJwk"] = jwk
        document["verificationMethod"].append(method)
        for name in relationships:
            document.setdefault(name, []).append(identifier)
    return document


def private_bytes(key: PrivateKey) -> bytes:
    """A private key in PKCS #8 PEM, for files of demo keys that are marked as such."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
