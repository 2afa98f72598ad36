"""Identifiers in GS1 Digital Link paths: their syntax, their canonical form, and the coarser ones of each.

Source: GS1 Digital Link URI syntax 1.3 (ISO/IEC 18975); check digits as in the GS1 General Specifications 7.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

GTIN = "01"
LENGTHS = {GTIN: (8, 12, 13, 14), "414": (13,), "417": (13,)}
QUALIFIERS = {GTIN: ("22", "10", "21"), "414": ("254",), "417": ()}
OTHER_KEYS = ("8004",)
VALUE = re.compile(r"[!%-?A-Z_a-z\"]{1,30}")


@dataclass(frozen=True)
class Path:
    """A well-formed path: the primary key and its qualifiers, as pairs of application identifier and value."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The canonical path: a GTIN has fourteen digits."""
        return "/".join(f"{name}/{value}" for name, value in self.pairs)

    def levels(self) -> Iterator[str]:
        """The path itself, then each coarser one."""
        for length in range(len(self.pairs), 0, -1):
            yield Path(self.pairs[:length]).text


def read_path(path: str) -> Path | None:
    """The path, in canonical form; None where it breaks the syntax of its scheme."""
    parts = path.split("/")
    if len(parts) % 2 or not all(parts):
        return None
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    key, value = pairs[0]
    if key in LENGTHS:
        if (
            not value.isdecimal()
            or not value.isascii()
            or len(value) not in LENGTHS[key]
            or not _checks(value)
        ):
            return None
        if key == GTIN:
            pairs[0] = (key, value.rjust(14, "0"))
    elif not VALUE.fullmatch(value):
        return None
    allowed = QUALIFIERS.get(key, ())
    order = [allowed.index(name) if name in allowed else -1 for name, _ in pairs[1:]]
    if -1 in order or order != sorted(set(order)) or not all(VALUE.fullmatch(v) for _, v in pairs[1:]):
        return None
    return Path(tuple(pairs))


def _checks(digits: str) -> bool:
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighed % 10 == 0
