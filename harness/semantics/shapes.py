"""SHACL over a credential's graph by place: each result belongs to the requirement that its shape names.

A shape is named `https://untp-crm.example/shapes/<REQUIREMENT>` or `…/<REQUIREMENT>/<part>`. The fast
engine is the `shacl` package where it installs, else pyshacl alone; pyshacl always writes the findings.
"""

from __future__ import annotations

import importlib.util
import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node as Term

from harness.errors import EngineError, SuiteError, Where
from harness.resources import resource
from harness.semantics.rdf import STATED_ID, pointer_of

rdflib.NORMALIZE_LITERALS = False

logging.getLogger("rdflib.term").setLevel(
    logging.ERROR
)  # tells values that vendors got wrong, with a traceback

SHAPES = "https://untp-crm.example/shapes/"
_HAS_FAST = importlib.util.find_spec("shacl") is not None


@dataclass(frozen=True)
class ShapeResult:
    """One violated shape: the requirement, the place, what the shape says and the value at fault."""

    requirement: str
    pointer: str
    message: str
    path: str | None
    value: str | None


def shape_results(files: tuple[str, ...], ntriples: str, *, engine: str) -> tuple[ShapeResult, ...]:
    """Every violation of the shapes in `files` (under shapes/), ordered by requirement and place."""
    if engine == "fast" and _HAS_FAST:
        report = _fast(files).validate_text(ntriples, format="ntriples")
        if report.conforms:
            return ()
    results = explain(files, ntriples)
    if engine == "fast" and _HAS_FAST and not results:
        raise EngineError("the shacl package rejects what pyshacl accepts", where=", ".join(files))
    return results


def confirm(files: tuple[str, ...], ntriples: str) -> None:
    """Judge again with the reference engine what the fast one passed."""
    if explain(files, ntriples):
        raise EngineError("pyshacl rejects what the shacl package accepts", where=", ".join(files))


def explain(files: tuple[str, ...], ntriples: str) -> tuple[ShapeResult, ...]:
    """Every violation, found by pyshacl."""
    data = Graph()
    data.parse(data=ntriples, format="nt")
    shapes = shapes_graph(files)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # rdflib on literals that vendors got wrong
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, meta_shacl=False)
    except (ReportableRuntimeError, ParseException, re.error) as error:
        raise _unusable("pyshacl", files, error) from None
    if not isinstance(report, Graph):
        raise EngineError(f"pyshacl gave no report: {report}")
    found = {_told(report, result, shapes, data) for result in report.subjects(RDF.type, SH.ValidationResult)}
    return tuple(sorted(found, key=lambda item: (item.requirement, item.pointer, item.message)))


def _told(report: Graph, result: Term, shapes: Graph, data: Graph) -> ShapeResult:
    focus = report.value(result, SH.focusNode)
    value = report.value(result, SH.value)
    path = report.value(result, SH.resultPath)
    message = report.value(result, SH.resultMessage)
    pointer = pointer_of(str(value)) if isinstance(value, URIRef) else None
    return ShapeResult(
        requirement=_requirement(report.value(result, SH.sourceShape), shapes),
        pointer=pointer if pointer is not None else _nearest(focus, data),
        message=str(message) if message is not None else "the shape does not hold",
        path=str(path).rpartition("/")[2].rpartition("#")[2] if isinstance(path, URIRef) else None,
        value=None if value is None or pointer is not None or isinstance(value, BNode) else str(value),
    )


def _nearest(focus: Term | None, data: Graph) -> str:
    """The pointer of a focus node; for an IRI that is no place, of the object that points to it."""
    if focus is None:
        return ""
    pointer = pointer_of(str(focus))
    if pointer is not None:
        return pointer
    holders = sorted(str(subject) for subject in data.subjects(None, focus))
    return next((found for holder in holders if (found := pointer_of(holder)) is not None), "")


def _requirement(shape: Term | None, shapes: Graph) -> str:
    seen: set[Term] = set()
    while shape is not None and shape not in seen:
        if isinstance(shape, URIRef) and str(shape).startswith(SHAPES):
            return str(shape).removeprefix(SHAPES).partition("/")[0]
        seen.add(shape)
        shape = next(iter(shapes.subjects(None, shape)), None)
    raise SuiteError("a shape has no IRI of ours", hint=f"Name it {SHAPES}<REQUIREMENT>.")


@cache
def shapes_graph(files: tuple[str, ...]) -> Graph:
    """The shapes of some files as one graph."""
    graph = Graph()
    for name in files:
        path = resource("shapes", name)
        try:
            graph.parse(data=path.read_text(encoding="utf-8"), format="turtle")
        except BadSyntax as error:
            line, reason = error.lines + 1, error._why  # noqa: SLF001 - str(error) spreads them over four lines
            raise SuiteError(
                f"the shape file has a syntax error: {reason}", where=Where(f"shapes/{name}", None, line)
            ) from None
        except UnicodeDecodeError as error:
            raise SuiteError(f"the shape file is not UTF-8: {error}", where=f"shapes/{name}") from None
    return graph


_LOOKS_AT_ALL = (SH.closed, SH.sparql, SH.target, SH.js, SH.rule)
"""What makes a shape look at more than the properties that it names."""


@cache
def predicates_of(files: tuple[str, ...]) -> frozenset[str] | None:
    """The properties that the shapes of some files can look at; None where that may be any."""
    graph = shapes_graph(files)
    if any((None, predicate, None) in graph for predicate in _LOOKS_AT_ALL):
        return None
    named = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    return frozenset({*named, str(RDFS.subClassOf)})


@cache
def _fast(files: tuple[str, ...]) -> Any:
    import shacl  # noqa: PLC0415 - only where it is installed

    try:
        return shacl.Shapes.from_text(shapes_graph(files).serialize(format="turtle"), format="turtle")
    except ValueError as error:
        raise _unusable("the shacl package", files, error) from None


def _unusable(engine: str, files: tuple[str, ...], error: Exception) -> SuiteError:
    message = " ".join(str(error).split())
    return SuiteError(
        f"{engine} cannot use the shapes: {message}", where=", ".join(f"shapes/{name}" for name in files)
    )


def requirements_of(files: tuple[str, ...]) -> frozenset[str]:
    """The requirements that these files have shapes for."""
    graph = shapes_graph(files)
    named = {str(s) for s in graph.subjects(RDF.type, SH.NodeShape) if str(s).startswith(SHAPES)}
    return frozenset(name.removeprefix(SHAPES).partition("/")[0] for name in named)


__all__ = [
    "STATED_ID",
    "ShapeResult",
    "confirm",
    "explain",
    "predicates_of",
    "requirements_of",
    "shape_results",
    "shapes_graph",
]
