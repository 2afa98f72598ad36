"""The names of a house: hosts, GS1 numbers and LEIs of a chain, changed so that no two houses share one.

Platforms keep their names: several houses are on one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from platforms import pilot_data

FIRST_PREFIX, PREFIXES = 3000, 20
"""GS1 company prefixes of houses are counted from 9523000 on, so many for each house."""

_GS1 = re.compile(
    r"(?<![0-9])(952[0-9]{4})([0-9]{5})[0-9](?![0-9])|(?<![0-9])(?<!/01/0)(952[0-9]{4})(?=[A-Z])"
)
_GTIN = re.compile(r"(?<![0-9])0(952[0-9]{4})([0-9]{5})[0-9](?![0-9])")
_LEI = re.compile(r"(?<![A-Z0-9])([0-9]{4}[A-Z0-9]{12})[A-Z0-9]{2}[0-9]{2}(?![A-Z0-9])")
_REGISTER = re.compile(r"https://([a-z0-9-]+)\.example/")
_DID = re.compile(r"did:web:([a-z0-9-]+\.example)")


class Names:
    """Gives the texts of a chain the names of one house."""

    def __init__(self, number: int, values: Mapping[str, Any]) -> None:
        self.number = number
        self._texts = [json.dumps(value) for value in values.values()]
        self._registers = {host for value in values.values() for host in _registers(value)}

    def renamed(self, text: str) -> str:
        """A text with the hosts, GS1 numbers and legal entity identifiers of this house."""
        text = self._hosts.sub(lambda match: f"{match[1]}-h{self.number}", text)
        text = _LEI.sub(self._lei, text)
        return _GS1.sub(self._gs1, _GTIN.sub(lambda match: "0" + self._gs1(match), text))

    def _lei(self, match: re.Match[str]) -> str:
        """Another identifier with right check digits (ISO 17442: the letters as two digits each, modulo 97)."""
        body = f"{match[1]}{self.number:02}"
        return f"{body}{98 - int(''.join(str(int(letter, 36)) for letter in body) + '00') % 97:02}"

    def _gs1(self, match: re.Match[str]) -> str:
        groups = match.groups()
        prefix = self._prefixes.setdefault(groups[0] or groups[-1], len(self._prefixes))
        made = f"952{FIRST_PREFIX + PREFIXES * self.number + prefix}"
        if not groups[0]:
            return made
        body = made + groups[1]
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
        return f"{body}{-total % 10}"

    @cached_property
    def _hosts(self) -> re.Pattern[str]:
        found = {host.removesuffix(".example") for text in self._texts for host in _DID.findall(text)}
        found |= self._registers
        found -= {row["host"].removesuffix(".example") for row in pilot_data()["platform"]}
        names = sorted(found, key=lambda name: (-len(name), name))
        return re.compile(r"(?<![A-Za-z0-9-])(" + "|".join(map(re.escape, names)) + r")(?=\.example)")

    @cached_property
    def _prefixes(self) -> dict[str, int]:
        found = re.findall(r"952[0-9]{4}", "".join(self._texts))
        return {prefix: place for place, prefix in enumerate(dict.fromkeys(found))}


def _registers(value: Any) -> Iterator[str]:
    """The hosts, without .example, of the registers under whose entries parties are known as well."""
    if isinstance(value, list):
        for item in value:
            yield from _registers(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("AlsoKnownAs"):
                yield from _REGISTER.findall(json.dumps(inner))
            yield from _registers(inner)
