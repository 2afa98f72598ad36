"""The shapes graph of an ordinary credential, written straight from its expanded form as N-Triples.

It saves the copy by place and the way through an RDF parser, which together cost more than SHACL itself.
Whatever is out of the ordinary (lists, graphs, JSON literals, languages, odd IRIs, control characters) is
left to `rdf.by_place` and `rdf.to_ntriples`: then the answer here is None. Tests hold both equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harness.semantics.rdf import STATED_ID, is_inner_graph, lexical_number, place_iri

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = f"{XSD}string"
_OWN_WAYS = (f"{XSD}double", "@json")
"""Datatypes whose lexical forms are not those that were written."""

_PCHAR = r"(?:[A-Za-z0-9._~:/@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_ORDINARY_IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?://[A-Za-z0-9.-]*(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"{_PCHAR}*+(?:\?(?:{_PCHAR}|\?)*+)?(?:#(?:{_PCHAR}|\?)*+)?"
)
"""IRIs that every parser takes; others are left to one that says which of them are lawful."""

_terms: dict[str, str] = {}
"""Terms of properties, types and datatypes, which come again in every document; emptied when there are many."""
MAX_TERMS = 20_000

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Unusual(Exception):  # noqa: N818 - a signal inside this module, never an error that a user meets
    """Something that the ordinary way does not cover."""


def place_triples(
    expanded: list[Any], places: Mapping[int, str], wanted: frozenset[str] | None = None
) -> str | None:
    """Sorted N-Triples of an expanded document by place; None where it is out of the ordinary.

    `wanted` are the predicates to write beside the types, by default all.
    """
    writer = _Writer(places, wanted)
    try:
        for item in expanded:
            writer.node(item)
    except _Unusual:
        return None
    return "\n".join(sorted(set(writer.lines))) + "\n"


def chosen(ntriples: str, wanted: frozenset[str] | None) -> str:
    """The lines of sorted N-Triples whose predicates are wanted, types among them."""
    if wanted is None:
        return ntriples
    lines = (line for line in ntriples.split("\n") if line)
    kept = [line for line in lines if _predicate(line) == RDF_TYPE[1:-1] or _predicate(line) in wanted]
    return "\n".join(kept) + "\n"


def _predicate(line: str) -> str:
    return line.split(" ", 2)[1][1:-1]


class _Writer:
    def __init__(self, places: Mapping[int, str], wanted: frozenset[str] | None) -> None:
        self._places = places
        self._wanted = wanted
        self._known: dict[str, str] = {}
        self.lines: list[str] = []

    def node(self, value: Any) -> str:
        """Write the triples of a node object and give its term."""
        if not isinstance(value, dict) or "@value" in value:
            raise _Unusual
        pointer = self._places.get(id(value))
        identifier = value.get("@id")
        if pointer is None:
            if len(value) == 1 and isinstance(identifier, str):
                return self._iri(identifier)
            raise _Unusual
        subject = f"<{place_iri(pointer)}>"
        add, wanted = self.lines.append, self._wanted
        for name, items in value.items():
            if name == "@id":
                if not isinstance(identifier, str):
                    raise _Unusual
                if wanted is None or STATED_ID in wanted:
                    add(f"{subject} <{STATED_ID}> {_quoted(identifier)} .")
            elif name == "@type":
                for kind in items:
                    add(f"{subject} {RDF_TYPE} {_terms.get(kind) or _term(kind)} .")
            elif name[0] == "@":
                raise _Unusual
            else:
                stated = wanted is None or name in wanted
                begin = f"{subject} {_terms.get(name) or _term(name)}" if stated else ""
                for item in items:
                    if type(item) is dict and "@value" in item:
                        if stated:
                            add(f"{begin} {_literal(item)} .")
                    elif not is_inner_graph(item, self._places) and (stated or not self._is_reference(item)):
                        term = self.node(item)
                        if stated:
                            add(f"{begin} {term} .")
        return subject

    def _is_reference(self, item: Any) -> bool:
        """Whether an item only names something that stands elsewhere."""
        return isinstance(item, dict) and len(item) == 1 and "@id" in item and id(item) not in self._places

    def _iri(self, text: Any) -> str:
        term = self._known.get(text) if isinstance(text, str) else None
        if term is None:
            if not isinstance(text, str) or not _ORDINARY_IRI.fullmatch(text):
                raise _Unusual
            term = self._known[text] = f"<{text}>"
        return term


def _term(text: Any) -> str:
    """The term of a property, type or datatype, remembered."""
    if not isinstance(text, str) or not _ORDINARY_IRI.fullmatch(text):
        raise _Unusual
    if len(_terms) >= MAX_TERMS:
        _terms.clear()
    term = _terms[text] = f"<{text}>"
    return term


def _quoted(text: str) -> str:
    if _CONTROL.search(text):
        raise _Unusual
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _literal(item: dict[str, Any]) -> str:
    """The term of a value object."""
    value, kind = item["@value"], item.get("@type")
    if len(item) != 1 and (kind is None or len(item) != 2):  # noqa: PLR2004 - value and type
        raise _Unusual
    if isinstance(value, str):
        if kind is None or kind == XSD_STRING:
            return _quoted(value)
        if kind in _OWN_WAYS:
            raise _Unusual
        return f"{_quoted(value)}^^{_terms.get(kind) or _term(kind)}"
    if kind == "@json":
        raise _Unusual
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^{_term(kind or f"{XSD}boolean")}'
    if isinstance(value, int | float):
        lexical, datatype = lexical_number(value, kind)
        return f'"{lexical}"^^{_terms.get(datatype) or _term(datatype)}'
    raise _Unusual
