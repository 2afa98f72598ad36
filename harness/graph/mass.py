"""What goods weigh and hold: units to kilograms, pieces and volumes by their passports, composition by passports.

Nothing is guessed: what cannot be weighed says why, and a sum that needs it is left undecided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harness.graph.entities import Goods, Graph, Product, Quantity, Source
from harness.graph.identifiers import broader
from harness.graph.limits import counts, element, materials_in, tolerance, units


class Unweighed(StrEnum):
    """Why goods could not be weighed."""

    NO_QUANTITY = "no quantity is stated"
    NO_UNIT = "the quantity has no unit"
    UNKNOWN_UNIT = "the unit is no code of UNECE Recommendation 20 for a mass, a volume or a count"
    NO_DENSITY = "it is a volume, and no passport gives a weight and volume that can be"
    NO_PIECE = "it is a count, and no passport gives the weight of a piece"
    NEGATIVE = "the quantity is below zero"
    TOO_MUCH = "it is more than there can be of any goods"


@dataclass(frozen=True, slots=True)
class Content:
    """How much of a material goods hold, and how much of that is recycled, as shares of their mass."""

    share: float
    recycled: float
    known: bool
    """Whether a passport says it; otherwise a name does, and the share is the most that is possible: all of it."""
    source: Source | None = None
    """The credential that says it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: the goods, their mass in kilograms, and what the sum is about."""

    goods: Goods
    kilograms: float
    counted: float
    note: str = ""

    @property
    def told(self) -> str:
        """The line for people."""
        share = (
            ""
            if self.counted == self.kilograms
            else f" x {self.counted / self.kilograms:.4g}"
            if self.kilograms
            else ""
        )
        return f"{tonnes(self.kilograms)}{share} {self.goods.name or self.goods.written}{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True)
class Scales:
    """Weighs the goods of a graph."""

    graph: Graph

    def weigh(self, goods: Goods) -> float | Unweighed:
        """The mass in kilograms, or why there is none."""
        mass = self._converted(goods)
        return mass if isinstance(mass, Unweighed) or mass <= tolerance("heaviest") else Unweighed.TOO_MUCH

    def _converted(self, goods: Goods) -> float | Unweighed:
        amount = goods.quantity
        if amount is None or amount.value is None:
            return Unweighed.NO_QUANTITY
        if amount.value < 0:
            return Unweighed.NEGATIVE
        if amount.unit is None:
            return Unweighed.NO_UNIT
        factor = units("mass").get(amount.unit)
        if factor is not None:
            return amount.value * factor
        passport = self.passport(goods.product)
        if amount.unit in units("volume"):
            density = _density(passport)
            return (
                Unweighed.NO_DENSITY
                if density is None
                else amount.value * units("volume")[amount.unit] * density
            )
        if amount.unit in counts():
            piece = (
                kilograms(passport.weight) if passport and passport.granularity in ("item", "model") else None
            )
            return Unweighed.NO_PIECE if piece is None else amount.value * piece
        return Unweighed.UNKNOWN_UNIT

    def passport(self, product: str) -> Product | None:
        """The passport of a product, or of the class that it belongs to; a withdrawn one says nothing.

        Of several, a verified one, and of these the one by who made the product: whoever else writes a passport for
        it changes no sum.
        """
        if product in self._passports:
            return self._passports[product]
        made: Product | None = None
        for name in broader(product):
            said = [p for p in self.graph.products_by_id.get(name, ()) if p.origin.source.state.counts]
            if said:
                makers = {event.origin.source.issuer for event in self.graph.made_by.get(product, ())}
                made = min(
                    said, key=lambda p: (not p.origin.source.verified, p.origin.source.issuer not in makers)
                )
                break
        self._passports[product] = made
        return made

    @cached_property
    def _passports(self) -> dict[str, Product | None]:
        return {}

    def contents(self, goods: Goods) -> Mapping[str, Content]:
        """The materials that goods hold: by their passport, else by their name, which tells all or nothing."""
        passport = self.passport(goods.product)
        if passport is not None and (
            passport.assay or any(m.fraction is not None for m in passport.materials)
        ):
            return self._stated(passport)
        names = materials_in(goods.name or (passport.name if passport else ""))
        return {name: Content(1.0, 1.0, known=False) for name in names}

    def _stated(self, passport: Product) -> Mapping[str, Content]:
        found = self._contents.get(id(passport))
        if found is None:
            found = _composition(passport)
            self._contents[id(passport)] = found
        return found

    @cached_property
    def _contents(self) -> dict[int, Mapping[str, Content]]:
        return {}

    def lot(self, product: str) -> float | None:
        """The mass of a whole batch or item as its own passport states it."""
        for passport in self.graph.products_by_id.get(product, ()):
            if passport.granularity in ("batch", "item") and passport.origin.source.state.counts:
                return kilograms(passport.weight)
        return None

    def side(self, goods: tuple[Goods, ...]) -> tuple[list[Line], list[tuple[Goods, Unweighed]]]:
        """One side of an event: what could be weighed, and what could not."""
        lines: list[Line] = []
        unweighed: list[tuple[Goods, Unweighed]] = []
        for item in goods:
            mass = self.weigh(item)
            if isinstance(mass, Unweighed):
                unweighed.append((item, mass))
            else:
                lines.append(Line(item, mass, mass))
        return lines, unweighed


def _composition(passport: Product) -> dict[str, Content]:
    shares: dict[str, float] = {}
    recycled: dict[str, float] = {}
    for material in passport.materials:
        if material.fraction is None or not 0 <= material.fraction <= 1:
            continue
        for name in materials_in(material.name):
            shares[name] = shares.get(name, 0.0) + material.fraction
            recycled[name] = recycled.get(name, 0.0) + material.fraction * (material.recycled or 0.0)
    for symbol, share in passport.assay.items():
        named = element(symbol)
        if named is not None:
            before = shares.get(named, 0.0)
            recycled[named] = recycled.get(named, 0.0) * (share / before if before else 0.0)
            shares[named] = share
    return {
        name: Content(
            min(shares[name], 1.0), min(recycled[name], 1.0), known=True, source=passport.origin.source
        )
        for name in shares
    }


def kilograms(amount: Quantity | None) -> float | None:
    """A mass in kilograms; None where it is no mass."""
    if amount is None or amount.value is None or amount.value < 0 or amount.unit is None:
        return None
    mass = amount.value * units("mass").get(amount.unit, math.inf)
    return mass if mass <= tolerance("heaviest") else None


def _density(passport: Product | None) -> float | None:
    """Kilograms in a cubic metre, from weight and volume of a passport."""
    if passport is None or passport.volume is None or passport.volume.value is None:
        return None
    factor = units("volume").get(passport.volume.unit or "")
    weight = kilograms(passport.weight)
    if factor is None or weight is None or passport.volume.value <= 0:
        return None
    density = weight / (passport.volume.value * factor)
    return density if density <= tolerance("density") else None


def tonnes(mass: float) -> str:
    """A mass for people: tonnes from a tonne on, kilograms below."""
    return f"{mass / 1000:,.6g} t" if abs(mass) >= 1000 else f"{mass:,.6g} kg"  # noqa: PLR2004


def total(lines: list[Line]) -> float:
    """The sum of the counted parts of lines."""
    return sum(line.counted for line in lines)


def sum_told(lines: list[Line], *, most: int = 6) -> str:
    """A sum written out, its largest terms first."""
    ordered = sorted(lines, key=lambda line: -line.counted)
    shown = " + ".join(line.told for line in ordered[:most])
    rest = f" + {len(ordered) - most} more" if len(ordered) > most else ""
    return f"{shown}{rest} = {tonnes(total(lines))}" if lines else "nothing"


__all__ = ["Content", "Line", "Scales", "Unweighed", "sum_told", "tonnes", "total"]
