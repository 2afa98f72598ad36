"""Claims and the assessments that bear them out: of the same subject, by the same criterion, in another credential."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harness.graph.entities import (
    Assessment,
    Attestation,
    Claim,
    Criterion,
    Graph,
    Period,
    Quantity,
    Value,
)
from harness.graph.identifiers import broader
from harness.graph.limits import limits, units
from harness.graph.parties import Parties
from harness.graph.places import Places
from harness.semantics.criteria import carries

Pair = tuple[Attestation, Assessment]


class Support(StrEnum):
    """How one criterion of a claim is borne out."""

    HELD = "held"
    VOID = "void"
    ELSEWHERE = "elsewhere"
    REFUTED = "refuted"
    """Somebody else assessed it and says that it does not conform."""
    NONE = "none"


@dataclass(frozen=True)
class Backing:
    """What bears out one criterion of a claim: the pairs that do, or those that would but for their state or subject."""

    criterion: Criterion
    support: Support
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Claims:
    """The claims of a graph against its assessments; indexes are made when first asked for."""

    graph: Graph
    parties: Parties
    places: Places

    def backing(self, claim: Claim) -> tuple[Backing, ...]:
        """For each criterion of a claim, the assessments that bear it out."""
        return tuple(self._backing(claim, criterion) for criterion in claim.criteria if criterion.id)

    def _backing(self, claim: Claim, criterion: Criterion) -> Backing:
        near = [pair for pair in self._near(claim, criterion) if self._speaks(pair, claim)]
        near = near or [pair for pair in self._mapped(claim, criterion) if self._speaks(pair, claim)]
        good = tuple(pair for pair in near if pair[0].origin.source.verified)
        against = self._against(claim, criterion, good)
        if against:
            return Backing(criterion, Support.REFUTED, against)
        if good:
            return Backing(criterion, Support.HELD, good)
        if near:
            return Backing(criterion, Support.VOID, tuple(near))
        cited = tuple(pair for pair in self._cited(claim, criterion) if pair[1].conforms is not False)
        return Backing(criterion, Support.ELSEWHERE if cited else Support.NONE, cited)

    def _against(self, claim: Claim, criterion: Criterion, good: tuple[Pair, ...]) -> tuple[Pair, ...]:
        """The verified assessments by others that refute a claim: not where their issuer found it to conform later on."""
        issuer = claim.origin.source.issuer
        return tuple(
            pair
            for pair in self._near(claim, criterion)
            if pair[1].conforms is False
            and pair[0].origin.source.verified
            and not self.parties.same(pair[0].origin.source.issuer, issuer)
            and not apart(claim.period, pair[1].period)
            and self.covers(pair, claim)
            and not any(self._supersedes(later, pair) for later in good)
        )

    def _supersedes(self, later: Pair, pair: Pair) -> bool:
        """Whether one assessment is of the same assessor as another, and not known to be older."""
        ours, theirs = later[1].date, pair[1].date
        return self.parties.same(later[0].origin.source.issuer, pair[0].origin.source.issuer) and (
            ours is None or theirs is None or ours >= theirs
        )

    def _mapped(self, claim: Claim, criterion: Criterion) -> Iterator[Pair]:
        """The linked assessments by another criterion that asks for as much (criteria-mapping.ttl)."""
        for source in self._linked(claim):
            for attestation in self._by_source.get(source, ()):
                for assessment in attestation.assessments:
                    if any(
                        carries(criterion.written, cited.written).carries for cited in assessment.criteria
                    ):
                        yield attestation, assessment

    def _linked(self, claim: Claim) -> list[int]:
        """The credentials that a claim links to as its evidence, besides its own."""
        found = [
            id(source) for link in claim.evidence for source in self.graph.sources_by_id.get(link.url, ())
        ]
        return [source for source in dict.fromkeys(found) if source != id(claim.origin.source)]

    def _speaks(self, pair: Pair, claim: Claim) -> bool:
        """Whether an assessment conforms, is of another credential than the claim, and covers what it is about."""
        other = pair[0].origin.source is not claim.origin.source
        return other and pair[1].conforms is not False and self.covers(pair, claim)

    def _near(self, claim: Claim, criterion: Criterion) -> Iterator[Pair]:
        """The assessments by a criterion that may be about what a claim is about, each once."""
        names = {""}
        if claim.of == "product":
            names |= self._classes(claim.about, claim.origin.source.issuer)
        if claim.facility:
            names |= self.places.names(claim.facility)
        seen: set[int] = set()
        for name in sorted(names):
            for pair in self._by_subject.get((criterion.id, name), ()):
                if id(pair[1]) not in seen:
                    seen.add(id(pair[1]))
                    yield pair

    @cached_property
    def _by_subject(self) -> Mapping[tuple[str, str], list[Pair]]:
        """The assessments by criterion and subject; those of an organisation alone under the empty name."""
        found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        for name, pairs in self.graph.attestations_by_criterion.items():
            for pair in pairs:
                for subject in (*pair[1].products, *pair[1].facilities) or ("",):
                    found[name, subject].append(pair)
        return found

    def _cited(self, claim: Claim, criterion: Criterion) -> Iterator[Pair]:
        """The assessments by a criterion in the credentials that a claim links to as its evidence."""
        for source in self._linked(claim):
            for attestation in self._by_source.get(source, ()):
                for assessment in attestation.assessments:
                    if any(cited.id == criterion.id for cited in assessment.criteria):
                        yield attestation, assessment

    @cached_property
    def _by_source(self) -> Mapping[int, list[Attestation]]:
        found: dict[int, list[Attestation]] = defaultdict(list)
        for attestation in self.graph.attestations:
            found[id(attestation.origin.source)].append(attestation)
        return found

    def covers(self, pair: Pair, claim: Claim) -> bool:
        """Whether an assessment is about what a claim is about: the product or its class, its facility, its party.

        By another name of the facility only where the attestation was issued to the party that says so.
        """
        assessment = pair[1]
        if claim.of == "product" and assessment.products:
            wide = self._classes(claim.about, claim.origin.source.issuer)
            return any(product in wide for product in assessment.products)
        if assessment.facilities:
            place = self.places.names(claim.facility) if claim.facility else frozenset()
            own = claim.facility in assessment.facilities
            return own or (
                any(facility in place for facility in assessment.facilities) and self._is_for(pair[0], claim)
            )
        if assessment.products:
            return False
        organisation = assessment.organisation
        return organisation is not None and self.parties.same(organisation, claim.origin.source.issuer)

    def _classes(self, product: str, issuer: str) -> frozenset[str]:
        """A product with its batch and model: by its identifier, or by a passport with the same model number."""
        found = set(broader(product))
        for passport in self.graph.products_by_id.get(product, ()):
            if passport.model is not None:
                found |= self._models.get((issuer, passport.model), frozenset())
        return frozenset(found)

    @cached_property
    def _models(self) -> Mapping[tuple[str, str], frozenset[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for product in self.graph.products:
            if product.model is not None and product.granularity == "model":
                found[product.origin.source.issuer, product.model].add(product.id)
        return {key: frozenset(ids) for key, ids in found.items()}

    def _is_for(self, attestation: Attestation, claim: Claim) -> bool:
        """Whether an attestation is issued to the claimant or to an operator of its facility."""
        operators = [name for name, _ in self.places.operators(claim.facility or "")]
        return not attestation.issued_to or any(
            self.parties.same(attestation.issued_to, other)
            for other in (claim.origin.source.issuer, *operators)
        )

    def disagreements(self, claim: Claim, backing: Backing) -> Iterator[tuple[Value, Value, Attestation]]:
        """Values of a claim that no assessment bears out, each with the assessed value of the same metric."""
        for value in claim.values:
            assessed = [
                (other, pair[0])
                for pair in backing.pairs
                for other in pair[1].values
                if other.metric == value.metric
            ]
            if value.metric and assessed and not any(agree(value, other) for other, _ in assessed):
                yield value, assessed[0][0], assessed[0][1]


def apart(one: Period | None, other: Period | None) -> bool:
    """Whether two periods have no day in common; what names none is not apart."""
    return one is not None and other is not None and (one.end < other.start or other.end < one.start)


def out_of_time(claim: Claim, backing: Backing) -> bool:
    """Whether a claim is borne out only by assessments of another period than its own."""
    return backing.support is Support.HELD and all(
        apart(claim.period, pair[1].period) for pair in backing.pairs
    )


def agree(left: Value, right: Value) -> bool:
    """Whether two stated performances agree: scores alike, and measures within their tolerances or ours."""
    if left.score and right.score and left.score != right.score:
        return False
    one, other = _interval(left.measure), _interval(right.measure)
    if one is None or other is None:
        return True
    if one[2] != other[2]:
        return False
    return one[0] <= other[1] and other[0] <= one[1]


def _interval(measure: Quantity | None) -> tuple[float, float, str] | None:
    """Lowest and highest value in base units, with the kind of unit; our tolerance where none is stated."""
    if measure is None or measure.value is None:
        return None
    factor, kind = 1.0, measure.unit or ""
    for name in ("mass", "volume"):
        if kind in units(name):
            factor, kind = units(name)[kind], name
            break
    spread = abs(measure.value) * float(limits("claims")["value"])
    low = measure.lower if measure.lower is not None else measure.value - spread
    high = measure.upper if measure.upper is not None else measure.value + spread
    return min(low, measure.value) * factor, max(high, measure.value) * factor, kind
