"""GS1 paths of identifiers: the GTIN in them, its check digit, and numbers made from it that are wrong or unknown."""

from __future__ import annotations

from itertools import pairwise

GTIN = "01"
"""The application identifier of a trade item."""

_DIGITS = 14
_PREFIX = 8


def gtin_of(identifier: str) -> str | None:
    """The GTIN of a GS1 path, None where it is another one."""
    for name, value in pairwise(identifier.split("/")):
        if name == GTIN and value.isdecimal() and len(value) == _DIGITS:
            return value
    return None


def check_digit(digits: str) -> str:
    """The check digit for the digits before it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def with_wrong_digit(gtin: str) -> str:
    """The GTIN with another check digit than it must have."""
    return f"{gtin[:-1]}{(int(check_digit(gtin[:-1])) + 1) % 10}"


def another_gtin(gtin: str, number: int) -> str:
    """A well-formed GTIN of the same prefix, by a number."""
    free = _DIGITS - 1 - _PREFIX
    digits = f"{gtin[:_PREFIX]}{number % 10**free:0{free}d}"
    return digits + check_digit(digits)
