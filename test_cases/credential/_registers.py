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


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def _uscc(number: str) -> bool:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if any(letter not in letters for letter in number):
        return False
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(number[:17]))
    return letters[-total % 31] == number[17]


def _houjin(number: str) -> bool:
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number[1:])))
    return 9 - total % 9 == int(number[0])


def _brn(number: str) -> bool:
    digits = number.replace("-", "")
    total = _weighted(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(digits[8]) * 5 // 10
    return -total % 10 == int(digits[9])


def _cnpj(number: str) -> bool:
    digits = re.sub(r"[./-]", "", number)
    for size in (12, 13):
        weights = tuple(2 + (size - 1 - place) % 8 for place in range(size))
        rest = _weighted(digits[:size], weights) % 11
        if int(digits[size]) != (0 if rest < 2 else 11 - rest):  # noqa: PLR2004 - rests 0 and 1 give the digit 0
            return False
    return True


def _cuit(number: str) -> bool:
    digits = number.replace("-", "")
    return -_weighted(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(digits[10])


def _orgnr(number: str) -> bool:
    return -_weighted(number[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(number[8])


def _kbo(number: str) -> bool:
    digits = number.replace(".", "")
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "mod97": _mod97, "abn": _abn, "rut": _rut, "ytunnus": _ytunnus, "ruc": _ruc, "luhn": _luhn,
    "uscc": _uscc, "houjin": _houjin, "brn": _brn, "cnpj": _cnpj, "cuit": _cuit, "orgnr": _orgnr, "kbo": _kbo,
}  # fmt: skip
"""How numbers are checked, by the name that the table uses."""
