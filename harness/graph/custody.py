"""Chain-of-custody models that claims name, against the inputs of the events that made the goods.

0.7.0 has no member for the model; it is told by words in the id or name of a criterion (test_cases/limits.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.graph.chains import Chains, Support
from harness.graph.entities import Claim, Criterion, Event, Goods, Graph, Product
from harness.graph.limits import custody_model, materials_in
from harness.graph.mass import Scales


@dataclass(frozen=True)
class Misfit:
    """A claim whose model does not fit: the criterion, the event, and why."""

    claim: Claim
    criterion: Criterion
    event: Event
    why: str


def models(claim: Claim) -> Iterator[tuple[Criterion, str]]:
    """The custody models that the criteria of a claim name."""
    for criterion in claim.criteria:
        model = custody_model(f"{criterion.written} {criterion.name}")
        if model is not None:
            yield criterion, model


def misfits(graph: Graph, scales: Scales) -> Iterator[Misfit]:
    """Goods called identity preserved from several lots, or segregated from inputs that lack the criterion."""
    for product in graph.products:
        for claim in product.claims:
            for criterion, model in models(claim):
                for event in graph.made_by.get(product.id, ()):
                    why = _misfit(graph, scales, product, criterion, model, event)
                    if why is not None:
                        yield Misfit(claim, criterion, event, why)


def _misfit(
    graph: Graph, scales: Scales, product: Product, criterion: Criterion, model: str, event: Event
) -> str | None:
    inputs = _kindred(scales, product, event)
    if model == "identity-preserved" and len({goods.product for goods in inputs}) > 1:
        named = ", ".join(goods.name or goods.written for goods in inputs)
        return f"{len(inputs)} lots went into it: {named}"
    if model == "segregated":
        lacking = [goods for goods in inputs if not _meets(graph, goods, criterion)]
        if lacking:
            return f"nothing says that these inputs meet the criterion: {', '.join(g.name or g.written for g in lacking)}"
    return None


def _kindred(scales: Scales, product: Product, event: Event) -> list[Goods]:
    """The inputs that hold a material of the product; every input where no name or passport tells."""
    own = materials_in(product.name) or {name for m in product.materials for name in materials_in(m.name)}
    found = [goods for goods in event.inputs if own & set(scales.contents(goods))]
    return found or list(event.inputs)


def _meets(graph: Graph, goods: Goods, criterion: Criterion) -> bool:
    passports = graph.products_by_id.get(goods.product, ())
    return any(
        c.id == criterion.id for passport in passports for claim in passport.claims for c in claim.criteria
    )


def unaudited(graph: Graph, chains: Chains) -> Iterator[tuple[Claim, Criterion]]:
    """Mass balance claims that only a party without independence bears out."""
    for claim in graph.claims:
        for criterion, model in models(claim):
            if model != "mass-balance":
                continue
            held = [
                b for b in chains.backing(claim) if b.criterion is criterion and b.support is Support.HELD
            ]
            if held and not any(
                attestation.third_party
                and not chains.same_party(attestation.origin.source.issuer, claim.origin.source.issuer)
                for backing in held
                for attestation, _ in backing.pairs
            ):
                yield claim, criterion
