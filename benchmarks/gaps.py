"""What of a chain changes from lot to lot: which credentials, and where in them the code of the lot goes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from harness.reference.payloads import linked, linked_documents

LOT = "@@LOT@@"
DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODES = re.compile(r"/(?:10|21)/([A-Za-z0-9._-]+)")
_CONSIGNMENTS = re.compile(r"/401/952[0-9]{4}([A-Z0-9]+)")


def lot_code(number: int) -> str:
    """The short code of a lot: it fits behind the longest batch number of the chains (AI 10 has 20 characters)."""
    made = ""
    for _ in range(3):
        number, rest = divmod(number, len(DIGITS))
        made = DIGITS[rest] + made
    return f"-{made}"


def ids_in(value: Any) -> Iterator[str]:
    """Every `id` in a value."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if isinstance(item.get("id"), str):
                yield item["id"]
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


class Gaps:
    """The credentials of a chain parted into those that each lot has and those that all lots share."""

    def __init__(self, values: Mapping[str, dict[str, Any]]) -> None:
        self.values = values
        self.urls = {value["id"]: name for name, value in values.items()}

    @cached_property
    def of_lots(self) -> tuple[str, ...]:
        """The credentials that each lot has, in an order in which each comes after those that it links to."""
        names = self._telling({code for code in self._codes if "://" not in code})
        ordered: list[str] = []

        def place(name: str) -> None:
            if name not in ordered:
                for other in self.linked(name):
                    if other in names:
                        place(other)
                ordered.append(name)

        for name in names:
            place(name)
        return tuple(ordered)

    @cached_property
    def of_house(self) -> tuple[str, ...]:
        """The credentials that all lots share, those that others link to first."""
        names = [name for name in self.values if name not in self.of_lots]
        return tuple(sorted(names, key=lambda name: ("dia" not in name, "dcc" not in name, name)))

    @cached_property
    def served(self) -> frozenset[str]:
        """The credentials that others link to with a digest, so that the web has to answer for them."""
        return frozenset(other for name in self.values for other in self.linked(name))

    def linked(self, name: str) -> list[str]:
        """The credentials of the chain that one links to with a digest."""
        return [
            self.urls[link["linkURL"]] for link in linked(self.values[name]) if link["linkURL"] in self.urls
        ]

    def opened(self, text: str) -> str:
        """A text with a gap behind each code of the lot."""
        return self._places.sub(lambda match: match[0] if match["kept"] else f"{match[0]}{LOT}", text)

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        """Batch and serial numbers, consignments, and ids of what tells of them."""
        text = "\n".join(json.dumps(value) for value in self.values.values())
        codes = {*_CODES.findall(text), *_CONSIGNMENTS.findall(text)}
        for name in self._telling(codes):
            for identifier in ids_in(self.values[name]):
                if name.rpartition("/")[2] in identifier:
                    codes.add(identifier.partition("#")[0])
        return tuple(sorted(codes, key=lambda code: (-len(code), code)))

    def _telling(self, codes: Iterable[str]) -> list[str]:
        wanted = re.compile(
            "|".join(rf"/(?:10|21|401)/(?:952[0-9]{{4}})?{re.escape(code)}\"" for code in codes)
        )
        return [name for name, value in self.values.items() if wanted.search(json.dumps(value))]

    @cached_property
    def _places(self) -> re.Pattern[str]:
        kept = sorted(linked_documents(), key=len, reverse=True)
        return re.compile(
            rf"(?P<kept>{'|'.join(map(re.escape, kept))})|(?:{'|'.join(map(re.escape, self._codes))})(?![A-Za-z0-9_-])"
        )
