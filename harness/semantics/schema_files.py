"""The schema files under schemas/, by `$id`, with every reference among them checked before one is used.

Nothing is ever fetched: a `$ref` leads to a file of ours or it is an error, told with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from referencing import Registry as Resources
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from harness.errors import ArtefactError, Where
from harness.resources import resource
from harness.semantics.artefacts import line_of, read_schema_file, registry

_NO_SCHEMA = frozenset({"const", "enum", "default", "examples"})
"""Keywords whose value is no schema, so that a `$ref` in it is a plain member."""


@dataclass(frozen=True)
class _File:
    label: str
    path: Path
    schema: Any


@cache
def resources() -> Resources[Any]:
    """Every schema of ours by its `$id`."""
    found: Resources[Any] = Resources()
    for identifier, file in _files().items():
        found = found.with_resource(identifier, DRAFT202012.create_resource(file.schema))
    return found.crawl()


@cache
def load_schema(name: str) -> Any:
    """The schema that is used for schemas/`name`. Raises ArtefactError where a reference leads nowhere."""
    schema = registry().schema(name)
    path = resource("schemas", *name.split("/"))
    waiting, seen = [_File(f"schemas/{name}", path, schema)], {str(path)}
    while waiting:
        file = waiting.pop()
        base = file.schema.get("$id", "") if isinstance(file.schema, dict) else ""
        resolver = resources().resolver_with_root(DRAFT202012.create_resource(file.schema))
        for reference in _references(file.schema):
            try:
                resolver.lookup(reference)
            except Unresolvable:
                raise unresolved(file.label, reference, line_of(file.path, f'"{reference}"')) from None
            target = _files().get(urldefrag(urljoin(base, reference)).url)
            if target is not None and str(target.path) not in seen:
                seen.add(str(target.path))
                waiting.append(target)
    return schema


def unresolved(label: str, reference: str, line: int | None = None) -> ArtefactError:
    """The error for a `$ref` that leads nowhere."""
    return ArtefactError(
        f"it refers to a schema that is not there: {reference}",
        where=Where(label, None, line),
        hint="Put the schema under schemas/ with this $id; nothing is ever fetched.",
    )


@cache
def _files() -> dict[str, _File]:
    found: dict[str, _File] = {}
    for folder in sorted(item for item in resource("schemas").iterdir() if item.is_dir()):
        for path in sorted(folder.glob("*.json")):
            name = f"{folder.name}/{path.name}"
            schema = read_schema_file(name)
            if isinstance(schema, dict) and "$id" in schema:
                identifier = schema["$id"]
                if identifier in found:
                    other = found[identifier].label
                    raise ArtefactError(
                        f"its $id is that of {other} already: {identifier}", where=f"schemas/{name}"
                    )
                found[identifier] = _File(f"schemas/{name}", path, schema)
    return found


def _references(schema: Any) -> Iterator[str]:
    todo = [schema]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if isinstance(item.get("$ref"), str):
                yield item["$ref"]
            todo.extend(value for name, value in item.items() if name not in _NO_SCHEMA)
        elif isinstance(item, list):
            todo.extend(item)
