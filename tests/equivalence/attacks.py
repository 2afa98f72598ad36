"""A systematic walk: every constraint of an official schema, attacked in a valid document.

The walk goes through schema and document together. At each constraint it yields documents that
break this constraint and, as far as that can be, no other; and a few that only just keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from .engines import Errors, fast, without_members
from .pairs import Pair, official_address
from .valid_documents import ABSENT, Json, Place, accepts, complete, grown

Path = tuple[str | int, ...]

JUNK: Final[tuple[Json, ...]] = (None, True, 7, 2.5, "text", [], {}, ["text"], [7], {"id": 7})
"""One value of each JSON type, and a few that nest."""

STRINGS: Final[dict[str, tuple[str, ...]]] = {
    "uri": (
        "", "no uri", "relative/path", "http://exa mple.org", "://none", "http://[", "example.org",
        "urn:example:1", "did:web:example.org", "https://example.org/ä", "https://example.org/%zz",
    ),
    "date": ("", "2026-02-30", "2026-2-3", "20260203", "2026-02-03T00:00:00Z", "2026-W05-2", "2024-02-29"),
    "date-time": (
        "", "2026-02-03", "2026-02-03T00:00:00", "2026-02-03 00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-02-03T24:00:00Z", "2026-06-30T23:59:60Z", "2026-02-03t00:00:00z", "2026-02-03T00:00:00.5+01:00",
        "2026-02-03T00:00:00+14:30", "2026-02-03T00:00:00Z\n", "٢٠٢٦-02-03T00:00:00Z", "-2026-02-03T00:00:00Z",
    ),
    "pattern": (
        "", "e", "eng", "en-GB", "en_GB", "en-G", "én", "text", "text/", "/html", "application/ld+json", "a/ b",
        "http://", "https://a", "ftp://a", "https://-", " https://a.example", "HTTPS://a.example", "urn:a:b",
    ),
}  # fmt: skip
"""Strings at the border of each format and of each pattern without one, most of them outside."""

NAMES: Final = (
    "Grown", "gr0wn", "grown-up", "-", "anchor-up", "descriptions", "itemDescriptions", "untp:grown",
    "http://a.example", "https://a.example/b-c", "https://a.example/#b", "https://", "xhttps://a.example",
)  # fmt: skip
"""Names at the border of the one pattern for member names."""

CONSTRAINTS: Final = frozenset(
    {
        "type",
        "required",
        "const",
        "enum",
        "pattern",
        "minimum",
        "maximum",
        "minItems",
        "uniqueItems",
        "contains",
    }
    | {"additionalProperties", "dependentRequired", "oneOf", "minProperties", "minLength"}
)
"""The keywords that reject documents, `format` apart, of which only some are asserted."""


@dataclass(frozen=True)
class Attack:
    """A document that goes for one constraint: where it stands, and where the document was changed."""

    constraint: str
    path: Path
    document: Json

    def is_answered_by(self, errors: Errors) -> bool:
        """Whether the constraint rejects the document, itself or through a `oneOf` around it."""
        keyword, last = self.constraint.rsplit("/", 2)[-2:]
        wanted = keyword if keyword in ("required", "dependentRequired") else last
        return any(found in (wanted, "oneOf") for _, found in without_members(errors))


def put(document: Json, path: Path, value: Json) -> Json:
    """A copy of a document with the value at a path replaced, added, or for `ABSENT` removed."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(document)
        new = put(document[step], rest, value) if rest else value
        items[step : step + 1] = [] if new is ABSENT else [new]
        return items
    if value is ABSENT and not rest:
        return {name: member for name, member in document.items() if name != step}
    return {**document, step: put(document.get(step), rest, value) if rest else value}


@dataclass(frozen=True)
class Target:
    """A place in the schema and the value in a document that it governs."""

    place: Place
    document: Json
    path: Path

    @property
    def value(self) -> Json:
        """The value governed."""
        value = self.document
        for step in self.path:
            value = value[step]
        return value

    def hit(self, keyword: str, *values: Json) -> Iterator[Attack]:
        """An attack on a keyword for each value to put in place."""
        for value in values:
            yield Attack(f"{self.place.pointer}/{keyword}", self.path, put(self.document, self.path, value))

    def seen_from(self, place: Place, *steps: str | int) -> Target:
        """The same document at another place of the schema, further down."""
        return Target(place, self.document, (*self.path, *steps))


def walk(target: Target) -> Iterator[Attack]:
    """Every attack on every constraint at a place and below."""
    schema, place = target.place.schema, target.place
    if "$ref" in schema:
        yield from walk(target.seen_from(place.target()))
    if "type" in schema:
        yield from target.hit("type", *JUNK)
    for each in place.all_at("allOf"):
        yield from walk(target.seen_from(each))
    if "oneOf" in schema:
        yield from _alternatives(target)
    if isinstance(target.value, dict):
        yield from _members(target)
    elif isinstance(target.value, list):
        yield from _items(target)
    yield from _values(target)


def _alternatives(target: Target) -> Iterator[Attack]:
    yield from target.hit("oneOf", *JUNK)
    for each in target.place.all_at("oneOf"):
        value = target.value if accepts(each, target.value) else complete(each)
        yield from walk(Target(each, put(target.document, target.path, value), target.path))


def _members(target: Target) -> Iterator[Attack]:
    place, members = target.place, target.value
    schema = place.schema
    for index, name in enumerate(schema.get("required", ())):
        yield from target.hit(f"required/{index}", put(members, (name,), ABSENT))
    for name, needed in schema.get("dependentRequired", {}).items():
        broken = (put(members, (each,), ABSENT) for each in needed)
        yield from target.hit(f"dependentRequired/{name}", *broken)
    if "properties" in schema:
        yield from target.hit("additionalProperties", {**members, "notInUNTP": 1}, {**members, "": "empty"})
    for pattern in schema.get("patternProperties", ()):
        yield from target.hit("additionalProperties", *({**members, name: []} for name in NAMES))
        for name in members.keys() - schema.get("properties", {}).keys():
            if re.search(pattern, name):
                yield from walk(target.seen_from(place.at("patternProperties", pattern), name))
    if "minProperties" in schema:
        yield from target.hit("minProperties", {})
    for name in schema.get("properties", {}):
        if name in members:
            yield from walk(target.seen_from(place.at("properties", name), name))
    if "propertyNames" in schema:
        for keyword in schema["propertyNames"]:
            yield from target.hit(f"propertyNames/{keyword}", {"": 1})


def _items(target: Target) -> Iterator[Attack]:
    place, items = target.place, target.value
    schema, fixed = place.schema, place.all_at("prefixItems")
    if "minItems" in schema:
        yield from target.hit("minItems", [], items[: schema["minItems"] - 1], items[: schema["minItems"]])
    if "uniqueItems" in schema:
        near = ([*items, 1, True], [*items, {"a": 1}, {"a": 1.0}])
        yield from target.hit("uniqueItems", [*items, *items], *near)
    if "contains" in schema:
        wanted = schema["contains"]["const"]
        without = [item for item in items if item != wanted]
        yield from target.hit("contains", without, [*without, wanted.lower()], [*items, wanted], [])
    for index, each in enumerate(fixed):
        yield from walk(target.seen_from(each, index))
        yield from target.hit(f"prefixItems/{index}", items[::-1])
    if "items" in schema:
        rest = place.at("items")
        if fixed and len(items) == len(fixed):
            items = [*items, complete(rest)]
        if len(items) > len(fixed):
            longer = put(target.document, target.path, items)
            yield from walk(Target(rest, longer, (*target.path, len(fixed))))
        yield from target.hit("items", *([*items, junk] for junk in JUNK))


def _values(target: Target) -> Iterator[Attack]:
    schema, value = target.place.schema, target.value
    if "enum" in schema:
        yield from target.hit("enum", "notInUNTP", str(value).swapcase(), f"{value} ", *schema["enum"])
    if "const" in schema:
        other = [value[::-1], value[:-1], [*value, "More"]] if isinstance(value, list) else [f"{value}/"]
        yield from target.hit("const", *other)
    for keyword in ("format", "pattern"):
        if keyword in schema:
            yield from target.hit(keyword, *STRINGS.get(schema.get("format", "pattern"), ()))
    for keyword, sign in (("minimum", -1), ("maximum", 1)):
        if keyword in schema:
            limit = schema[keyword]
            yield from target.hit(keyword, limit, limit + sign, limit + sign / 1024)
    if "minLength" in schema:
        yield from target.hit("minLength", "")


@cache
def attacks(pair: Pair) -> tuple[Attack, ...]:
    """Every attack on the official schema of a pair, in the order of the walk."""
    return tuple(walk(Target(Place(official_address(pair)), grown(pair), ())))


@cache
def chosen_attacks(pair: Pair) -> tuple[Attack, ...]:
    """For each constraint one attack to which it answers, not always of the same kind.

    They start from a small document without the sample, because the reference engine takes some 200
    times longer than the fast one.
    """
    place = Place(official_address(pair))
    _, official = fast(pair)
    by_constraint: dict[str, list[Attack]] = {}
    for attack in walk(Target(place, complete(place), ())):
        by_constraint.setdefault(attack.constraint, []).append(attack)
    chosen: list[Attack] = []
    for turn, choice in enumerate(by_constraint.values()):
        start = turn % min(len(choice), len(JUNK))
        turned = (*choice[start:], *choice[:start])
        chosen += [attack for attack in turned if attack.is_answered_by(official(attack.document))][:1]
    return tuple(chosen)


def constraints(place: Place) -> set[str]:
    """The address of every constraint at a place and below, through every `$ref`."""
    found: set[str] = set()
    waiting, known = [place], set[Place]()
    while waiting:
        here = waiting.pop()
        if here in known:
            continue
        known.add(here)
        schema = here.schema
        if "$ref" in schema:
            waiting.append(here.target())
        for keyword in ("allOf", "oneOf", "prefixItems"):
            waiting.extend(here.all_at(keyword))
        waiting.extend(here.at("properties", name) for name in schema.get("properties", ()))
        for pattern in schema.get("patternProperties", ()):
            waiting.append(here.at("patternProperties", pattern))
        waiting.extend(here.at(keyword) for keyword in ("items", "propertyNames") if keyword in schema)
        found |= _constraints_of(here)
    return found


def _constraints_of(place: Place) -> set[str]:
    schema: dict[str, Any] = place.schema
    keys = {keyword for keyword in schema if keyword in CONSTRAINTS}
    if schema.get("additionalProperties") is True:
        keys.discard("additionalProperties")
    if schema.get("format") in STRINGS:
        keys.add("format")
    for keyword in keys & {"required", "dependentRequired"}:
        keys.remove(keyword)
        members = range(len(schema["required"])) if keyword == "required" else schema[keyword]
        keys |= {f"{keyword}/{member}" for member in members}
    return {f"{place.pointer}/{key}" for key in keys}
