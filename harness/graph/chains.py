"""Chains of trust: claim to assessment, attestation to body, body to accreditation, party to anchor, anchor to root.

A chain holds only where every credential on it is verified and it ends outside itself. The joins are in `parties`,
`places`, `claims` and `roots`; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harness.graph.claims import Backing, Claims, Pair, Support, out_of_time
from harness.graph.entities import Attestation, Claim, Graph, Source
from harness.graph.parties import Parties
from harness.graph.places import Places
from harness.graph.roots import Roots


class Strength(StrEnum):
    """Who bears a claim out, the weakest first: the claimant itself, somebody else, an accredited third party."""

    CLAIMANT = "claimant"
    OTHERS = "others"
    ACCREDITED = "accredited"


@dataclass(frozen=True)
class Chains:
    """The joins of a graph, worked out when first asked for."""

    graph: Graph

    @cached_property
    def parties(self) -> Parties:
        """Who is who."""
        return Parties(self.graph)

    @cached_property
    def places(self) -> Places:
        """The facilities and their operators."""
        return Places(self.graph, self.parties)

    @cached_property
    def claims(self) -> Claims:
        """What bears out each claim."""
        return Claims(self.graph, self.parties, self.places)

    @cached_property
    def roots(self) -> Roots:
        """Where anchors and accreditations lead."""
        return Roots(self.graph, self.parties)

    def strength(self, claim: Claim) -> Strength | None:
        """Who bears a claim out, at the weakest of its criteria; None where not every criterion is borne out."""
        backing = self.claims.backing(claim)
        if not backing or any(one.support is not Support.HELD or out_of_time(claim, one) for one in backing):
            return None
        return min((self._strength(one, claim) for one in backing), key=list(Strength).index)

    def _strength(self, backing: Backing, claim: Claim) -> Strength:
        independent = [pair[0] for pair in backing.pairs if self.independent(pair, claim)]
        if any(self.roots.accredited(attestation) for attestation in independent):
            return Strength.ACCREDITED
        issuer = claim.origin.source.issuer
        others = [p for p in backing.pairs if not self.parties.same(p[0].origin.source.issuer, issuer)]
        return Strength.OTHERS if independent or others else Strength.CLAIMANT

    def self_made(self) -> Iterator[tuple[Claim, Attestation]]:
        """Attestations that call themselves a third party's and bear out a claim of their own issuer."""
        for claim in self.graph.claims:
            seen: set[int] = set()
            for backing in self.claims.backing(claim):
                for pair in backing.pairs:
                    known = id(pair[0]) in seen or backing.support is not Support.HELD
                    if not known and pair[0].third_party and not self.independent(pair, claim):
                        seen.add(id(pair[0]))
                        yield claim, pair[0]

    def independent(self, pair: Pair, claim: Claim) -> bool:
        """Whether an assessment is by a third party that is neither the claimant nor operates its facility."""
        assessor = pair[0].origin.source.issuer
        concerned = [
            claim.origin.source.issuer,
            *(name for name, _ in self.places.operators(claim.facility or "")),
        ]
        return pair[0].third_party and not any(self.parties.same(assessor, other) for other in concerned)

    def link_targets(self, url: str) -> tuple[Source, ...]:
        """The credentials that a link leads to."""
        return self.graph.sources_by_id.get(url, ())
