"""Whether the evidence of a claim carries it when claim and evidence cite criteria of different schemes.

The mapping is schemas/untp-crm/criteria-mapping.ttl (SKOS): criteria of responsible-mining schemes, their
UNTP conformity topics, and how they relate. The head of that file says how each relation is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax

from harness.errors import SuiteError
from harness.resources import resource

FILE = ("schemas", "untp-crm", "criteria-mapping.ttl")


class Fit(StrEnum):
    """How the criterion of an assessment fits the criterion of a claim."""

    SAME = "same"
    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"
    TOPIC = "topic"
    NONE = "none"
    UNKNOWN = "unknown"


CARRYING = frozenset({Fit.SAME, Fit.EXACT, Fit.CLOSE, Fit.BROADER})
"""Where the assessment asks for at least what the claim says."""

TOLD: Mapping[Fit, str] = {
    Fit.SAME: "both name the same criterion",
    Fit.EXACT: "the criteria ask for the same",
    Fit.CLOSE: "the criteria ask for nearly the same",
    Fit.BROADER: "the assessment asks for all of it and more",
    Fit.NARROWER: "the assessment covers only a part of it",
    Fit.TOPIC: "the criteria share a topic, but neither implies the other",
    Fit.NONE: "the criteria have nothing in common",
    Fit.UNKNOWN: "the mapping does not know both criteria",
}


@dataclass(frozen=True)
class Answer:
    """Whether an assessment carries a claim, and the criteria on the way from the one to the other."""

    fit: Fit
    path: tuple[str, ...] = ()

    @property
    def carries(self) -> bool:
        """Whether the assessment asks for at least what the claim says."""
        return self.fit in CARRYING

    def __str__(self) -> str:
        return TOLD[self.fit]


@dataclass(frozen=True)
class Criterion:
    """One criterion of a scheme; relations name other criteria by their URI."""

    id: str
    scheme: str
    label: str
    topics: frozenset[str]
    exact: frozenset[str] = frozenset()
    close: frozenset[str] = frozenset()
    broader: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Criteria:
    """The criteria of all schemes, by URI, and the schemes by the address that attestations cite."""

    criteria: Mapping[str, Criterion]
    schemes: Mapping[str, str]

    def carries(self, claim: str, assessment: str) -> Answer:
        """Whether an assessment by one criterion carries a claim by another: the strongest answer there is."""
        if claim == assessment:
            return Answer(Fit.SAME, (claim,))
        if claim not in self.criteria or assessment not in self.criteria:
            return Answer(Fit.UNKNOWN)
        if path := _path(claim, assessment, self._exact):
            return Answer(Fit.EXACT, path)
        if assessment in self.criteria[claim].close:
            return Answer(Fit.CLOSE, (claim, assessment))
        if path := _path(claim, assessment, self._upward):
            return Answer(Fit.BROADER, path)
        if path := _path(claim, assessment, self._downward):
            return Answer(Fit.NARROWER, path)
        shared = self.criteria[claim].topics & self.criteria[assessment].topics
        return Answer(Fit.TOPIC, (claim, min(shared), assessment)) if shared else Answer(Fit.NONE)

    def scheme(self, address: str) -> str | None:
        """The scheme behind an address that an attestation cites, whatever its ending, or None."""
        return self.schemes.get(_bare(address))

    def _exact(self, name: str) -> frozenset[str]:
        return self.criteria[name].exact

    def _upward(self, name: str) -> frozenset[str]:
        return self.criteria[name].exact | self.criteria[name].broader

    def _downward(self, name: str) -> frozenset[str]:
        return self.criteria[name].exact | self.narrower.get(name, frozenset())

    @cached_property
    def narrower(self) -> Mapping[str, frozenset[str]]:
        """For each criterion those that it is broader than."""
        found: dict[str, set[str]] = {}
        for criterion in self.criteria.values():
            for above in criterion.broader:
                found.setdefault(above, set()).add(criterion.id)
        return {name: frozenset(below) for name, below in found.items()}


def _path(start: str, end: str, steps: Callable[[str], frozenset[str]]) -> tuple[str, ...]:
    """The shortest path from one criterion to another, or nothing; alphabetical where two are equally short."""
    came: dict[str, str | None] = {start: None}
    todo = deque([start])
    while todo:
        at = todo.popleft()
        if at == end:
            return tuple(reversed(list(_back(at, came))))
        for name in sorted(steps(at)):
            if name not in came:
                came[name] = at
                todo.append(name)
    return ()


def _back(at: str | None, came: Mapping[str, str | None]) -> Iterator[str]:
    while at is not None:
        yield at
        at = came[at]


def _bare(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/").lower()


@cache
def load_criteria() -> Criteria:
    """The mapping that ships with the harness. Raises SuiteError where it is no Turtle or names what it lacks."""
    return read_criteria(resource(*FILE).read_text(encoding="utf-8"), where="/".join(FILE))


def read_criteria(text: str, *, where: str) -> Criteria:
    """Read a mapping in Turtle; exactMatch and closeMatch hold in both directions."""
    graph = Graph()
    try:
        graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        raise SuiteError(
            f"the mapping has a syntax error: {str(error).splitlines()[0]}", where=where
        ) from None
    found: dict[str, Criterion] = {}
    for node in map(URIRef, sorted(map(str, graph.subjects(RDF.type, SKOS.Concept)))):
        related = {
            relation: _both_ways(graph, node, relation) for relation in (SKOS.exactMatch, SKOS.closeMatch)
        }
        found[str(node)] = Criterion(
            str(node),
            str(graph.value(node, SKOS.inScheme)),
            str(graph.value(node, SKOS.prefLabel)),
            frozenset(map(str, graph.objects(node, DCTERMS.subject))),
            related[SKOS.exactMatch],
            related[SKOS.closeMatch],
            frozenset(map(str, graph.objects(node, SKOS.broadMatch))),
        )
    for criterion in found.values():
        for other in sorted(criterion.exact | criterion.close | criterion.broader):
            if other not in found:
                raise SuiteError(f"{criterion.id} is mapped to {other}, which does not exist", where=where)
    addresses = {
        _bare(str(page)): str(s)
        for s in graph.subjects(RDF.type, SKOS.ConceptScheme)
        for page in graph.objects(s, RDFS.seeAlso)
    }
    return Criteria(found, addresses)


def _both_ways(graph: Graph, node: URIRef, relation: URIRef) -> frozenset[str]:
    return frozenset(map(str, [*graph.objects(node, relation), *graph.subjects(relation, node)]))


def carries(claim: str, assessment: str) -> Answer:
    """Whether an assessment by one criterion carries a claim by another, by the mapping that ships with us."""
    return load_criteria().carries(claim, assessment)
