"""Where: the names of a facility, and who operates it, by its verified records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.graph.entities import Facility, Graph, Product
from harness.graph.parties import Parties

OPERATOR = "operator"
HOLDERS = (OPERATOR, "owner")


@dataclass(frozen=True)
class Places:
    """The facilities of a graph under all their names."""

    graph: Graph
    parties: Parties

    def names(self, facility: str) -> frozenset[str]:
        """A facility by the names that its verified records give it: never by the id of another one's record.

        Else a plant could take over the certificates of any other by calling itself so.
        """
        found = {facility}
        for record in self.graph.facilities_by_id.get(facility, ()):
            if record.origin.source.verified:
                found.update(name for name in (record.id, *record.aliases) if not self._taken(name, record))
        return frozenset(found)

    def _taken(self, name: str, record: Facility) -> bool:
        """Whether a name is the id that a record of somebody else gives to another facility."""
        return any(
            other.id == name and other.id != record.id
            and not self.parties.same(other.origin.source.issuer, record.origin.source.issuer)
            for other in self.graph.facilities_by_id.get(name, ())
        )  # fmt: skip

    def operators(self, facility: str) -> Iterator[tuple[str, Facility]]:
        """Who operates a facility, and by which of its records."""
        for record in self.graph.facilities_by_id.get(facility, ()):
            for party in record.parties:
                if party.role == OPERATOR:
                    yield party.id, record

    def tied(self, product: Product) -> bool:
        """Whether the issuer of a passport is the operator of its facility, or names that operator as a party."""
        operators = [name for name, _ in self.operators(product.facility or "")]
        issuer = product.origin.source.issuer
        named = [party.id for party in product.parties]
        return not operators or any(
            self.parties.same(operator, other) for operator in operators for other in (issuer, *named)
        )
