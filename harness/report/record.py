"""The record as bytes: written in one way only, and checked against its schema when written and when read.

The schema is schemas/record/record.schema.json. It also fixes the order of members, so that the same
record is the same bytes however it was put together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from harness.errors import MalformedError, SuiteError, UnreadableError, Where
from harness.report.json_text import json_text
from harness.resources import resource

LONGEST = 256 * 1024 * 1024
"""Most bytes that a record may have."""

_SETS: Mapping[str, tuple[str, ...]] = {
    "untested": ("requirement",),
    "conflicts": ("id",),
    "evidence": ("sha256", "name", "origin"),
    "artefacts": ("url", "sha256"),
    "expected_failures": ("requirement", "reason"),
}
_LONGEST_MESSAGE = 300


def read_record(source: Path | bytes) -> dict[str, Any]:
    """Read a record from a file or from bytes.

    Raises UnreadableError where the file cannot be opened or is too long, and MalformedError, with the
    JSON pointer, where the bytes are not a record.
    """
    name = "record" if isinstance(source, bytes) else str(source)
    body = source if isinstance(source, bytes) else _bytes_of(source)
    if len(body) > LONGEST:
        raise UnreadableError(f"A record has at most {LONGEST:,} bytes; this has {len(body):,}.", where=name)
    try:
        record = json.loads(body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise MalformedError(
            f"The record is not strict JSON: {problem}",
            where=_place(name, problem),
            hint="Take the file as certify wrote it; any edit breaks the seal as well.",
        ) from problem
    error = _first_error(record) or _dangling(record)
    if error is not None:
        pointer, message = error
        raise MalformedError(
            f"The record does not follow its schema: {message}",
            where=Where(name, pointer),
            why="A report of it would not say what was found.",
            hint="schemas/record/record.schema.json is the contract; take the file as certify wrote it.",
        )
    return cast("dict[str, Any]", record)


def write_record(record: Mapping[str, Any]) -> bytes:
    """Turn a record into bytes: UTF-8, members in the order of the schema, sets sorted, a newline at the end.

    Raises SuiteError, with the JSON pointer, where it does not follow its schema: that is our fault.
    """
    error = _first_error(record) or _dangling(record)
    if error is not None:
        pointer, message = error
        raise SuiteError(
            f"The harness made a record that does not follow its schema: {message}",
            where=Where("record.json", pointer),
            hint="This is a fault of the harness. Please report it with this message.",
        )
    ordered = _ordered(record, _schema())
    for name, key in _SETS.items():
        ordered[name].sort(key=lambda row, key=key: [row[part] for part in key])
    return json_text(ordered, indent=1).encode() + b"\n"


@cache
def _schema() -> dict[str, Any]:
    text = resource("schemas", "record", "record.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


@cache
def _fast() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema())


def _first_error(record: object) -> tuple[str, str] | None:
    """Where and why a record does not follow its schema: found by the fast engine, told by the other."""
    try:
        if _fast().is_valid(record):
            return None
    except (ValueError, TypeError) as problem:
        return "", str(problem)
    error = best_match(Draft202012Validator(_schema()).iter_errors(cast("Any", record)))
    if error is None:
        return "", "the two JSON Schema engines disagree about it"
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
    message = error.message
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE // 2]} … {message[-_LONGEST_MESSAGE // 2 :]}"
    return pointer, message


def _dangling(record: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first requirement that is named in results or untested and not described."""
    known = record["requirements"]
    for place in ("results", "untested"):
        for index, row in enumerate(record[place]):
            if row["requirement"] not in known:
                return f"/{place}/{index}/requirement", f"{row['requirement']} is not among its requirements"
    return None


def _ordered(value: Any, schema: Mapping[str, Any]) -> Any:
    """Copy a valid value with its members in the order of the schema; members it does not list are sorted."""
    if "$ref" in schema:
        return _ordered(value, _schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return None if value is None else _ordered(value, schema["anyOf"][0])
    if isinstance(value, Mapping):
        listed = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        names = [name for name in listed if name in value] + sorted(set(value) - set(listed))
        return {name: _ordered(value[name], listed.get(name) or rest or {}) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(item, schema.get("items", {})) for item in value]
    return value


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except OSError as problem:
        raise UnreadableError(
            f"The record cannot be opened: {problem.strerror or problem}.",
            where=str(path),
            hint="Name the record.json in the folder that certify wrote.",
        ) from problem


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {twice!r} occurs twice")
    return members


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


def _place(name: str, problem: Exception) -> Where:
    if isinstance(problem, json.JSONDecodeError):
        return Where(name, line=problem.lineno, column=problem.colno)
    return Where(name)
