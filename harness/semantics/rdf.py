"""Expanded JSON-LD -> RDF: N-Triples by place for the shapes, canonical N-Quads for the proofs.

pyoxigraph turns expanded documents into RDF (never compact ones: it loses quads on them, see
docs/engines.md); the reference is pyld's own conversion. Canonical form: RDFC-1.0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph
from pyld import jsonld

from harness.errors import MalformedError

PLACE = "urn:place:"
"""Prefix of the IRI that stands for a JSON object in the shapes graph: the rest is its pointer."""

STATED_ID = "urn:untp-crm:statedId"
"""Predicate from a place to the identifier that the object states."""


def by_place(expanded: list[Any], places: Mapping[int, str]) -> list[Any]:
    """Copy an expanded document so that each JSON object is a node of its own, named by its place.

    In plain RDF two objects that state the same id become one node: their values mix, and a finding
    has no place. Here the stated id is a value of the place.
    """

    def copied(value: Any) -> Any:
        if isinstance(value, list):
            return [copied(item) for item in value]
        if not isinstance(value, dict) or "@value" in value:
            return value
        pointer = places.get(id(value))
        if pointer is None:
            return {name: copied(item) if name != "@id" else item for name, item in value.items()}
        made: dict[str, Any] = {"@id": place_iri(pointer)}
        for name, item in value.items():
            if name == "@id":
                made[STATED_ID] = [{"@value": item}]
            elif name == "@type":
                made[name] = item
            else:
                made[name] = copied(item)
        return made

    result: list[Any] = copied(expanded)
    return result


def place_iri(pointer: str) -> str:
    """The IRI of the JSON object at a pointer."""
    return PLACE + quote(pointer, safe="/~")


def pointer_of(iri: str) -> str | None:
    """The pointer behind a place IRI (with or without angle brackets), or None for any other IRI."""
    iri = iri.strip("<>")
    return unquote(iri.removeprefix(PLACE)) if iri.startswith(PLACE) else None


def to_ntriples(expanded: list[Any], *, engine: str) -> str:
    """The default graph of an expanded document as sorted N-Triples: proofs live in named graphs."""
    if engine == "fast":
        quads = pyoxigraph.parse(_dumped(expanded), format=pyoxigraph.RdfFormat.JSON_LD)
        default = pyoxigraph.DefaultGraph()
        triples = (quad.triple for quad in quads if quad.graph_name == default)
        raw = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        lines = raw.decode().splitlines() if raw else []
    else:
        dataset = jsonld.to_rdf(expanded, {"format": "application/n-quads", "base": ""})
        quads = pyoxigraph.parse(dataset.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
        lines = [f"{quad.triple} ." for quad in quads if quad.graph_name == pyoxigraph.DefaultGraph()]
    return "\n".join(sorted(set(lines))) + "\n"


def canonical(expanded: list[Any], algorithm: str = "sha256") -> str:
    """Canonical N-Quads of an expanded document (RDFC-1.0, section 4), lines in code point order.

    It has no budget of its own: callers run it through harness.trust.budget.
    """
    hashing = {
        "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0,
        "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
    }.get(algorithm)
    if hashing is None:
        raise MalformedError(f"RDFC-1.0 knows no hash algorithm {algorithm!r}")
    try:
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(_dumped(expanded), format=pyoxigraph.RdfFormat.JSON_LD))
    except (SyntaxError, ValueError) as error:
        raise MalformedError(f"the expanded document is no RDF: {error}") from None
    dataset.canonicalize(hashing)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _dumped(expanded: list[Any]) -> bytes:
    return json.dumps(expanded, ensure_ascii=False).encode()
