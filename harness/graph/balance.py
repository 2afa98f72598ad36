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
    unweighed_inputs: tuple[tuple[Goods, str], ...] = ()
    unweighed_outputs: tuple[tuple[Goods, str], ...] = ()

    @property
    def missing(self) -> tuple[tuple[Goods, str], ...]:
        """What could not be weighed, on either side, with the reason."""
        return (*self.unweighed_inputs, *self.unweighed_outputs)

    @property
    def decided(self) -> bool:
        """Whether what is not known cannot change the answer.

        Outputs that nobody weighed only add to what came out, inputs only to what went in: so neither hides what
        the others show.
        """
        if not self.inputs or not self.outputs:
            return False
        return not self.unweighed_inputs if self.exceeds else not self.unweighed_outputs

    @property
    def exceeds(self) -> bool:
        """Whether the weighed outputs are more than the weighed inputs, beyond the tolerance."""
        return total(self.outputs) > total(self.inputs) * (1 + self.limit) + 1e-9

    @property
    def over(self) -> bool:
        """Whether more came out than went in, beyond the tolerance."""
        return self.decided and self.exceeds

    @property
    def uncovered(self) -> bool:
        """Whether only inputs that cannot be weighed could cover what came out."""
        return bool(self.inputs and self.outputs and self.unweighed_inputs) and self.exceeds

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
        """The make events that count, copies once."""
        return tuple(event for event in self.graph.ledger if event.kind == "make")

    @cached_property
    def masses(self) -> tuple[Sum, ...]:
        """The mass balance of each make event."""
        made = []
        for event in self.makes:
            inputs, no_input = self.scales.side(event.inputs)
            outputs, no_output = self.scales.side(event.outputs)
            made.append(
                Sum(event, "mass", inputs, outputs, tolerance("mass"), _told(no_input), _told(no_output))
            )
        return tuple(made)

    @cached_property
    def metals(self) -> tuple[Sum, ...]:
        """The balance of each material that an output's passport states and some input is known or named to hold."""
        return tuple(made for one in self.masses for made in self._by_material(one, recycled=False))

    @cached_property
    def recycled(self) -> tuple[Sum, ...]:
        """The same of the recycled part alone."""
        return tuple(made for one in self.masses for made in self._by_material(one, recycled=True))

    def _by_material(self, mass: Sum, *, recycled: bool) -> Iterator[Sum]:
        inside = [(line, self.scales.contents(line.goods)) for line in mass.inputs]
        outside = [(line, self.scales.contents(line.goods)) for line in mass.outputs]
        stated = {name for _, held in outside for name, content in held.items() if content.known}
        for name in sorted(stated):
            put = [
                _part(line, held[name], recycled=recycled, event=mass.event)
                for line, held in inside
                if name in held
            ]
            came = [
                _part(line, held[name], recycled=recycled)
                for line, held in outside
                if name in held and held[name].known
            ]
            came = [line for line in came if line.counted > 0]
            if put and came:
                limit = tolerance("recycled" if recycled else "metal")
                held_by = [
                    tuple(pair for pair in side if name in self.scales.contents(pair[0]))
                    for side in (mass.unweighed_inputs, mass.unweighed_outputs)
                ]
                yield Sum(mass.event, f"recycled {name}" if recycled else name, put, came, limit, *held_by)

    def uncovered(self) -> Iterator[Sum]:
        """Sums that only inputs without a weight could make even."""
        yield from (one for one in (*self.masses, *self.metals) if one.uncovered)

    def unmixable(self) -> Iterator[tuple[Event, Goods, Unweighed]]:
        """Quantities that no sum can take although the event states others: no unit, another kind, no such unit."""
        wrong = (
 Unweighed.NO_UNIT, Unweighed.UNKNOWN_UNIT, Unweighed.NO_DENSITY, Unweighed.NEGATIVE, Unweighed.TOO_MUCH,
)  # fmt: skip
        for event in self.graph.ledger:
            if event.kind not in ("make", "move"):
                continue
            _, missing = self.scales.side((*event.inputs, *event.outputs))
            for goods, why in missing:
                if why in wrong:
                    yield event, goods, why

    # --- consignments and bundles -----------------------------------------------------------------------

    def consignments(self) -> Iterator[tuple[Event, Event, Goods, str]]:
        """What two events of one consignment state differently: the later, the earlier, the goods, what differs."""
        groups: dict[str, list[Event]] = defaultdict(list)
        for event in self.graph.ledger:
            if event.kind == "move" and event.consignment:
                groups[event.consignment].append(event)
        for events in groups.values():
            first = events[0]
            for other in events[1:]:
                if other.origin.source.issuer == first.origin.source.issuer and other.id != first.id:
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
        for event in self.graph.ledger:
            if event.kind != "bundle" or not event.outputs:
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


def _told(unweighed: list[tuple[Goods, Unweighed]]) -> tuple[tuple[Goods, str], ...]:
    return tuple((goods, str(why)) for goods, why in unweighed)


def _part(line: Line, content: Content, *, recycled: bool, event: Event | None = None) -> Line:
    """The part of a line that a sum is about; a recycled input counts only where its passport is as good as the event."""
    share = content.recycled if recycled else content.share
    note = "" if content.known else "not known: counted whole"
    passport = content.source
    if event is not None and event.origin.source.verified and passport is not None and not passport.verified:
        note = f"its passport is {passport.state}"
        share = 0.0 if recycled else share
    return Line(line.goods, line.kilograms, line.kilograms * share, note)


__all__ = ["Balance", "Sum"]
