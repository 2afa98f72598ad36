"""An extension, good and broken: UNTP-CRM by two of its types, and its mutations in test_cases/vectors/extension/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError
from harness.evidence import Absence, Evidence
from harness.gather.extension import FILE, ExtensionFiles
from harness.model import Outcome
from harness.reference.crm import crm_web, load_crm_payloads
from harness.reference.edits import Patch
from harness.reference.examples import CONTEXT, crm_files
from harness.reference.payloads import dump
from harness.reference.vectors import Also
from harness.resources import resource

KINDS = ("MiningPermitCredential", "MineSiteRecord")
PARTS: Mapping[str, str] = {
    "table": FILE, "context": "schemas/context.jsonld", "schema": "schemas/mining-permit.json",
    "example": "dcc-kasonga-permit.json", "web": "",
}  # fmt: skip
BEFORE = "schemas/context-before.jsonld"
PLACE = "web/untp-crm.example/"


@dataclass(frozen=True)
class ExtensionVector:
    """One mutation of the extension: its name, the requirement that catches it, what is changed and how."""

    name: str
    requirement: str
    part: str
    summary: str
    patch: tuple[Mapping[str, Any], ...]
    also: tuple[Also, ...] = ()
    file: str = ""

    @property
    def component(self) -> str:
        """The component of its requirement."""
        return self.requirement.partition("-")[0]

    @property
    def expects(self) -> Mapping[str, Outcome]:
        """The outcome of every requirement that says something of it."""
        names = (self.requirement, *(other.requirement for other in self.also))
        return {name: load_catalogue().requirements[name].severity() for name in names}


@cache
def load_extension_vectors() -> tuple[ExtensionVector, ...]:
    """Every mutation. Raises SuiteError with the place of what is wrong."""
    found: dict[str, ExtensionVector] = {}
    known = load_catalogue().requirements
    for path in sorted(resource("test_cases", "vectors", "extension").glob("*.toml")):
        for number, row in enumerate(read_toml(path, "extension-vector")["vector"]):
            also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
            names = (row["requirement"], *(other.requirement for other in also))
            unknown = [name for name in names if name not in known]
            if unknown or row["name"] in found:
                what = f"names the unknown requirement {unknown[0]}" if unknown else "is named twice"
                raise SuiteError(
                    f"the vector {row['name']} {what}", where=place_in(path, "vector", number, "name")
                )
            found[row["name"]] = ExtensionVector(
                row["name"],
                row["requirement"],
                row["part"],
                row["summary"],
                tuple(row["patch"]),
                also,
                str(place_in(path, "vector", number, "name")),
            )
    return tuple(found.values())


@cache
def good_extension() -> ExtensionFiles:
    """The good twin: two types of UNTP-CRM, each with two examples that are not signed."""
    files = crm_files()
    examples = {
        kind: tuple(
            f"{name.rpartition('/')[2]}.json"
            for name, payload in load_crm_payloads().items()
            if kind in payload.value["type"]
        )[:2]
        for kind in KINDS
    }
    texts = {
        f"{name.rpartition('/')[2]}.json": payload.text.encode()
        for name, payload in load_crm_payloads().items()
    }
    profile = load_catalogue().profiles["untp-crm"]
    rows = [
        {
            "name": kind, "extends": profile.types[kind].core, "subject": list(profile.types[kind].subject),
            "schema": f"schemas/{(profile.types[kind].extension or '').rpartition('/')[2]}", "examples": list(names),
        }
        for kind, names in examples.items()
    ]  # fmt: skip
    context = {"url": CONTEXT, "file": PARTS["context"], "previous": BEFORE}
    description = {
        "name": "UNTP-CRM", "version": "0.1", "base": profile.base, "registered": False,
        "tests": "https://untp-crm.example/tests", "report": "https://untp-crm.example/report",
        "context": [context], "schema": [{"file": "schemas/core.json"}], "type": rows,
    }  # fmt: skip
    wanted = ["schemas/context.jsonld", "schemas/core.json", *(str(row["schema"]) for row in rows)]
    held = {FILE: files[FILE], BEFORE: files["schemas/context.jsonld"]}
    held |= {name: files[name] for name in wanted}
    held |= {name: texts[name] for names in examples.values() for name in names}
    return ExtensionFiles(
        description,
        {name: Evidence(name, body, "application/json", "demo") for name, body in held.items()},
        examples,
    )


@cache
def good_extension_web() -> Mapping[str, Evidence | Absence]:
    """What the web answers around the good twin: what it publishes, and what its examples refer to."""
    found: dict[str, Evidence | Absence] = dict(crm_web())
    for path, body in crm_files().items():
        if path.startswith(PLACE):
            url = f"https://untp-crm.example/{path.removeprefix(PLACE).removesuffix('index.json')}"
            found[url] = Evidence(url, body, "application/json", "demo")
    return found


def broken_extension(vector: ExtensionVector) -> tuple[ExtensionFiles, Mapping[str, Evidence | Absence]]:
    """The extension with a mutation in it, and the web around it."""
    good, web = good_extension(), good_extension_web()
    patch = Patch.of(vector.patch, f"vector {vector.name}")
    if vector.part == "web":
        kept = patch(dict.fromkeys(web))
        return good, {
            url: answer if url in kept else Absence(url, "answered 404", "vendor")
            for url, answer in web.items()
        }
    if vector.part == "table":
        return replace(good, description=patch(json.loads(json.dumps(good.description)))), web
    name = PARTS[vector.part]
    body = dump(patch(json.loads(good.files[name].body))).encode()
    return replace(good, files={**good.files, name: replace(good.files[name], body=body)}), web
