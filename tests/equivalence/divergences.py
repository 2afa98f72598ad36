"""Where the two engines are known to disagree about one and the same schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .engines import Errors, without_members
from .valid_documents import Json


@dataclass(frozen=True)
class Divergence:
    """A kind of string that the engines judge differently, and which one of them is right."""

    name: str
    strings: re.Pattern[str]
    reason: str


KNOWN: Final = (
    Divergence(
        name="leap second",
        strings=re.compile(r"T23:59:60"),
        reason="RFC 3339 has second 60; jsonschema rejects it, jsonschema-rs accepts it",
    ),
    Divergence(
        name="URI template",
        strings=re.compile(r"[\x00-\x20\x7f-\x9f\"'<>\\^`|]|%(?![0-9A-Fa-f]{2})"),
        reason="RFC 6570 bars these characters from literals; jsonschema accepts them, jsonschema-rs does not",
    ),
    Divergence(
        name="newline at the end",
        strings=re.compile(r"\n\Z"),
        reason="in Python `$` stands before a last newline too, in ECMA-262 it does not: jsonschema accepts",
    ),
)


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _strings(child)


def _at(document: Json, pointer: str) -> Json:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


def explain(document: Json, pointer: str) -> str | None:
    """The name of the known divergence that a string at or below a pointer gives rise to."""
    strings = list(_strings(_at(document, pointer)))
    return next((known.name for known in KNOWN if any(map(known.strings.search, strings))), None)


def disagreements(document: Json, fast: Errors, reference: Errors) -> list[tuple[str, str | None]]:
    """Each error that only one engine reports, with the known divergence that explains it.

    The members that an error names are left aside here: the engines word and escape them differently.
    """
    only_one = without_members(fast) ^ without_members(reference)
    return [(f"{pointer} {keyword}", explain(document, pointer)) for pointer, keyword in sorted(only_one)]
