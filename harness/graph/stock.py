"""Stock per facility and lot over time, from make and move events: nothing leaves that has not come.

A lot whose arrival or making no event of the bundle tells has an opening stock that nobody knows: it is not judged,
unless its own passport states how much of it there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from harness.graph.entities import Event, Goods, Graph
from harness.graph.limits import tolerance
from harness.graph.mass import Scales, Unweighed, tonnes


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of stock: kilograms in (above zero) or out (below)."""

    time: datetime
    kilograms: float
    event: Event
    goods: Goods


@dataclass(frozen=True, slots=True)
class Shortage:
    """Stock below zero: where, of what, at which event, and the entries up to it."""

    place: str
    entry: Entry
    entries: tuple[Entry, ...]
    consumers: tuple[Event, ...]
    """The make events that use the lot: where there are two or more, it is used twice."""

    @property
    def told(self) -> str:
        """The entries as a sum."""
        said = [
            f"{'+' if e.kilograms > 0 else '-'}{tonnes(abs(e.kilograms))} {e.event.id}"
            for e in self.entries[-6:]
        ]
        return f"{' '.join(said)} = {tonnes(sum(e.kilograms for e in self.entries))}"


LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stock:
    """The ledger of a graph."""

    graph: Graph
    scales: Scales

    @cached_property
    def ledgers(self) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
        """The entries of each facility and lot in the order of time; only those that can all be weighed."""
        found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        unknown: set[str] = set()
        stated: set[tuple[str, str]] = set()
        for event in self.graph.events:
            if event.kind not in ("make", "move") or not event.origin.source.state.counts:
                continue
            if event.time is None:
                unknown.update(goods.product for goods in (*event.inputs, *event.outputs))
                continue
            for goods, place, sign in _flows(event):
                key = (goods.product, f"{event.consignment or event.id} {place} {sign}")
                if place is None or key in stated or goods.granularity == "item":
                    continue
                if event.kind == "move":
                    stated.add(key)
                mass = self.scales.weigh(goods)
                if isinstance(mass, Unweighed):
                    unknown.add(goods.product)
                    continue
                found[place, goods.product].append(Entry(event.time, sign * mass, event, goods))
        return {
            key: tuple(sorted(entries, key=lambda entry: (entry.time, -entry.kilograms)))
            for key, entries in found.items()
            if key[1] not in unknown
        }

    def shortages(self) -> Iterator[Shortage]:
        """Lots of which a facility gives more than it has at that time, once for each lot and facility."""
        for (place, _), entries in self.ledgers.items():
            came = sum(entry.kilograms for entry in entries if entry.kilograms > 0)
            if came <= 0:
                continue
            running = 0.0
            for index, entry in enumerate(entries):
                running += entry.kilograms
                if running < -tolerance("mass") * came:
                    users = tuple(e.event for e in entries if e.kilograms < 0 and e.event.kind == "make")
                    yield Shortage(place, entry, entries[: index + 1], users)
                    break

    def overdrawn(self) -> Iterator[Shortage]:
        """Lots whose passport states less than several make events use of it, where no arrival is known."""
        used: dict[str, list[Entry]] = defaultdict(list)
        made: set[str] = set()
        for (_, lot), ledger in self.ledgers.items():
            used[lot].extend(entry for entry in ledger if entry.kilograms < 0 and entry.event.kind == "make")
            if any(entry.kilograms > 0 for entry in ledger):
                made.add(lot)
        for lot, entries in used.items():
            whole = self.scales.lot(lot)
            users = tuple(dict.fromkeys(entry.event for entry in entries))
            if whole is None or lot in made or not entries:
                continue
            if -sum(e.kilograms for e in entries) > whole * (1 + tolerance("mass")):
                yield Shortage(entries[-1].event.place or "", entries[-1], tuple(entries), users)


def _flows(event: Event) -> Iterator[tuple[Goods, str | None, int]]:
    if event.kind == "make":
        yield from ((goods, event.place, -1) for goods in event.inputs)
        yield from ((goods, event.place, 1) for goods in event.outputs)
    elif event.destination is not None:
        yield from ((goods, event.place, -1) for goods in event.inputs)
        yield from ((goods, event.destination, 1) for goods in event.inputs)


__all__ = ["Entry", "Shortage", "Stock"]
