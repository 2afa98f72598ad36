"""Our JSON Schemas hold together by themselves, without the official ones beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schemas"
BASE: Final = "https://untp-crm.example/schemas/"
FILES: Final = sorted(path for folder in ("untp-*", "vcdm-*") for path in SCHEMAS.glob(f"{folder}/*.json"))

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")


def _read(file: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(child)


def _with_absolute_references(value: Any, base: str) -> Any:
    if isinstance(value, dict):
        return {
            name: urljoin(base, child) if name == "$ref" else _with_absolute_references(child, base)
            for name, child in value.items()
        }
    return [_with_absolute_references(child, base) for child in value] if isinstance(value, list) else value


def test_there_are_schemas() -> None:
    """Five credential types in each UNTP version, and the two of W3C."""
    for version in ("0.5.0", "0.6.0", "0.6.1", "0.7.0"):
        names = {file.stem for file in FILES if file.parent.name == f"untp-{version}"}
        assert names >= {"core", "dpp", "dcc", "dfr", "dte", "dia"}
    assert {file.stem for file in FILES if file.parent.name == "vcdm-2.0"} == {"credential", "presentation"}


@each_file
def test_file_is_a_schema(file: Path) -> None:
    """The file says Draft 2020-12 and is valid by its metaschema."""
    schema = _read(file)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@each_file
def test_id_is_the_path(file: Path) -> None:
    """The `$id` is the path under the base URL, so that no two files share one."""
    assert _read(file)["$id"] == f"{BASE}{file.relative_to(SCHEMAS).as_posix()}"


@each_file
def test_every_reference_leads_somewhere(file: Path) -> None:
    """Every `$ref` is relative and leads to a schema in this folder."""
    schemas = [_read(each) for each in FILES]
    resources = [(schema["$id"], DRAFT202012.create_resource(schema)) for schema in schemas]
    registry: Registry[Any] = Registry().with_resources(resources)
    schema = _read(file)
    references = [each["$ref"] for each in _objects(schema) if isinstance(each.get("$ref"), str)]
    assert all("://" not in reference for reference in references)
    for reference in references:
        found = registry.resolver(schema["$id"]).lookup(reference)
        assert isinstance(found.contents, dict)


def test_every_definition_is_used() -> None:
    """Nothing stands in `$defs` that no schema refers to."""
    used = {
        urljoin(schema["$id"], each["$ref"])
        for schema in map(_read, FILES)
        for each in _objects(schema)
        if isinstance(each.get("$ref"), str)
    }
    defined = {
        f"{schema['$id']}#/$defs/{name}" for schema in map(_read, FILES) for name in schema.get("$defs", ())
    }
    assert sorted(defined - used) == []


def test_no_class_stands_twice() -> None:
    """No object with three or more properties is written twice; a reference counts as what it leads to."""
    places: dict[str, list[str]] = defaultdict(list)
    for schema in map(_read, FILES):
        for each in _objects(_with_absolute_references(schema, schema["$id"])):
            members = each.get("properties")
            if isinstance(members, dict) and len(members) >= 3:
                text = json.dumps({**each, "$id": "", "title": ""}, sort_keys=True)
                places[text].append(f"{schema['$id']} {sorted(members)}")
    assert [where for where in places.values() if len(where) > 1] == []
