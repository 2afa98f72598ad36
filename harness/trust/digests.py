"""Digests of what a credential links to: digestSRI, digestMultibase and the hashDigest of UNTP 0.6.

`read_…` checks without the target that a digest can be one at all; `check_digest` compares with bytes.
Sources: VCDM 2.0 section 5.3 (Integrity of Related Resources), Subresource Integrity section 3.5,
VC Data Integrity 1.0 section 2.6, CID 1.0 sections 2.4 and 2.5, UNTP 0.6.x SecureLink.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from harness.errors import MalformedError
from harness.trust.encoding import decode_base64url, decode_multibase, decode_varint
from harness.trust.trace import Trace, TrustError, Verification

RELATED_RESOURCE = "https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources"
RESOURCE_INTEGRITY = "https://www.w3.org/TR/vc-data-integrity/#resource-integrity"
MULTIHASH = "https://www.w3.org/TR/cid-1.0/#multihash"
SRI = "https://www.w3.org/TR/SRI/#the-integrity-attribute"
SECURE_LINK = "UNTP 0.6.x schema $defs.SecureLink"

MOST_DIGESTS = 16
LONGEST_DIGEST = 1024

SRI_HASHES = ("sha256", "sha384", "sha512")
UNTP_HASHES: Mapping[str, str] = {"SHA-256": "sha256", "SHA-1": "sha1"}
MULTIHASHES: Mapping[int, str] = {
    0x12: "sha256",
    0x20: "sha384",
    0x13: "sha512",
    0x16: "sha3_256",
    0x15: "sha3_384",
    0x14: "sha3_512",
}
"""Multihash identifiers that are read, by the name that hashlib gives their function."""

_BASE64_VALUE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)


@dataclass(frozen=True)
class Digest:
    """One digest as an issuer wrote it: its hash function, its bytes, the text and how it was encoded."""

    algorithm: str
    value: bytes
    text: str = field(repr=False)
    form: str
    """"sri", "multibase", "hex" or "base64"."""


def read_sri(value: object) -> tuple[Digest, ...]:
    """Read digestSRI: a hash-expression or several, as an array or with spaces between them."""
    return tuple(
        _read_hash_expression(one)
        for text in _texts(value, "digestSRI", RELATED_RESOURCE)
        for one in text.split() or [""]
    )


def read_multibase(value: object) -> tuple[Digest, ...]:
    """Read digestMultibase: a multihash in multibase, or an array of them (VC Data Integrity 1.0, 2.6)."""
    return tuple(_read_multihash(text) for text in _texts(value, "digestMultibase", RESOURCE_INTEGRITY))


def read_hash_digest(value: object, method: object) -> tuple[Digest, ...]:
    """Read hashDigest and hashMethod of a UNTP 0.6.x SecureLink.

    The pages name no encoding; every example is hexadecimal. Base64 of the right length is read as well,
    and `form` tells which it was.
    """
    algorithm = UNTP_HASHES.get(method) if isinstance(method, str) else None
    if algorithm is None:
        raise _problem(
            "digest-algorithm-unknown", "hashMethod is not one of its codes.", "hashMethod", SECURE_LINK,
            expected=" or ".join(UNTP_HASHES), actual=_shown(method),
        )  # fmt: skip
    if not isinstance(value, str):
        raise _problem(
            "digest-malformed",
            "hashDigest is not text.",
            "hashDigest",
            SECURE_LINK,
            expected="text",
            actual=_shown(value),
        )
    size = _size(algorithm)
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", value) and len(value) == 2 * size:
        return (Digest(algorithm, bytes.fromhex(value), value, "hex"),)
    raw = _base64(value)
    if raw is not None and len(raw) == size:
        return (Digest(algorithm, raw, value, "base64"),)
    raise _problem(
        "digest-length", f"hashDigest cannot be a {method} digest.", "hashDigest", SECURE_LINK,
        expected=f"{2 * size} hexadecimal digits", actual=f"{value[:80]!r}, {len(value):,} characters",
        hint=f"Give the {method} digest of the target in hexadecimal, all {2 * size} digits.",
    )  # fmt: skip


def check_digest(digests: Iterable[Digest], content: bytes) -> Verification:
    """Compare digests with the bytes at their target: pure, with a trace of each digest.

    For every hash function that is used at least one digest has to match, so that alternatives of one
    strength may stand beside each other (SRI section 3.3.5) and no digest is simply wrong (VCDM 2.0, 5.3).
    """
    trace = Trace()
    by_algorithm: dict[str, list[Digest]] = {}
    for digest in digests:
        by_algorithm.setdefault(digest.algorithm, []).append(digest)
    trace.step("content", content, RELATED_RESOURCE)
    problem: TrustError | None = None
    for algorithm, given in by_algorithm.items():
        actual = hashlib.new(algorithm, content).digest()
        trace.step(f"{algorithm} digest", actual, RELATED_RESOURCE)
        for digest in given:
            trace.step(f"{algorithm} digest given", digest.value, RELATED_RESOURCE)
        if problem is None and all(digest.value != actual for digest in given):
            problem = _problem(
                "digest-mismatch", "The digest does not belong to the bytes at the target.",
                f"{algorithm} digest", RELATED_RESOURCE, expected=given[0].value.hex(), actual=actual.hex(),
                hint="Either the target was changed after the credential was issued, or the digest was made of "
                "other bytes: check line ends, re-indentation and what the server adds.",
            )  # fmt: skip
    if not by_algorithm:
        problem = _problem(
            "digest-missing", "There is no digest to compare with.", "digest", RELATED_RESOURCE
        )
    return Verification(tuple(trace.steps), problem)


def _texts(value: object, name: str, clause: str) -> list[str]:
    several: list[Any] = value if isinstance(value, list) else [value]
    if not several or len(several) > MOST_DIGESTS:
        raise _problem(
            "digest-malformed",
            f"{name} has {len(several)} values.",
            name,
            clause,
            expected=f"1 to {MOST_DIGESTS} digests",
        )
    for one in several:
        if not isinstance(one, str) or not 0 < len(one) <= LONGEST_DIGEST:
            raise _problem(
                "digest-malformed", f"{name} is not text.", name, clause, expected="text", actual=_shown(one)
            )
    return several


def _read_hash_expression(text: str) -> Digest:
    name, dash, encoded = text.partition("-")
    algorithm = name.lower()
    if not dash or "?" in encoded or not _BASE64_VALUE.fullmatch(encoded):
        raise _problem(
            "digest-malformed", "digestSRI is not a hash-expression.", "digestSRI", SRI,
            expected="sha384-… in base64", actual=_shown(text), hint="Write the name of the hash, a hyphen and the digest in base64.",
        )  # fmt: skip
    if algorithm not in SRI_HASHES:
        raise _unknown("digestSRI", SRI, ", ".join(SRI_HASHES), name)
    raw = _base64(encoded)
    if raw is None or len(raw) != _size(algorithm):
        raise _wrong_length("digestSRI", SRI, algorithm, raw, text)
    return Digest(algorithm, raw, text, "sri")


@lru_cache(maxsize=1024)
def _read_multihash(text: str) -> Digest:
    name = "digestMultibase"
    try:
        raw = decode_multibase(text)
    except MalformedError as error:
        raise _problem(
            "digest-malformed", f"digestMultibase is {error.message}.", name, RESOURCE_INTEGRITY,
            expected="multibase: 'u' or 'z' and the multihash", actual=_shown(text), hint=error.hint,
        ) from error  # fmt: skip
    try:
        code, start = decode_varint(raw)
        size, start = decode_varint(raw, start)
    except MalformedError as error:
        raise _problem(
            "digest-malformed", f"digestMultibase is no multihash: {error.message}.", name, MULTIHASH,
            expected="a multihash", actual=raw[:40].hex(),
        ) from error  # fmt: skip
    digest = raw[start:]
    algorithm = MULTIHASHES.get(code)
    if algorithm is None or len(digest) != size or size != _size(algorithm):
        if len(raw) in (20, 32, 48, 64):
            raise _problem(
                "digest-malformed", "digestMultibase is a bare digest, not a multihash.", name, MULTIHASH,
                expected="a multihash: function, length, digest", actual=f"{len(raw)} bytes",
                hint="Put the multihash header before the digest: 0x12 0x20 for SHA-256.",
            )  # fmt: skip
        if algorithm is None:
            raise _unknown(name, MULTIHASH, "sha2-256, sha2-384 or sha2-512", f"0x{code:x}")
        raise _wrong_length(name, MULTIHASH, algorithm, digest, text)
    return Digest(algorithm, digest, text, "multibase")


def _base64(text: str) -> bytes | None:
    """Decode base64 or base64url, padded or not; None where it is neither."""
    if not _BASE64_VALUE.fullmatch(text):
        return None
    bare = text.rstrip("=")
    if len(text) != len(bare) and len(text) % 4:
        return None
    try:
        return decode_base64url(bare.translate(str.maketrans("+/", "-_")))
    except MalformedError:
        return None


def sri_of(content: bytes, *, algorithm: str = "sha384") -> str:
    """Write the digestSRI of content, for tests and the reference vendor."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@lru_cache(maxsize=32)
def _size(algorithm: str) -> int:
    return hashlib.new(algorithm).digest_size


def _unknown(step: str, clause: str, expected: str, actual: str) -> TrustError:
    return TrustError(
        "digest-algorithm-unsupported", "The harness does not know this hash function.", step=step,
        clause=clause, expected=expected, actual=actual[:60], undetermined=True,
    )  # fmt: skip


def _wrong_length(step: str, clause: str, algorithm: str, raw: bytes | None, text: str) -> TrustError:
    actual = f"{len(raw)} bytes" if raw is not None else _shown(text)
    return _problem(
        "digest-length", f"The digest cannot be one of {algorithm}.", step, clause,
        expected=f"{_size(algorithm)} bytes", actual=actual,
    )  # fmt: skip


def _problem(code: str, message: str, step: str, clause: str, **more: Any) -> TrustError:
    return TrustError(code, message, step=step, clause=clause, **more)


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:120]
