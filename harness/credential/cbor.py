"""As much CBOR (RFC 8949) as derived proofs and COSE messages are made of: integers, strings, arrays, maps, one tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.errors import MalformedError

Value = int | bytes | str | list["Value"] | dict["Value", "Value"]

Form = Literal["deterministic", "any"]
"""Whether numbers have to be as short as they can be (RFC 8949 section 4.2.1), and negative ones are refused."""

DEEPEST = 4
SHORTEST_FOLLOWED, LONGEST_FOLLOWED = 24, 27
"""Short counts that mean: the number follows in 1, 2, 4 or 8 bytes."""
UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = range(7)


@dataclass
class _Reader:
    raw: bytes
    form: Form
    at: int = 0

    def take(self, size: int) -> bytes:
        if size > len(self.raw) - self.at:
            raise MalformedError("CBOR that is cut off")
        self.at += size
        return self.raw[self.at - size : self.at]

    def head(self) -> tuple[int, int]:
        first = self.take(1)[0]
        major, short = first >> 5, first & 31
        if short < SHORTEST_FOLLOWED:
            return major, short
        if short > LONGEST_FOLLOWED:
            raise MalformedError("CBOR of indefinite length")
        width = 1 << (short - SHORTEST_FOLLOWED)
        number = int.from_bytes(self.take(width), "big")
        if self.form == "deterministic" and number < (SHORTEST_FOLLOWED if width == 1 else 1 << 4 * width):
            raise MalformedError("CBOR with a number that is longer than it needs to be")
        return major, number

    def value(self, depth: int = 0) -> Value:
        major, number = self.head()
        if depth > DEEPEST:
            raise MalformedError("CBOR that is nested too deep")
        if major == UNSIGNED:
            return number
        if major == NEGATIVE and self.form == "any":
            return -1 - number
        if major == BYTES:
            return self.take(number)
        if major == TEXT:
            try:
                return self.take(number).decode()
            except UnicodeDecodeError as error:
                raise MalformedError("CBOR text that is not UTF-8") from error
        if major == ARRAY:
            return [self.value(depth + 1) for _ in range(self._count(number))]
        if major == MAP:
            return self._map(number, depth)
        raise MalformedError(
            f"CBOR of major type {major}", hint="Tags, floats and simple values have no place here."
        )

    def _count(self, number: int) -> int:
        if number > len(self.raw) - self.at:
            raise MalformedError("CBOR that is cut off")
        return number

    def _map(self, number: int, depth: int) -> Value:
        found: dict[Value, Value] = {}
        for _ in range(self._count(number)):
            name = self.value(depth + 1)
            if not isinstance(name, int | bytes | str) or name in found:
                raise MalformedError("a CBOR map with a name that is repeated or no name")
            found[name] = self.value(depth + 1)
        return found


def decode_cbor(raw: bytes, *, form: Form = "deterministic", tag: int | None = None) -> Value:
    """Read one CBOR value that takes all the bytes; `tag` may stand before it, and no other.

    Raises MalformedError.
    """
    reader = _Reader(raw, form)
    if tag is not None and raw and raw[0] >> 5 == TAG:
        _, number = reader.head()
        if number != tag:
            raise MalformedError(f"CBOR with the tag {number}", hint=f"Tag {tag} is expected, or none.")
    value = reader.value()
    if reader.at != len(raw):
        raise MalformedError("CBOR with bytes after its end")
    return value
