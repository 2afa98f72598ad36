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

from harness.graph.entities import Event, Goods, Graph, Product
from harness.graph.limits import tolerance
from harness.graph.mass import Scales, Unweighed, kilograms, tonnes


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
    whole: float | None = None
    """How much there is of the lot, where no ledger of a facility tells it."""

    @property
    def told(self) -> str:
        """The entries as a sum."""
        said = [
            f"{'+' if e.kilograms > 0 else '-'}{tonnes(abs(e.kilograms))} {e.event.id}"
            for e in self.entries[-6:]
        ]
        start = f"{tonnes(self.whole)} " if self.whole is not None else ""
        return (
            f"{start}{' '.join(said)} = {tonnes((self.whole or 0) + sum(e.kilograms for e in self.entries))}"
        )


FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stock:
    """The ledger of a graph."""

    graph: Graph
    scales: Scales

    @cached_property
    def ledgers(self) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
        """The entries of each facility and lot in the order of time.

        Where something that came of a lot cannot be weighed, that lot is left out there. What leaves without a weight is not counted,
        so that it hides nothing; what comes without a date is there from the start, what leaves so leaves last.
        """
        found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        unknown: set[tuple[str, str]] = set()
        moved: dict[tuple[str, str, int, str], dict[str, list[Entry]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for event in self.graph.ledger:
            for goods, where, sign in _flows(event):
                if goods.granularity == "item" or where is None:
                    continue
                key = self.place(where), goods.product
                mass = self.scales.weigh(goods)
                if isinstance(mass, Unweighed):
                    unknown.update([key] if sign > 0 else [])
                    continue
                entry = Entry(event.time or (FIRST if sign > 0 else LAST), sign * mass, event, goods)
                if event.kind == "move" and event.consignment:
                    moved[(*key, sign, event.consignment)][event.origin.source.issuer].append(entry)
                else:
                    found[key].append(entry)
        for (place, lot, _, _), sides in moved.items():
            found[place, lot].extend(
                max(sides.values(), key=lambda said: abs(sum(e.kilograms for e in said)))
            )
        return {
            key: tuple(sorted(entries, key=lambda e: (e.time, -e.kilograms)))
            for key, entries in found.items()
            if key not in unknown
        }

    def place(self, name: str) -> str:
        """A facility by the id of its record, where a verified record gives the name that is used."""
        records = self.graph.facilities_by_id.get(name, ())
        if any(record.id == name for record in records):
            return name
        return next((record.id for record in records if record.origin.source.verified), name)

    def shortages(self) -> Iterator[Shortage]:
        """Lots of which a facility gives more than it has at that time, once for each lot and facility.

        Where nothing tells how the lot came to a facility, that has no more of it than there is.
        """
        for (place, lot), entries in self.ledgers.items():
            firm = any(e.kilograms < 0 and e.event.origin.source.verified for e in entries)
            counted = [e for e in entries if e.kilograms < 0 or not firm or e.event.origin.source.verified]
            came = sum(entry.kilograms for entry in counted if entry.kilograms > 0)
            whole = self.whole(lot) if came <= 0 else None
            if came <= 0 and not whole:
                continue
            running = whole or 0.0
            for index, entry in enumerate(counted):
                running += entry.kilograms
                if running < -tolerance("mass") * (whole or came):
                    users = tuple(e.event for e in counted if e.kilograms < 0 and e.event.kind == "make")
                    yield Shortage(place, entry, tuple(counted[: index + 1]), users, whole)
                    break

    def overdrawn(self) -> Iterator[Shortage]:
        """Lots of which make events use more than was made, or than the passport states where nobody tells that.

        Wherever and whenever that is: so that leaving out a place or a date hides no second use.
        """
        told = {shortage.entry.goods.product for shortage in self.shortages()}
        used: dict[str, list[Entry]] = defaultdict(list)
        for event in self.graph.ledger:
            if event.kind != "make":
                continue
            for goods in event.inputs:
                mass = self.scales.weigh(goods)
                if goods.granularity != "item" and not isinstance(mass, Unweighed):
                    used[goods.product].append(Entry(event.time or LAST, -mass, event, goods))
        for lot, entries in used.items():
            whole = self.whole(lot)
            if whole is None or lot in told:
                continue
            if -sum(e.kilograms for e in entries) > whole * (1 + tolerance("mass")):
                entries.sort(key=lambda entry: entry.time)
                users = tuple(dict.fromkeys(entry.event for entry in entries))
                yield Shortage(entries[-1].event.place or "", entries[-1], tuple(entries), users, whole)

    def whole(self, lot: str) -> float | None:
        """How much there is of a lot: what its make events give, or else its passport; None where nobody tells."""
        given = self.given(lot)
        return given if given is not None else None if self.graph.made_by.get(lot) else self.scales.lot(lot)

    def given(self, lot: str) -> float | None:
        """What the make events of a lot give together; None where there is none, or one gives what cannot be weighed."""
        masses = [
            self.scales.weigh(goods)
            for event in self.graph.makers(lot)
            for goods in event.outputs
            if goods.product == lot
        ]
        known = [mass for mass in masses if not isinstance(mass, Unweighed)]
        return sum(known) if known and len(known) == len(masses) else None

    def misstated(self) -> Iterator[tuple[Product, Event, float, float]]:
        """Batches whose passport states another weight than their make events give: both masses in kilograms."""
        for product in self.graph.products:
            if product.granularity != "batch" or not product.origin.source.state.counts:
                continue
            stated, given = kilograms(product.weight), self.given(product.id)
            if (
                stated is not None
                and given is not None
                and abs(stated - given) > tolerance("lot") * max(stated, given)
            ):
                yield product, self.graph.makers(product.id)[0], stated, given


def _flows(event: Event) -> Iterator[tuple[Goods, str | None, int]]:
    if event.kind == "make":
        yield from ((goods, event.place, -1) for goods in event.inputs)
        yield from ((goods, event.place, 1) for goods in event.outputs)
    elif event.kind == "move" and event.destination is not None:
        yield from ((goods, event.place, -1) for goods in event.inputs)
        yield from ((goods, event.destination, 1) for goods in event.inputs)


__all__ = ["Entry", "Shortage", "Stock"]
