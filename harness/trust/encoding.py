"""How bytes are written in trust material: base64url, multibase, varint, multicodec, multihash.

Each reader accepts exactly one spelling per value: what decodes also encodes to the same text. So
nobody can alter a signature, a key or a digest and keep what it means.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from harness.credential import strict_json
from harness.credential.base64url import decode_base64url, encode_base64url
from harness.errors import MalformedError

__all__ = [
    "BASE58",
    "HASHES",
    "MAX_BASE58",
    "SHA2_256",
    "SHA2_384",
    "SHA2_512",
    "decode_base58",
    "decode_base64url",
    "decode_multibase",
    "decode_multicodec",
    "decode_multihash",
    "decode_varint",
    "encode_base58",
    "encode_base64url",
    "encode_multibase",
    "encode_multicodec",
    "encode_multihash",
    "encode_varint",
    "multihash_of",
    "read_object",
]

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAX_BASE58 = 4_096
"""Longest base58 text that is read: the work grows with the square of the length."""

SHA2_256 = 0x12
SHA2_512 = 0x13
SHA2_384 = 0x20
HASHES = {SHA2_256: "sha256", SHA2_384: "sha384", SHA2_512: "sha512"}
"""Multicodec numbers of the hash functions that UNTP, VCDM and did:webvh use."""

_MORE = 0x80
"""The bit of a varint byte that says that another follows."""
_VALUE = {sign: value for value, sign in enumerate(BASE58)}


def decode_base58(text: str) -> bytes:
    """Read base58 with the Bitcoin alphabet (CID 1.0 section 2.4)."""
    if len(text) > MAX_BASE58:
        raise MalformedError(f"base58 of {len(text):,} characters", hint=f"At most {MAX_BASE58:,} are read.")
    number = 0
    for place, sign in enumerate(text):
        value = _VALUE.get(sign)
        if value is None:
            raise MalformedError(f"not base58: it has {sign!r} at {place}", hint="It has no 0, O, I and l.")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_base58(raw: bytes) -> str:
    """Write base58 with the Bitcoin alphabet (CID 1.0 section 2.4)."""
    number = int.from_bytes(raw, "big")
    signs: list[str] = []
    while number:
        number, rest = divmod(number, 58)
        signs.append(BASE58[rest])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(signs))


def decode_multibase(text: str) -> bytes:
    """Read multibase: 'z' base58btc, 'u' base64url without padding, 'f' lower-case base16 (CID 1.0, 2.4)."""
    kind, rest = text[:1], text[1:]
    if kind == "z":
        return decode_base58(rest)
    if kind == "u":
        return decode_base64url(rest)
    if kind == "f":
        if re.fullmatch("(?:[0-9a-f]{2})*", rest) is None:
            raise MalformedError("not base16", hint="Two lower-case hexadecimal digits for each byte.")
        return bytes.fromhex(rest)
    raise MalformedError(
        f"not multibase: it begins with {kind!r}" if kind else "not multibase: it is empty",
        hint="The first character names the base: 'z' base58btc, 'u' base64url.",
    )


def encode_multibase(raw: bytes, *, base: str = "z") -> str:
    """Write multibase in base 'z', 'u' or 'f' (CID 1.0 section 2.4)."""
    if base == "f":
        return base + raw.hex()
    return base + (encode_base64url(raw) if base == "u" else encode_base58(raw))


def decode_varint(raw: bytes, offset: int = 0) -> tuple[int, int]:
    """Read an unsigned varint of at most nine bytes; returns the number and where the rest begins."""
    number = 0
    for place, byte in enumerate(raw[offset : offset + 9]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < _MORE:
            if byte == 0 and place:
                raise MalformedError(
                    "a varint with needless bytes", hint="Write it in as few bytes as it takes."
                )
            return number, offset + place + 1
    raise MalformedError(
        "a varint without an end", hint="It ends with a byte below 0x80, the ninth at the latest."
    )


def encode_varint(number: int) -> bytes:
    """Write an unsigned varint (multiformats unsigned-varint)."""
    made = bytearray()
    while number >= _MORE:
        made.append(number & 0x7F | _MORE)
        number >>= 7
    made.append(number)
    return bytes(made)


def decode_multicodec(raw: bytes) -> tuple[int, bytes]:
    """Split multicodec bytes into their code and the content."""
    code, start = decode_varint(raw)
    return code, raw[start:]


def encode_multicodec(code: int, content: bytes) -> bytes:
    """Put a multicodec code before content."""
    return encode_varint(code) + content


def decode_multihash(raw: bytes) -> tuple[int, bytes]:
    """Split a multihash into the code of its hash function and the digest, whose length must fit."""
    code, start = decode_varint(raw)
    size, start = decode_varint(raw, start)
    digest = raw[start:]
    if len(digest) != size:
        raise MalformedError(
            f"a multihash that says {size} bytes and has {len(digest)}", hint="It is cut off."
        )
    if code in HASHES and hashlib.new(HASHES[code]).digest_size != size:
        raise MalformedError(f"a {HASHES[code]} multihash of {size} bytes", hint="Digests are not truncated.")
    return code, digest


def encode_multihash(code: int, digest: bytes) -> bytes:
    """Write a multihash: the code of the hash function, the length, the digest."""
    return encode_varint(code) + encode_varint(len(digest)) + digest


def multihash_of(content: bytes, *, code: int = SHA2_256) -> bytes:
    """The multihash of content, by SHA2-256 unless told."""
    return encode_multihash(code, hashlib.new(HASHES[code], content).digest())


def read_object(body: bytes | str, what: str, *, max_bytes: int = strict_json.MAX_BYTES) -> dict[str, Any]:
    """Read one strict JSON object, or raise MalformedError that says what is wrong with it and where."""
    parsed = strict_json.parse(body, max_bytes=max_bytes)
    if parsed.faults:
        fault = parsed.faults[0]
        raise MalformedError(
            f"{what} is not strict JSON: {fault.message}", where=fault.pointer, hint=fault.hint
        )
    if not isinstance(parsed.value, dict):
        raise MalformedError(f"{what} is not a JSON object", hint="It has to begin with '{'.")
    return parsed.value
