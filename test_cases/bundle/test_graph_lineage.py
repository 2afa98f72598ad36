"""Goods along their events: where they come from, in which order, and what was used twice."""

from __future__ import annotations

from harness.graph.entities import Origin
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest


def events(bundle: BundleUnderTest) -> bool:
    """Whether there is an event at all."""
    return bool(bundle.graph.events)


@case("GRAPH-LINE-01", when=events)
def lineage_has_no_gap(bundle: BundleUnderTest) -> Findings:
    """What comes from somebody else can be followed by an event to whoever made or sent it."""
    for gap in bundle.lineage.gaps():
        yield bundle.finds(
            gap.goods.origin,
            f"the lineage of {gap.goods.name or gap.goods.written} breaks here: {gap.why}",
            expected="an event that makes these goods or moves them here",
            actual=gap.goods.written,
            hint="Ask the supplier for the event, or say that its evidence is protected.",
        )


@case("DPP-CHAIN-01", when=lambda bundle: bundle.graph.products)
def constituents_can_be_followed(bundle: BundleUnderTest) -> Findings:
    """The batch or item of a passport has a make event, and the passports that it links to are there."""
    for product in bundle.lineage.unmade():
        yield bundle.finds(
            product.origin,
            "no event tells what this batch or item was made of",
            expected=f"a make event whose output is {product.written}",
            actual="none",
            hint="Publish the event that made it, and link it from the passport.",
        )
    for product in bundle.graph.products:
        source = product.origin.source
        for link in source.links:
            if link.kind == "dpp" and not link.protected and not bundle.chains.link_targets(link.url):
                yield bundle.finds(
                    Origin(source, link.pointer),
                    "the passport of a constituent is not in the bundle",
                    expected=link.url,
                    actual="nothing",
                    hint="Hand over the constituent's passport too, or say that it is protected.",
                )


@case("DPP-TRACE-03", when=events)
def linked_events_name_the_product(bundle: BundleUnderTest) -> Findings:
    """A traceability event that a passport links to is about its product."""
    about: dict[int, set[str]] = {}
    for event in bundle.graph.events:
        about.setdefault(id(event.origin.source), set()).update(
            g.product for g in (*event.inputs, *event.outputs)
        )
    for product in bundle.graph.products:
        for link in product.origin.source.links:
            targets = [t for t in bundle.chains.link_targets(link.url) if t.component == "DTE"]
            if (
                targets
                and link.kind == "dte"
                and not any(product.id in about.get(id(t), ()) for t in targets)
            ):
                yield bundle.finds(
                    Origin(product.origin.source, link.pointer),
                    f"no event in {targets[0].name} is about this product",
                    expected=product.written,
                    actual=", ".join(sorted(about.get(id(targets[0]), ()))) or "no product",
                    hint="Link the events of this very batch or item.",
                )


@case("DTE-ORDER-01", when=events)
def inputs_exist_before_use(bundle: BundleUnderTest) -> Findings:
    """Nothing is used before it was made, and nothing is made of itself."""
    for fault in bundle.lineage.too_early():
        yield bundle.finds(
            fault.goods.origin,
            f"{fault.goods.name or fault.goods.written}: {fault.why}",
            expected=f"made before {fault.event.id}",
            actual=f"made by {fault.other.id}",
            hint="Correct the date of one event, or the goods that it names.",
        )


@case("DTE-ORDER-02", when=events)
def gone_items_stay_gone(bundle: BundleUnderTest) -> Findings:
    """An item that was used up or sent away is not used again by the same holder."""
    for fault in bundle.lineage.items_again():
        yield bundle.finds(
            fault.goods.origin,
            f"{fault.goods.name or fault.goods.written}: {fault.why}",
            expected="an event that brings the item back, or another item",
            actual=fault.goods.written,
            hint=f"Compare with {fault.other.id} in {fault.other.origin.source.name}.",
        )
