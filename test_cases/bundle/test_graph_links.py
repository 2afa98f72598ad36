"""Identifiers and links across credentials: one thing, one id; what a link says is what stands there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.graph.entities import Attestation, Event, Origin
from harness.graph.identifiers import authority
from harness.graph.mass import tonnes
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest
from harness.semantics.criteria import load_criteria

RELATIONS = {
    "dpp": "DPP", "dcc": "DCC", "dfr": "DFR", "dte": "DTE", "dia": "DIA", "digitalproductpassport": "DPP",
    "digitalconformitycredential": "DCC", "digitalfacilityrecord": "DFR", "digitaltraceabilityevent": "DTE",
    "digitalidentityanchor": "DIA",
}  # fmt: skip


@case(
    "GRAPH-ID-04",
    when=lambda bundle: bundle.graph.products or bundle.graph.facilities or bundle.graph.events,
)
def near_misses_are_shown(bundle: BundleUnderTest) -> Findings:
    """No identifier differs from a known one only by letter case, scheme or a slash at the end."""
    seen: set[tuple[str, str]] = set()
    for place, used, twin in bundle.lineage.near_misses():
        if (place.source.name, used) not in seen:
            seen.add((place.source.name, used))
            yield bundle.finds(
                place,
                "the identifier is nearly that of a known entity, but not the same",
                expected=twin,
                actual=used,
                hint="Write identifiers exactly alike: paths keep their letter case and their last slash.",
            )


@case("GRAPH-MERGE-01", when=lambda bundle: bundle.graph.products or bundle.graph.facilities)
def merged_statements_agree(bundle: BundleUnderTest) -> Findings:
    """Two credentials do not state different facts of one product or facility."""
    for later, earlier, member, two, one in (*bundle.merged.contradictions(), *bundle.lineage.told_apart()):
        yield bundle.finds(
            later.origin,
            f"{earlier.origin.source.name} states another {member} for the same id",
            expected=one,
            actual=two,
            hint="One id, one thing: correct the wrong credential and withdraw it.",
        )
    for product, event in bundle.lineage.elsewhere():
        yield bundle.finds(
            product.origin,
            f"{event.origin.source.name} says that it was made at another facility",
            expected=event.place,
            actual=product.facility,
            hint="Name the facility where the goods were made, in the event as in the passport.",
            member="producedAtFacility",
        )
    for product, event, stated, given in bundle.balance.stock.misstated():
        yield bundle.finds(
            product.origin,
            f"the passport states another weight of the batch than {event.origin.source.name}",
            expected=tonnes(given),
            actual=tonnes(stated),
            hint="State the weight of the batch that was made.",
            member="dimensions/weight",
        )


@case("DCC-SCOPE-02", when=lambda bundle: bundle.graph.attestations)
def criteria_belong_to_the_scheme(bundle: BundleUnderTest) -> Findings:
    """The criteria of an attestation stand on the domain of its scheme or profile, or a vocabulary has them under it."""
    for attestation in bundle.graph.attestations:
        homes = {authority(name) for name in (attestation.scheme, attestation.profile) if name} - {None}
        for assessment in attestation.assessments:
            foreign = [
                c.written
                for c in assessment.criteria
                if c.id and authority(c.written) not in homes and not _listed(attestation.scheme, c.written)
            ]
            if homes and foreign:
                yield bundle.finds(
                    assessment.origin,
                    "a criterion is of another scheme than the attestation",
                    expected=f"criteria of {attestation.scheme}",
                    actual=", ".join(foreign),
                    hint="Attest each scheme apart, or name the scheme that owns the criterion.",
                    member="assessmentCriteria",
                )


def _listed(scheme: str | None, criterion: str) -> bool:
    """Whether criteria-mapping.ttl has a criterion under a scheme whose owner publishes no identifiers of its own."""
    known = load_criteria()
    entry = known.criteria.get(criterion)
    return scheme is not None and entry is not None and entry.scheme == known.scheme(scheme)


@case("DCC-ID-01-BUNDLE", requirement="DCC-ID-01", when=lambda bundle: bundle.graph.attestations)
def attestation_ids_are_used_once(bundle: BundleUnderTest) -> Findings:
    """No two credentials give one id to different attestations."""
    yield from _twice(bundle, bundle.graph.attestations, "attestation")


@case("DTE-ID-01-BUNDLE", requirement="DTE-ID-01", when=lambda bundle: bundle.graph.events)
def event_ids_are_used_once(bundle: BundleUnderTest) -> Findings:
    """No two credentials give one id to different events."""
    yield from _twice(bundle, bundle.graph.events, "event")


def _twice(bundle: BundleUnderTest, entities: Iterable[Attestation | Event], kind: str) -> Findings:
    first: dict[str, Attestation | Event] = {}
    for entity in entities:
        known = first.setdefault(entity.id, entity)
        other, mine = known.origin.source, entity.origin.source
        if entity.id and other is not mine and (other.id != mine.id or known.content != entity.content):
            yield bundle.finds(
                entity.origin,
                f"{known.origin.source.name} has a {kind} of the same id",
                expected=f"an id that only this {kind} has",
                actual=entity.id,
                hint="Give it an id of its own: two things under one id cannot be told apart.",
                member="id",
            )


@case("DPP-LINK-05", when=lambda bundle: len(bundle.graph.sources) > 1)
def link_types_name_what_stands_there(bundle: BundleUnderTest) -> Findings:
    """A link of a passport to a credential of the bundle is typed as what that credential is."""
    for product in bundle.graph.products:
        source = product.origin.source
        for link in source.links:
            named: Any = RELATIONS.get(link.kind)
            found = [target.component for target in bundle.chains.link_targets(link.url)]
            if named is not None and found and named not in found:
                yield bundle.finds(
                    Origin(source, link.pointer),
                    f"the link is typed {link.kind}, and a {found[0]} stands there",
                    expected=found[0].lower(),
                    actual=link.kind,
                    hint="Type links as the resolver does, so that readers find what they look for.",
                    member="linkType",
                )
