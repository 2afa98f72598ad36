"""GS1 keys in URIs: the Digital Link path, its application identifiers and their check digits.

GS1 General Specifications, section 7.9 (check digits); GS1 Digital Link URI Syntax 1.4, sections 4.3 to 4.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from _reading import host

from harness.credential import Node

QUALIFIERS = {
    "01": ("22", "10", "21"),
    "8006": ("22", "10", "21"),
    "414": ("254", "7040"),
    "417": ("7040",),
    "00": (), "253": (), "255": (), "401": (), "402": (), "8003": (), "8004": (), "8010": ("8011",),
    "8013": (), "8017": ("8019",), "8018": ("8019",),
}  # fmt: skip
"""Primary keys, and the qualifiers that may follow each, in this order."""

VALUES = {
    "01": r"\d{8}|\d{12,14}", "414": r"\d{13}", "417": r"\d{13}", "00": r"\d{18}", "8006": r"\d{18}",
    "8017": r"\d{18}", "8018": r"\d{18}",
}  # fmt: skip
TEXT = r"[!%-?A-Z_a-z\x22]{1,30}"
"""The characters that GS1 allows in alphanumeric values."""

GS1_HOSTS = ("gs1.org", "id.gs1.org", "www.gs1.org", "ref.gs1.org")


@dataclass(frozen=True)
class DigitalLink:
    """A URI that carries a GS1 key: the key, its value, and the qualifiers in the order of the path."""

    key: str
    value: str
    qualifiers: tuple[tuple[str, str], ...]

    def get(self, identifier: str) -> str | None:
        """The value of a qualifier."""
        return dict(self.qualifiers).get(identifier)


def digital_link(uri: object) -> DigitalLink | None:
    """The GS1 key in the path of a URL, or None where there is none."""
    return _linked(uri) if isinstance(uri, str) else None


@lru_cache(maxsize=4096)
def _linked(uri: str) -> DigitalLink | None:
    if host(uri) is None:
        return None
    parts = [unquote(part) for part in urlsplit(uri).path.split("/")]
    for at, name in enumerate(parts[:-1]):
        if name in QUALIFIERS and re.fullmatch(VALUES.get(name, TEXT), parts[at + 1]):
            rest = parts[at + 2 :]
            return DigitalLink(name, parts[at + 1], tuple(zip(rest[::2], [*rest[1::2], ""], strict=False)))
    return None


def faults(link: DigitalLink) -> Iterator[str]:
    """What is wrong with the qualifiers of a Digital Link."""
    allowed = QUALIFIERS[link.key]
    names = [name for name, _ in link.qualifiers]
    for name, value in link.qualifiers:
        if name not in allowed:
            yield f"({name}) does not follow ({link.key})"
        elif not re.fullmatch(TEXT, value):
            yield f"({name}) has no value that GS1 allows"
    known = [allowed.index(name) for name in names if name in allowed]
    if known != sorted(set(known)):
        yield f"the qualifiers of ({link.key}) stand in another order than {', '.join(allowed)}"


def has_check_digit(digits: str) -> bool:
    """Whether the last digit of a key is its GS1 check digit (modulo 10, weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


CHECKED = {
    "00": ("SSCC", 18), "253": ("GDTI", 13), "255": ("GCN", 13), "402": ("GSIN", 17), "8003": ("GRAI", 14),
    "8006": ("ITIP", 14), "8017": ("GSRN", 18), "8018": ("GSRN", 18),
}  # fmt: skip
"""Keys beside GTIN and GLN whose first digits end with a check digit: name, and number of these digits."""

_ENCODABLE = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIRS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def wrong_key(link: DigitalLink) -> str | None:
    """The name of the key of a Digital Link, if it has check characters and they are wrong."""
    if link.key == "8013":
        return None if has_check_pair(link.value) else "GMN"
    name, length = CHECKED.get(link.key, ("", 0))
    digits = link.value[:length]
    right = len(digits) == length and digits.isascii() and digits.isdigit() and has_check_digit(digits)
    return name if name and not right else None


def has_check_pair(text: str) -> bool:
    """Whether a global model number ends with its check character pair (modulo 1021, prime weights from the right)."""
    body = text[:-2]
    if not body or len(body) > len(_PRIMES) or any(letter not in _ENCODABLE for letter in body):
        return False
    total = sum(
        _ENCODABLE.index(letter) * prime for letter, prime in zip(reversed(body), _PRIMES, strict=False)
    )
    return text[-2:] == _PAIRS[total % 1021 // 32] + _PAIRS[total % 1021 % 32]


def check_digit(digits: str) -> int:
    """The check digit that belongs behind some digits."""
    return next(last for last in range(10) if has_check_digit(f"{digits}{last}"))


def is_gs1_scheme(node: Node, word: str = "") -> bool:
    """Whether the identifier scheme of an object is one of GS1, and its address holds a word."""
    scheme = node.get("idScheme", "id")
    return host(scheme) in GS1_HOSTS and word in str(scheme).lower()
