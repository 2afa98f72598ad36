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
from harness.graph.identifiers import broader
from harness.graph.limits import limits, units
from harness.semantics.criteria import carries

Pair = tuple[Attestation, Assessment]
OPERATORS = ("operator",)
HOLDERS = ("operator", "owner")


class Support(StrEnum):
    """How one criterion of a claim is borne out."""

    HELD = "held"
    VOID = "void"
    ELSEWHERE = "elsewhere"
    NONE = "none"


class Strength(StrEnum):
    """Who bears a claim out, the weakest first: the claimant itself, somebody else, an accredited third party."""

    CLAIMANT = "claimant"
    OTHERS = "others"
    ACCREDITED = "accredited"


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
        near = [pair for pair in self._near(claim, criterion) if self._speaks(pair, claim)]
        near = near or [pair for pair in self._mapped(claim, criterion) if self._speaks(pair, claim)]
        good = tuple(pair for pair in near if pair[0].origin.source.verified)
        if good:
            return Backing(criterion, Support.HELD, good)
        if near:
            return Backing(criterion, Support.VOID, tuple(near))
        cited = tuple(pair for pair in self._cited(claim, criterion) if pair[1].conforms is not False)
        return Backing(criterion, Support.ELSEWHERE if cited else Support.NONE, cited)

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
        found = [id(source) for link in claim.evidence for source in self.link_targets(link.url)]
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
            names |= self.facility_names(claim.facility)
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

    def _is_for(self, attestation: Attestation, claim: Claim) -> bool:
        """Whether an attestation is issued to the claimant or to an operator of its facility."""
        operators = [name for name, _ in self.operators(claim.facility or "")]
        return not attestation.issued_to or any(
            self.same_party(attestation.issued_to, other)
            for other in (claim.origin.source.issuer, *operators)
        )

    def covers(self, pair: Pair, claim: Claim) -> bool:
        """Whether an assessment is about what a claim is about: the product or its class, its facility, its party.

        By another name of the facility only where the attestation was issued to the party that says so.
        """
        assessment = pair[1]
        if claim.of == "product" and assessment.products:
            wide = self._classes(claim.about, claim.origin.source.issuer)
            return any(product in wide for product in assessment.products)
        if assessment.facilities:
            place = self.facility_names(claim.facility) if claim.facility else frozenset()
            own = claim.facility in assessment.facilities
            return own or (
                any(facility in place for facility in assessment.facilities) and self._is_for(pair[0], claim)
            )
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
            and not self.same_party(other.origin.source.issuer, record.origin.source.issuer)
            for other in self.graph.facilities_by_id.get(name, ())
        )  # fmt: skip

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

    # --- parties --------------------------------------------------------------------------------------

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
        or none: else whoever makes up a register could take the name of anybody.
        """
        found: dict[str, list[Identity]] = defaultdict(list)
        for identity in self.graph.identities:
            if identity.entry and identity.origin.source.verified:
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
        taken = {source.issuer for source in self.graph.sources} | self.graph.identities_by_subject.keys()
        found: dict[str, set[str]] = defaultdict(set)
        for source in self.graph.sources:
            found[source.issuer].update(name for name in source.issuer_names if name not in taken)
        parties = [party for product in self.graph.products for party in product.parties]
        parties += [party for facility in self.graph.facilities for party in facility.parties]
        for party in parties:
            if party.origin.source.issuer == party.id:
                found[party.id].update(name for name in party.aliases if name not in taken)
        return {name: frozenset(others) for name, others in found.items()}

    def names(self, party: str) -> tuple[str, ...]:
        """A party with its other names, the registered ones first."""
        others = (*sorted(self._registered.get(party, ())), *sorted(self._own_names.get(party, ())))
        return tuple(dict.fromkeys((party, *others)))

    def same_party(self, left: str, right: str) -> bool:
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
        """Whether verified anchors lead from this one to a party that the verifier trusts.

        Accreditations lead there over accreditations only: an entry in a business register gives nobody the power
        to accredit (UNTP, Digital Identity Anchor, register types).
        """
        accredits = identity.accredits
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
            todo.extend(further for further in self.anchors(issuer) if further.accredits or not accredits)
        return False

    def accreditations(self, attestation: Attestation) -> tuple[Identity, ...]:
        """The verified accreditations of the body behind an attestation."""
        found = self.anchors(attestation.origin.source.issuer)
        return tuple(identity for identity in found if identity.accredits)

    def independent(self, pair: Pair, claim: Claim) -> bool:
        """Whether an assessment is by a third party that is neither the claimant nor operates its facility."""
        assessor = pair[0].origin.source.issuer
        concerned = [claim.origin.source.issuer, *(name for name, _ in self.operators(claim.facility or ""))]
        return pair[0].third_party and not any(self.same_party(assessor, other) for other in concerned)

    def accredited(self, attestation: Attestation) -> bool:
        """Whether its body is accredited for it, by an authority on the verifier's list where there is one."""
        return any(
            self.in_scope(attestation, one) and not self.circles(one)
            and (not self.graph.roots or self.reaches_root(one))
            for one in self.accreditations(attestation)
        )  # fmt: skip

    def strength(self, claim: Claim) -> Strength | None:
        """Who bears a claim out, at the weakest of its criteria; None where not every criterion is borne out."""
        backing = self.backing(claim)
        if not backing or any(one.support is not Support.HELD for one in backing):
            return None
        return min((self._strength(one, claim) for one in backing), key=list(Strength).index)

    def _strength(self, backing: Backing, claim: Claim) -> Strength:
        independent = [pair[0] for pair in backing.pairs if self.independent(pair, claim)]
        if any(self.accredited(attestation) for attestation in independent):
            return Strength.ACCREDITED
        issuer = claim.origin.source.issuer
        others = [p for p in backing.pairs if not self.same_party(p[0].origin.source.issuer, issuer)]
        return Strength.OTHERS if independent or others else Strength.CLAIMANT

    def self_made(self) -> Iterator[tuple[Claim, Attestation]]:
        """Attestations that call themselves a third party's and bear out a claim of their own issuer."""
        for claim in self.graph.claims:
            seen: set[int] = set()
            for backing in self.backing(claim):
                for pair in backing.pairs:
                    known = id(pair[0]) in seen or backing.support is not Support.HELD
                    if not known and pair[0].third_party and not self.independent(pair, claim):
                        seen.add(id(pair[0]))
                        yield claim, pair[0]

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
