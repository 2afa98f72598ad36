"""Who seals a record: a key from a file or the environment, or an external command that holds it.

A private key never enters a submission. An external signer reads the bytes to sign from standard input and
writes the signature to standard output; for ECDSA both forms are taken, r and s side by side or DER.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness.credential.did_url import document_url, parse_did_url
from harness.errors import MalformedError, UsageError
from harness.trust.encoding import decode_base64url, encode_base64url, encode_multibase, encode_multicodec
from harness.trust.keys import CURVES, MULTICODECS, PRIVATE_JWK, from_jwk
from harness.trust.signatures import ALGORITHMS, verify
from harness.trust.signing import DEFAULT_ALG, PrivateKey, jwk_of, sign_bytes
from harness.trust.trace import TrustError

KEY_VARIABLE = "UNTP_CRM_KEY"
"""The environment variable that may hold a private key, as PEM or as a JWK."""
FRAGMENT = "key-1"
PATIENCE = 60
"""Seconds that an external signer may take: somebody may have to touch a hardware key."""


@dataclass(frozen=True)
class Signer:
    """A DID, the key of it that signs, and how bytes are signed with that key."""

    did: str
    kid: str
    jwk: Mapping[str, str]
    sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @property
    def alg(self) -> str:
        """The JOSE algorithm of the key."""
        return DEFAULT_ALG[from_jwk(self.jwk).family]

    def token(self, payload: bytes, *, typ: str = "vc+jwt") -> str:
        """A payload as a compact JWS."""
        header = json.dumps({"alg": self.alg, "kid": self.kid, "typ": typ}, separators=(",", ":"))
        signing_input = f"{encode_base64url(header.encode())}.{encode_base64url(payload)}"
        return f"{signing_input}.{encode_base64url(self.sign(signing_input.encode()))}"

    def did_document(self) -> dict[str, Any]:
        """The DID document to publish, with this key alone."""
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": self.did,
            "verificationMethod": [
                {"id": self.kid, "type": "JsonWebKey", "controller": self.did, "publicKeyJwk": dict(self.jwk)}
            ],
            "assertionMethod": [self.kid],
        }

    @property
    def document_url(self) -> str | None:
        """Where the DID document has to stand; None for a DID that is its own document."""
        return document_url(self.did)


def signer_of(key: PrivateKey, *, did: str | None = None, kid: str | None = None) -> Signer:
    """The signer that holds a private key; without a DID it signs as the did:key of that key."""
    jwk = jwk_of(key)
    named, kid = _named(jwk, did, kid)
    return Signer(named, kid, jwk, lambda message: sign_bytes(message, key))


def read_signer(
    key_file: Path | None = None, *, did: str | None = None, command: str | None = None
) -> Signer | None:
    """The signer that the options and the environment name; None where there is none.

    With a command the key file holds the public JWK. Raises UsageError where a key cannot be used.
    """
    text, where = _key_text(key_file)
    if command is not None:
        if text is None:
            raise UsageError(
                "--signer needs the public key that it signs with",
                hint="Give its public JWK with --key FILE.",
            )
        return _external(command, _public(text, where), did, where)
    if text is None:
        return None
    key, kid = _private(text, where)
    return signer_of(key, did=did, kid=kid)


def _key_text(key_file: Path | None) -> tuple[str | None, str]:
    if key_file is None:
        return os.environ.get(KEY_VARIABLE), KEY_VARIABLE
    try:
        return key_file.read_text(encoding="utf-8"), str(key_file)
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"the key cannot be read: {problem}", where=str(key_file)) from problem


def _private(text: str, where: str) -> tuple[PrivateKey, str | None]:
    """A private key from PEM or JWK, and the kid that the JWK names."""
    key: object
    kid: str | None = None
    try:
        if text.lstrip().startswith("{"):
            jwk = json.loads(text)
            key, named = _from_private_jwk(jwk), jwk.get("kid")
            kid = named if isinstance(named, str) else None
        else:
            key = serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm, MalformedError) as problem:
        raise UsageError(
            "this is no private key that can seal a record", where=where,
            hint="PEM without a password or a JWK, P-256 or Ed25519; untp-crm keygen makes one.",
        ) from problem  # fmt: skip
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) or (
        isinstance(key, ec.EllipticCurvePrivateKey)
        and key.curve.name not in {c.name for c, _ in CURVES.values()}
    ):
        raise UsageError("keys of this kind do not seal records", where=where, hint="Use P-256 or Ed25519.")
    return key, kid


def _from_private_jwk(jwk: Mapping[str, Any]) -> PrivateKey:
    secret = decode_base64url(jwk["d"])
    key: PrivateKey
    if jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519":
        key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    else:
        key = ec.derive_private_key(int.from_bytes(secret, "big"), CURVES[f"EC {jwk['crv']}"][0])
    if any(jwk.get(name) not in (None, value) for name, value in jwk_of(key).items()):
        raise ValueError("the public part is of another key")
    return key


def private_jwk(key: PrivateKey, kid: str) -> dict[str, str]:
    """A private key as a JWK, for the file that keygen writes."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        secret = key.private_bytes_raw()
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        secret = key.private_numbers().private_value.to_bytes((key.curve.key_size + 7) // 8, "big")
    else:
        raise UsageError("keys of this kind do not seal records", hint="Use P-256 or Ed25519.")
    return {**jwk_of(key), "kid": kid, "d": encode_base64url(secret)}


def _public(text: str, where: str) -> dict[str, Any]:
    try:
        jwk = json.loads(text)
        from_jwk({name: value for name, value in jwk.items() if name != "kid"})
    except (ValueError, AttributeError, TrustError) as problem:
        raise UsageError("with --signer the key file is a public JWK", where=where) from problem
    if PRIVATE_JWK & jwk.keys():
        raise UsageError("with --signer the key file is a public JWK, and this one is private", where=where)
    return dict(jwk)


def _external(command: str, jwk: dict[str, Any], did: str | None, where: str) -> Signer:
    kid = jwk.pop("kid", None)
    named, kid = _named(jwk, did, kid if isinstance(kid, str) else None)
    public = from_jwk(jwk)
    algorithm = ALGORITHMS[DEFAULT_ALG[public.family]]

    def sign(message: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the command is the user's own, from his command line
                shlex.split(command), input=message, capture_output=True, timeout=PATIENCE, check=True
            )
        except (OSError, subprocess.SubprocessError, ValueError) as problem:
            raise UsageError(f"the signer failed: {problem}", where=command) from problem
        signature = _side_by_side(done.stdout, public.family)
        try:
            verify(algorithm, public, signature, message, step="signer")
        except TrustError as problem:
            raise UsageError(
                "what the signer wrote is no signature of this key", where=command,
                hint=f"It reads the bytes to sign from standard input; its public key is in {where}.",
            ) from problem  # fmt: skip
        return signature

    return Signer(named, kid, jwk, sign)


def _side_by_side(signature: bytes, family: str) -> bytes:
    if family not in CURVES or len(signature) == 2 * CURVES[family][1]:
        return signature
    try:
        r, s = decode_dss_signature(signature)
        size = CURVES[family][1]
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    except (ValueError, OverflowError):
        return signature


def _named(jwk: Mapping[str, str], did: str | None, kid: str | None) -> tuple[str, str]:
    """The DID and the key id: as given, as the kid says, or the did:key of the key."""
    if did is None and kid is not None and kid.startswith("did:"):
        did = kid.partition("#")[0]
    if did is None:
        public = from_jwk(jwk)
        code = next(code for code, family in MULTICODECS.items() if family == public.family)
        value = encode_multibase(encode_multicodec(code, public.material))
        return f"did:key:{value}", f"did:key:{value}#{value}"
    try:
        parsed = parse_did_url(did)
        if parsed.did != did or parsed.method != "web":
            raise UsageError("the signer is a did:web", where=did, hint="For example did:web:vendor.example.")
        document_url(did)
    except MalformedError as problem:
        raise UsageError(
            f"the DID of the signer: {problem.message}", where=did, hint=problem.hint
        ) from problem
    if kid is not None and kid.startswith(f"{did}#"):
        return did, kid
    return did, f"{did}#{FRAGMENT}"
