"""Schemas and contexts of an extension, held against those of UNTP that it extends.

Nothing is fetched: a reference leads to a schema of ours, to an official one, or to one that comes with the extension.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urljoin

import jsonschema_rs
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import validator_for
from referencing import Registry as Resources
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from harness.credential.strict_json import escape
from harness.semantics import formats
from harness.semantics.artefacts import registry
from harness.semantics.schema import BASE, schema_faults
from harness.semantics.schema_files import resources

REPLACEMENTS: tuple[Any, ...] = (None, 0, "another text", [], {})
"""What each value of an example is replaced by, one at a time, to see whether the extension is as strict as UNTP."""

HOME = f"{BASE}extension/"
"""Where schemas of an extension stand that do not say where they are published."""


@dataclass(frozen=True)
class Schemas:
    """The schemas of an extension by file name; a relative reference may name a file, or follow `$id`."""

    documents: Mapping[str, Any]
    urls: Mapping[str, str]

    def base(self, name: str) -> str:
        """The URL of a schema: what was given for it, else its `$id`, else one below HOME."""
        schema = self.documents[name]
        own = schema.get("$id") if isinstance(schema, dict) else None
        return self.urls.get(name) or (own if isinstance(own, str) else f"{HOME}{name}")

    @cached_property
    def known(self) -> Resources[Any]:
        """Every schema that a reference may lead to."""
        found: Resources[Any] = resources()
        for url, artefact in registry().artefacts.items():
            if artefact.kind == "schema":
                found = found.with_resource(url, DRAFT202012.create_resource(registry().document(url).value))
        for name, schema in self.documents.items():
            for url in {self.base(name), f"{HOME}{name}"}:
                found = found.with_resource(url, DRAFT202012.create_resource(schema))
        return found.crawl()

    def _placed(self, name: str) -> Any:
        """A schema that knows where it stands, so that its relative references lead somewhere."""
        schema = self.documents[name]
        return {**schema, "$id": self.base(name)} if isinstance(schema, dict) else schema

    def faults(self, name: str) -> Iterator[tuple[str, str]]:
        """What is wrong with a schema itself: pointer and message of each fault."""
        schema = self.documents[name]
        try:
            validator_for(schema, default=jsonschema_draft()).check_schema(schema)
        except SchemaError as error:
            yield pointer_of(error.absolute_path), error.message
            return
        for place, reference in references(schema):
            try:
                self.known.resolver(self.base(name)).lookup(reference)
            except Unresolvable:
                yield place, f"the reference {reference} leads nowhere"

    def targets(self, name: str) -> Iterator[tuple[str, str]]:
        """The other schemas of the extension that a schema refers to: pointer and file name."""
        files = {self.base(other): other for other in self.documents if other != name}
        for place, reference in references(self.documents[name]):
            target = files.get(urldefrag(urljoin(self.base(name), reference)).url)
            if target is not None:
                yield place, target

    def errors(self, name: str, example: Any) -> Iterator[tuple[str, str]]:
        """The faults of an example against a schema: pointer and message."""
        schema = self._placed(name)
        kind = validator_for(schema, default=jsonschema_draft())
        validator = kind(schema, registry=self.known, format_checker=formats.checker())
        found: list[ValidationError] = list(validator.iter_errors(example))
        for error in found:
            yield pointer_of(error.absolute_path), error.message

    def accepts(self, name: str, example: Any) -> bool:
        """Whether a schema alone accepts a document."""
        return next(self.errors(name, example), None) is None

    def loosened(self, name: str, core: str, example: Any) -> Iterator[str]:
        """Changes to an example that UNTP rejects and the extension accepts: there it has loosened the core."""
        pairs = [(url, self.known.contents(url)) for url in self.known]
        extension = jsonschema_rs.validator_for(
            self._placed(name),
            validate_formats=True,
            formats=dict(formats.DATES),
            registry=jsonschema_rs.Registry(pairs),
        )
        for place, changed in mutants(example):
            if extension.is_valid(changed) and schema_faults(core, changed, engine="fast"):
                yield place


def jsonschema_draft() -> Any:
    """The draft that UNTP schemas are written in."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - one name, used as a default

    return Draft202012Validator


def pointer_of(path: Any) -> str:
    """A JSON pointer from the path of an error."""
    return "".join(f"/{escape(str(part))}" for part in path)


def references(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every `$ref` of a schema with its place."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield f"{place}/$ref", value["$ref"]
        for name, inner in value.items():
            if name not in ("const", "enum", "default", "examples"):
                yield from references(inner, f"{place}/{escape(name)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from references(inner, f"{place}/{index}")


def catch_alls(value: Any, place: str = "") -> Iterator[str]:
    """The place of every `@vocab` of a context that is not switched off."""
    if isinstance(value, dict):
        if value.get("@vocab") is not None:
            yield f"{place}/@vocab"
        for name, inner in value.items():
            yield from catch_alls(inner, f"{place}/{escape(name)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from catch_alls(inner, f"{place}/{index}")


def defined(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every term that a context defines, those in scoped contexts too: place and definition."""
    contexts = value.get("@context") if isinstance(value, dict) else None
    for number, context in enumerate(contexts if isinstance(contexts, list) else [contexts]):
        here = f"{place}/@context/{number}" if isinstance(contexts, list) else f"{place}/@context"
        for name, term in context.items() if isinstance(context, dict) else ():
            if not name.startswith("@"):
                yield f"{here}/{escape(name)}", term
                yield from defined(term, f"{here}/{escape(name)}")


def mutants(example: Any) -> Iterator[tuple[str, Any]]:
    """Each member of an example left out, and each value replaced by one of another kind."""
    for path in list(_paths(example)):
        place = pointer_of(path)
        for replacement in REPLACEMENTS:
            changed, holder = _copied(example, path)
            holder[path[-1]] = replacement
            yield place, changed
        changed, holder = _copied(example, path)
        del holder[path[-1]]
        yield place, changed


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
