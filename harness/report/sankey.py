"""Places a flow of materials as a Sankey diagram.

Chains run from ten thousand tonnes of ore to a pack of four hundred kilograms: on one scale the end could not be
seen. So every process has the same height, which stands for the larger of what goes in and what comes out; a side
that does not reach the foot of its bar shows what is missing there, and a right side longer than the left one is
more than went in. Masses stand at every flow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BAR = 20
SIDE = 250
BETWEEN = 40
SLOT = 34
LEAST = 120
TOP = 44
GAP = 56


@dataclass(frozen=True)
class Process:
    """A process: its data, the bar, and how far in and out reach down it."""

    data: Mapping[str, Any]
    x: int
    y: int
    height: int
    into: int
    out: int


@dataclass(frozen=True)
class Ribbon:
    """A flow: its data, the shape, and where its words stand: at its beginning or at its end."""

    data: Mapping[str, Any]
    path: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True)
class Diagram:
    """Everything with its place, and the size of the whole."""

    processes: tuple[Process, ...]
    ribbons: tuple[Ribbon, ...]
    width: int
    height: int


def drawn(flow: Mapping[str, Any]) -> Diagram:
    """Place processes in columns by their tier, and the flows between them."""
    left, right = defaultdict(list), defaultdict(list)
    for one in flow["flows"]:
        if one["to"] is not None:
            left[one["to"]].append(one)
        if one["from"] is not None:
            right[one["from"]].append(one)
    tiers = sorted({process["tier"] for process in flow["processes"]})
    foot = [TOP] * len(tiers)
    processes: dict[str, Process] = {}
    for data in flow["processes"]:
        number = tiers.index(data["tier"])
        height = max(LEAST, SLOT * max(len(left[data["id"]]), len(right[data["id"]])))
        most = max(data["in_kilograms"], data["out_kilograms"]) or 1.0
        x = SIDE + number * (2 * SIDE + BAR + BETWEEN)
        into, out = (round(height * data[name] / most) for name in ("in_kilograms", "out_kilograms"))
        processes[data["id"]] = Process(data, x, foot[number], height, into, out)
        foot[number] += height + GAP
    starts = _ends(right, processes, "out_kilograms")
    stops = _ends(left, processes, "in_kilograms")
    ribbons = tuple(_ribbon(one, starts.get(id(one)), stops.get(id(one))) for one in flow["flows"])
    width = max(len(tiers), 1) * (2 * SIDE + BAR + BETWEEN) - BETWEEN
    return Diagram(tuple(processes.values()), ribbons, width, max(foot, default=TOP))


End = tuple[int, int, int, int]
"""At a bar: x, top, thickness, and the height at which the words stand."""


def _ends(
    sides: Mapping[str, list[Mapping[str, Any]]], processes: Mapping[str, Process], member: str
) -> dict[int, End]:
    found: dict[int, End] = {}
    for name, flows in sides.items():
        process = processes[name]
        most = max(process.data["in_kilograms"], process.data["out_kilograms"]) or 1.0
        x = process.x if member == "in_kilograms" else process.x + BAR
        done = 0.0
        for place, one in enumerate(flows):
            top = process.y + round(process.height * done / most)
            done += one["kilograms"]
            under = process.y + round(process.height * done / most)
            found[id(one)] = x, top, max(under - top, 1), process.y + place * SLOT + SLOT // 2
    return found


def _ribbon(one: Mapping[str, Any], start: End | None, stop: End | None) -> Ribbon:
    """From a bar to a bar, or to an open end beside its words."""
    if start is not None and stop is not None:
        x1, y1, thick1, words = start
        x2, y2, thick2, _ = stop
        mid = (x1 + x2) // 2
        path = f"M{x1} {y1}C{mid} {y1} {mid} {y2} {x2} {y2}v{thick2}C{mid} {y2 + thick2} {mid} {y1 + thick1} {x1} {y1 + thick1}Z"
        return Ribbon(one, path, x1 + 12, words, "start")
    if start is not None:
        x, y, thick, words = start
        end = x + 8
        return Ribbon(one, _stub(x, y, thick, end, words), x + 12, words, "start")
    assert stop is not None
    x, y, thick, words = stop
    return Ribbon(one, _stub(x, y, thick, x - 8, words), x - 12, words, "end")


def _stub(x: int, y: int, thick: int, end: int, words: int) -> str:
    return f"M{x} {y}L{end} {words - 8}v16L{x} {y + thick}Z"


__all__ = ["BAR", "Diagram", "Process", "Ribbon", "drawn"]
