"""The W3C SHACL suite, core and SPARQL, read in place: what each of our two engines makes of it.

A test passes where the report has the same results: focus node, path, value, severity, component and, where
it has an IRI, shape. The harness asks the fast engine for no more than whether a graph conforms, so that
rate is printed too.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pyshacl
import pytest
import rdflib
import shacl
from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("_literals_as_written")]
"""rdflib warns of literals that are wrong on purpose."""

Record = Callable[[str, object], None]
Reports = Counter[tuple[str, ...]]

HEADING: Final = "corpora: W3C suite shacl"
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")

FLOOR: Final = {"pyshacl": 118, "shacl": 119}
"""Passed tests below which an engine may not fall, of 120."""

COMPARED: Final = (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceConstraintComponent)
FAILURE: Final[Reports] = Counter({("failure",): 1})
"""What the suite expects where an engine has to refuse the shapes."""


@pytest.fixture
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Literals keep their lexical form, as in the harness, and rdflib does not write of bad ones to the log."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)


@dataclass(frozen=True)
class Entry:
    """One test: its name, the graphs that it is about, and the results that it expects."""

    name: str
    data: Path
    shapes: Path
    expected: Reports
    conforms: bool | None


@pytest.fixture(name="suite")
def the_suite(corpora: Path) -> Path:
    """The folder of the suite."""
    return corpora / "suites" / "shacl"


def entries(manifest: Path, root: Path) -> Iterator[Entry]:
    """The tests of a manifest and of those that it includes."""
    graph = read(manifest)
    for included in sorted(map(path_of, graph.objects(None, MF.include))):
        yield from entries(included, root)
    for listed in graph.objects(None, MF.entries):
        for test in Collection(graph, listed):
            action, result = graph.value(test, MF.action), graph.value(test, MF.result)
            wanted = FAILURE if result == SHT.Failure else reported(graph, result)
            conforms = None if wanted is FAILURE else str(graph.value(result, SH.conforms)) == "true"
            yield Entry(
                path_of(test).relative_to(root).as_posix(),
                path_of(graph.value(action, SHT.dataGraph)),
                path_of(graph.value(action, SHT.shapesGraph)),
                wanted,
                conforms,
            )


@cache
def read(path: Path) -> Graph:
    """A Turtle file."""
    graph = Graph()
    graph.parse(path, format="turtle", publicID=path.as_uri())
    return graph


def path_of(iri: Node | None) -> Path:
    """The file that a file: IRI names."""
    return Path(unquote(urlsplit(str(iri)).path))


def reported(graph: Graph, report: Node | None) -> Reports:
    """The results of a report as tuples; where a blank node is a value, that it is one."""
    found: Reports = Counter()
    for result in graph.objects(report, SH.result):
        row = [_told(graph, graph.value(result, name), path=name == SH.resultPath) for name in COMPARED]
        shape = graph.value(result, SH.sourceShape)
        found[(*row, str(shape) if isinstance(shape, URIRef) else "")] += 1
    return found


def _told(graph: Graph, term: Node | None, *, path: bool) -> str:
    if not isinstance(term, BNode):
        return "" if term is None else term.n3()
    if not path:
        return "blank"
    described = Graph()
    for triple in graph.cbd(term):
        described.add(triple)
    return "\n".join(sorted(f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o in to_canonical_graph(described)))


def without_shapes(reports: Reports) -> Reports:
    """Results without their shape, where the shape of the expected one has no IRI."""
    made: Reports = Counter()
    for row, count in reports.items():
        made[row[:-1]] += count
    return made


def same(mine: Reports, wanted: Reports) -> bool:
    """Whether the results are the expected ones; a shape counts where the suite names it by IRI."""
    if any(row[-1] == "" for row in wanted):
        return without_shapes(mine) == without_shapes(wanted)
    return mine == wanted


def by_pyshacl(entry: Entry) -> tuple[bool | None, Reports]:
    """Whether the data conforms, and the results, by pyshacl."""
    try:
        conforms, report, _ = pyshacl.validate(
            read(entry.data), shacl_graph=read(entry.shapes), advanced=False, meta_shacl=False, inplace=False
        )
    except (ReportableRuntimeError, ParseException, NotImplementedError):
        return None, FAILURE
    if not isinstance(report, Graph):
        return None, FAILURE
    return bool(conforms), reported(report, report.value(None, RDF.type, SH.ValidationReport))


def by_shacl(entry: Entry) -> tuple[bool | None, Reports]:
    """Whether the data conforms, and the results, by the shacl package."""
    try:
        shapes = shacl.Shapes.from_text(
            entry.shapes.read_text("utf-8"), format="turtle", base=entry.shapes.as_uri()
        )
        report = shapes.validate_text(
            entry.data.read_text("utf-8"), format="turtle", base=entry.data.as_uri(), allow_warnings=False
        )
    except ValueError:
        return None, FAILURE
    graph = Graph()
    graph.parse(data=report.turtle, format="turtle")
    return bool(report.conforms), reported(graph, graph.value(None, RDF.type, SH.ValidationReport))


@pytest.mark.parametrize(("engine", "judge"), [("pyshacl", by_pyshacl), ("shacl", by_shacl)])
def test_engine(
    engine: str, judge: Callable[[Entry], tuple[Any, Reports]], suite: Path, record_property: Record
) -> None:
    """An engine reports what the suite expects, but for what is listed."""
    every = list(entries(suite / "manifest.ttl", suite))
    failures: list[str] = []
    verdicts = 0
    for entry in every:
        conforms, results = judge(entry)
        verdicts += conforms == entry.conforms
        if not same(results, entry.expected):
            wrong = (
                ""
                if conforms == entry.conforms
                else f", and conforms is {conforms} instead of {entry.conforms}"
            )
            failures.append(
                f"{entry.name}: {results.total()} results, expected {entry.expected.total()}{wrong}"
            )
    passed = len(every) - len(failures)
    record_property(
        HEADING,
        f"{engine}: {passed} of {len(every)} (floor: {FLOOR[engine]}); right on conformance: {verdicts}",
    )
    for failure in failures:
        record_property(HEADING, f"  fails: {failure}")
    assert len(every) == 120
    assert passed >= FLOOR[engine]
