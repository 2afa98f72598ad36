"""JSON Schema, Draft 2020-12: a fast engine that decides, a reference engine that explains.

`jsonschema-rs` says whether there is a fault at all; `jsonschema` finds every fault, by place. What
the fast engine rejects is always judged again; when the two disagree, that is our error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing.exceptions import Unresolvable

from harness.credential.strict_json import escape
from harness.errors import ArtefactError, EngineError
from harness.semantics import formats
from harness.semantics.schema_files import load_schema, resources, unresolved

BASE = "https://untp-crm.example/schemas/"
"""Every schema of ours has its `$id` under this URL; nothing is ever fetched from it."""


@dataclass(frozen=True)
class SchemaFault:
    """One violated keyword: `pointer` is the member at fault, also where that member is missing."""

    pointer: str
    keyword: str
    message: str
    expected: str | None
    hint: str | None


def schema_faults(name: str, value: Any, *, engine: str) -> tuple[SchemaFault, ...]:
    """Every fault of a value against schemas/`name`, in the order of the document."""
    if engine == "fast" and _fast(name).is_valid(value):
        return ()
    faults = explain(name, value)
    if engine == "fast" and not faults:
        message = f"jsonschema-rs rejects what jsonschema accepts under {name}"
        raise EngineError(message, hint="Report this with the credential: it is a fault of an engine.")
    return faults


def confirm(name: str, value: Any) -> None:
    """Judge again with the reference engine what the fast one passed."""
    if explain(name, value):
        message = f"jsonschema rejects what jsonschema-rs accepts under {name}"
        raise EngineError(message, hint="Report this with the credential: it is a fault of an engine.")


def explain(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """Every fault, found by the reference engine."""
    found: dict[tuple[str, str, str | None], SchemaFault] = {}
    try:
        for error in _reference(name).iter_errors(value):
            for leaf in _leaves(error):
                for fault in _faults_of(leaf):
                    found.setdefault((fault.pointer, fault.keyword, fault.expected), fault)
    except Unresolvable as error:
        raise unresolved(f"schemas/{name}", error.ref) from None
    return tuple(
        sorted(found.values(), key=lambda fault: (fault.pointer, fault.keyword, fault.expected or ""))
    )


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Of a failed oneOf or anyOf, the faults of the one branch that the instance meant by its type."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        yield error
        return
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    meant = [
        inner
        for inner in branches.values()
        if not any(list(fault.relative_path)[:1] == ["type"] or _lacks_type(fault) for fault in inner)
    ]
    if len(meant) != 1:
        yield error
        return
    for inner in meant[0]:
        yield from _leaves(inner)


def _lacks_type(fault: ValidationError) -> bool:
    return fault.validator == "required" and not fault.relative_path and fault.message.startswith("'type'")


def _faults_of(error: ValidationError) -> Iterator[SchemaFault]:
    pointer = "".join(f"/{escape(str(part))}" for part in error.absolute_path)
    keyword = str(error.validator)
    rule: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    if keyword == "required":
        for name in rule:
            if name not in instance:
                yield SchemaFault(
                    f"{pointer}/{escape(name)}", keyword, f"the member '{name}' is missing",
                    f"a member '{name}'", f"Add '{name}'; the schema of this class demands it.",
                )  # fmt: skip
    elif keyword == "additionalProperties":
        known = set(schema.get("properties", {}))
        for name in instance:
            if name not in known:
                yield SchemaFault(
                    f"{pointer}/{escape(name)}", keyword, f"the member '{name}' is not allowed here",
                    f"only {_listed(sorted(known))}", f"Remove '{name}' or use the member that the schema names; this class is closed.",
                )  # fmt: skip
    else:
        message, expected, hint = _told(keyword, rule, instance)
        yield SchemaFault(pointer, keyword, message, expected, hint)


def _told(keyword: str, rule: Any, instance: Any) -> tuple[str, str, str]:
    """Message, expectation and hint for one violated keyword."""
    kind = _type_name(instance)
    match keyword:
        case "type":
            wanted = _listed(rule) if isinstance(rule, list) else str(rule)
            return f"{_an(kind)} stands where {_an(wanted)} is expected", wanted, f"Write {_an(wanted)} here."
        case "enum":
            return (
                "the value is not one of the code list",
                _listed(rule),
                "Use a code of the list exactly as written.",
            )
        case "const":
            return "the value is not the one that is fixed here", repr(rule), f"Write {rule!r} exactly."
        case "format":
            return (
                f"the value is no valid {rule}",
                str(rule),
                _FORMAT_HINTS.get(rule, f"Write a valid {rule}."),
            )
        case "pattern":
            return (
                "the value does not have the form that is fixed here",
                f"a match of {rule}",
                "Correct the form.",
            )
        case "minItems" | "minLength":
            return f"fewer than {rule} here", f"at least {rule}", "Add what is missing."
        case "maxItems" | "maxLength":
            return f"more than {rule} here", f"at most {rule}", "Remove what is too many."
        case "minimum" | "exclusiveMinimum":
            return "the number is too small", f"at least {rule}", "Check the number and its unit."
        case "maximum" | "exclusiveMaximum":
            return "the number is too large", f"at most {rule}", "Check the number and its unit."
        case "contains":
            wanted = rule.get("const", rule) if isinstance(rule, dict) else rule
            return f"{wanted!r} is not in the list", f"a list that contains {wanted!r}", f"Add {wanted!r}."
        case "uniqueItems":
            return "an item occurs twice", "items that all differ", "Remove the repetition."
        case "oneOf" | "anyOf":
            return (
                "the object fits none of the classes that are allowed here",
                "one of the classes",
                ("Name the class in 'type' and give it all members that the class demands."),
            )
    return f"the rule '{keyword}' does not hold", f"{keyword}: {rule}", "See the schema."


_FORMAT_HINTS = {
    "date-time": "Write date, T, time and zone, as in 2026-03-01T00:00:00Z (RFC 3339).",
    "date": "Write year-month-day, as in 2026-03-01.",
    "uri": "Write an absolute URI with its scheme, as in https://… or did:web:….",
}


def _type_name(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _an(word: str) -> str:
    return word if word == "null" else f"{'an' if word[:1] in 'aeio' else 'a'} {word}"


def _listed(words: list[Any], limit: int = 12) -> str:
    shown = ", ".join(str(word) for word in words[:limit])
    return f"{shown} … ({len(words)} in all)" if len(words) > limit else shown


@cache
def _reference(name: str) -> Any:
    schema = load_schema(name)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = "/".join(str(part) for part in error.absolute_path)
        raise ArtefactError(
            f"this is no JSON Schema: {error.message} (at {place or 'the top'})", where=f"schemas/{name}"
        ) from None
    return _Reference(schema, registry=resources(), format_checker=formats.checker())


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """`pattern` as ECMA-262 has it, where $ is the very end: Python's $ stands before a last newline too."""
    python = f"{pattern[:-1]}\\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
    if isinstance(instance, str) and not re.search(python, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Reference = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@cache
def _fast(name: str) -> jsonschema_rs.Draft202012Validator:
    pairs = [(url, resources().contents(url)) for url in resources()]
    try:
        return jsonschema_rs.Draft202012Validator(
            load_schema(name),
            validate_formats=True,
            formats=dict(formats.DATES),
            registry=jsonschema_rs.Registry(pairs, retriever=_refuse),
            retriever=_refuse,
        )
    except jsonschema_rs.ReferencingError as error:
        raise unresolved(f"schemas/{name}", str(error)) from None
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise ArtefactError(f"jsonschema-rs cannot compile it: {error}", where=f"schemas/{name}") from None


def _refuse(url: str) -> Any:
    raise ValueError(f"{url} is not among our schemas, and none is ever fetched")
