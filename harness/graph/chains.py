"""Chains of trust: claim to assessment, attestation to body, body to accreditation, party to anchor, anchor to root.

A chain holds only where every credential on it is verified and it ends outside itself.
"""

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
    Facility,
    Graph,
    Identity,
    Product,
    Quantity,
    Source,
    State,
    Value,
)
from harness.graph.identifiers import broader, canonical
from harness.graph.limits import limits, units

Pair = tuple[Attestation, Assessment]
OPERATORS = ("operator",)
HOLDERS = ("operator", "owner")


class Support(StrEnum):
    """How one criterion of a claim is borne out."""

    HELD = "held"
    VOID = "void"
    ELSEWHERE = "elsewhere"
    NONE = "none"


@dataclass(frozen=True)
class Backing:
    """What bears out one criterion of a claim: the pairs that do, or those that would but for their state or subject."""

    criterion: Criterion
    support: Support
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Chains:
    """The joins of a graph, worked out when first asked for."""

    graph: Graph

    # --- claims ---------------------------------------------------------------------------------------

    def backing(self, claim: Claim) -> tuple[Backing, ...]:
        """For each criterion of a claim, the assessments that bear it out."""
        return tuple(self._backing(claim, criterion) for criterion in claim.criteria if criterion.id)

    def _backing(self, claim: Claim, criterion: Criterion) -> Backing:
        own = claim.origin.source
        pairs = [
            pair
            for pair in self.graph.attestations_by_criterion.get(criterion.id, ())
            if pair[0].origin.source is not own and pair[1].conforms is not False
        ]
        near = [pair for pair in pairs if self.covers(pair[1], claim)]
        good = tuple(pair for pair in near if pair[0].origin.source.verified)
        if good:
            return Backing(criterion, Support.HELD, good)
        if near:
            return Backing(criterion, Support.VOID, tuple(near))
        linked = {link.url for link in claim.evidence}
        cited = tuple(pair for pair in pairs if canonical(pair[0].origin.source.id) in linked)
        return Backing(criterion, Support.ELSEWHERE if cited else Support.NONE, cited)

    def covers(self, assessment: Assessment, claim: Claim) -> bool:
        """Whether an assessment is about what a claim is about: the product or its class, its facility, its party."""
        if claim.of == "product" and assessment.products:
            wide = self._classes(claim.about, claim.origin.source.issuer)
            return any(product in wide for product in assessment.products)
        if assessment.facilities:
            place = self.facility_names(claim.facility) if claim.facility else frozenset()
            return any(facility in place for facility in assessment.facilities)
        if assessment.products:
            return False
        organisation = assessment.organisation
        return organisation is not None and self.same_party(organisation, claim.origin.source.issuer)

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

    def facility_names(self, facility: str) -> frozenset[str]:
        """A facility by all the names that its records give it."""
        records = self.graph.facilities_by_id.get(facility, ())
        return frozenset({facility} | {name for record in records for name in (record.id, *record.aliases)})

    def disagreements(self, claim: Claim, backing: Backing) -> Iterator[tuple[Value, Value, Attestation]]:
        """Values of a claim that no assessment bears out, each with the assessed value of the same metric."""
        for value in claim.values:
            assessed = [(other, pair[0]) for pair in backing.pairs for other in pair[1].values if other.metric == value.metric]
            if value.metric and assessed and not any(agree(value, other) for other, _ in assessed):
                yield value, assessed[0][0], assessed[0][1]

    # --- parties --------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """Each party with its other names: what it says itself, and what a register says of it."""
        found: dict[str, set[str]] = defaultdict(set)

        def join(one: str, other: str) -> None:
            found[one].add(other)
            found[other].add(one)

        for source in self.graph.sources:
            for name in source.issuer_names:
                join(source.issuer, name)
        parties = [party for product in self.graph.products for party in product.parties]
        parties += [party for facility in self.graph.facilities for party in facility.parties]
        for party in parties:
            for name in party.aliases:
                join(party.id, name)
        for identity in self.graph.identities:
            if identity.entry and identity.origin.source.verified:
                join(identity.subject, identity.entry)
        return {name: frozenset(others) for name, others in found.items()}

    def same_party(self, left: str, right: str) -> bool:
        """Whether two identifiers denote one party: equal, or one is another name of the other."""
        if left == right or right in self._names.get(left, ()):
            return True
        return bool(self._names.get(left, frozenset()) & self._names.get(right, frozenset()))

    def anchors(self, party: str) -> tuple[Identity, ...]:
        """The verified register entries of a party, under any of its names."""
        names = (party, *sorted(self._names.get(party, ())))
        return tuple(
            identity
            for name in names
            for identity in self.graph.identities_by_subject.get(name, ())
            if identity.origin.source.verified
        )

    def void_anchors(self, party: str) -> tuple[Identity, ...]:
        """The register entries of a party that are not verified."""
        found = self.graph.identities_by_subject.get(party, ())
        return tuple(identity for identity in found if not identity.origin.source.verified)

    def operators(self, facility: str, roles: tuple[str, ...] = OPERATORS) -> Iterator[tuple[str, Facility]]:
        """Who operates a facility, by its records."""
        for record in self.graph.facilities_by_id.get(facility, ()):
            for party in record.parties:
                if party.role in roles:
                    yield party.id, record

    def tied(self, product: Product) -> bool:
        """Whether the issuer of a passport is the operator of its facility, or names that operator as a party."""
        operators = [name for name, _ in self.operators(product.facility or "")]
        issuer = product.origin.source.issuer
        named = [party.id for party in product.parties]
        return not operators or any(
            self.same_party(operator, other) for operator in operators for other in (issuer, *named)
        )

    # --- roots ----------------------------------------------------------------------------------------

    def circles(self, identity: Identity) -> tuple[str, ...]:
        """The parties on the way from an anchor back to its own subject; nothing where it leads elsewhere."""
        subject = identity.subject
        todo: list[tuple[str, tuple[str, ...]]] = [(identity.origin.source.issuer, (subject,))]
        seen: set[str] = set()
        while todo:
            issuer, path = todo.pop()
            if self.same_party(issuer, subject):
                return (*path, issuer)
            if issuer in seen or issuer in self.graph.roots:
                continue
            seen.add(issuer)
            for further in self.graph.identities_by_subject.get(issuer, ()):
                todo.append((further.origin.source.issuer, (*path, issuer)))
        return ()

    def reaches_root(self, identity: Identity) -> bool:
        """Whether verified anchors lead from this one to a party that the verifier trusts."""
        todo: list[Identity] = [identity]
        seen: set[str] = set()
        while todo:
            here = todo.pop()
            issuer = here.origin.source.issuer
            if not here.origin.source.verified or issuer in seen:
                continue
            if issuer in self.graph.roots:
                return True
            seen.add(issuer)
            todo.extend(self.anchors(issuer))
        return False

    def accreditations(self, attestation: Attestation) -> tuple[Identity, ...]:
        """The verified accreditations of the body behind an attestation."""
        found = self.anchors(attestation.origin.source.issuer)
        return tuple(identity for identity in found if "accreditation" in identity.register)

    @staticmethod
    def in_scope(attestation: Attestation, accreditation: Identity) -> bool:
        """Whether an accreditation covers the scheme, profile, a criterion or the topic of an attestation."""
        criteria = {c.id for a in attestation.assessments for c in a.criteria}
        named = {attestation.scheme, attestation.profile, *criteria} - {None, ""}
        topics = {scope.rstrip("/#").replace("#", "/").rpartition("/")[2] for scope in accreditation.scopes}
        return any(
            str(name) == scope or str(name).startswith(scope.rstrip("/") + "/")
            for name in named
            for scope in accreditation.scopes
        ) or bool(topics & attestation.topics)

    def link_targets(self, url: str) -> tuple[Source, ...]:
        """The credentials that a link leads to."""
        return self.graph.sources_by_id.get(url, ())


def state_told(pairs: tuple[Pair, ...]) -> tuple[State, str]:
    """The state of the first credential that would have borne a claim out, with its name."""
    source = pairs[0][0].origin.source
    return source.state, source.told


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
