"""Numbers of national and global registers: their form and their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from _crm import codes
from _reading import host


def register_of(scheme: object) -> Mapping[str, Any] | None:
    """The register behind the address of an identifier scheme, or None where we do not know it."""
    name = host(scheme)
    found: list[Mapping[str, Any]] = [
        row for row in codes("crm_registers")["register"] if name in row["hosts"]
    ]
    return found[0] if found else None


def fault(number: str, register: Mapping[str, Any]) -> str | None:
    """What is wrong with a number of a register, or None."""
    if not re.fullmatch(register["pattern"], number):
        return "it does not have the form of the register"
    check = CHECKS.get(register.get("check", ""))
    return "its check digits are wrong" if check is not None and not check(number) else None


def _mod97(number: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in number)) % 97 == 1


def _abn(number: str) -> bool:
    digits = [int(digit) for digit in number]
    digits[0] -= 1
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 89 == 0


def _rut(number: str) -> bool:
    body, _, last = number.partition("-")
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body)))
    return "0123456789K0"[11 - total % 11] == last


def _ytunnus(number: str) -> bool:
    body, _, last = number.partition("-")
    rest = sum(int(digit) * weight for digit, weight in zip(body, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return rest != 1 and (11 - rest) % 11 == int(last)


def _ruc(number: str) -> bool:
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:10], weights, strict=True))
    return (11 - total % 11) % 10 == int(number[10])


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number.replace("-", ""))]
    return sum(sum(divmod(digit * (1 + place % 2), 10)) for place, digit in enumerate(digits)) % 10 == 0


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "mod97": _mod97, "abn": _abn, "rut": _rut, "ytunnus": _ytunnus, "ruc": _ruc, "luhn": _luhn,
}  # fmt: skip
"""How numbers are checked, by the name that the table uses."""
