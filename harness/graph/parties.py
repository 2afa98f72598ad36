"""Who is who: the names of a party, by registers whose anchors are verified and by its own word.

What a party says of itself never makes it somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.graph.entities import Graph, Identity


@dataclass(frozen=True)
class Parties:
    """The parties of a graph under all their names."""

    graph: Graph

    @cached_property
    def _registered(self) -> Mapping[str, frozenset[str]]:
        """Each party with the register entries that verified anchors give it, and each entry with its parties."""
        found: dict[str, set[str]] = defaultdict(set)
        for entry, anchors in self._entries.items():
            for identity in anchors:
                found[identity.subject].add(entry)
                found[entry].add(identity.subject)
        return {name: frozenset(others) for name, others in found.items()}

    @cached_property
    def _entries(self) -> Mapping[str, list[Identity]]:
        """Register entries with the anchors that are believed for them: those of one register, never of two.

        Where two issuers give one entry to different parties, only those that lead to a trusted root are believed,
        or none: else whoever makes up a register could take the name of anybody. For the same reason an entry that is
        the name of an issuer or of an anchored party is believed of a trusted register alone.
        """
        found: dict[str, list[Identity]] = defaultdict(list)
        for identity in self.graph.identities:
            if identity.entry and identity.origin.source.verified:
                if identity.entry in self._taken and not self._trusted(identity):
                    continue
                found[identity.entry].append(identity)
        believed = {}
        for entry, anchors in found.items():
            registers = {identity.origin.source.issuer for identity in anchors}
            subjects = {identity.subject for identity in anchors}
            if len(registers) > 1 and len(subjects) > 1:
                believed[entry] = [one for one in anchors if self.graph.roots and self._trusted(one)]
            else:
                believed[entry] = anchors
        return believed

    def _trusted(self, identity: Identity) -> bool:
        """Whether the issuer of an anchor is itself on the verifier's list: no names are needed to know it."""
        return identity.origin.source.issuer in self.graph.roots

    @cached_property
    def _own_names(self) -> Mapping[str, frozenset[str]]:
        """Other names that a party gives itself: never the name of another issuer or of an anchored party."""
        taken = self._taken
        found: dict[str, set[str]] = defaultdict(set)
        for source in self.graph.sources:
            found[source.issuer].update(name for name in source.issuer_names if name not in taken)
        parties = [party for product in self.graph.products for party in product.parties]
        parties += [party for facility in self.graph.facilities for party in facility.parties]
        for party in parties:
            if party.origin.source.issuer == party.id:
                found[party.id].update(name for name in party.aliases if name not in taken)
        return {name: frozenset(others) for name, others in found.items()}

    @cached_property
    def _taken(self) -> frozenset[str]:
        """The names that issuers and anchored parties go by: nobody else gets them by a word of their own."""
        return frozenset(source.issuer for source in self.graph.sources) | frozenset(
            self.graph.identities_by_subject
        )

    def distinct(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties among some names, each once: under the first of its names that is among them."""
        chosen: dict[str, str] = {}
        for party in sorted(set(parties)):
            names = self.names(party)
            first = next((chosen[name] for name in names if name in chosen), party)
            chosen |= dict.fromkeys(names, first)
        return frozenset(chosen.values())

    def names(self, party: str) -> tuple[str, ...]:
        """A party with its other names, the registered ones first."""
        others = (*sorted(self._registered.get(party, ())), *sorted(self._own_names.get(party, ())))
        return tuple(dict.fromkeys((party, *others)))

    def same(self, left: str, right: str) -> bool:
        """Whether two identifiers denote one party: equal, in one register entry, or a name that one gives itself."""
        return (
            left == right
            or right in self.names(left)
            or left in self.names(right)
            or bool(self._registered.get(left, frozenset()) & self._registered.get(right, frozenset()))
        )

    def anchors(self, party: str) -> tuple[Identity, ...]:
        """The verified register entries of a party, under any of its names."""
        return tuple(
            identity
            for name in self.names(party)
            for identity in self.graph.identities_by_subject.get(name, ())
            if identity.origin.source.verified
        )

    def void_anchors(self, party: str) -> tuple[Identity, ...]:
        """The register entries of a party that are not verified."""
        found = self.graph.identities_by_subject.get(party, ())
        return tuple(identity for identity in found if not identity.origin.source.verified)
