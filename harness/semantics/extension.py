"""What can be said of an extension of UNTP from its published parts: context, schema, examples.

Each observation names the requirement that it is against. Nothing is fetched: what the extension refers to
has to be ours or among the contexts that come with it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry as Resources
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from harness.credential.strict_json import escape
from harness.evidence import Evidence, Web
from harness.semantics import formats
from harness.semantics.expansion import expand
from harness.semantics.schema import BASE, explain, schema_faults
from harness.semantics.schema_files import resources

REDEFINED = ("protected term redefinition", "invalid context nullification")
REPLACEMENTS: tuple[Any, ...] = (None, 0, "another text", [], {})
"""What each value of an example is replaced by, one at a time, to see whether the extension is as strict as UNTP."""


@dataclass(frozen=True)
class Observation:
    """Something that an extension does against a requirement, and where."""

    requirement: str
    place: str
    message: str


@dataclass(frozen=True)
class Extension:
    """The published parts of one type of an extension.

    `core` is the file under schemas/ of the UNTP type that it extends, `parents` the types that have to stay
    listed (credential, subject); `contexts` are documents by URL, the extension's own first.
    """

    contexts: Mapping[str, Any]
    schema: Any = None
    core: str | None = None
    parents: tuple[str, ...] = ()
    examples: Mapping[str, Any] = field(default_factory=dict)
    on: tuple[str, ...] = ("https://www.w3.org/ns/credentials/v2",)
    """The contexts that come before its own."""


def observations(extension: Extension) -> Iterator[Observation]:
    """Everything that can be found, the context first, then the schema, then each example."""
    yield from _of_contexts(extension)
    validator = None
    if extension.schema is not None:
        wrong = list(_of_schema(extension.schema))
        yield from wrong
        validator = None if wrong else _validator(extension.schema)
    for name, example in extension.examples.items():
        yield from _of_example(extension, name, example)
        if validator is not None and extension.core is not None:
            yield from _validated(extension.core, validator, name, example)
            yield from _loosened(extension.core, extension.schema, name, example)


def _of_contexts(extension: Extension) -> Iterator[Observation]:
    for url, document in extension.contexts.items():
        for place in _vocabularies(document):
            yield Observation("VCP-CTX-05", f"{url}#{place}", "a catch-all @vocab takes undefined terms")
        if not any(part[:1].isdigit() or part[:1] == "v" for part in url.split("/")[3:]) and "-0." not in url:
            yield Observation("EXT-CTX-02", url, "the URL of the context names no version")
    document = {"@context": [*extension.on, *extension.contexts], "id": "urn:example:node"}
    fault = expand(document, _web(extension), engine="reference").fault
    if fault is not None:
        requirement = "VCP-CTX-06" if fault.code in REDEFINED else "VCP-CTX-03"
        yield Observation(requirement, fault.subject or "@context", fault.message)


def _vocabularies(value: Any, place: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("@vocab") is not None:
            yield place
        for name, inner in value.items():
            yield from _vocabularies(inner, f"{place}/{escape(name)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _vocabularies(inner, f"{place}/{index}")


def _web(extension: Extension) -> Web:
    return Web({url: Evidence(url, _text(document)) for url, document in extension.contexts.items()})


def _text(document: Any) -> bytes:
    return json.dumps(document).encode()


def _of_schema(schema: Any) -> Iterator[Observation]:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield Observation("EXT-SCH-03", "/".join(map(str, error.absolute_path)), error.message)
        return
    resolver = _known(schema).resolver(_identifier(schema))
    for reference in _references(schema):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            yield Observation("EXT-SCH-03", reference, "the reference leads nowhere")


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _references(inner)


def _identifier(schema: Any) -> str:
    return (
        str(schema.get("$id", f"{BASE}extension.json"))
        if isinstance(schema, dict)
        else f"{BASE}extension.json"
    )


def _known(schema: Any) -> Resources[Any]:
    known: Resources[Any] = resources().with_resource(
        _identifier(schema), DRAFT202012.create_resource(schema)
    )
    return known


def _validator(schema: Any) -> Draft202012Validator:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, registry=_known(schema), format_checker=checker)


def _of_example(extension: Extension, name: str, example: Any) -> Iterator[Observation]:
    expansion = expand(example, _web(extension), engine="reference")
    if expansion.fault is None:
        for lost in expansion.dropped:
            yield Observation(
                "EXT-CTX-01", f"{name}#{lost.pointer}", f"'{lost.name}' means nothing: {lost.detail}"
            )
    listed = {kind for node in _objects(example) for kind in node.get("type", ()) if isinstance(kind, str)}
    for parent in extension.parents:
        if parent not in listed:
            yield Observation("EXT-CTX-03", name, f"the type {parent} of UNTP is not listed")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    subject = value.get("credentialSubject") if isinstance(value, dict) else None
    for node in (value, *(subject if isinstance(subject, list) else [subject])):
        if isinstance(node, dict):
            yield node


def _validated(core: str, validator: Draft202012Validator, name: str, example: Any) -> Iterator[Observation]:
    for fault in explain(core, example):
        closed = fault.keyword == "additionalProperties"
        yield Observation(
            "EXT-SCH-04" if closed else "EXT-SCH-01", f"{name}#{fault.pointer}", f"core: {fault.message}"
        )
    for error in validator.iter_errors(example):
        place = "".join(f"/{escape(str(part))}" for part in error.absolute_path)
        yield Observation("EXT-SCH-01", f"{name}#{place}", f"extension: {error.message}")


def _loosened(core: str, schema: Any, name: str, example: Any) -> Iterator[Observation]:
    """Changes that UNTP rejects and the extension accepts: there it has loosened the core."""
    known = _known(schema).crawl()
    documents = [(url, known.contents(url)) for url in known]
    extension = jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, formats=dict(formats.DATES), registry=jsonschema_rs.Registry(documents)
    )
    for place, changed in mutants(example):
        if extension.is_valid(changed) and schema_faults(core, changed, engine="fast"):
            yield Observation(
                "EXT-SCH-02", f"{name}#{place}", "UNTP rejects this change, the extension accepts it"
            )


def mutants(example: Any) -> Iterator[tuple[str, Any]]:
    """Each member of an example left out, and each value replaced by one of another kind."""
    for path in list(_paths(example)):
        place = "".join(f"/{escape(str(part))}" for part in path)
        for replacement in REPLACEMENTS:
            changed, holder = _copied(example, path)
            holder[path[-1]] = replacement
            yield f"{place} = {replacement!r}", changed
        changed, holder = _copied(example, path)
        del holder[path[-1]]
        yield f"{place} left out", changed


def _copied(example: Any, path: tuple[str | int, ...]) -> tuple[Any, Any]:
    changed = copy.deepcopy(example)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    return changed, holder


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from _paths(inner, (*path, name))
