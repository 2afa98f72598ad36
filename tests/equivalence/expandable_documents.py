"""Documents to expand with both contexts: those of the corpora, and specimens that use every term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import cycle, product, repeat
from typing import Any, Final

from .active_contexts import scoped_terms
from .pairs import ARTEFACTS, corpora, read
from .worlds import VCDM_2, registered

UNKNOWN: Final = {"zzUnknown": "a term of nobody"}
"""A member that no context defines: it is dropped, or caught by a `@vocab`, in both worlds alike."""


@cache
def written_documents() -> dict[str, Any]:
    """Every JSON-LD document in the corpora and official samples that names a registered context."""
    samples = {str(path): read(path) for path in sorted(ARTEFACTS.rglob("instance*.json"))}
    return {
        f"{file}#{number}": written
        for file, content in {**corpora(), **samples}.items()
        for number, written in enumerate(_outermost(content))
        if not registered().keys().isdisjoint(named(written))
    }


def named(written: object) -> Iterator[str]:
    """Every context URL that a document names, at any depth."""
    if isinstance(written, list):
        for item in written:
            yield from named(item)
    elif isinstance(written, dict):
        context = written.get("@context")
        yield from (
            url for url in (context if isinstance(context, list) else [context]) if isinstance(url, str)
        )
        for value in written.values():
            yield from named(value)


def specimens(url: str, context: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Documents that use every term of a context, in every scope, alone and after VCDM 2.0.

    Each comes twice: with references as URLs only, and with nodes of changing types in their place.
    """
    types = scoped_terms(context)
    changing = cycle([_shallow(type_, context[type_]["@context"]) for type_ in types] or [UNKNOWN])
    for contexts, nested in product(([url], [VCDM_2, url]), (repeat(UNKNOWN), changing)):
        yield {"@context": contexts, **_node(context, nested)}
        for type_ in types:
            yield {"@context": contexts, "@type": type_, **_node(context[type_]["@context"], nested)}


def _outermost(content: object) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict) and "@context" in content:
        yield content
    elif isinstance(content, dict | list):
        for item in content.values() if isinstance(content, dict) else content:
            yield from _outermost(item)


def _node(scope: object, nested: Iterator[Mapping[str, Any]]) -> dict[str, Any]:
    """A node with every term that its scope defines, keyword aliases apart."""
    if not isinstance(scope, dict):
        return dict(UNKNOWN)
    terms = {
        term: _value(said, nested)
        for term, said in scope.items()
        if not term.startswith("@") and not (isinstance(said, str) and said.startswith("@"))
    }
    return {**terms, **UNKNOWN}


def _value(said: object, nested: Iterator[Mapping[str, Any]]) -> object:
    """Values that show what a definition says: text, number, code, reference, node."""
    if not isinstance(said, dict):
        return ["text", 1.5, {"@id": "urn:example:node", **UNKNOWN}]
    if "@context" in said:
        return ["code", _node(said["@context"], nested)]
    if said.get("@type") == "@json":
        return {"any": ["JSON"]}
    if said.get("@type") == "@id":
        return ["urn:example:node", dict(next(nested))]
    return ["text", 1.5, True]


def _shallow(type_: str, scope: object) -> dict[str, Any]:
    own = scope if isinstance(scope, dict) else {}
    return {"@type": type_, **{term: "text" for term in own if not term.startswith("@")}, **UNKNOWN}
