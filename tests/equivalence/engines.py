"""The two JSON Schema engines behind one question: which errors, where?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .pairs import Pair, official_address, official_documents, our_documents, read

Errors = tuple[tuple[str, str], ...]
"""Pairs of JSON pointer and keyword (with the members named, where the keyword is about members)."""

Judge = Callable[[Any], Errors]
Judges = tuple[Judge, Judge]
"""That of our schema and that of the official one."""

_NAMES_MEMBERS: Final = frozenset({"required", "additionalProperties", "dependentRequired"})


def without_members(errors: Errors) -> set[tuple[str, str]]:
    """The pairs of pointer and bare keyword."""
    return {(pointer, keyword.partition(":")[0]) for pointer, keyword in errors}


def _entry(path: list[Any], keyword: str, message: str) -> tuple[str, str]:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
    if keyword in _NAMES_MEMBERS:
        named = re.split(r" do(?:es)? not match any of the regexes", message)[0]
        members = re.findall(r"'([^']*)'", named.replace('"', "'"))
        keyword = f"{keyword}: {', '.join(sorted(members))}"
    return pointer, keyword


def reference_judge(documents: Mapping[str, Any], address: str) -> Judge:
    """A judge that asks jsonschema, formats on."""
    resources = [(url, DRAFT202012.create_resource(document)) for url, document in documents.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    validator = Draft202012Validator(
        {"$ref": address}, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )

    def entry(error: ValidationError) -> tuple[str, str]:
        return _entry(list(error.absolute_path), str(error.validator), error.message)

    return lambda document: tuple(sorted(map(entry, validator.iter_errors(document))))


def fast_judge(documents: Mapping[str, Any], address: str) -> Judge:
    """A judge that asks jsonschema-rs, formats on."""
    registry = jsonschema_rs.Registry(list(documents.items()), draft=jsonschema_rs.Draft202012)
    schema = {"$ref": address}
    validator = jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=True)

    def entry(error: jsonschema_rs.ValidationError) -> tuple[str, str]:
        return _entry(list(error.instance_path), str(error.schema_path[-1]), error.message)

    return lambda document: tuple(sorted(map(entry, validator.iter_errors(document))))


@cache
def fast(pair: Pair) -> Judges:
    """Ours and official, judged by jsonschema-rs."""
    return (
        fast_judge(our_documents(), read(pair.ours)["$id"]),
        fast_judge(official_documents(), official_address(pair)),
    )


@cache
def reference(pair: Pair) -> Judges:
    """Ours and official, judged by jsonschema."""
    return (
        reference_judge(our_documents(), read(pair.ours)["$id"]),
        reference_judge(official_documents(), official_address(pair)),
    )
