"""Sensor data of both releases, and whether a unit fits what a sensor says it measured."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from _code_lists import KINDS
from _reading import last_part

from harness.credential import Node
from harness.resources import resource

UNITS: dict[str, frozenset[str]] = {
    word: frozenset(units.split())
    for word, units in tomllib.loads(
        resource("test_cases", "codes", "sensors.toml").read_text(encoding="utf-8")
    ).items()
}
"""A word for what is measured, with the units that fit it or the name of their kind."""


@dataclass(frozen=True)
class SensorData:
    """What one sensor told: in 0.7.0 of one metric, in 0.6.x of a metric for each reading."""

    node: Node
    member: str
    unit: str

    @property
    def readings(self) -> tuple[Node, ...]:
        """The single readings."""
        return tuple(self.node.each(self.member))

    def metric(self, reading: Node) -> object:
        """What a reading says it measured."""
        return reading.get("sensorType") or self.node.get("metric", "id") or self.node.get("metric", "name")

    def since(self, reading: Node) -> object:
        """When it was read or by which device; in 0.7.0 the event has the time."""
        return self.member == "measure" or reading.get("time") or self.node.get("sensorMetadata", "device")


def sensors(event: Node) -> Iterator[SensorData]:
    """The sensor data of an event, in the form of either release."""
    for node in event.each("sensorData"):
        yield SensorData(node, "measure", "unit")
    for node in event.each("sensorElementList"):
        yield SensorData(node, "sensorReport", "uom")


def fits(metric: object, unit: object) -> bool:
    """Whether a unit is one of Recommendation 20 that can measure this; true where we cannot say."""
    if not isinstance(unit, str) or unit not in KINDS:
        return False
    for word in re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last_part(metric) or "").lower()):
        allowed = UNITS.get(word)
        if allowed is not None:
            return unit in allowed or KINDS[unit] in allowed | {"loose"}
    return True
