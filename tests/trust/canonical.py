"""A small canonicaliser for tests: pyld expands, pyoxigraph canonicalises; contexts come from schemas/w3c."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph
from pyld import jsonld

from harness.errors import MalformedError

W3C: Final = Path(__file__).resolve().parents[2] / "schemas" / "w3c"

FILES: Final = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2",
    "https://www.w3.org/2018/credentials/v1": "credentials-v1",
    "https://www.w3.org/ns/credentials/examples/v2": "examples-v2",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-2020-v1",
    "https://w3id.org/security/suites/jws-2020/v1": "jws-2020-v1",
}
HASHES: Final = {
    "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0,
    "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}

CITIZENSHIP: Final = "https://w3id.org/citizenship/v4rc1"
"""Context of some W3C vectors; below are the terms that these vectors use, and no more."""


def _term(name: str, vocabulary: str = "https://w3id.org/citizenship#", kind: str | None = None) -> Any:
    return vocabulary + name if kind is None else {"@id": vocabulary + name, "@type": kind}


SCHEMA_ORG: Final = "https://schema.org/"
XSD_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
PERSONAL: Final = ("additionalName", "familyName", "gender", "givenName")
INLINE: Final[dict[str, Any]] = {
    CITIZENSHIP: {
        "@protected": True,
        "image": _term("image", SCHEMA_ORG, "@id"),
        "PermanentResidentCardCredential": _term("PermanentResidentCardCredential"),
        "EmploymentAuthorizationDocumentCredential": _term("EmploymentAuthorizationDocumentCredential"),
        "PermanentResident": _term("PermanentResident"),
        "Person": {
            "@id": SCHEMA_ORG + "Person",
            "@context": {
                **{name: _term(name, SCHEMA_ORG) for name in PERSONAL},
                "birthCountry": _term("birthCountry"),
                "birthDate": _term("birthDate", SCHEMA_ORG, XSD_TIME),
                "image": _term("image", SCHEMA_ORG, "@id"),
            },
        },
        "EmployablePerson": {
            "@id": _term("EmployablePerson"),
            "@context": {
                "employmentAuthorizationDocument": _term("employmentAuthorizationDocument", kind="@id"),
                "residentSince": _term("residentSince", kind=XSD_TIME),
            },
        },
        "EmploymentAuthorizationDocument": {
            "@id": _term("EmploymentAuthorizationDocument"),
            "@context": {
                "identifier": _term("identifier", SCHEMA_ORG),
                "lprCategory": _term("lprCategory"),
                "lprNumber": _term("lprNumber"),
            },
        },
    }
}


@cache
def _context(url: str) -> Any:
    if url in INLINE:
        return {"@context": INLINE[url]}
    return json.loads((W3C / f"{FILES[url]}.jsonld").read_text("utf-8"))


def load(url: str, _options: object = None) -> dict[str, Any]:
    """Give pyld a context from the repository, or refuse."""
    if url not in FILES and url not in INLINE:
        raise jsonld.JsonLdError(
            f"no such context here: {url}", "jsonld.LoadDocumentError", code="loading failed"
        )
    reply = {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url}
    return {**reply, "document": _context(url)}


def canonicalise(document: dict[str, Any], hash_name: str) -> str:
    """Canonical N-Quads of a JSON-LD document (RDFC-1.0)."""
    try:
        expanded = jsonld.expand(document, {"documentLoader": load, "base": ""})
    except (jsonld.JsonLdError, ValueError) as error:  # pyld says ValueError for some relative IRIs
        raise MalformedError(f"not JSON-LD: {error}") from error
    return canonical_quads(json.dumps(expanded), hash_name)


def canonical_quads(expanded: str, hash_name: str) -> str:
    """Canonical N-Quads of expanded JSON-LD, given as text."""
    try:
        quads = pyoxigraph.parse(expanded.encode(), format=pyoxigraph.RdfFormat.JSON_LD)
        return _canonical(quads, hash_name)
    except (SyntaxError, ValueError) as error:
        raise MalformedError(f"no RDF: {error}") from error


def canonical_from_quads(text: str, hash_name: str) -> str:
    """Canonical N-Quads of N-Quads."""
    return _canonical(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS), hash_name)


def _canonical(quads: Any, hash_name: str) -> str:
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(HASHES[hash_name])
    return "".join(sorted(f"{quad} .\n" for quad in dataset))
