"""The merged graph as RDF, for the rules that fit SHACL: one node per thing, and every value that anybody states of it.

shapes/graph.ttl decides which node breaks a rule; who said what is read from the graph again, as RDF does not keep it.
Nodes and values are numbered, so that no text of a credential is written into RDF.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from harness.graph.entities import Facility, Graph, Product
from harness.semantics.rdf import place_iri
from harness.semantics.shapes import confirm, shape_results

FILES = ("graph.ttl",)
TERM = "urn:untp-crm:graph#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FACTS = ("granularity", "batch", "item", "model", "facility", "country", "made_on")
"""What passports of one product cannot state twice; of a facility it is the country."""

CHUNK = 500
"""Things that are judged at once: what a fast engine rejects is small enough for the engine that explains."""

SAMPLE = 16
"""One in so many chunks that the fast engine passes is judged again."""

Told = Product | Facility
Thing = tuple[str, str]
"""`product` or `facility`, and the identifier."""

Contradiction = tuple[Told, Told, str, str, str]
"""The later and the earlier statement, the member, what the later states and what the earlier states."""


@dataclass(frozen=True)
class Merged:
    """The products and facilities of a graph, each as one node. `engine` is that of the shapes."""

    graph: Graph
    engine: str = "fast"

    @cached_property
    def without_record(self) -> frozenset[str]:
        """The facilities that passports name and no record is of."""
        return frozenset(name for requirement, (_, name), _ in self._broken if requirement == "GRAPH-ID-03")

    def contradictions(self) -> Iterator[Contradiction]:
        """Credentials that state different facts of one product or facility."""
        members: dict[Thing, list[str]] = defaultdict(list)
        for requirement, thing, member in self._broken:
            if requirement == "GRAPH-MERGE-01":
                members[thing].append(member)
        for thing, said in self._things.items():
            for member in sorted(members.get(thing, ()), key=FACTS.index):
                stating = [one for one in said if getattr(one, member)]
                before = getattr(stating[0], member)
                for later in stating[1:]:
                    now = getattr(later, member)
                    if now != before:
                        yield later, stating[0], member, str(now), str(before)

    @cached_property
    def _things(self) -> Mapping[Thing, tuple[Told, ...]]:
        """Each thing with the statements that are made of it, in the order of the graph."""
        graph = self.graph
        products = {("product", name): said for name, said in graph.products_by_id.items()}
        records = {("facility", f.id): graph.facilities_by_id[f.id] for f in graph.facilities}
        return {**products, **records}

    @cached_property
    def _broken(self) -> tuple[tuple[str, Thing, str], ...]:
        """The requirements that are broken, with the thing and the member: what the shapes say."""
        found: list[tuple[str, Thing, str]] = []
        todo = iter(self._things.items())
        while chunk := dict(islice(todo, CHUNK)):
            nodes = Nodes(self.graph)
            text = "\n".join(nodes.triples(chunk))
            results = shape_results(FILES, text, engine=self.engine)
            found += [(one.requirement, nodes.named[one.pointer], one.path or "") for one in results]
            if not results and hashlib.sha256(text.encode()).digest()[0] % SAMPLE == 0:
                confirm(FILES, text)
        return tuple(dict.fromkeys(found))


class Nodes:
    """Writes some things as N-Triples; `named` leads from the place of a node back to its thing."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.named: dict[str, Thing] = {}
        self._places: dict[Thing, str] = {}

    def triples(self, things: Mapping[Thing, tuple[Told, ...]]) -> Iterator[str]:
        """What is stated of each, and the records of the facilities that are named."""
        for thing, said in things.items():
            node = self._node(thing)
            yield f"{node} <{TYPE}> <{TERM}{thing[0].capitalize()}> ."
            for member in FACTS if thing[0] == "product" else ("country",):
                for value in {getattr(one, member) for one in said} - {None, ""}:
                    kind = "facility" if member == "facility" else "value"
                    yield f"{node} <{TERM}{member}> {self._node((kind, str(value)))} ."
        for kind, name in tuple(self._places):
            for number in range(len(self.graph.facilities_by_id.get(name, ())) if kind == "facility" else 0):
                record = self._node(("record", f"{name} {number}"))
                yield f"{record} <{TERM}recordOf> {self._node((kind, name))} ."

    def _node(self, thing: Thing) -> str:
        place = self._places.get(thing)
        if place is None:
            pointer = f"/{thing[0]}/{len(self._places)}"
            place = self._places[thing] = f"<{place_iri(pointer)}>"
            self.named[pointer] = thing
        return place
