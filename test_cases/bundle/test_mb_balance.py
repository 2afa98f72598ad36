"""Mass balance: what goes in bounds what comes out, at each event, in each stock, in each claim."""

from __future__ import annotations

from harness.graph.balance import Sum
from harness.graph.custody import certified, misfits, unaudited
from harness.graph.mass import sum_told, tonnes, total
from harness.graph.stock import Shortage
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest


def events(bundle: BundleUnderTest) -> bool:
    """Whether there is an event at all."""
    return bool(bundle.graph.events)


def _over(bundle: BundleUnderTest, one: Sum, hint: str) -> Findings:
    yield bundle.finds(
        one.event.origin,
        f"{one.event.id}: {one.about} out is {one.share_told} of {one.about} in",
        expected=f"at most {tonnes(total(one.inputs) * (1 + one.limit))}: {sum_told(one.inputs)} and {one.limit:.1%}",
        actual=sum_told(one.outputs),
        hint=hint,
    )


@case("MB-CONS-01", when=events)
def outputs_are_plausible(bundle: BundleUnderTest) -> Findings:
    """A make event gives no more mass than it takes."""
    for one in bundle.balance.masses:
        if one.over:
            yield from _over(
                bundle, one, "List every input, scrap and reagents too, or correct the quantities."
            )


@case("MB-CONS-02", when=events)
def metal_balances(bundle: BundleUnderTest) -> Findings:
    """A make event gives no more of a metal than its inputs hold."""
    for one in bundle.balance.metals:
        if one.over:
            yield from _over(
                bundle, one, "List every input that holds the metal, or correct grade and quantity."
            )


@case("MB-CONS-03", when=lambda bundle: any(f.consumed for f in bundle.graph.facilities))
def facility_use_covers_the_events(bundle: BundleUnderTest) -> Findings:
    """What the events of a period consume is within what the facility's record states for it."""
    for facility, material, lines, stated in bundle.balance.usage():
        yield bundle.finds(
            material.origin,
            f"events of the period consume more {material.name} than the record states",
            expected=f"at least {sum_told(lines)}",
            actual=tonnes(stated),
            hint=f"Compare with {', '.join(dict.fromkeys(line.goods.origin.source.name for line in lines))}"
            f" at {facility.name}.",
        )


def _short(bundle: BundleUnderTest, shortage: Shortage, message: str, hint: str) -> Findings:
    yield bundle.finds(
        shortage.entry.goods.origin,
        f"{shortage.entry.goods.name or shortage.entry.goods.written} at {shortage.place}: {message}",
        expected="no stock below zero",
        actual=shortage.told,
        hint=hint,
    )


@case("MB-CONS-04", when=events)
def stock_is_never_negative(bundle: BundleUnderTest) -> Findings:
    """No facility uses or ships more of a lot than it has at that time."""
    late = {fault.goods.product for fault in bundle.lineage.too_early()}
    for shortage in bundle.balance.stock.shortages():
        if len(shortage.consumers) < 2 and shortage.entry.goods.product not in late:  # noqa: PLR2004
            yield from _short(
                bundle,
                shortage,
                "more leaves the stock than has come",
                "Correct the times or the quantities.",
            )


@case("MB-CONS-05", when=events)
def both_sides_of_a_move_agree(bundle: BundleUnderTest) -> Findings:
    """Sender and receiver of a consignment state the same goods, quantities and places."""
    for other, first, goods, why in bundle.balance.consignments():
        yield bundle.finds(
            goods.origin,
            f"the two sides of consignment {other.consignment} differ: {why}",
            expected=f"what {first.origin.source.name} states",
            actual=goods.quantity.told if goods.quantity else "no quantity",
            hint="Reconcile sender and receiver, then withdraw the wrong event.",
        )


@case("MB-CONS-06", when=events)
def quantities_can_be_summed(bundle: BundleUnderTest) -> Findings:
    """The quantities of an event have units that convert into each other."""
    for event, goods, why in bundle.balance.unmixable():
        yield bundle.finds(
            goods.origin,
            f"{event.id} cannot be balanced: {why}",
            expected="a mass, or a volume with weight and volume in the passport",
            actual=goods.quantity.told if goods.quantity else "no quantity",
            hint="State masses by a unit code of UNECE Recommendation 20, such as KGM or TNE.",
            member="quantity",
        )
    for one in bundle.balance.uncovered():
        named = "; ".join(f"{goods.name or goods.written}: {why}" for goods, why in one.unweighed_inputs[:5])
        yield bundle.finds(
            one.event.origin,
            f"{one.event.id}: only inputs that cannot be weighed could cover the {one.about} that comes out",
            expected=f"inputs of at least {tonnes(total(one.outputs))}: {sum_told(one.inputs)}",
            actual=named,
            hint="State the quantity of every input, by a unit code of UNECE Recommendation 20.",
        )


@case("MB-CONS-07", when=events)
def bundles_equal_their_parts(bundle: BundleUnderTest) -> Findings:
    """The parts of a bundle do not weigh more than the bundle."""
    for event, parent, parts, whole in bundle.balance.bundles():
        yield bundle.finds(
            event.origin,
            f"the parts of {parent.name or parent.written} weigh more than it does",
            expected=f"at most {tonnes(whole)}",
            actual=sum_told(parts),
            hint="Correct the quantities of the parts, or the weight in the passport.",
        )


@case("MB-CLAIM-01", when=lambda bundle: bundle.graph.products and bundle.graph.events)
def recycled_output_is_limited(bundle: BundleUnderTest) -> Findings:
    """The recycled or certified part of outputs is no more than inputs can have brought."""
    for one in bundle.balance.recycled:
        if one.over:
            yield from _over(bundle, one, "Correct the recycled fraction, or list the recycled inputs.")
    for one in certified(bundle.chains, bundle.balance.scales):
        yield from _over(bundle, one, "Claim no more than the certified inputs cover.")


@case("MB-CLAIM-02", when=lambda bundle: bundle.graph.products and bundle.graph.events)
def custody_model_fits(bundle: BundleUnderTest) -> Findings:
    """Identity preserved goods come from one lot; every input of segregated goods meets the criterion."""
    for misfit in misfits(bundle.chains, bundle.balance.scales):
        yield bundle.finds(
            misfit.claim.origin,
            f"the custody model of the claim does not fit {misfit.event.id}: {misfit.why}",
            expected="inputs that the model allows",
            actual=misfit.criterion.written,
            hint="Claim mass balance, or keep the lots apart.",
        )


@case("MB-CLAIM-03", when=events)
def inputs_are_used_once(bundle: BundleUnderTest) -> Findings:
    """Several make events together use no more of a lot than there is."""
    for shortage in bundle.balance.stock.shortages():
        if len(shortage.consumers) > 1:
            yield from _short(
                bundle, shortage, f"{len(shortage.consumers)} events use the same input",
                "The same input cannot support two outputs: split it between them.",
            )  # fmt: skip
    for shortage in bundle.balance.stock.overdrawn():
        yield from _short(
            bundle, shortage, "events use more of it than its passport states",
            "The same input cannot support two outputs: split it between them.",
        )  # fmt: skip


@case("MB-AUD-01", when=lambda bundle: any(True for _ in bundle.graph.claims))
def mass_balance_is_audited(bundle: BundleUnderTest) -> Findings:
    """A mass balance claim is backed by somebody independent."""
    for claim, criterion in unaudited(bundle.graph, bundle.chains):
        yield bundle.finds(
            claim.origin,
            "only the claimant itself backs this mass balance claim",
            expected="an attestation of a third party by a mass balance criterion",
            actual=criterion.written,
            hint="Have the material accounts audited: confidential inputs stay with the auditor.",
        )
