"""The data files of the suite, TOML checked against a JSON Schema: a mistake is told with file and line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from harness.errors import SuiteError, Where
from harness.resources import resource

_HEADER = re.compile(r"\s*\[\[?([\w\"'.\s-]+)\]\]?\s*(?:#.*)?\Z")
_BASE = "https://untp-crm.example/data/"
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(path: Path, schema: str) -> dict[str, Any]:
    """Parse a TOML file of ours and check it against test_cases/schemas/`schema`.schema.json."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"not TOML: {error}", where=Where(str(path), None, *position(str(error)))) from None
    except OSError as error:
        raise SuiteError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if _fast(schema).is_valid(data):
        return data
    for problem in validator(schema).iter_errors(data):
        place = "/".join(str(part) for part in problem.absolute_path)
        message = f"{problem.message} (at {place or 'the top'})"
        raise SuiteError(message, where=place_in(path, *problem.absolute_path))
    return data


def place_in(path: Path, *steps: str | int) -> Where:
    """File and line of a value in a TOML file of ours, for the message of an error."""
    return Where(str(path), None, line_of(path.read_text(encoding="utf-8"), steps))


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of one kind of data file: test_cases/schemas/`name`.schema.json. It explains."""
    known: Registry[Any] = Registry().with_resources(
        (identifier, DRAFT202012.create_resource(schema)) for identifier, schema in _schemas().items()
    )
    return Draft202012Validator(_schemas()[f"{name}.schema.json"], registry=known)


@cache
def _fast(name: str) -> jsonschema_rs.Draft202012Validator:
    """The fast engine says whether there is anything to explain: every command reads all of these files."""
    known = jsonschema_rs.Registry(
        [(f"{_BASE}{identifier}", schema) for identifier, schema in _schemas().items()]
    )
    wanted = _schemas()[f"{name}.schema.json"]
    return jsonschema_rs.Draft202012Validator({**wanted, "$id": f"{_BASE}{name}.schema.json"}, registry=known)


@cache
def _schemas() -> dict[str, Any]:
    found = [json.loads(path.read_text("utf-8")) for path in resource("test_cases", "schemas").glob("*.json")]
    return {schema["$id"]: schema for schema in found}


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line, from 1, of the value at a path such as ("requirement", 3, "level"); of its table where it is missing."""
    start, end, rest = _table(text, path)
    lines = text.splitlines()[start:end]
    for name in rest[:1]:
        key = re.compile(rf"\s*[\"']?{re.escape(str(name))}[\"']?\s*=")
        for number, line in enumerate(lines, start=start + 1):
            if key.match(line):
                return number
    return start or None


def position(message: str) -> tuple[int | None, int | None]:
    """Line and column out of the message of a TOML parser."""
    found = _POSITION.search(message)
    return (int(found[1]), int(found[2])) if found else (None, None)


def _table(text: str, path: Sequence[str | int]) -> tuple[int, int, Sequence[str | int]]:
    """After which line the innermost table on the way begins, with which it ends, and what is left of the path."""
    headers = _headers(text)
    best: tuple[int, Sequence[str | int]] = (0, path)
    for length in range(1, len(path) + 1):
        names = tuple(step for step in path[:length] if isinstance(step, str))
        indexes = [step for step in path[:length] if isinstance(step, int)]
        at = headers.get(names, [])
        index = indexes[0] if indexes else 0
        if len(indexes) <= 1 and index < len(at):
            best = (at[index], path[length:])
    start, rest = best
    later = [line for lines in headers.values() for line in lines if line > start]
    return start, min(later, default=text.count("\n") + 2) - 1, rest


@cache
def _headers(text: str) -> dict[tuple[str, ...], list[int]]:
    """The lines, from 1, of the headers of each table."""
    found: dict[tuple[str, ...], list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            names = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            found.setdefault(names, []).append(number)
    return found
