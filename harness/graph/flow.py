"""The flow of materials between facilities, for a Sankey diagram: what went in, what came out, and where it went.

A process is all the make events of one facility; what it makes and uses up itself stays inside. What comes from or goes to no process of the bundle has an open end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.graph.balance import Balance
from harness.graph.entities import Graph, State
from harness.graph.limits import limits
from harness.graph.mass import Unweighed
from harness.graph.picture import APART, WORST, Picture


@dataclass
class Process:
    """The make events of one facility."""

    place: str
    name: str
    events: list[str] = field(default_factory=list)
    tier: int = 0
    into: float = 0.0
    out: float = 0.0
    unweighed: int = 0
    over: list[str] = field(default_factory=list)


@dataclass
class Flow:
    """Goods of one name between two processes."""

    kilograms: float = 0.0
    lots: set[str] = field(default_factory=set)
    states: set[State] = field(default_factory=set)


Ends = tuple[str | None, str | None, str]


def flow(graph: Graph, balance: Balance, picture: Picture) -> dict[str, Any]:
    """Processes and flows as plain data, in a stable order; masses in kilograms."""
    processes: dict[str, Process] = {}
    flows: dict[Ends, Flow] = defaultdict(Flow)
    made = _made_at(graph, picture)
    used: dict[str, float] = defaultdict(float)
    given: dict[tuple[str, str], list[Any]] = {}
    over = defaultdict(list)
    for one in (*balance.masses, *balance.metals, *balance.recycled):
        if one.over:
            over[id(one.event)].append(f"{one.about}: {one.share_told}")
    for event in graph.ledger:
        if event.kind != "make":
            continue
        place = picture.facility(event.place or "")
        process = processes.setdefault(place, Process(place, picture.names.get(place, place)))
        process.events.append(event.id)
        process.over += over.get(id(event), [])
        state = event.origin.source.state
        for goods in event.inputs:
            process.tier = max(process.tier, picture.tiers.get(goods.product, 0))
            mass = balance.scales.weigh(goods)
            if isinstance(mass, Unweighed):
                process.unweighed += 1
                continue
            used[goods.product] += mass
            begins = made.get(goods.product)
            if begins == place:
                process.out -= mass
                continue
            process.into += mass
            _add(flows[begins, place, goods.name or goods.written], mass, goods.product, state)
        for goods in event.outputs:
            mass = balance.scales.weigh(goods)
            if isinstance(mass, Unweighed):
                process.unweighed += 1
                continue
            process.out += mass
            row = given.setdefault((place, goods.product), [goods.name or goods.written, 0.0, state])
            row[1] += mass
    for (place, lot), (name, mass, state) in given.items():
        left = mass - used[lot]
        if left > mass * 1e-9:
            _add(flows[place, None, name], left, lot, state)
    return _as_json(processes, flows)


def _add(one: Flow, mass: float, lot: str, state: State) -> None:
    one.kilograms += mass
    one.lots.add(lot)
    one.states.add(state)


def _made_at(graph: Graph, picture: Picture) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for event in graph.ledger:
        if event.kind == "make":
            for goods in event.outputs:
                found.setdefault(goods.product, picture.facility(event.place or ""))
    return found


def _as_json(processes: Mapping[str, Process], flows: Mapping[Ends, Flow]) -> dict[str, Any]:
    """The heaviest processes and flows apart, the others counted."""
    most, thin = int(limits(APART)["processes"]), int(limits(APART)["flows"])
    ranked = sorted(processes.values(), key=lambda p: (-max(p.into, p.out), p.place))[:most]
    kept = sorted(ranked, key=lambda p: (p.tier, p.name, p.place))
    number = {process.place: f"p{i}" for i, process in enumerate(kept)}
    ends: dict[Ends, Flow] = defaultdict(Flow)
    sides: dict[tuple[str | None, str | None], list[tuple[str, Flow]]] = defaultdict(list)
    for (begins, stops, name), one in flows.items():
        pair = number.get(begins or ""), number.get(stops or "")
        if pair != (None, None):
            sides[pair].append((name, one))
    for pair, rows in sides.items():
        rows.sort(key=lambda row: (-row[1].kilograms, row[0]))
        for place, (name, one) in enumerate(rows):
            target = ends[(*pair, name if place < thin else "")]
            target.kilograms += one.kilograms
            target.lots |= one.lots
            target.states |= one.states
    return {
        "left_out": len(processes) - len(kept),
        "processes": [
            {
                "id": number[p.place], "facility": p.place, "name": p.name or p.place, "tier": p.tier,
                "events": len(p.events), "in_kilograms": p.into, "out_kilograms": p.out,
                "unweighed": p.unweighed, "over": p.over[:5],
            }
            for p in kept
        ],
        "flows": [
            {
                "from": begins, "to": stops, "name": name, "kilograms": one.kilograms, "lots": len(one.lots),
                "state": str(next(state for state in WORST if state in one.states)),
            }
            for (begins, stops, name), one in sorted(
                ends.items(), key=lambda row: (row[0][0] or "", row[0][1] or "", -row[1].kilograms, row[0][2])
            )
        ],
    }  # fmt: skip


__all__ = ["flow"]
