"""The scope as a matrix: components in the order of the field, outcomes by level, what was not claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COMPONENTS = ("VCP", "DPP", "DCC", "DFR", "DTE", "DIA", "IDR", "DAC", "CVC", "GRAPH", "MB", "CRM", "EXT")
"""In the order in which the field speaks of them."""

BAR = ("passed", "warning", "review", "not_run", "error", "failed")
"""Outcomes that a bar shows, from left to right; what does not apply has no share in it."""

_NARROWEST = 3.0


@dataclass(frozen=True)
class Segment:
    """One outcome in a bar of width 100."""

    outcome: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """One component: whether it was claimed, results by level and outcome, requirements without a case."""

    component: str
    claimed: bool
    must: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    untested: int = 0

    @property
    def answered(self) -> bool:
        """Whether anything in the evidence is spoken of by a requirement of it."""
        counted = self.must + self.other
        return any(counted[outcome] for outcome in BAR)

    def open(self, outcome: str) -> int:
        """How many results, of any level, have an outcome that leaves a question."""
        return self.must[outcome] + self.other[outcome]


def matrix_of(record: Mapping[str, Any]) -> tuple[Row, ...]:
    """Count the results of a record by component: claimed ones, then those that only occur in results.

    Where no vendor claims anything, components that nothing in the evidence speaks of are left out.
    """
    components = {name: entry["component"] for name, entry in record["requirements"].items()}
    must: dict[str, Counter[str]] = {}
    other: dict[str, Counter[str]] = {}
    for result in record["results"]:
        level = must if result["level"] == "MUST" else other
        level.setdefault(components[result["requirement"]], Counter())[result["outcome"]] += 1
    untested = Counter(components[row["requirement"]] for row in record["untested"])
    claimed = set(record["scope"]["components"])
    names = sorted({*COMPONENTS, *claimed, *must, *other, *untested}, key=component_rank)
    rows = tuple(
        Row(name, name in claimed, must.get(name, Counter()), other.get(name, Counter()), untested[name])
        for name in names
    )
    return rows if record["vendor"] is not None else tuple(row for row in rows if row.answered)


def component_rank(component: str) -> tuple[int, str]:
    """Where a component stands in the order of the field; an extension's own come last."""
    known = COMPONENTS.index(component) if component in COMPONENTS else len(COMPONENTS)
    return known, component


def bar_of(counts: Mapping[str, int]) -> tuple[Segment, ...]:
    """Lay outcomes out in a bar of width 100, the smallest still wide enough to be seen."""
    shown = [(outcome, counts.get(outcome, 0)) for outcome in BAR if counts.get(outcome, 0)]
    total = sum(count for _, count in shown)
    widths = [max(_NARROWEST, 100 * count / total) for _, count in shown]
    scale = 100 / sum(widths) if widths else 1.0
    segments, x = [], 0.0
    for (outcome, count), width in zip(shown, widths, strict=True):
        segments.append(Segment(outcome, count, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return tuple(segments)
