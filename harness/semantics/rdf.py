"""Expanded JSON-LD -> RDF: N-Triples by place for the shapes, canonical N-Quads for the proofs.

pyoxigraph turns expanded documents into RDF (never compact ones: it loses quads on them, see
docs/engines.md); the reference is pyld's own conversion. Canonical form: RDFC-1.0.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph
from pyld import jsonld
from pyld.jsonld import JsonLdError

from harness.errors import EngineError, MalformedError

PLACE = "urn:place:"
"""Prefix of the IRI that stands for a JSON object in the shapes graph: the rest is its pointer."""

STATED_ID = "urn:untp-crm:statedId"
"""Predicate from a place to the identifier that the object states."""

XSD_DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
LARGEST_INTEGER = 10**21
"""From here on JSON-LD writes whole numbers as doubles."""
_TRAILING = re.compile(r"(\d)0*E\+?(-)?0*(\d)")
_PLAIN_POINTER = re.compile(r"[A-Za-z0-9/_.~-]*+")
"""Pointers that are written in an IRI as they are."""

RELATIVE = "relative://reference/"
"""Base that shows which IRIs were relative: they are no RDF (JSON-LD 1.1 API, section 7.2)."""


def by_place(expanded: list[Any], places: Mapping[int, str]) -> list[Any]:
    """Copy an expanded document so that each JSON object is a node of its own, named by its place.

    In plain RDF two objects that state the same id become one node: their values mix, and a finding
    has no place. Here the stated id is a value of the place. Graphs inside, which hold the proofs, are left out.
    """

    def copied(value: Any) -> Any:
        if isinstance(value, list):
            return [copied(item) for item in value if not is_inner_graph(item, places)]
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return _without_direction(value)
        pointer = None if "@list" in value or "@set" in value else places.get(id(value))
        made: dict[str, Any] = {} if pointer is None else {"@id": place_iri(pointer)}
        for name, item in value.items():
            if name == "@id":
                if isinstance(item, str):  # pyld writes null for what only looks like a keyword
                    made.update({name: item} if pointer is None else {STATED_ID: [{"@value": item}]})
            else:
                made[name] = (
                    [kind for kind in item if isinstance(kind, str)] if name == "@type" else copied(item)
                )
        return made

    result: list[Any] = copied(expanded)
    return result


def is_inner_graph(value: Any, places: Mapping[int, str]) -> bool:
    """Whether a value is the wrapper of a graph container, which stands for no object of the source."""
    return isinstance(value, dict) and "@graph" in value and "@id" not in value and id(value) not in places


def place_iri(pointer: str) -> str:
    """The IRI of the JSON object at a pointer."""
    return PLACE + (pointer if _PLAIN_POINTER.fullmatch(pointer) else quote(pointer, safe="/~"))


def pointer_of(iri: str) -> str | None:
    """The pointer behind a place IRI (with or without angle brackets), or None for any other IRI."""
    iri = iri.strip("<>")
    return unquote(iri.removeprefix(PLACE)) if iri.startswith(PLACE) else None


def to_ntriples(expanded: list[Any], *, engine: str) -> str:
    """The default graph of an expanded document as sorted N-Triples: proofs live in named graphs.

    What is no RDF, such as an IRI with a blank in it, is left out by both engines. Raises EngineError
    where an engine takes none of it.
    """
    try:
        triples = _triples(expanded) if engine == "fast" else _reference_triples(expanded)
        raw = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError, ArithmeticError, JsonLdError) as error:
        message = f"the expanded document cannot be turned into RDF: {str(error).splitlines()[0]}"
        raise EngineError(
            message, hint="Report this with the credential: it is a fault of the harness."
        ) from None
    lines = {line for line in (raw or b"").decode().split("\n") if line}
    return "\n".join(sorted(lines)) + "\n"


def _triples(expanded: list[Any]) -> Iterator[pyoxigraph.Triple]:
    quads = pyoxigraph.parse(_dumped(expanded), format=pyoxigraph.RdfFormat.JSON_LD)
    default = pyoxigraph.DefaultGraph()
    return (quad.triple for quad in quads if quad.graph_name == default)


def _reference_triples(expanded: list[Any]) -> Iterator[pyoxigraph.Triple]:
    dataset = jsonld.to_rdf(expanded, {"base": RELATIVE})
    for row in dataset.get("@default", ()):
        if any(term["value"].startswith(RELATIVE) for term in row.values()):
            continue
        try:
            yield pyoxigraph.Triple(_term(row["subject"]), _term(row["predicate"]), _term(row["object"]))
        except ValueError:  # no lawful IRI, language tag or blank node
            continue


def _term(term: Mapping[str, str]) -> Any:
    if term["type"] == "IRI":
        return pyoxigraph.NamedNode(term["value"])
    if term["type"] == "blank node":
        return pyoxigraph.BlankNode(term["value"].removeprefix("_:"))
    if "language" in term:
        return pyoxigraph.Literal(term["value"], language=term["language"])
    return pyoxigraph.Literal(term["value"], datatype=pyoxigraph.NamedNode(term["datatype"]))


def canonical(expanded: list[Any], algorithm: str = "sha256") -> str:
    """Canonical N-Quads of an expanded document (RDFC-1.0, section 4), lines in code point order.

    It has no budget of its own: callers run it through harness.trust.budget.
    """
    try:
        quads = list(pyoxigraph.parse(_dumped(expanded), format=pyoxigraph.RdfFormat.JSON_LD))
    except (SyntaxError, ValueError) as error:
        raise MalformedError(f"the expanded document is no RDF: {error}") from None
    return canonical_dataset(quads, algorithm)


def canonical_dataset(quads: Iterable[pyoxigraph.Quad], algorithm: str = "sha256") -> str:
    """Canonical N-Quads of a dataset (RDFC-1.0, section 4); raises MalformedError for an unknown hash."""
    hashing = {
        "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0,
        "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
    }.get(algorithm)
    if hashing is None:
        raise MalformedError(f"RDFC-1.0 knows no hash algorithm {algorithm!r}")
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(hashing)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _dumped(expanded: list[Any]) -> bytes:
    dumped = json.dumps(_with_lexical_numbers(expanded), ensure_ascii=False).encode()
    if b'"@direction"' in dumped:  # JSON-LD 1.1 leaves it out of RDF unless told otherwise (API, section 6.5)
        dumped = json.dumps(_without_direction(_with_lexical_numbers(expanded)), ensure_ascii=False).encode()
    return dumped


def lexical_number(value: float, kind: str | None) -> tuple[str, str]:
    """The lexical form and datatype of a JSON number in RDF (JSON-LD 1.1 API, section 8.6.2).

    A double has 15 digits after the point, rounded as `%1.15E` does: 72.1 is 7.209999999999999E1. Engines
    that write the shortest form instead give another canonical document, and so another signature.
    """
    whole = isinstance(value, int) or value.is_integer()
    if whole and kind != XSD_DOUBLE and abs(value) < LARGEST_INTEGER:
        return str(int(value)), kind or XSD_INTEGER
    return _TRAILING.sub(r"\1E\2\3", f"{float(value):1.15E}"), kind or XSD_DOUBLE


def _with_lexical_numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_lexical_numbers(item) for item in value]
    if not isinstance(value, dict) or value.get("@type") == "@json":
        return value
    number = value.get("@value")
    if isinstance(number, int | float) and not isinstance(number, bool):
        lexical, kind = lexical_number(number, value.get("@type"))
        return {**value, "@value": lexical, "@type": kind}
    return {name: _with_lexical_numbers(item) for name, item in value.items()}


def _without_direction(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_direction(item) for item in value]
    if not isinstance(value, dict) or value.get("@type") == "@json":
        return value
    return {name: _without_direction(item) for name, item in value.items() if name != "@direction"}
