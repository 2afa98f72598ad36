"""UNTP-CRM across credentials: records, permits and events behind a lot, mixing and smelting as sums."""

from __future__ import annotations

from collections.abc import Iterator

from harness.graph.claims import agree
from harness.graph.entities import Claim, Event, Product, Source
from harness.graph.limits import element, limits
from harness.graph.mass import tonnes
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest

RAW, REFINED = "RawMaterialPassport", "RefinedMaterialPassport"
PERMIT, RESPONSIBLE, EMISSIONS = (
    "MiningPermitCredential",
    "ResponsibleMiningCredential",
    "EmissionsIntensityCredential",
)
SOURCING = frozenset({"ethical-material-sourcing", "responsible-procurement"})
LEGAL = frozenset({"legal-compliance"})


def of_kind(bundle: BundleUnderTest, *kinds: str) -> list[Product]:
    """The passports of some types of UNTP-CRM."""
    return [product for product in bundle.graph.products if product.origin.source.kind in kinds]


def backed(bundle: BundleUnderTest, claim: Claim, kind: str) -> Iterator[Source]:
    """The verified credentials of a type that a claim links to as its evidence."""
    for link in claim.evidence:
        yield from (s for s in bundle.chains.link_targets(link.url) if s.kind == kind and s.verified)


def lots(bundle: BundleUnderTest) -> bool:
    """Whether there is a passport of a raw or refined material."""
    return bool(of_kind(bundle, RAW, REFINED))


@case("CRM-MAT-06", when=lots)
def lot_has_a_facility_record(bundle: BundleUnderTest) -> Findings:
    """The facility of a lot has a verified record in the bundle."""
    for product in of_kind(bundle, RAW, REFINED):
        records = bundle.graph.facilities_by_id.get(product.facility or "", ())
        if not any(record.origin.source.verified for record in records):
            yield bundle.finds(
                product.origin,
                "the facility of the lot has no verified record in the bundle",
                expected=f"a mine site or refinery record of {product.facility}",
                actual=records[0].origin.source.told if records else "none",
                hint="Hand over the facility record, or name the facility as its record does.",
                member="producedAtFacility",
            )


@case("CRM-MAT-08", when=lambda bundle: of_kind(bundle, RAW))
def raw_lot_is_permitted_and_responsible(bundle: BundleUnderTest) -> Findings:
    """A raw material has a legal compliance claim backed by a permit and a sourcing claim backed by a scheme."""
    for product in of_kind(bundle, RAW):
        for topics, kind, what in ((LEGAL, PERMIT, "a mining permit"), (SOURCING, RESPONSIBLE, "a responsible mining credential")):  # fmt: skip
            claims = [claim for claim in product.claims if claim.topics & topics]
            if not any(True for claim in claims for _ in backed(bundle, claim, kind)):
                yield bundle.finds(
                    claims[0].origin if claims else product.origin,
                    f"no verified {kind} stands behind the lot",
                    expected=f"a claim on {' or '.join(sorted(topics))} whose evidence is {what} of the bundle",
                    actual=", ".join(link.url for claim in claims for link in claim.evidence)
                    or "no evidence",
                    hint="Link the credential as evidence of the claim, and hand it over.",
                )


@case("CRM-MAT-09", when=lots)
def lot_links_the_event_that_made_it(bundle: BundleUnderTest) -> Findings:
    """A lot links a make event of the bundle whose output it is."""
    made_in: dict[str, set[int]] = {}
    for event in bundle.graph.ledger:
        for goods in event.outputs:
            made_in.setdefault(goods.product, set()).add(id(event.origin.source))
    for product in of_kind(bundle, RAW, REFINED):
        links = [link for link in product.origin.source.links if link.kind == "dte"]
        targets = {id(source) for link in links for source in bundle.chains.link_targets(link.url)}
        if not targets & made_in.get(product.id, set()):
            yield bundle.finds(
                product.origin,
                "no event that the passport links to made this lot",
                expected=f"a link of type dte to a make event whose output is {product.written}",
                actual=", ".join(link.url for link in links) or "no link of type dte",
                hint="Link the event that made the lot, and hand it over.",
            )


@case("CRM-REF-02", when=lambda bundle: of_kind(bundle, REFINED))
def refined_lot_leads_to_raw_material(bundle: BundleUnderTest) -> Findings:
    """A refined lot has a make event, and an input with a passport of a raw or refined material, or a stated barrier."""
    known = {product.id for product in of_kind(bundle, RAW, REFINED)}
    for product in of_kind(bundle, REFINED):
        inputs = [goods for event in bundle.graph.makers(product.id) for goods in event.inputs]
        barrier = any(link.protected for link in product.origin.source.links if link.kind in ("dpp", "dte"))
        if not barrier and not any(goods.product in known for goods in inputs):
            yield bundle.finds(
                product.origin,
                "the refined lot leads to no raw material",
                expected="a make event with an input that has a passport, or a link that says that it is protected",
                actual=", ".join(goods.name or goods.written for goods in inputs) or "no make event",
                hint="Hand over the passports of the inputs, or say that they are protected.",
            )


@case("CRM-PERM-03", when=lambda bundle: any(s.kind == PERMIT for s in bundle.graph.sources))
def permit_is_of_this_mine_and_time(bundle: BundleUnderTest) -> Findings:
    """A permit is for the mine site of the lot that rests on it, and was in force when the lot was made."""
    attestations = {id(a.origin.source): a for a in bundle.graph.attestations}
    for product in of_kind(bundle, RAW):
        for claim in product.claims:
            for source in backed(bundle, claim, PERMIT):
                permit = attestations.get(id(source))
                sites = {name for a in permit.assessments for name in a.facilities} if permit else set()
                if not sites & bundle.chains.places.names(product.facility or ""):
                    yield bundle.finds(
                        claim.origin,
                        f"the permit in {source.name} is of another mine site",
                        expected=product.facility,
                        actual=", ".join(sorted(sites)) or "no facility",
                        hint="Link the permit of the site where the lot was made.",
                    )
                day = product.made_on
                begins, ends = source.valid_from, source.valid_until
                if day and ((begins and day < begins.date()) or (ends and day > ends.date())):
                    yield bundle.finds(
                        claim.origin,
                        f"the permit in {source.name} was not in force when the lot was made",
                        expected=f"{begins.date() if begins else 'any day'} to {ends.date() if ends else 'any day'}",
                        actual=day.isoformat(),
                        hint="Link the permit that was in force on that day.",
                    )


@case("CRM-EMIS-02", when=lambda bundle: any(s.kind == EMISSIONS for s in bundle.graph.sources))
def emissions_agree_with_the_passport(bundle: BundleUnderTest) -> Findings:
    """The footprint that an emissions credential assesses is about the product that claims it, and is what it claims."""
    attestations = {id(a.origin.source): a for a in bundle.graph.attestations}
    for product in bundle.graph.products:
        for claim in product.claims:
            for source in backed(bundle, claim, EMISSIONS):
                found = attestations.get(id(source))
                values = [v for a in found.assessments for v in a.values] if found else []
                for value in claim.values:
                    same = [other for other in values if other.metric == value.metric]
                    if same and not any(agree(value, other) for other in same):
                        assessed = same[0].measure
                        yield bundle.finds(
                            claim.origin,
                            f"the claimed {value.metric} is not what {source.name} assessed",
                            expected=assessed.told if assessed else None,
                            actual=value.measure.told if value.measure else None,
                            hint="Claim what was assessed, or have the new value assessed.",
                        )


def crm_events(bundle: BundleUnderTest, kind: str) -> list[Event]:
    """The make events in credentials of a type of UNTP-CRM."""
    return [e for e in bundle.graph.ledger if e.kind == "make" and e.origin.source.kind == kind]


@case("CRM-EVT-02", when=lambda bundle: crm_events(bundle, "BulkMixingEvent"))
def mixing_conserves_mass_and_grade(bundle: BundleUnderTest) -> Findings:
    """A mixed lot weighs what went in, and its grade is the weighted mean of the grades that went in."""
    scales = bundle.balance.scales
    for event in crm_events(bundle, "BulkMixingEvent"):
        put, came = scales.side(event.inputs), scales.side(event.outputs)
        if put[1] or came[1] or not put[0] or len(came[0]) != 1:
            continue
        weight, (out,) = sum(line.kilograms for line in put[0]), came[0]
        if abs(out.kilograms - weight) > limits("crm")["mixing_mass"] * weight:
            yield bundle.finds(
                event.origin,
                "the mixed lot does not weigh what went in",
                expected=tonnes(weight),
                actual=tonnes(out.kilograms),
                hint="State every lot that was mixed, with its quantity.",
            )
        assays = [(line, passport.assay if (passport := scales.passport(line.goods.product)) else {}) for line in put[0]]  # fmt: skip
        made = scales.passport(out.goods.product)
        for symbol, share in (made.assay if made else {}).items():
            if weight > 0 and all(symbol in assay for _, assay in assays):
                mean = sum(line.kilograms * assay[symbol] for line, assay in assays) / weight
                if abs(share - mean) > limits("crm")["mixing_grade"] * mean:
                    yield bundle.finds(
                        event.origin,
                        f"the grade of {element(symbol) or symbol} is not the weighted mean of what was mixed",
                        expected=f"{mean:.4g}",
                        actual=f"{share:.4g}",
                        hint="Assay the mixed lot again, or correct the lots that went in.",
                    )


@case("CRM-EVT-03", when=lambda bundle: crm_events(bundle, "SmeltingRefiningEvent"))
def smelting_recovers_what_went_in(bundle: BundleUnderTest) -> Findings:
    """Of a payable metal at most what went in comes out; at least half, where every input that holds it is assayed."""
    events = {id(event) for event in crm_events(bundle, "SmeltingRefiningEvent")}
    assayed = {product.id for product in bundle.graph.products if product.assay}
    for one in bundle.balance.metals:
        if id(one.event) not in events or one.about not in limits("elements").values() or one.ratio is None:
            continue
        known = all(line.goods.product in assayed for line in one.inputs) and not one.missing
        least = limits("crm")["recovery_least"] if known else 0.0
        if not least <= one.ratio <= limits("crm")["recovery_most"] and not one.unweighed_inputs:
            yield bundle.finds(
                one.event.origin,
                f"{one.ratio:.1%} of the {one.about} that went in comes out",
                expected=f"between {least:.0%} and {limits('crm')['recovery_most']:.1%}: {one.told}",
                actual=f"{one.ratio:.1%}",
                hint="List every input that holds the metal, scrap too, and every output.",
            )
