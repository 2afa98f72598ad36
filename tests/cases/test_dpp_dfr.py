"""The arithmetic of the passport and facility cases, at both sides of each limit."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.judge import Terms, judge_credential, load_suite
from harness.model import Outcome
from harness.reference.chain import DEMO_CLOCK
from harness.reference.payloads import load_payloads

CATHODE = "untp-0.7.0/dpp-cathode-batch"
CATHODE_06 = "untp-0.6.1/dpp-cathode-batch"
SMELTER = "untp-0.7.0/dfr-smelter"
SMELTER_06 = "untp-0.6.1/dfr-smelter"

FAULTS = (Outcome.FAILED, Outcome.WARNING)


def outcome(case: str, base: str, changes: dict[str, Any]) -> Outcome:
    """What one case says of a good payload with values changed at some pointers below the subject."""
    document = copy.deepcopy(load_payloads()[base].value)
    for pointer, value in changes.items():
        *way, last = (
            ("credentialSubject" + pointer).split("/") if pointer.startswith("/") else pointer.split("/")
        )
        at = document
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
    evidence = Evidence("changed.json", json.dumps(document).encode())
    (credential,) = read_credentials(evidence)
    report = judge_credential(credential, load_suite(), Terms(DEMO_CLOCK, only=(case,)), Web({}))
    (result,) = (result for result in report.results if result.case == case)
    return result.outcome


def is_found(case: str, base: str, changes: dict[str, Any]) -> bool:
    """Whether one case finds a fault; it must have passed or found one, nothing else."""
    said = outcome(case, base, changes)
    assert said in (Outcome.PASSED, *FAULTS), said
    return said in FAULTS


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [(0.8, 0.2, False), (0.8, 0.18, False), (0.8, 0.1799, True), (0.82, 0.2, False), (0.8201, 0.2, True)],
)
def test_fractions_add_up_to_one(first: float, second: float, found: bool) -> None:
    """A sum of mass fractions may be two hundredths away from one."""
    changes = {"/materialProvenance/0/massFraction": first, "/materialProvenance/1/massFraction": second}
    assert is_found("DPP-MAT-03", CATHODE, changes) is found


@pytest.mark.parametrize(
    ("mass", "unit", "found"),
    [
        (560, "TNE", False), (588, "TNE", False), (588.1, "TNE", True), (532, "TNE", False), (531.9, "TNE", True),
        (560000, "KGM", False), (560, "KGM", True), (560000, "GRM", True), (1234588.7, "LBR", False), (560, "EA", False),
    ],
)  # fmt: skip
def test_masses_are_converted_before_they_are_compared(mass: float, unit: str, found: bool) -> None:
    """A mass may be five percent away from fraction times weight, in any unit of mass."""
    changes = {"/materialProvenance/0/mass": {"value": mass, "unit": unit}}
    assert is_found("DPP-MAT-05", CATHODE, changes) is found


@pytest.mark.parametrize(
    ("value", "found"), [(0, False), (1, False), (-0.001, True), (1.001, True), (True, False)]
)
@pytest.mark.parametrize(
    ("case", "pointer"),
    [
        ("DPP-MAT-07", "/materialsProvenance/0/recycledMassFraction"),
        ("DPP-EMIS-03", "/emissionsScorecard/primarySourcedRatio"),
        ("DPP-CIRC-01", "/circularityScorecard/recyclableContent"),
        ("DPP-TRACE-02", "/traceabilityInformation/0/verifiedRatio"),
        ("DPP-METRIC-02", "/conformityClaim/0/declaredValue/0/accuracy"),
    ],
)
def test_fractions_include_both_ends(case: str, pointer: str, value: float, found: bool) -> None:
    """Nought and one are fractions; what is no number is the schema's to judge."""
    assert is_found(case, CATHODE_06, {pointer: value}) is found


@pytest.mark.parametrize(("factor", "found"), [(0.001, False), (0, True), (-1, True)])
def test_a_utility_factor_is_above_nought(factor: float, found: bool) -> None:
    """A product that lasts no time at all has no utility factor."""
    assert is_found("DPP-CIRC-01", CATHODE_06, {"/circularityScorecard/utilityFactor": factor}) is found


@pytest.mark.parametrize(
    ("recycled", "recyclable", "utility", "index", "found"),
    [
        (0.2, 1, 1, 0.6, False), (0.2, 1, 1, 0.62, False), (0.2, 1, 1, 0.58, False), (0.2, 1, 1, 0.6201, True),
        (0.2, 1, 1, 0.5799, True), (0.3, 0.5, 1.2, 0.5, False), (0.3, 0.5, 1.2, 0.67, True),
        (0, 0, 0.5, 0, False), (0, 0, 0.5, -1, False), (0, 0, 0.5, -0.5, True),
    ],
)  # fmt: skip
def test_the_circularity_index_follows_its_formula(
    recycled: float, recyclable: float, utility: float, index: float, found: bool
) -> None:
    """The index is 1 - (V + W) / (2 D), give or take two hundredths, and may be cut off at nought."""
    changes = {
        "/circularityScorecard/recycledContent": recycled,
        "/circularityScorecard/recyclableContent": recyclable,
        "/circularityScorecard/utilityFactor": utility,
        "/circularityScorecard/materialCircularityIndicator": index,
    }
    assert is_found("DPP-CIRC-02", CATHODE_06, changes) is found


@pytest.mark.parametrize(
    ("share", "stated", "found"),
    [
        (0.2, 0.2, False),
        (0.2, 0.25, False),
        (0.2, 0.251, True),
        (0.2, 0.149, True),
        (0.1, 0.25, False),
        (0.1, 0.049, True),
    ],
)
def test_recycled_content_is_the_weighted_mean(share: float, stated: float, found: bool) -> None:
    """What the materials leave open may be recycled or not; what they state has to be in the sum."""
    changes = {
        "/materialsProvenance": [
            {"name": "primary", "massFraction": 0.8, "recycledMassFraction": 0},
            {"name": "scrap", "massFraction": share, "recycledMassFraction": 1},
        ],
        "/circularityScorecard/recycledContent": stated,
    }
    assert is_found("DPP-CIRC-03", CATHODE_06, changes) is found


@pytest.mark.parametrize(
    ("metric", "value", "accuracy", "conformance", "found"),
    [
        ("GHG emissions intensity", 3.0, 0, True, False), ("GHG emissions intensity", 3.01, 0, True, True),
        ("GHG emissions intensity", 3.1, 0.05, True, False), ("GHG emissions intensity", 3.1, 0, False, False),
        ("GHG emissions intensity", 2.0, 0, False, True), ("Recyclability rate", 3.0, 0, True, False),
        ("Recyclability rate", 2.9, 0, True, True), ("Recyclability rate", 2.9, 0.05, True, False),
    ],
)  # fmt: skip
def test_conformance_is_what_the_threshold_says(
    metric: str, value: float, accuracy: float, conformance: bool, found: bool
) -> None:
    """The direction is that of the UN metric of the same name; the accuracy is in the issuer's favour."""
    claim = "/conformityClaim/0"
    changes = {
        f"{claim}/declaredValue/0/metricName": metric,
        f"{claim}/declaredValue/0/metricValue/value": value,
        f"{claim}/declaredValue/0/accuracy": accuracy,
        f"{claim}/assessmentCriteria/0/thresholdValue/metricName": metric,
        f"{claim}/conformance": conformance,
    }
    assert is_found("DPP-CLAIM-09", CATHODE_06, changes) is found


def test_nobody_can_tell_the_direction_of_an_unknown_metric() -> None:
    """A metric that the UN vocabulary does not have is not compared."""
    claim = "/conformityClaim/0"
    changes = {
        f"{claim}/declaredValue/0/metricName": "Shininess",
        f"{claim}/assessmentCriteria/0/thresholdValue/metricName": "Shininess",
        f"{claim}/declaredValue/0/metricValue/value": 99,
    }
    assert outcome("DPP-CLAIM-09", CATHODE_06, changes) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("valid_from", "made", "found"),
    [
        ("2026-06-08T08:00:00Z", "2026-06-08", False), ("2026-06-08T08:00:00Z", "2026-06-09", True),
        ("2026-06-08T10:00:00Z", "2026-06-09", False), ("2026-06-08T20:00:00+10:00", "2026-06-09", False),
        ("2026-06-08T10:00:00Z", "2026-06-10", True), ("9999-12-31T23:59:59Z", "9999-12-31", False),
    ],
)  # fmt: skip
def test_a_product_is_made_before_its_passport(valid_from: str, made: str, found: bool) -> None:
    """A date without a zone may be fourteen hours ahead of UTC."""
    assert is_found("DPP-DATE-01", CATHODE, {"validFrom": valid_from, "/productionDate": made}) is found


@pytest.mark.parametrize(("expires", "found"), [("2026-05-22", False), ("2026-05-21", True), ("soon", False)])
def test_a_product_expires_after_it_is_made(expires: str, found: bool) -> None:
    """It may expire on the day on which it is made."""
    assert is_found("DPP-DATE-01", CATHODE, {"/expiryDate": expires}) is found


@pytest.mark.parametrize(
    ("unit", "found"),
    [("KGM", False), ("LBR", False), ("DT", False), ("MTR", True), ("LTR", True), ("XBX", True)],
)
def test_a_weight_is_a_mass(unit: str, found: bool) -> None:
    """A dry ton is one in a manner of speaking; a box is none."""
    assert is_found("DPP-DIM-03", CATHODE, {"/dimensions/weight/unit": unit}) is found


@pytest.mark.parametrize(
    ("unit", "found"),
    [("KGM", False), ("P1", False), ("MK", False), ("XBX", False), ("kg", True), ("XXX", True), ("", True)],
)
def test_units_are_codes_of_the_list(unit: str, found: bool) -> None:
    """Packages and codes marked as deleted are in the list; symbols are not."""
    pointer = "/performanceClaim/0/claimedPerformance/0/measure/unit"
    assert is_found("DPP-DIM-04", CATHODE, {pointer: unit}) is found


@pytest.mark.parametrize(
    ("registered", "found"),
    [("09521200002492", False), ("09521200002492.10.NM-CAT-2025-1114", False), ("0952 1200 002492", False), ("09521200002493", True)],
)  # fmt: skip
def test_a_registered_id_occurs_in_the_id(registered: str, found: bool) -> None:
    """Whatever stands between its parts."""
    assert is_found("DPP-ID-04", CATHODE_06, {"/product/registeredId": registered}) is found


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        ("https://norrsund-metals.example/", False),
        ("https://id.gs1.org/01/", False),
        ("https://bolagsbok.example/", True),
    ],
)
def test_an_id_is_of_the_host_of_its_scheme(scheme: str, found: bool) -> None:
    """Or of one below it; a GS1 Digital Link may be on any host."""
    assert is_found("DPP-ID-04", CATHODE_06, {"/product/idScheme/id": scheme}) is found


@pytest.mark.parametrize(
    ("position", "found"),
    [([180, 90], False), ([-180, -90, 12], False), ([180.1, 0], True), ([0, 90.1], True), ([17.8], True), ([1, 2, 3, 4], True), (["17", "62"], True)],
)  # fmt: skip
def test_a_point_is_on_earth(position: list[Any], found: bool) -> None:
    """Longitude first, then latitude, then perhaps an altitude."""
    pointer = "/facility/locationInformation/geoLocation/coordinates"
    assert is_found("DFR-LOC-02", SMELTER_06, {pointer: position}) is found


@pytest.mark.parametrize(
    ("ring", "found"),
    [
        ([[0, 0], [1, 0], [1, 1], [0, 0]], False), ([[0, 0], [1, 0], [0, 0]], True), ([[0, 0], [1, 0], [1, 1], [0, 1]], True),
        ([[0, 0], [1, 0], [1, 91], [0, 0]], True), ("no ring", True), ([], True),
    ],
)  # fmt: skip
def test_a_ring_is_closed_and_encloses_something(ring: Any, found: bool) -> None:
    """Three corners, and the first again."""
    pointer = "/facility/locationInformation/geoBoundary/coordinates"
    assert is_found("DFR-LOC-03", SMELTER_06, {pointer: [ring]}) is found


def corner(latitude: float, longitude: float) -> dict[str, float]:
    """A Coordinate of 0.7.0."""
    return {"latitude": latitude, "longitude": longitude}


@pytest.mark.parametrize(
    ("corners", "found"),
    [
        ([corner(0, 0), corner(0, 1), corner(1, 1)], False), ([corner(0, 0), corner(0, 1)], True),
        ([corner(0, 0), corner(0, 1), corner(0, 0), corner(0, 1)], True),
    ],
)  # fmt: skip
def test_a_boundary_has_three_distinct_corners(corners: list[Any], found: bool) -> None:
    """A corner that is named twice counts once."""
    assert is_found("DFR-LOC-05", SMELTER, {"/locationInformation/geoBoundary": corners}) is found


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ({"plusCode": "https://plus.codes/9FJVPV27%2BGJ", "geoLocation": corner(62.7013, 17.8641)}, False),
        ({"plusCode": "9FJVPV27+GJ", "geoLocation": corner(62.80, 17.8641)}, False),
        ({"plusCode": "9FJVPV27+GJ", "geoLocation": corner(62.81, 17.8641)}, True),
        ({"plusCode": "9FJV0000+", "geoLocation": corner(62.81, 17.1)}, False),
        ({"plusCode": "V27+GJ", "geoLocation": corner(62.81, 17.1)}, False),
        ({"geoLocation": corner(17.8641, 62.7013)}, True),
        ({"geoLocation": corner(62.7, 17.9)}, False),
        ({"plusCode": "8Q7XM522+22"}, True),
        ({"geoLocation": corner(62.75, 17.55), "geoBoundary": [corner(62.7, 17.5), corner(62.7, 17.6), corner(62.8, 17.6)]}, False),
        ({"geoLocation": corner(62.79, 17.51), "geoBoundary": [corner(62.7, 17.5), corner(62.7, 17.6), corner(62.8, 17.6)]}, True),
    ],
)  # fmt: skip
def test_the_forms_of_a_location_are_one_place(location: dict[str, Any], found: bool) -> None:
    """A point may lie a tenth of a degree outside the code, a hundredth outside the boundary."""
    assert is_found("DFR-LOC-06", SMELTER, {"/locationInformation": location}) is found


@pytest.mark.parametrize(("end", "found"), [("2025-01-01", False), ("2024-12-31", True), ("never", False)])
def test_a_period_ends_after_it_begins(end: str, found: bool) -> None:
    """A period of one day is a period."""
    assert is_found("DFR-CLAIM-02", SMELTER, {"/materialUsage/applicablePeriod/endDate": end}) is found


@pytest.mark.parametrize(
    ("code", "found"), [("2420", False), ("24", False), ("C", False), ("9999", True), ("24201", True)]
)
def test_a_process_category_is_a_code_of_its_scheme(code: str, found: bool) -> None:
    """Or a broader one: division, group or section."""
    assert is_found("DFR-CAT-01", SMELTER, {"/processCategory/0/code": code}) is found


@pytest.mark.parametrize(
    ("data", "kind", "found"),
    [
        ("iVBORw0KGgo=", "image/png", False), ("iVBOR\nw0KGgo=", "image/PNG; charset=binary", False),
        ("iVBORw0KGgo=", "image/jpeg", True), ("iVBORw0KGgo", "image/png", True), ("undefined", "image/png", True),
        ("", "image/png", True), ("PHN2Zz48L3N2Zz4=", "image/svg+xml", False), ("aGVsbG8=", "image/x-own", False),
    ],
)  # fmt: skip
def test_image_data_begins_as_its_type(data: str, kind: str, found: bool) -> None:
    """Types that nobody knows are only decoded."""
    changes = {"/productLabel/0/imageData": data, "/productLabel/0/mediaType": kind}
    assert is_found("DPP-IMG-01", CATHODE, changes) is found
