"""Documents beside credentials, good and broken: link sets, vocabularies of criteria, registers.

They are data: the good ones lie under test_cases/vectors/good/documents/, their mutations in
test_cases/vectors/documents/<component>.toml. Nobody signs them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError
from harness.evidence import Evidence
from harness.reference.edits import Patch
from harness.reference.payloads import dump
from harness.reference.vectors import Also, Vector
from harness.resources import resource

FOLDER = "documents"


@dataclass(frozen=True)
class DocumentVector(Vector):
    """A mutation of a document, and the profile that it is judged by where that is not guessed."""

    profile: str | None = None


@cache
def good_documents() -> Mapping[str, str]:
    """The text of every good document by name, as documents/linkset."""
    folder = resource("test_cases", "vectors", "good", FOLDER)
    return {
        f"{FOLDER}/{path.stem}": path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))
    }


@cache
def load_document_vectors() -> tuple[DocumentVector, ...]:
    """Every mutation of a document. Raises SuiteError with the place of what is wrong."""
    found: dict[str, DocumentVector] = {}
    requirements = load_catalogue().requirements
    for path in sorted(resource("test_cases", "vectors", FOLDER).glob("*.toml")):
        for number, row in enumerate(read_toml(path, "vector")["vector"]):
            where = place_in(path, "vector", number, "name")
            also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
            for name in (row["requirement"], *(other.requirement for other in also)):
                if name not in requirements:
                    raise SuiteError(
                        f"vector {row['name']} names the unknown requirement {name}", where=where
                    )
            if row["base"] not in good_documents() or row["name"] in found:
                what = "is named twice" if row["name"] in found else f"has the unknown base {row['base']}"
                raise SuiteError(f"the vector {row['name']} {what}", where=where)
            found[row["name"]] = DocumentVector(
                row["name"], row["requirement"], row["base"], row["summary"], tuple(row["patch"]),
                also=also, file=str(where), profile=row.get("profile"),
            )  # fmt: skip
    return tuple(found.values())


def good_document(name: str) -> Evidence:
    """A good document as evidence."""
    return Evidence(
        f"{name.rpartition('/')[2]}.json", good_documents()[name].encode(), "application/json", "demo"
    )


def broken_document(vector: DocumentVector) -> Evidence:
    """A document with a mutation in it."""
    patch = Patch.of(vector.patch, f"vector {vector.name}")
    body = dump(patch(json.loads(good_documents()[vector.base]))).encode()
    return Evidence(f"{vector.name}.json", body, "application/json", "demo")
