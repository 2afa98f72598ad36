"""Chain-of-custody models that claims name, against the inputs of the events that made the goods.

0.7.0 has no member for the model; it is told by words in the id or name of a criterion (test_cases/limits.toml).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from harness.graph.balance import Sum
from harness.graph.chains import Chains
from harness.graph.claims import Support
from harness.graph.entities import Claim, Criterion, Event, Goods, Graph, Product
from harness.graph.identifiers import authority
from harness.graph.limits import custody_model, materials_in, tolerance
from harness.graph.mass import Line, Scales, Unweighed, total
from harness.graph.stock import LAST


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


def misfits(chains: Chains, scales: Scales) -> Iterator[Misfit]:
    """Goods called identity preserved from several lots, or segregated from inputs that lack the criterion."""
    graph = chains.graph
    for product in graph.products:
        for claim in product.claims:
            for criterion, model in models(claim):
                for event in graph.made_by.get(product.id, ()):
                    why = _misfit(chains, scales, product, criterion, model, event)
                    if why is not None:
                        yield Misfit(claim, criterion, event, why)


def _misfit(
    chains: Chains, scales: Scales, product: Product, criterion: Criterion, model: str, event: Event
) -> str | None:
    inputs = _kindred(scales, product, event)
    if model == "identity-preserved" and len({goods.product for goods in inputs}) > 1:
        named = ", ".join(goods.name or goods.written for goods in inputs)
        return f"{len(inputs)} lots went into it: {named}"
    if model == "segregated":
        lacking = [goods for goods in inputs if not meets(chains, goods, criterion, event)]
        if lacking:
            return f"nothing says that these inputs meet the criterion: {', '.join(g.name or g.written for g in lacking)}"
    return None


def _kindred(scales: Scales, product: Product, event: Event) -> list[Goods]:
    """The inputs that hold a material of the product; every input where no name or passport tells."""
    own = materials_in(product.name) or {name for m in product.materials for name in materials_in(m.name)}
    found = [goods for goods in event.inputs if own & set(scales.contents(goods))]
    return found or list(event.inputs)


def meets(chains: Chains, goods: Goods, criterion: Criterion, event: Event) -> bool:
    """Whether a passport says that goods meet a criterion, and an assessment bears that out.

    A passport that says so alone would be its own evidence. Where the event is not verified either, its word is taken.
    """
    for passport in chains.graph.products_by_id.get(goods.product, ()):
        for claim in passport.claims:
            for backing in chains.claims.backing(claim):
                if not _same_custody(backing.criterion, criterion):
                    continue
                if not event.origin.source.verified:
                    return True
                guarded = any(link.protected for link in claim.evidence)
                if passport.origin.source.verified and (backing.support is Support.HELD or guarded):
                    return True
    return False


def _same_custody(one: Criterion, other: Criterion) -> bool:
    """Whether two criteria are one, or two of one scheme that both name a custody model."""
    return one.id == other.id or (
        authority(one.id) == authority(other.id) is not None
        and custody_model(f"{one.written} {one.name}") is not None
    )


def certified(chains: Chains, scales: Scales) -> Iterator[Sum]:
    """Per facility and mass balance criterion: what is called certified against the certified inputs used so far.

    The sum is of the material that the product's name tells where inputs are known to hold it, else of the mass. What
    goes into the claimed goods without a passport counts whole: it may be certified. The first event at which too much
    is claimed is told; an account ends undecided where such an input cannot be weighed.
    """
    claimed = _claimed(chains)
    makes = [event for event in chains.graph.ledger if event.kind == "make"]
    named = {
        criterion.id: criterion
        for event in makes
        for goods in event.outputs
        for criterion in claimed.get(goods.product, {}).values()
    }
    accounts: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in sorted(makes, key=lambda event: event.time or LAST):
        for name in named:
            accounts[event.place or "", name].append(event)
    for (_, name), events in accounts.items():
        one = _overclaimed(chains, scales, events, named[name], claimed)
        if one is not None:
            yield one


def _claimed(chains: Chains) -> Mapping[str, Mapping[str, Criterion]]:
    """The mass balance criteria that the passport of each product claims."""
    found: dict[str, dict[str, Criterion]] = defaultdict(dict)
    for product in chains.graph.products:
        for claim in product.claims:
            found[product.id] |= {c.id: c for c, model in models(claim) if model == "mass-balance"}
    return found


def _overclaimed(
    chains: Chains,
    scales: Scales,
    events: list[Event],
    criterion: Criterion,
    claimed: Mapping[str, Mapping[str, Criterion]],
) -> Sum | None:
    put: list[Line] = []
    came: list[Line] = []
    into = out = 0.0
    limit = tolerance("recycled")
    for event in events:
        made = [goods for goods in event.outputs if criterion.id in claimed.get(goods.product, {})]
        lines = list(_qualifying(chains, scales, event, criterion, made))
        if None in lines:
            return None
        known = [line for line in lines if line is not None]
        given = [line for goods in made if (line := _weighed(scales, goods)) is not None]
        put += known
        came += given
        into, out = into + total(known), out + total(given)
        if given and out > into * (1 + limit) + 1e-9:
            return Sum(event, "certified goods", put, came, limit)
    return None


def _qualifying(
    chains: Chains, scales: Scales, event: Event, criterion: Criterion, made: list[Goods]
) -> Iterator[Line | None]:
    """What an event adds to the account; None for an input of claimed goods that cannot be weighed."""
    wanted = {name for goods in made for name in materials_in(goods.name)}
    kindred = [goods for goods in event.inputs if wanted & set(scales.contents(goods))]
    for goods in kindred or event.inputs:
        line = _weighed(scales, goods)
        if line is None:
            if made:
                yield None
        elif made and scales.passport(goods.product) is None:
            yield replace(line, note="no passport: counted whole")
        elif meets(chains, goods, criterion, event):
            yield line
        elif made:
            yield replace(line, counted=0.0, note="not certified")


def _weighed(scales: Scales, goods: Goods) -> Line | None:
    """A line of goods by the material that their name tells, where their passport states how much they hold."""
    mass = scales.weigh(goods)
    if isinstance(mass, Unweighed):
        return None
    own = materials_in(goods.name)
    known = [
        content.share for name, content in scales.contents(goods).items() if content.known and name in own
    ]
    return Line(goods, mass, mass * max(known, default=1.0))


def unaudited(graph: Graph, chains: Chains) -> Iterator[tuple[Claim, Criterion]]:
    """Mass balance claims that only a party without independence bears out."""
    for claim in graph.claims:
        for criterion, model in models(claim):
            if model != "mass-balance":
                continue
            held = [
                b
                for b in chains.claims.backing(claim)
                if b.criterion is criterion and b.support is Support.HELD
            ]
            if held and not any(
                attestation.third_party
                and not chains.parties.same(attestation.origin.source.issuer, claim.origin.source.issuer)
                for backing in held
                for attestation, _ in backing.pairs
            ):
                yield claim, criterion
