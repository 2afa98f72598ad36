"""Content that is encrypted with a shared secret: told apart from plain content, and opened with a key.

UNTP names AES with 128 bits or more and neither mode nor container, so those in use are read: a compact JWE with `dir`
(RFC 7516, RFC 7518), a JSON object with base64 `cipherText`, `iv`, `tag` and `type`, and the bytes of
nonce, ciphertext and tag of AES-GCM (NIST SP 800-38D).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from harness.credential.base64url import decode_base64url
from harness.credential.strict_json import parse
from harness.errors import MalformedError

NONCE, TAG = 12, 16
"""Bytes of the nonce and the tag of AES-GCM."""

STRONG = 16
"""Bytes of the shortest key that UNTP allows."""

KEY_BYTES = frozenset({16, 24, 32, 48, 64})
"""The lengths of AES keys, and of the double keys of AES-CBC with HMAC."""

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\s*\Z")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_MANAGED = ["dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"]
_ENCRYPTIONS = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]


@dataclass(frozen=True)
class Ciphertext:
    """Encrypted content: its container, the algorithm that it names, its nonce, and the bytes to open."""

    container: str
    algorithm: str
    nonce: bytes
    sealed: bytes
    token: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether we know how to open it, with the right key."""
        if self.token:
            header = parse(_base64url(self.token.partition(".")[0])).value
            return header.get("alg") in _MANAGED and header.get("enc") in _ENCRYPTIONS
        return self.container == "JSON" and "gcm" in self.algorithm.lower()

    def open(self, key: bytes) -> bytes | None:
        """What is in it; None where the key does not open it."""
        if len(key) not in KEY_BYTES:
            return None
        if self.token:
            return _open_compact(self.token, key)
        try:
            return AESGCM(key).decrypt(self.nonce, self.sealed, None)
        except (InvalidTag, ValueError):
            return None


def read_ciphertext(body: bytes) -> Ciphertext | None:
    """Encrypted content in a container that says so; None for anything else."""
    text = body.decode("ascii", "replace").strip()
    if _COMPACT.match(text):
        header = parse(_base64url(text.partition(".")[0])).value
        if isinstance(header, dict) and isinstance(header.get("enc"), str):
            return Ciphertext("JWE", header["enc"], _base64url(text.split(".")[2]), b"", text)
        return None
    value = parse(body).value if text.startswith("{") else None
    return _of_object(value) if isinstance(value, dict) else None


def read_bytes(body: bytes) -> Ciphertext | None:
    """Bytes without a container, taken as nonce, ciphertext and tag; None where they are too few."""
    if len(body) <= NONCE + TAG:
        return None
    return Ciphertext("bytes", "", body[:NONCE], body[NONCE:])


def read_key(text: str) -> bytes | None:
    """A key in hexadecimal, as UNTP prints it, or in base64url; None where it is neither.

    A text that could be either is read so that its length is that of a key.
    """
    forms = [bytes.fromhex(text)] if _HEX.match(text) else []
    forms += [raw for raw in (_base64url(text),) if raw]
    return next((raw for raw in forms if len(raw) in KEY_BYTES), forms[0] if forms else None)


def _of_object(value: dict[str, Any]) -> Ciphertext | None:
    texts = [value.get(name) for name in ("cipherText", "iv", "tag")]
    if not all(isinstance(text, str) for text in texts):
        return None
    sealed, nonce, tag = (_base64(str(text)) for text in texts)
    return Ciphertext("JSON", str(value.get("type", "")), nonce, sealed + tag)


def _open_compact(token: str, key: bytes) -> bytes | None:
    registry = jwe.JWERegistry(algorithms=[*_MANAGED, *_ENCRYPTIONS])
    try:
        return jwe.decrypt_compact(token, OctKey.import_key(key), registry=registry).plaintext
    except (JoseError, ValueError):
        return None


def _base64url(text: str) -> bytes:
    try:
        return decode_base64url(text)
    except MalformedError:
        return b""


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
