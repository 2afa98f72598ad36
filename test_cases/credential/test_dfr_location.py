"""Where a facility is: a plus code, a point, a boundary, an address, and all of them one place."""

from __future__ import annotations

from collections.abc import Iterator

from _code_lists import country_code
from _facility import facilities, locations
from _geography import Point, coordinate, in_country, inside, plus_code, position
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

SMALLEST_RING = 4
SMALLEST_BOUNDARY = 3
CODE_MARGIN = 0.1
BORDER_MARGIN = 0.01
COUNTRY_MARGIN = 0.5
"""Degrees by which a point may lie outside a plus code, a boundary, the boxes around a country."""


@case(
    "DFR-ADDR-01",
    when=lambda credential: credential.members("address", "partyAddress"),
    owns=["/credentialSubject/address/*", "/credentialSubject/relatedParty/*/party/partyAddress"],
)
def addresses_are_complete(credential: CredentialUnderTest) -> Findings:
    """An address has street, postal code, locality, region and country, and nothing else."""
    yield from credential.schema_findings("DFR-ADDR-01")


@case("DFR-LOC-01", when=locations)
def a_location_has_at_least_one_form(credential: CredentialUnderTest) -> Findings:
    """A location gives a plus code, a point or a boundary."""
    yield from credential.shape_findings(
        "DFR-LOC-01",
        expected="plusCode, geoLocation or geoBoundary",
        hint="Give at least the point of the main gate, or a plus code.",
    )


@case("DFR-LOC-02", when=lambda credential: along(locations(credential), "geoLocation"))
def a_point_is_valid_geojson(credential: CredentialUnderTest) -> Findings:
    """The point of a 0.6 location is a longitude and a latitude in range."""
    for point in along(locations(credential), "geoLocation"):
        place = point.at("coordinates")
        yield from misplaced(place, position(place.value), "coordinates with longitude and latitude")


def misplaced(place: Node, point: Point | None, expected: str) -> Findings:
    """A finding where a position is none, or none on earth."""
    if point is None:
        yield place.finds(
            "this is no position",
            expected=expected,
            hint="Write an array of two numbers, longitude before latitude (RFC 7946, section 3.1.1).",
        )
    elif not point.exists:
        yield place.finds(
            "there is no such place on earth",
            expected="longitude from -180 to 180, then latitude from -90 to 90",
            hint="GeoJSON puts longitude first: check that the two are not swapped.",
        )


@case("DFR-LOC-03", when=lambda credential: along(locations(credential), "geoBoundary"))
def a_boundary_is_a_closed_polygon(credential: CredentialUnderTest) -> Findings:
    """The rings of a 0.6 boundary have four positions or more, and end where they begin."""
    for boundary in along(locations(credential), "geoBoundary"):
        rings = list(boundary.each("coordinates"))
        if not rings:
            yield boundary.at("coordinates").finds(
                "the boundary has no ring",
                expected="an array of rings of positions",
                actual=None if boundary["coordinates"] else "nothing",
                hint="Write coordinates as an array that holds the outer ring (RFC 7946, section 3.1.6).",
            )
        for ring in rings:
            yield from ring_faults(ring)


def ring_faults(ring: Node) -> Findings:
    """What is wrong with one ring of a polygon."""
    positions = list(ring) if isinstance(ring.value, list) else []
    wrong = [
        finding for place in positions for finding in misplaced(place, position(place.value), "a position")
    ]
    if wrong:
        yield from wrong
    elif len(positions) < SMALLEST_RING:
        yield ring.finds(
            f"the ring has {len(positions)} positions, so it encloses nothing",
            expected="four positions or more",
            hint="Go round the site: three corners at least, and the first one again at the end.",
        )
    elif positions[0].value != positions[-1].value:
        yield positions[-1].finds(
            "the ring is not closed",
            expected=f"the first position again, {positions[0].value}",
            hint="Repeat the first position at the end of the ring.",
        )


@case(
    "DFR-LOC-04",
    when=lambda credential: credential.members("geoLocation", "geoBoundary"),
    owns=[f"/credentialSubject/locationInformation/{name}" for name in ("geoLocation", "geoBoundary")],
)
def coordinates_are_latitude_and_longitude(credential: CredentialUnderTest) -> Findings:
    """A coordinate of 0.7.0 has a latitude and a longitude in range, and no other member."""
    yield from credential.schema_findings("DFR-LOC-04")


@case("DFR-LOC-05", when=lambda credential: along(locations(credential), "geoBoundary"))
def a_boundary_encloses_an_area(credential: CredentialUnderTest) -> Findings:
    """A boundary of 0.7.0 has three distinct coordinates or more."""
    for location in locations(credential):
        corners = {coordinate(node) for node in along([location], "geoBoundary")} - {None}
        if location.get("geoBoundary") and len(corners) < SMALLEST_BOUNDARY:
            yield location.at("geoBoundary").finds(
                f"{len(corners)} distinct coordinates enclose no area",
                expected="three distinct coordinates or more",
                hint="List the corners of the site in order, or give a point instead of a boundary.",
            )


@case("DFR-LOC-06", when=lambda credential: any(True for _ in comparable(credential)))
def the_forms_of_a_location_agree(credential: CredentialUnderTest) -> Findings:
    """Plus code, point, boundary and country of a facility are one place."""
    for location, country in comparable(credential):
        point, ring, area = point_of(location), ring_of(location), plus_code(location.get("plusCode"))
        if point and area and not area.covers(point, margin=CODE_MARGIN):
            yield location.at("plusCode").finds(
                f"the plus code lies at {area.middle}, the point at {point}",
                expected="a plus code that covers the point",
                hint="Make the code from the point of the facility, or correct the point.",
            )
        if point and len(set(ring)) >= SMALLEST_BOUNDARY and not inside(point, ring, margin=BORDER_MARGIN):
            yield location.at("geoLocation").finds(
                f"the point {point} lies outside the boundary",
                expected="a point inside the boundary",
                hint="Check that latitude and longitude are not swapped in one of the two.",
            )
        place = point or (area.middle if area else None)
        if place and country and in_country(place, country, margin=COUNTRY_MARGIN) is False:
            yield location.at("geoLocation" if point else "plusCode").finds(
                f"{place} does not lie in {country}",
                expected=f"a place in {country}",
                hint="Check the coordinates, their order and signs, and the country of the facility.",
            )


def comparable(credential: CredentialUnderTest) -> Iterator[tuple[Node, str | None]]:
    """Each location with the country of its facility, where there are two things to compare."""
    for facility in facilities(credential):
        stated = country_code(facility.get("countryOfOperation"))
        country = stated if isinstance(stated, str) else None
        for location in along([facility], "locationInformation"):
            forms = (point_of(location), ring_of(location), plus_code(location.get("plusCode")), country)
            if sum(1 for form in forms if form) > 1:
                yield location, country


def point_of(location: Node) -> Point | None:
    """The point of a location in either release, where there is such a place."""
    for node in along([location], "geoLocation"):
        point = coordinate(node) or position(node.get("coordinates"))
        if point and point.exists:
            return point
    return None


def ring_of(location: Node) -> list[Point]:
    """The outer border of a location in either release."""
    corners = [coordinate(node) or first_ring(node) for node in along([location], "geoBoundary")]
    flat = [point for corner in corners for point in (corner if isinstance(corner, list) else [corner])]
    return [point for point in flat if point.exists]


def first_ring(boundary: Node) -> list[Point]:
    """The outer ring of a GeoJSON polygon."""
    rings = boundary.get("coordinates")
    ring = rings[0] if isinstance(rings, list) and rings and isinstance(rings[0], list) else []
    return [point for point in map(position, ring) if point]
