"""Where goods come from and in which order: gaps, orders of time, circles, items used twice, contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from harness.graph.entities import Event, Facility, Goods, Graph, Origin, Product
from harness.graph.identifiers import authority, broader, folded
from harness.graph.mass import kilograms, tonnes

USED_UP = frozenset({"consumed", "disposed", "recycled", "destroyed"})
OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Gap:
    """A place where a chain breaks: what could not be followed, and why."""

    goods: Goods
    event: Event
    why: str


@dataclass(frozen=True)
class Misplaced:
    """An event that comes at a time, or uses an item, that the other events do not allow."""

    goods: Goods
    event: Event
    other: Event
    why: str


@dataclass(frozen=True)
class Lineage:
    """The goods of a graph along its events."""

    graph: Graph

    def gaps(self) -> Iterator[Gap]:
        """Inputs from another issuer that no event brings here, and goods that change place without a move."""
        for event in self.graph.events:
            if event.kind == "modify" or not event.origin.source.state.counts:
                continue
            for goods in event.inputs:
                why = self._astray(goods, event) if event.kind == "move" else self._gap(goods, event)
                if why is not None:
                    yield Gap(goods, event, why)

    def _astray(self, goods: Goods, event: Event) -> str | None:
        """Why a move cannot start where it says: the goods were made elsewhere, and nothing brings them there."""
        made = self._places(goods.product)
        moves = self.graph.moved_by.get(goods.product, ())
        brought = {move.destination for move in moves if move is not event}
        if made and event.place is not None and self._nowhere(event.place, made | brought):
            return f"it was made at {', '.join(sorted(made))}, and no event moves it to {event.place}"
        return None

    def _nowhere(self, place: str, known: frozenset[str | None]) -> bool:
        """Whether a place is none of those known, under any name that a facility record gives it."""
        records = self.graph.facilities_by_id.get(place, ())
        names = {place, *(name for record in records for name in (record.id, *record.aliases))}
        return not names & known

    def _gap(self, goods: Goods, event: Event) -> str | None:
        makers = self._standing(self.graph.made_by.get(goods.product, ()), event)
        moves = self._standing(self.graph.moved_by.get(goods.product, ()), event)
        if not moves and (not makers or (len(makers) == 1 and makers[0] is event)):
            void = self._void_events.get(goods.product)
            if void is None and not self._foreign(goods, event):
                return None
            if void is not None:
                return f"the event that tells where it comes from is in {void.origin.source.told}"
            known = "its passport is here, but " if self.graph.products_by_id.get(goods.product) else ""
            return f"{known}no event tells who made it or sent it"
        places = self._places(goods.product)
        if places and event.place is not None and not moves and self._nowhere(event.place, frozenset(places)):
            return f"it was made at {', '.join(sorted(places))}, and no event moves it to {event.place}"
        return None

    @staticmethod
    def _standing(events: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
        """Those on which an event can rest: where it is verified, they have to be."""
        if not event.origin.source.verified:
            return events
        return tuple(other for other in events if other.origin.source.verified)

    def _places(self, product: str) -> frozenset[str]:
        """Where a product is made."""
        known = self._made_at.get(product)
        if known is None:
            makers = self.graph.made_by.get(product, ())
            known = self._made_at[product] = frozenset(m.place for m in makers if m.place is not None)
        return known

    @cached_property
    def _made_at(self) -> dict[str, frozenset[str]]:
        return {}

    @staticmethod
    def _foreign(goods: Goods, event: Event) -> bool:
        """Whether an identifier belongs to the domain of somebody other than the issuer of the event."""
        theirs = authority(goods.written)
        own = {authority(event.origin.source.issuer), authority(event.origin.source.id), authority(event.id)}
        return theirs is not None and theirs not in own

    @cached_property
    def _void_events(self) -> Mapping[str, Event]:
        return {
            goods.product: event
            for event in self.graph.events
            if not event.origin.source.verified
            for goods in (*event.outputs, *(event.inputs if event.kind == "move" else ()))
        }

    def unmade(self) -> Iterator[Product]:
        """Batches and items whose issuer publishes events, but none that made them."""
        tracing = {
            event.origin.source.issuer for event in self.graph.events if event.kind in ("make", "bundle")
        }
        for product in self.graph.products:
            if (
                product.granularity in ("batch", "item")
                and product.origin.source.issuer in tracing
                and not any(self._made(name, product) for name in self._levels(product))
            ):
                yield product

    def _made(self, name: str, product: Product) -> bool:
        """Whether an event makes it that is as good as the passport: a verified one for a verified passport."""
        makers = self.graph.makers(name)
        return any(m.origin.source.verified or not product.origin.source.verified for m in makers)

    @staticmethod
    def _levels(product: Product) -> tuple[str, ...]:
        """An item by itself or its batch: never by its model."""
        return tuple(name for name in broader(product.id) if "/10/" in name or "/21/" in name) or (
            product.id,
        )

    # --- time -----------------------------------------------------------------------------------------

    def too_early(self) -> Iterator[Misplaced]:
        """Events that use what is only made later, or what they make themselves, directly or in a circle."""
        for event in self.graph.events:
            if event.kind not in ("make", "bundle") or not event.origin.source.state.counts:
                continue
            own = {goods.product for goods in event.outputs}
            for goods in event.inputs:
                if goods.product in own:
                    yield Misplaced(goods, event, event, "the event makes what it uses")
                    continue
                first = self._first_makers.get(goods.product)
                if (
                    event.time is not None
                    and first is not None
                    and first.time is not None
                    and first.time > event.time
                ):
                    yield Misplaced(
                        goods, event, first, f"it was made on {_told(first)}, used on {_told(event)}"
                    )
        yield from self._circles()

    @cached_property
    def _first_makers(self) -> Mapping[str, Event]:
        """The first event that makes each product, where all that make it have a time."""
        found = {}
        for product, makers in self.graph.made_by.items():
            timed = [(maker.time, maker) for maker in makers if maker.time is not None]
            if timed and len(timed) == len(makers):
                found[product] = min(timed, key=lambda pair: pair[0])[1]
        return found

    def _circles(self) -> Iterator[Misplaced]:
        """Circles of events that the times do not show (at one moment, or undated), each told once.

        The walk goes from an event to its outputs at that moment, and from these to who uses them then, so that
        each is visited once however many events there are.
        """
        users: dict[tuple[str, datetime | None], list[tuple[Event, Goods]]] = defaultdict(list)
        events = [
            e for e in self.graph.events if e.kind in ("make", "bundle") and e.origin.source.state.counts
        ]
        for event in events:
            for goods in event.inputs:
                users[goods.product, event.time].append((event, goods))
        state: dict[object, int] = {}
        for start in events:
            stack: list[tuple[Event, Iterator[tuple[Event, Goods]]]] = []
            if id(start) not in state:
                state[id(start)] = 1
                stack.append((start, _next(start, users, state)))
            while stack:
                event, following = stack[-1]
                step = next(following, None)
                if step is None:
                    state[id(event)] = 2
                    stack.pop()
                    continue
                user, goods = step
                if state.get(id(user)) == 1 and user is not event:
                    yield Misplaced(
                        goods, user, event, "the events make and use each other's goods in a circle"
                    )
                elif id(user) not in state:
                    state[id(user)] = 1
                    stack.append((user, _next(user, users, state)))

    def items_again(self) -> Iterator[Misplaced]:
        """Items that are used after they were used up, or sent from where they no longer are."""
        for product, uses in self._items.items():
            gone: Event | None = None
            place: str | None = None
            sender: Event | None = None
            for event, goods in uses:
                if gone is not None:
                    yield Misplaced(goods, event, gone, f"the item was used up on {_told(gone)}")
                    break
                if event.kind == "move":
                    away = place is not None and event.place is not None and event.place != place
                    if away and sender is not None:
                        yield Misplaced(
                            goods, event, sender, f"the item was sent to {place} on {_told(sender)}"
                        )
                        break
                    place, sender = event.destination, event
                elif (
                    place is not None and event.kind == "make" and event.place not in (None, place) and sender
                ):
                    yield Misplaced(goods, event, sender, f"the item was sent to {place} on {_told(sender)}")
                    break
                if event.kind == "make" or (event.kind == "modify" and goods.disposition in USED_UP):
                    gone = event
            del product

    @cached_property
    def _items(self) -> Mapping[str, list[tuple[Event, Goods]]]:
        """The uses of each item in the order of time; a consignment that both sides state counts once."""
        found: dict[str, list[tuple[Event, Goods]]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for event in self.graph.events:
            if event.time is None or not event.origin.source.state.counts or event.kind == "bundle":
                continue
            for goods in event.inputs:
                if goods.granularity != "item":
                    continue
                key = (goods.product, event.consignment or event.id)
                if event.kind == "move" and key in seen:
                    continue
                seen.add(key)
                found[goods.product].append((event, goods))
        return {
            product: sorted(uses, key=lambda use: use[0].time or OLDEST)
            for product, uses in found.items()
            if len(uses) > 1
        }

    # --- sameness -------------------------------------------------------------------------------------

    def told_apart(self) -> Iterator[tuple[Product | Facility, Product | Facility, str, str, str]]:
        """Passports of one product with another weight or composition, records of one facility with other operators."""
        for products in self.graph.products_by_id.values():
            first = products[0]
            for product in products[1:]:
                for member, one, two in (
                    ("weight", _weight(first), _weight(product)),
                    ("materials", _makeup(first), _makeup(product)),
                ):
                    if one and two and one != two:
                        yield product, first, member, two, one
        for name in dict.fromkeys(facility.id for facility in self.graph.facilities):
            records = [f for f in self.graph.facilities_by_id[name] if f.id == name]
            before = _operators(records[0])
            for record in records[1:]:
                now = _operators(record)
                if before and now and not before & now:
                    yield record, records[0], "operator", ", ".join(sorted(now)), ", ".join(sorted(before))

    def elsewhere(self) -> Iterator[tuple[Product, Event]]:
        """Batches and items whose passport names another facility than the event that made them."""
        for product in self.graph.products:
            if product.granularity not in ("batch", "item") or product.facility is None:
                continue
            makers, own = self.graph.makers(product.id), self._names(product.facility)
            if makers and all(m.place is not None and self._nowhere(m.place, own) for m in makers):
                yield product, makers[0]

    def _names(self, facility: str) -> frozenset[str]:
        records = self.graph.facilities_by_id.get(facility, ())
        return frozenset({facility, *(n for record in records for n in (record.id, *record.aliases))})

    def near_misses(self) -> Iterator[tuple[Origin, str, str]]:
        """Identifiers that differ only in letter case, scheme or a slash at the end from one with a record, or of other goods."""
        known: dict[str, str] = {}
        for name in (*self.graph.products_by_id, *(facility.id for facility in self.graph.facilities)):
            known.setdefault(folded(name), name)
        for identity in self.graph.identities:
            known.setdefault(folded(identity.subject), identity.subject)
        for event in self.graph.events:
            for goods in (*event.outputs, *event.inputs):
                known.setdefault(folded(goods.product), goods.product)
        for place, used in self._mentions():
            twin = known.get(folded(used))
            if twin is not None and twin != used:
                yield place, used, twin

    def _mentions(self) -> Iterator[tuple[Origin, str]]:
        for event in self.graph.events:
            for goods in (*event.inputs, *event.outputs):
                yield goods.origin, goods.product
            for place in (event.place, event.destination):
                if place is not None:
                    yield event.origin, place
            for party in event.parties:
                yield party.origin, party.id
        for product in self.graph.products:
            yield product.origin, product.id
            if product.facility is not None:
                yield product.origin, product.facility
            for party in product.parties:
                yield party.origin, party.id
        for facility in self.graph.facilities:
            yield facility.origin, facility.id


def _weight(product: Product) -> str:
    mass = kilograms(product.weight)
    return tonnes(mass) if mass is not None else ""


def _makeup(product: Product) -> str:
    """The materials with their shares, in the order of their names."""
    rows = sorted(
        (m.name, m.fraction, m.recycled or 0.0) for m in product.materials if m.fraction is not None
    )
    return ", ".join(f"{name} {share:g}, recycled {again:g}" for name, share, again in rows)


def _operators(facility: Facility) -> frozenset[str]:
    return frozenset(party.id for party in facility.parties if party.role == "operator")


def _told(event: Event) -> str:
    return event.time.isoformat() if event.time is not None else "no stated day"


def _next(
    event: Event,
    users: Mapping[tuple[str, datetime | None], list[tuple[Event, Goods]]],
    state: dict[object, int],
) -> Iterator[tuple[Event, Goods]]:
    """Who uses the outputs of an event at its moment, or undated; each product and moment is gone through once."""
    for output in event.outputs:
        for key in dict.fromkeys(((output.product, event.time), (output.product, None))):
            if key not in state:
                state[key] = 1
                yield from users.get(key, ())
