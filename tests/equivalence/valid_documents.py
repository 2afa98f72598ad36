"""Valid documents in which every optional member that the official schema knows is present."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from .engines import Judge, fast_judge
from .pairs import Pair, official_address, official_documents, read

Json = Any
ABSENT: Final = object()
"""Says that there is no value: `None` is a JSON value."""

FORMATTED: Final = {
    "uri": "https://example.org/grown",
    "date": "2026-02-28",
    "date-time": "2026-02-28T12:00:00Z",
}

PATTERNED: Final = (FORMATTED["date-time"], FORMATTED["uri"], "en", "text/html")
"""Strings of which one fits each pattern of the official schemas."""

MEMBER: Final = "grown"
"""A name that the one pattern for member names takes."""


@dataclass(frozen=True)
class Place:
    """One place in an official schema."""

    address: str
    steps: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Json]:
        """What the official schema says there."""
        schema = official_documents()[self.address]
        for step in self.steps:
            schema = schema[int(step)] if isinstance(schema, list) else schema[step]
        assert isinstance(schema, dict)
        return schema

    @property
    def pointer(self) -> str:
        """The place as an address with a fragment."""
        return f"{self.address}#{''.join(f'/{step}' for step in self.steps)}"

    def at(self, *steps: str | int) -> Place:
        """A place below."""
        return Place(self.address, (*self.steps, *map(str, steps)))

    def all_at(self, keyword: str) -> list[Place]:
        """The places below a keyword that holds a list of schemas."""
        return [self.at(keyword, index) for index in range(len(self.schema.get(keyword, ())))]

    def target(self) -> Place:
        """Where the `$ref` at this place leads."""
        address, _, fragment = self.schema["$ref"].partition("#")
        return Place(address or self.address, tuple(fragment.split("/")[1:]))


@cache
def _judge_of(place: Place) -> Judge:
    return fast_judge(official_documents(), place.pointer)


def accepts(place: Place, value: Json) -> bool:
    """Whether a value is valid at this place alone."""
    return value is not ABSENT and not _judge_of(place)(value)


def alternative(place: Place, value: Json) -> Place:
    """The first alternative of a `oneOf` that accepts a value, or the first of all where none does."""
    places = place.all_at("oneOf")
    return next((each for each in places if accepts(each, value)), places[0])


def complete(place: Place, value: Json = ABSENT, trail: tuple[Place, ...] = ()) -> Json:
    """The value with every optional member added; `ABSENT` where that would never end."""
    schema = place.schema
    if "$ref" in schema:
        target = place.target()
        return value if target in trail else complete(target, value, (*trail, target))
    if "const" in schema:
        return schema["const"]
    if "oneOf" in schema:
        return complete(alternative(place, value), value, trail)
    if "properties" in schema:
        return _complete_object(place, value, trail)
    if schema.get("type") == "array":
        return _complete_array(place, value, trail)
    return _scalar(schema) if value is ABSENT else value


def _complete_object(place: Place, value: Json, trail: tuple[Place, ...]) -> Json:
    members = dict(value) if isinstance(value, dict) else {}
    for name in place.schema["properties"]:
        member = complete(place.at("properties", name), members.get(name, ABSENT), trail)
        if member is not ABSENT:
            members[name] = member
    for pattern in place.schema.get("patternProperties", ()):
        if re.search(pattern, MEMBER) and MEMBER not in members:
            members[MEMBER] = complete(place.at("patternProperties", pattern), ABSENT, trail)
    return members


def _complete_array(place: Place, value: Json, trail: tuple[Place, ...]) -> Json:
    schema = place.schema
    wanted = [each["contains"]["const"] for each in (schema, *schema.get("allOf", ())) if "contains" in each]
    if isinstance(value, list) and value:
        if "items" not in schema or "prefixItems" in schema or wanted:
            return value
        return [complete(place.at("items"), value[0], trail), *value[1:]]
    if "prefixItems" in schema:
        return [complete(each) for each in place.all_at("prefixItems")]
    if wanted or "items" not in schema:
        return wanted or ["grown"]
    item = complete(place.at("items"), ABSENT, trail)
    return [] if item is ABSENT else [item]


def _scalar(schema: dict[str, Json]) -> Json:
    if "enum" in schema:
        return schema["enum"][0]
    if "pattern" in schema:
        return next(text for text in PATTERNED if re.search(schema["pattern"], text))
    by_type: dict[str, Json] = {"number": 0.5, "integer": 3, "boolean": True, "object": {"grown": "yes"}}
    return by_type.get(schema.get("type", ""), FORMATTED.get(schema.get("format", ""), "grown"))


@cache
def grown(pair: Pair) -> Json:
    """The official sample of a pair, or nothing at all, with every optional member added."""
    sample = read(pair.sample) if pair.sample else ABSENT
    return complete(Place(official_address(pair)), sample)
