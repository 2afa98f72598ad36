"""The bits of a status list: written, compressed and read left to right.

Reading is bounded: a list that grows beyond `LARGEST_LIST` is given up while it is being expanded, so
that a bomb costs a few milliseconds and never more memory than the cap.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.errors import MalformedError
from harness.trust.encoding import decode_base64url, decode_multibase, encode_multibase
from harness.trust.trace import TrustError

SPECIFICATION = "https://www.w3.org/TR/vc-bitstring-status-list/"
ENCODED_LIST = SPECIFICATION + "#bitstringstatuslistcredential"
EXPANSION = SPECIFICATION + "#bitstring-expansion-algorithm"

MINIMUM_ENTRIES = 131_072
"""Fewest entries of a list, for the privacy of the herd (Bitstring Status List 1.0 section 2.2)."""

LARGEST_LIST = 16 * 1024 * 1024
"""Most bytes that a list may expand to here: room for 134 million one-bit entries."""

LONGEST_TEXT = 2 * LARGEST_LIST
MOST_MEMBERS = 64
GZIP_MAGIC = b"\x1f\x8b"
GZIP = 31
"""Window bits that make zlib read exactly the gzip format (RFC 1952) and nothing else."""


@dataclass(frozen=True)
class StatusList:
    """The expanded list: `size` bits for these purposes; bit 0 is the left-most of the first byte."""

    purpose: tuple[str, ...]
    bits: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many bits it has."""
        return len(self.bits) * 8

    def entries(self, *, width: int = 1) -> int:
        """How many entries of `width` bits it has room for."""
        return self.size // width

    def value(self, index: int, *, width: int = 1) -> int:
        """The status at an index, its left-most bit the most significant (section 3.2, step 9).

        Raises TrustError where the list has no such index: RANGE_ERROR.
        """
        start = index * width
        if index < 0 or start + width > self.size:
            raise TrustError(
                "status-index-out-of-range",
                "The status list has no entry at this index.",
                step="status",
                clause=SPECIFICATION + "#validate-algorithm",
                expected=f"an index from 0 to {self.entries(width=width) - 1:,}",
                actual=brief(index),
                hint="Give the credential an index inside its list, or point to the list that has it.",
            )
        first, last = start // 8, (start + width + 7) // 8
        window = int.from_bytes(self.bits[first:last], "big")
        return window >> (last * 8 - start - width) & ((1 << width) - 1)


def brief(number: int) -> str:
    """Write a number, a long one by its length: it may come from a stranger."""
    return (
        f"{number:,}"
        if abs(number) < 10**30
        else f"a number of about {int(number.bit_length() * 0.30103) + 1} digits"
    )


def bits_of(set_indexes: Iterable[int], *, size: int = MINIMUM_ENTRIES) -> bytes:
    """Make the bytes of a list of `size` bits in which these are set."""
    made = bytearray((size + 7) // 8)
    for index in set_indexes:
        made[index // 8] |= 0x80 >> index % 8
    return bytes(made)


def encode_list(bits: bytes) -> str:
    """Write a list as an issuer does: gzip, base64url without padding, multibase 'u' (section 3.3)."""
    return encode_multibase(gzip.compress(bits, mtime=0), base="u")


def expand_list(text: object, *, purpose: tuple[str, ...] = ()) -> StatusList:
    """Read `encodedList` of a Bitstring Status List (section 3.4).

    Raises TrustError, undetermined where only our budget ended.
    """
    encoded = _text(text)
    if not encoded.startswith("u"):
        hint = "Write multibase: 'u' before the base64url text."
        if encoded.startswith("H4sI"):
            hint += " This looks like a StatusList2021 list."
        raise _broken(
            "encoded-list-not-multibase", "encodedList does not begin with 'u'.", "'u'", encoded[:8], hint
        )
    try:
        packed = decode_multibase(encoded)
    except MalformedError as error:
        raise _broken(
            "encoded-list-not-base64url",
            f"encodedList is {error.message}.",
            "base64url without padding",
            encoded[:8],
            error.hint,
        ) from error
    return StatusList(purpose, _gunzip(packed))


def expand_legacy_list(text: object, *, purpose: tuple[str, ...] = ()) -> StatusList:
    """Read `encodedList` of a StatusList2021: gzip in base64url or base64, padded or not, no multibase."""
    encoded = _text(text).rstrip("=").translate(str.maketrans("+/", "-_"))
    try:
        packed = decode_base64url(encoded)
    except MalformedError as error:
        raise _broken(
            "encoded-list-not-base64url",
            f"encodedList is {error.message}.",
            "base64 or base64url",
            encoded[:8],
            error.hint,
        ) from error
    return StatusList(purpose, _gunzip(packed))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        kind = "missing" if value is None else "empty" if value == "" else type(value).__name__
        raise _broken("encoded-list-missing", "The list has no encodedList text.", "text", kind, None)
    if len(value) > LONGEST_TEXT:
        raise _too_large(f"{len(value):,} characters", f"at most {LONGEST_TEXT:,} characters")
    return value


def _gunzip(packed: bytes) -> bytes:
    """Expand gzip, member after member (RFC 1952 section 2.2), never beyond the cap."""
    expanded = bytearray()
    rest = packed
    for _ in range(MOST_MEMBERS):
        if not rest.startswith(GZIP_MAGIC):
            what = "does not begin" if rest is packed else "does not end"
            raise _broken(
                "encoded-list-not-gzip",
                f"The decoded list {what} as gzip.",
                "gzip (RFC 1952)",
                rest[:8].hex() or "nothing",
                "Compress the bits with gzip, not with zlib or deflate, and put nothing after them.",
            )
        member = zlib.decompressobj(GZIP)
        try:
            expanded += member.decompress(rest, LARGEST_LIST + 1 - len(expanded))
        except zlib.error as error:
            raise _broken(
                "encoded-list-not-gzip", "The gzip data is damaged.", "whole gzip data", str(error), None
            ) from error
        if len(expanded) > LARGEST_LIST:
            raise _too_large(f"more than {LARGEST_LIST:,} bytes", f"at most {LARGEST_LIST:,} bytes")
        if not member.eof:
            raise _broken(
                "encoded-list-truncated",
                "The gzip data ends too early.",
                "whole gzip data",
                f"{len(packed):,} bytes",
                None,
            )
        rest = member.unused_data
        if not rest:
            return bytes(expanded)
    raise _too_large(f"more than {MOST_MEMBERS} gzip members", f"at most {MOST_MEMBERS} gzip members")


def _broken(code: str, message: str, expected: str, actual: str, hint: str | None) -> TrustError:
    return TrustError(
        code, message, step="encodedList", clause=ENCODED_LIST, expected=expected, actual=actual, hint=hint
    )


def _too_large(actual: str, expected: str) -> TrustError:
    return TrustError(
        "encoded-list-over-budget",
        "The status list is larger than what the harness expands.",
        step="encodedList",
        clause=EXPANSION,
        expected=expected,
        actual=actual,
        hint="Split the list: 131,072 entries are enough for privacy, and a verifier expands it all.",
        undetermined=True,
    )
