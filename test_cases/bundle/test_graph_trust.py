"""Who says it: bodies are accredited, parties are anchored, chains end in roots and never in themselves."""

from __future__ import annotations

from harness.graph.places import HOLDERS
from harness.graph.roots import in_scope
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest

PRODUCERS = ("producer", "manufacturer", "producedByParty")


def third_party(bundle: BundleUnderTest) -> bool:
    """Whether any attestation claims to be independent."""
    return any(attestation.third_party for attestation in bundle.graph.attestations)


@case("GRAPH-ACC-01", when=third_party)
def assessors_are_accredited(bundle: BundleUnderTest) -> Findings:
    """The issuer of a third-party attestation has a verified accreditation anchor."""
    for attestation in bundle.graph.attestations:
        if attestation.third_party and not bundle.chains.roots.accreditations(attestation):
            void = bundle.chains.parties.void_anchors(attestation.origin.source.issuer)
            yield bundle.finds(
                attestation.origin,
                "the assessor has no verified accreditation in the bundle",
                expected=f"an identity anchor of type accreditation for {attestation.origin.source.issuer}",
                actual=void[0].origin.source.told if void else "none",
                hint="Add the anchor that the accreditation body issued to the assessor.",
            )


@case("GRAPH-ACC-02", when=third_party)
def accreditation_covers_the_scheme(bundle: BundleUnderTest) -> Findings:
    """The scope of the assessor's accreditation covers the scheme or topic of the attestation."""
    for attestation in bundle.graph.attestations:
        found = bundle.chains.roots.accreditations(attestation) if attestation.third_party else ()
        if found and not any(in_scope(attestation, accreditation) for accreditation in found):
            yield bundle.finds(
                attestation.origin,
                "the assessor is accredited, but not for this scheme",
                expected=attestation.scheme,
                actual=", ".join(sorted(scope for one in found for scope in one.scopes)) or "no scope",
                hint="An attestation outside the accreditation is not accredited: say so, or extend the scope.",
            )


@case("GRAPH-ACC-03", when=lambda bundle: bundle.graph.roots and bundle.graph.identities)
def chains_end_at_a_trusted_root(bundle: BundleUnderTest) -> Findings:
    """Each anchor leads to an authority on the verifier's list."""
    for identity in bundle.graph.identities:
        if (
            identity.origin.source.verified
            and not bundle.chains.roots.reached_from(identity)
            and not bundle.chains.roots.circles(identity)
        ):
            yield bundle.finds(
                identity.origin,
                f"the chain of {identity.subject} ends at {identity.origin.source.issuer}, whom the verifier does not trust",
                expected="a path to a party on the list of trusted roots",
                actual=identity.origin.source.issuer,
                hint="Add the authority's own anchor, or the authority to the list (--anchors FILE).",
            )


@case(
    "GRAPH-ID-01", when=lambda bundle: bundle.graph.products or bundle.graph.facilities or bundle.graph.events
)
def parties_are_anchored(bundle: BundleUnderTest) -> Findings:
    """Issuers of passports, records and events, and operators of facilities, have verified identity anchors."""
    told: set[str] = set()
    for source in bundle.graph.sources:
        if source.component not in ("DPP", "DFR", "DTE") or source.issuer in told or not source.issuer:
            continue
        if not bundle.chains.parties.anchors(source.issuer):
            told.add(source.issuer)
            place = next(
                (s.origin for s in (*bundle.graph.products, *bundle.graph.facilities, *bundle.graph.events) if s.origin.source is source),
                None,
            )  # fmt: skip
            if place is not None:
                void = bundle.chains.parties.void_anchors(source.issuer)
                yield bundle.finds(
                    place,
                    f"the issuer {source.issuer} has no verified identity anchor in the bundle",
                    expected="a register's anchor for the issuer",
                    actual=void[0].origin.source.told if void else "none",
                    hint="Add the identity anchor that the register issued.",
                )
    for facility in bundle.graph.facilities:
        for party in facility.parties:
            operates = party.role == "operator" and party.id not in told
            if operates and not bundle.chains.parties.anchors(party.id):
                told.add(party.id)
                yield bundle.finds(
                    party.origin,
                    f"the operator {party.id} has no verified identity anchor in the bundle",
                    expected="a register's anchor for the operator",
                    actual="none",
                    hint="Add the identity anchor that the register issued to the operator.",
                )


@case("GRAPH-ID-02", when=lambda bundle: bundle.graph.products)
def passport_issuer_is_tied_to_the_operator(bundle: BundleUnderTest) -> Findings:
    """The issuer of a passport operates its facility, or the passport names who does."""
    for product in bundle.graph.products:
        if not bundle.chains.places.tied(product):
            operators = [name for name, _ in bundle.chains.places.operators(product.facility or "")]
            yield bundle.finds(
                product.origin,
                "the issuer of the passport is not the operator of its facility, and no party of the passport is",
                expected=", ".join(operators),
                actual=product.origin.source.issuer,
                hint="Name the operator as a related party, or correct the facility record.",
            )


@case("GRAPH-ID-03", when=lambda bundle: bundle.graph.products)
def facility_has_its_record(bundle: BundleUnderTest) -> Findings:
    """The facility that a passport names has a facility record in the bundle."""
    for product in bundle.graph.products:
        if product.facility in bundle.merged.without_record:
            yield bundle.finds(
                product.origin,
                "the facility of the passport has no record in the bundle",
                expected=f"a facility record of {product.facility}",
                actual="none",
                hint="Add the facility record, or name the facility as its record does.",
                member="producedAtFacility",
            )


@case("GRAPH-ID-05", when=lambda bundle: bundle.graph.identities or bundle.graph.attestations)
def trust_is_not_self_made(bundle: BundleUnderTest) -> Findings:
    """No anchor leads back to its own subject, and no third-party attestation is by the party that it is for."""
    for identity in bundle.graph.identities:
        circle = bundle.chains.roots.circles(identity)
        if circle:
            yield bundle.finds(
                identity.origin,
                "the anchor leads back to its own subject",
                expected="an anchor by a register that does not depend on its subject",
                actual=" <- ".join(circle),
                hint="Anchors that anchor themselves or each other prove nothing: add one from an independent register.",
            )
    for attestation in bundle.graph.attestations:
        issuer = attestation.origin.source.issuer
        if attestation.third_party and bundle.chains.parties.same(issuer, attestation.issued_to):
            yield bundle.finds(
                attestation.origin,
                "the third-party attestation is by the party that it is for",
                expected="an issuer who is not controlled by the party that is assessed",
                actual=issuer,
                hint="Call it what it is: a self declaration.",
            )
    for claim, attestation in bundle.chains.self_made():
        if not bundle.chains.parties.same(attestation.origin.source.issuer, attestation.issued_to):
            yield bundle.finds(
                attestation.origin,
                f"the third-party attestation bears out a claim of its own issuer, in {claim.origin.source.name}",
                expected="an assessor who is not controlled by the party that claims",
                actual=attestation.origin.source.issuer,
                hint="Call it what it is: a self declaration.",
            )


@case("DPP-PARTY-02", when=lambda bundle: bundle.graph.products)
def producers_can_prove_who_they_are(bundle: BundleUnderTest) -> Findings:
    """The producer that a passport names has a verified identity anchor."""
    issuers = {source.issuer for source in bundle.graph.sources}
    for product in bundle.graph.products:
        for party in product.parties:
            if (
                party.role in PRODUCERS
                and party.id not in issuers
                and not bundle.chains.parties.anchors(party.id)
            ):
                yield bundle.finds(
                    party.origin,
                    f"the {party.role} {party.id} has no verified identity anchor in the bundle",
                    expected="a register's anchor for the party",
                    actual="none",
                    hint="Name the producer by an identifier that a register anchors.",
                )


@case("DPP-PARTY-03", when=lambda bundle: bundle.graph.products)
def issuer_is_a_party_of_the_product(bundle: BundleUnderTest) -> Findings:
    """The issuer of a passport is one of its related parties, under one of its names."""
    for product in bundle.graph.products:
        issuer = product.origin.source.issuer
        if product.parties and not any(
            bundle.chains.parties.same(issuer, party.id) for party in product.parties
        ):
            yield bundle.finds(
                product.origin,
                "the issuer of the passport is none of its related parties",
                expected=issuer,
                actual=", ".join(dict.fromkeys(party.id for party in product.parties)),
                hint="Name the issuer with its role, such as producer or service provider.",
                member="relatedParty",
            )


@case("DFR-PARTY-02", when=lambda bundle: bundle.graph.facilities)
def record_issuer_holds_the_facility(bundle: BundleUnderTest) -> Findings:
    """The issuer of a facility record is the facility's owner or operator."""
    for facility in bundle.graph.facilities:
        holders = [party.id for party in facility.parties if party.role in HOLDERS]
        issuer = facility.origin.source.issuer
        if holders and not any(bundle.chains.parties.same(issuer, holder) for holder in holders):
            yield bundle.finds(
                facility.origin,
                "the issuer of the record is neither owner nor operator of the facility",
                expected=", ".join(dict.fromkeys(holders)),
                actual=issuer,
                hint="Let the operator issue the record, or name the issuer as owner or operator.",
            )
