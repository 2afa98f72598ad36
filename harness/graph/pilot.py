"""The project's measure of success: actors, platforms, value chains, countries and consignments with evidence.

What counts is conformant and verified; what is only declared is counted apart. Targets: test_cases/limits.toml.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.graph.chains import Chains
from harness.graph.entities import Event, Graph, Product, Source
from harness.graph.identifiers import canonical
from harness.graph.limits import chains_in, countries, limits
from harness.graph.lineage import Lineage
from harness.graph.parties import Parties
from harness.graph.summary import standing

MEASURES = ("actors", "platforms", "value_chains", "countries", "consignments")
EVIDENCE = ("DPP", "DCC", "DFR", "DTE")
"""The components whose issuers are actors of a supply chain; registers that only issue anchors are not."""


@dataclass(frozen=True)
class Measure:
    """One number of the pilot: what counts, what is declared besides, and the target."""

    name: str
    verified: frozenset[str]
    declared: frozenset[str]
    target: int

    @property
    def gap(self) -> int:
        """What is missing to the target."""
        return max(0, self.target - len(self.verified))

    def as_json(self) -> dict[str, Any]:
        """Members: verified, declared_only, target, gap, reached."""
        return {
            "verified": len(self.verified),
            "declared_only": len(self.declared - self.verified),
            "target": self.target,
            "gap": self.gap,
            "reached": not self.gap,
        }


def measures(graph: Graph) -> tuple[Measure, ...]:
    """The five numbers."""
    critical = frozenset(limits("value_chains")["critical"].split())
    found: dict[str, tuple[set[str], set[str]]] = {name: (set(), set()) for name in MEASURES}
    parties = Parties(graph)

    def count(name: str, source: Source, values: Iterable[str | None], *borne_out: Source) -> None:
        named = {value for value in values if value}
        found[name][1].update(named)
        if all(one.verified and one.conformant for one in (source, *borne_out)):
            found[name][0].update(named)

    for source in graph.sources:
        if source.component in EVIDENCE:
            count("actors", source, [source.issuer])
            count("platforms", source, [" ".join((source.software or "").casefold().split())])
    for product in graph.products:
        count("countries", product.origin.source, [_country(product.country)])
        count("value_chains", product.origin.source, _materials(product) & critical)
    for facility in graph.facilities:
        count("countries", facility.origin.source, [_country(facility.country)])
    for event in graph.events:
        if event.kind == "move" and event.inputs:
            passports = (one for goods in event.inputs for one in graph.products_by_id.get(goods.product, ()))
            count(
                "consignments",
                event.origin.source,
                [_consignment(event)],
                *(one.origin.source for one in passports),
            )
    counted, told = found["actors"]
    found["actors"] = set(parties.distinct(counted)), set(parties.distinct(told))
    return tuple(
        Measure(name, frozenset(counts), frozenset(declared), int(limits("pilot")[name]))
        for name, (counts, declared) in found.items()
    )


def rooted(graph: Graph, chains: Chains, actors: Iterable[str]) -> int | None:
    """How many actors have an anchor that leads to a trusted root; None where the verifier trusts nobody.

    A key and a did:web are made in a minute: signed evidence shows that somebody signs, not that the actor exists.
    """
    if not graph.roots:
        return None
    return sum(
        actor in graph.roots or any(chains.roots.reached_from(one) for one in chains.parties.anchors(actor))
        for actor in actors
    )


def _materials(product: Product) -> frozenset[str]:
    """The materials that the name of a product tells; those of its parts where the name tells none."""
    named = chains_in(product.name)
    return named or frozenset(name for material in product.materials for name in chains_in(material.name))


def _country(code: str | None) -> str | None:
    """A code that ISO 3166-1 assigns; others, such as ZZ, are no country."""
    return code if code in countries() else None


def _consignment(event: Event) -> str:
    return event.consignment or canonical(event.id)


def breaks(graph: Graph, chains: Chains) -> list[dict[str, str]]:
    """Where the chain breaks, the earliest first: gaps of lineage, credentials that do not count, claims that do not hold."""
    found: list[tuple[str, dict[str, str]]] = []
    for gap in Lineage(graph).gaps():
        when = gap.event.time.isoformat() if gap.event.time else ""
        row = {
            "at": when,
            "credential": gap.goods.origin.source.name,
            "what": gap.goods.name or gap.goods.written,
            "why": gap.why,
        }
        found.append((when or "~", row))
    for source in graph.sources:
        if not (source.verified and source.conformant) and source.component in EVIDENCE:
            when = source.valid_from.isoformat() if source.valid_from else ""
            row = {
                "at": when,
                "credential": source.name,
                "what": f"{source.component} of {source.issuer}",
                "why": "not conformant" if source.verified else f"{source.state}: {source.why}",
            }
            found.append((when or "~", row))
    for claim in graph.claims:
        stands = standing(claim, chains)
        if stands not in ("held", "protected"):
            when = claim.date.isoformat() if claim.date else ""
            row = {
                "at": when,
                "credential": claim.origin.source.name,
                "what": f"claim {claim.id}",
                "why": stands,
            }
            found.append((when or "~", row))
    return [row for _, row in sorted(found, key=lambda item: item[0])]
