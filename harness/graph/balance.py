"""Mass balance: every make event, every metal in it, stock per facility and lot, both sides of each consignment.

A balance is *even*, *over* (more out than in) or *undecided*, with what is missing. Tolerances are data:
test_cases/limits.toml. Events of withdrawn or forged credentials are not entered at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from harness.graph.entities import Event, Facility, Goods, Graph, Material
from harness.graph.limits import tolerance
from harness.graph.mass import Content, Line, Scales, Unweighed, kilograms, sum_told, tonnes, total
from harness.graph.stock import Stock


@dataclass(frozen=True)
class Sum:
    """One balance: what went in, what came out, and whether that can be."""

    event: Event
    about: str
    inputs: list[Line]
    outputs: list[Line]
    limit: float
    missing: tuple[tuple[Goods, str], ...] = ()

    @property
    def decided(self) -> bool:
        """Whether everything that counts is known."""
        return not self.missing and bool(self.inputs) and bool(self.outputs)

    @property
    def over(self) -> bool:
        """Whether more came out than went in, beyond the tolerance."""
        return self.decided and total(self.outputs) > total(self.inputs) * (1 + self.limit) + 1e-9

    @property
    def ratio(self) -> float | None:
        """Output as a share of input."""
        put = total(self.inputs)
        return total(self.outputs) / put if put > 0 else None

    @property
    def told(self) -> str:
        """The sum for people."""
        return f"in {sum_told(self.inputs)}; out {sum_told(self.outputs)}: {self.share_told}"

    @property
    def share_told(self) -> str:
        """Output against input for people."""
        return f"{self.ratio:.0%}" if self.ratio is not None else "beyond any share"


@dataclass(frozen=True)
class Balance:
    """The balances of a graph, worked out when first asked for."""

    graph: Graph

    @cached_property
    def scales(self) -> Scales:
        """What weighs the goods."""
        return Scales(self.graph)

    @cached_property
    def stock(self) -> Stock:
        """The ledger of stock."""
        return Stock(self.graph, self.scales)

    @cached_property
    def makes(self) -> tuple[Event, ...]:
        """The make events that count, each id once."""
        found: dict[str, Event] = {}
        for event in self.graph.events:
            if event.kind == "make" and event.origin.source.state.counts:
                found.setdefault(event.id or f"{event.origin.source.name}{event.origin.pointer}", event)
        return tuple(found.values())

    @cached_property
    def masses(self) -> tuple[Sum, ...]:
        """The mass balance of each make event."""
        made = []
        for event in self.makes:
            inputs, no_input = self.scales.side(event.inputs)
            outputs, no_output = self.scales.side(event.outputs)
            missing = tuple((goods, str(why)) for goods, why in (*no_input, *no_output))
            made.append(Sum(event, "mass", inputs, outputs, tolerance("mass"), missing))
        return tuple(made)

    @cached_property
    def metals(self) -> tuple[Sum, ...]:
        """The balance of each material that an output's passport states and some input is known or named to hold."""
        return tuple(
            made for one in self.masses if one.decided for made in self._by_material(one, recycled=False)
        )

    @cached_property
    def recycled(self) -> tuple[Sum, ...]:
        """The same of the recycled part alone."""
        return tuple(
            made for one in self.masses if one.decided for made in self._by_material(one, recycled=True)
        )

    def _by_material(self, mass: Sum, *, recycled: bool) -> Iterator[Sum]:
        inside = [(line, self.scales.contents(line.goods)) for line in mass.inputs]
        outside = [(line, self.scales.contents(line.goods)) for line in mass.outputs]
        stated = {name for _, held in outside for name, content in held.items() if content.known}
        for name in sorted(stated):
            put = [_part(line, held[name], recycled=recycled) for line, held in inside if name in held]
            came = [
                _part(line, held[name], recycled=recycled)
                for line, held in outside
                if name in held and held[name].known
            ]
            came = [line for line in came if line.counted > 0]
            if put and came:
                limit = tolerance("recycled" if recycled else "metal")
                yield Sum(mass.event, f"recycled {name}" if recycled else name, put, came, limit)

    def unmixable(self) -> Iterator[tuple[Event, Goods, Unweighed]]:
        """Quantities that no sum can take although the event states others: no unit, another kind, no such unit."""
        wrong = (Unweighed.NO_UNIT, Unweighed.UNKNOWN_UNIT, Unweighed.NO_DENSITY)
        for event in self.graph.events:
            if event.kind not in ("make", "move") or not event.origin.source.state.counts:
                continue
            _, missing = self.scales.side((*event.inputs, *event.outputs))
            for goods, why in missing:
                if why in wrong:
                    yield event, goods, why

    # --- consignments and bundles -----------------------------------------------------------------------

    def consignments(self) -> Iterator[tuple[Event, Event, Goods, str]]:
        """What two events of one consignment state differently: the later, the earlier, the goods, what differs."""
        groups: dict[str, list[Event]] = defaultdict(list)
        for event in self.graph.events:
            if event.kind == "move" and event.consignment and event.origin.source.state.counts:
                groups[event.consignment].append(event)
        for events in groups.values():
            first = events[0]
            for other in events[1:]:
                if other.origin.source is first.origin.source or other.id == first.id:
                    continue
                yield from self._compared(first, other)

    def _compared(self, first: Event, other: Event) -> Iterator[tuple[Event, Event, Goods, str]]:
        sent = {goods.product: goods for goods in first.inputs}
        for goods in other.inputs:
            twin = sent.get(goods.product)
            if twin is None:
                yield other, first, goods, f"{first.id} does not state these goods"
                continue
            one, two = self.scales.weigh(twin), self.scales.weigh(goods)
            if isinstance(one, Unweighed) or isinstance(two, Unweighed):
                continue
            if abs(one - two) > tolerance("consignment") * max(one, two):
                yield other, first, goods, f"{first.id} states {tonnes(one)}, {other.id} states {tonnes(two)}"
        if other.inputs and (first.place, first.destination) != (other.place, other.destination):
            told = f"{first.id} leads from {first.place} to {first.destination}, {other.id} from {other.place} to {other.destination}"
            yield other, first, other.inputs[0], told

    def bundles(self) -> Iterator[tuple[Event, Goods, list[Line], float]]:
        """Bundles whose parts weigh more than the bundle."""
        for event in self.graph.events:
            if event.kind != "bundle" or not event.outputs or not event.origin.source.state.counts:
                continue
            parent = event.outputs[0]
            whole = self.scales.lot(parent.product) if len(event.outputs) == 1 else None
            parts, _ = self.scales.side(event.inputs)
            if whole is not None and total(parts) > whole * (1 + tolerance("bundle")):
                yield event, parent, parts, whole

    # --- facility records and custody -------------------------------------------------------------------

    @cached_property
    def _by_place(self) -> dict[str, list[Sum]]:
        found: dict[str, list[Sum]] = defaultdict(list)
        for one in self.masses:
            found[one.event.place or ""].append(one)
        return found

    def usage(self) -> Iterator[tuple[Facility, Material, list[Line], float]]:
        """Materials of which events consume more in a period than the facility's record states for it."""
        for facility in self.graph.facilities:
            if facility.period is None:
                continue
            names = {facility.id, *facility.aliases}
            for material in facility.consumed:
                stated = kilograms(material.mass)
                wanted = set(material.name.lower().split())
                lines = [
                    line
                    for place in sorted(names)
                    for one in self._by_place.get(place, ())
                    if one.event.time is not None
                    and facility.period.start <= one.event.time.date() <= facility.period.end
                    for line in one.inputs
                    if wanted and wanted <= {word.strip(",;.") for word in line.goods.name.lower().split()}
                ]
                if stated is not None and lines and total(lines) > stated * (1 + tolerance("usage")):
                    yield facility, material, lines, stated


def _part(line: Line, content: Content, *, recycled: bool) -> Line:
    share = content.recycled if recycled else content.share
    note = "" if content.known else "not known: counted whole"
    return Line(line.goods, line.kilograms, line.kilograms * share, note)


__all__ = ["Balance", "Sum"]
