"""Places the nodes of a layered graph: columns from left to right, few crossings, the same graph always alike.

Every column is ordered by the mean place of its neighbours, swept to and fro (Sugiyama's barycentre rule). All
numbers are whole, so that the same data gives the same bytes everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 176, 40
ACROSS, DOWN = 64, 10
HEAD = 40
EDGE = 12
SWEEPS = 4


@dataclass(frozen=True)
class Box:
    """A node with its place."""

    node: Mapping[str, Any]
    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """An edge with the path that draws it."""

    edge: Mapping[str, Any]
    path: str


@dataclass(frozen=True)
class Column:
    """A column: its kind and tier, and where its heading stands."""

    kind: str
    tier: int | None
    x: int
    count: int


@dataclass(frozen=True)
class Layout:
    """Everything with its place, and the size of the whole."""

    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def placed(graph: Mapping[str, Any], kinds: Sequence[str]) -> Layout:
    """Place the nodes of a graph in columns: one for each kind, in this order, and one for each tier."""
    rows: dict[tuple[int, int], list[str]] = defaultdict(list)
    nodes = {node["id"]: node for node in graph["nodes"]}
    for node in graph["nodes"]:
        rows[kinds.index(node["kind"]), node["tier"] or 0].append(node["id"])
    order = [rows[key] for key in sorted(rows)]
    _untangle(order, graph["edges"])
    tallest = max((len(column) for column in order), default=0)
    height = HEAD + tallest * (HEIGHT + DOWN) + EDGE
    boxes: dict[str, Box] = {}
    columns = []
    for number, column in enumerate(order):
        x = EDGE + number * (WIDTH + ACROSS)
        first = nodes[column[0]]
        columns.append(Column(first["kind"], first["tier"], x, sum(nodes[name]["count"] for name in column)))
        for place, name in enumerate(column):
            boxes[name] = Box(nodes[name], x, HEAD + place * (HEIGHT + DOWN))
    arrows = tuple(Arrow(edge, _path(boxes[edge["from"]], boxes[edge["to"]])) for edge in graph["edges"])
    width = 2 * EDGE + max(len(order) * (WIDTH + ACROSS) - ACROSS, 0)
    return Layout(tuple(columns), tuple(boxes[node["id"]] for node in graph["nodes"]), arrows, width, height)


def _untangle(order: list[list[str]], edges: Sequence[Mapping[str, Any]]) -> None:
    near: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        near[edge["from"]].append(edge["to"])
        near[edge["to"]].append(edge["from"])
    place = {name: index / max(len(column), 1) for column in order for index, name in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            means = {
                name: sum(place[other] for other in near[name]) / len(near[name])
                if near[name]
                else place[name]
                for name in column
            }
            column.sort(key=lambda name, means=means: (round(means[name], 9), place[name]))  # type: ignore[misc]
            place.update({name: index / len(column) for index, name in enumerate(column)})


def _path(one: Box, two: Box) -> str:
    """A curve from the right side of one box to the left side of the other; around, where that lies behind it."""
    y1, y2 = one.y + HEIGHT // 2, two.y + HEIGHT // 2
    if two.x > one.x:
        x1, x2 = one.x + WIDTH, two.x
        bend = max((x2 - x1) // 2, ACROSS // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    if two.x == one.x:
        x = one.x + WIDTH
        return f"M{x} {y1}C{x + ACROSS // 2} {y1} {x + ACROSS // 2} {y2} {x} {y2}"
    x1, x2 = one.x, two.x + WIDTH
    bend = max((x1 - x2) // 2, ACROSS // 2)
    return f"M{x1} {y1}C{x1 - bend} {y1} {x2 + bend} {y2} {x2} {y2}"


__all__ = ["HEIGHT", "WIDTH", "Arrow", "Box", "Column", "Layout", "placed"]
