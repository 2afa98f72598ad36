"""Many credentials -> Graph: what each says, read by its release, and the indexes that join it.

Reading is a function of one credential, so that a stream of them needs only what they say, not their text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from harness.credential import Node
from harness.graph.entities import (
    Attestation,
    Event,
    Facility,
    Graph,
    Identity,
    Product,
    Source,
)
from harness.graph.events import events_of
from harness.graph.identifiers import canonical
from harness.graph.subjects import attestation_of, facility_of, identity_of, product_of

Key = TypeVar("Key", bound=Hashable)
Entity = TypeVar("Entity")
Statement = Product | Facility | Attestation | Identity | Event


@dataclass(frozen=True, slots=True)
class Reading:
    """What one credential says."""

    source: Source
    statements: tuple[Statement, ...]


def read(source: Source, subjects: Iterable[Node]) -> Reading:
    """What the subjects of one credential say, by the component of its type."""
    found: list[Statement] = []
    for node in subjects:
        made: Statement | None
        match source.component:
            case "DPP":
                made = product_of(node, source)
            case "DFR":
                made = facility_of(node, source)
            case "DCC":
                made = attestation_of(node, source)
            case "DIA":
                made = identity_of(node, source)
            case "DTE":
                found.extend(events_of(node, source))
                continue
            case _:
                continue
        if made is not None:
            found.append(made)
    return Reading(source, tuple(found))


def build_graph(readings: Iterable[Reading], *, roots: Iterable[str] = ()) -> Graph:
    """The graph of some readings, in their order; `roots` are the parties that the verifier trusts."""
    sources: list[Source] = []
    said: list[Statement] = []
    for reading in readings:
        sources.append(reading.source)
        said.extend(reading.statements)
    products = tuple(item for item in said if isinstance(item, Product))
    facilities = tuple(item for item in said if isinstance(item, Facility))
    attestations = tuple(item for item in said if isinstance(item, Attestation))
    identities = tuple(item for item in said if isinstance(item, Identity))
    events = tuple(item for item in said if isinstance(item, Event))
    counted = _ledger(events)
    return Graph(
        sources=tuple(sources),
        products=products,
        facilities=facilities,
        attestations=attestations,
        identities=identities,
        events=events,
        roots=frozenset(canonical(root) for root in roots),
        ledger=counted,
        products_by_id=_grouped((item.id, item) for item in products),
        facilities_by_id=_grouped((name, item) for item in facilities for name in (item.id, *item.aliases)),
        identities_by_subject=_grouped((item.subject, item) for item in identities),
        attestations_by_criterion=_grouped(
            (criterion.id, (attestation, assessment))
            for attestation in attestations
            for assessment in attestation.assessments
            for criterion in assessment.criteria
            if criterion.id
        ),
        sources_by_id=_grouped((canonical(item.id), item) for item in sources if item.id),
        made_by=_goods(counted, ("make", "bundle"), "outputs"),
        used_by=_goods(counted, ("make", "bundle"), "inputs"),
        moved_by=_goods(counted, ("move",), "inputs"),
    )


def _ledger(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events that count, each once: copies of one event (another delivery or release) are one, a verified one first.

    Events of one id that say different things are both entered: what they say of goods must hold of each.
    """
    found: dict[object, Event] = {}
    for event in events:
        if not event.origin.source.state.counts:
            continue
        key = event.content if event.id else id(event)
        known = found.get(key)
        if known is None or (event.origin.source.verified and not known.origin.source.verified):
            found[key] = event
    return tuple(found.values())


def _goods(events: Iterable[Event], kinds: tuple[str, ...], side: str) -> Mapping[str, tuple[Event, ...]]:
    pairs = (
        (name, event)
        for event in events
        if event.kind in kinds
        for name in dict.fromkeys(goods.product for goods in getattr(event, side))
    )
    return _grouped(pairs)


def _grouped(pairs: Iterable[tuple[Key, Entity]]) -> dict[Key, tuple[Entity, ...]]:
    found: dict[Key, list[Entity]] = defaultdict(list)
    for key, item in pairs:
        found[key].append(item)
    return {key: tuple(items) for key, items in found.items()}


__all__ = ["Reading", "build_graph", "read"]
