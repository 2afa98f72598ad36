"""Points, rings and areas on the earth, and Open Location Codes ("plus codes")."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import unquote

from _code_lists import boxes_of
from _reading import number

from harness.credential import Node

_DIGITS = "23456789CFGHJMPQRVWX"
_FULL_CODE = re.compile(rf"(?:[{_DIGITS}]{{8}}\+(?:[{_DIGITS}]{{2,7}})?|(?:[{_DIGITS}]{{2}}){{1,3}}0+\+)")
_PAIRS = 10
_GRID_ROWS, _GRID_COLUMNS = 5, 4


@dataclass(frozen=True)
class Point:
    """Degrees of latitude and longitude."""

    latitude: float
    longitude: float

    @property
    def exists(self) -> bool:
        """Whether there is such a place on earth."""
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180  # noqa: PLR2004 - degrees

    def __str__(self) -> str:
        return f"{self.latitude:g}, {self.longitude:g}"


@dataclass(frozen=True)
class Area:
    """A box of latitudes and longitudes."""

    south: float
    west: float
    north: float
    east: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return Point((self.south + self.north) / 2, (self.west + self.east) / 2)

    def covers(self, point: Point, *, margin: float) -> bool:
        """Whether a point lies in it, or within a margin of degrees around it."""
        return (
            self.south - margin <= point.latitude <= self.north + margin
            and self.west - margin <= point.longitude <= self.east + margin
        )


def plus_code(value: object) -> Area | None:
    """The area of a full plus code, alone or at the end of its URL; None for short codes and anything else."""
    if not isinstance(value, str):
        return None
    code = re.split(r"[/?#=]", unquote(value.strip()))[-1].upper().replace(" ", "+")
    if not _FULL_CODE.fullmatch(code):
        return None
    digits = code.replace("+", "").rstrip("0")
    south, west, height, width = -90.0, -180.0, 400.0, 400.0
    for index in range(0, min(len(digits), _PAIRS), 2):
        height, width = height / 20, width / 20
        south += height * _DIGITS.index(digits[index])
        west += width * _DIGITS.index(digits[index + 1])
    for digit in digits[_PAIRS:]:
        height, width = height / _GRID_ROWS, width / _GRID_COLUMNS
        row, column = divmod(_DIGITS.index(digit), _GRID_COLUMNS)
        south, west = south + height * row, west + width * column
    return Area(south, west, south + height, west + width)


def coordinate(node: Node) -> Point | None:
    """The point of a 0.7.0 Coordinate, where both members are numbers."""
    latitude, longitude = number(node.get("latitude")), number(node.get("longitude"))
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def position(value: object) -> Point | None:
    """The point of a GeoJSON position: longitude, latitude and perhaps altitude (RFC 7946, section 3.1.1)."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3:  # noqa: PLR2004 - two or three numbers
        return None
    numbers = [number(item) for item in value]
    if numbers[0] is None or numbers[1] is None or None in numbers:
        return None
    return Point(numbers[1], numbers[0])


def in_country(point: Point, country: str, *, margin: float) -> bool | None:
    """Whether a point lies in a box around a part of a country; None where we know no box."""
    boxes = boxes_of(country)
    if not boxes:
        return None
    return any(
        Area(south, west, north, east).covers(point, margin=margin) for west, south, east, north in boxes
    )


def inside(point: Point, ring: list[Point], *, margin: float) -> bool:
    """Whether a point lies in a ring, or within a margin of degrees of its border."""
    crossed = False
    for one, two in zip(ring, [*ring[1:], ring[0]], strict=True):
        if _distance(point, one, two) <= margin:
            return True
        if (one.latitude > point.latitude) != (two.latitude > point.latitude):
            along = (point.latitude - one.latitude) / (two.latitude - one.latitude)
            if point.longitude < one.longitude + along * (two.longitude - one.longitude):
                crossed = not crossed
    return crossed


def _distance(point: Point, one: Point, two: Point) -> float:
    """Degrees from a point to a stretch of border."""
    east, north = two.longitude - one.longitude, two.latitude - one.latitude
    length = east * east + north * north
    ahead = (point.longitude - one.longitude) * east + (point.latitude - one.latitude) * north
    share = min(1.0, max(0.0, ahead / length)) if length else 0.0
    return math.hypot(
        point.longitude - one.longitude - share * east, point.latitude - one.latitude - share * north
    )
