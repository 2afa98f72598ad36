"""Boundary values of the cases on conformity credentials, traceability events and identity anchors."""

from __future__ import annotations

import json
from typing import Any

import jsonpatch
import pytest

from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.judge import Terms, judge_credential, load_suite
from harness.model import Outcome, Result
from harness.reference.chain import DEMO_CLOCK
from harness.reference.payloads import load_payloads
from harness.reference.vectors import Vector, load_vectors
from harness.semantics.shapes import requirements_of

Change = tuple[str, ...] | tuple[str, str, Any]

SMELTER = "untp-0.7.0/dcc-smelter-responsible"
FOIL = "untp-0.7.0/dcc-foil-declaration"
PERMIT = "untp-0.7.0/dcc-mine-permit"
AIR_06 = "untp-0.6.1/dcc-smelter-air"
PERMIT_06 = "untp-0.6.1/dcc-mine-permit"
MAKE = "untp-0.7.0/dte-smelting"
MOVE = "untp-0.7.0/dte-cathode-delivery"
MODIFY = "untp-0.7.0/dte-pack-repair"
EVENTS_06 = "untp-0.6.1/dte-smelting"
PACKING_06 = "untp-0.6.1/dte-packing"
ANCHOR = "untp-0.7.0/dia-smelter-business"
ANCHOR_06 = "untp-0.6.1/dia-smelter-business"

FIRST = "/conformityAssessment/0"
FIRST_06 = "/assessment/0"
INPUT = "/0/inputProduct/0"
REPORT = "/1/sensorElementList/0/sensorReport/0"
RECORD = "https://bolagsbok.example/foretag/"

OURS = ("DCC-*", "DTE-*", "DIA-*")
ODD: tuple[Any, ...] = (None, 5, True, "", "x", [], {}, [[1]], ["a", {"id": 3}], {"id": []}, {"type": [4]})


def judged(value: Any, *, engine: str = "fast") -> dict[str, Result]:
    """The results of our cases on one credential, by requirement."""
    (credential,) = read_credentials(Evidence("made.json", json.dumps(value).encode()))
    report = judge_credential(credential, load_suite(), Terms(DEMO_CLOCK, engine=engine, only=OURS), Web())
    return {result.requirement: result for result in report.results}


def changed(base: str, *changes: Change) -> Any:
    """A good payload with operations on its subject: ("remove", path), ("replace", path, value) …"""
    operations = []
    for operation, path, *value in changes:
        row: dict[str, Any] = {"op": operation, "path": f"/credentialSubject{path}"}
        if value:
            row["value"] = value[0]
        operations.append(row)
    return jsonpatch.apply_patch(load_payloads()[base].value, operations)


def with_issuer(base: str, **members: Any) -> Any:
    """A good payload whose issuer has other members."""
    value = load_payloads()[base].value
    return {**value, "issuer": {**value["issuer"], **members}}


def outcome(value: Any, requirement: str) -> Outcome:
    """What the case of a requirement says of a credential."""
    return judged(value)[requirement].outcome


PASSING: list[tuple[str, str, tuple[Change, ...]]] = [
    # the last day that a date can be for a credential issued at 2026-02-02T09:00:00Z
    ("DCC-DATE-01", SMELTER, (("replace", f"{FIRST}/assessmentDate", "2026-02-02"),)),
    ("DCC-DATE-01", AIR_06, (("replace", "/scope/validFrom", "2025-02-18"),)),
    ("DCC-DATE-01", AIR_06, (("replace", f"{FIRST_06}/assessmentCriteria/0/status", "deprecated"),)),
    ("DCC-AUTH-01", PERMIT, (("remove", "/authorisation"), ("replace", "/assessmentLevel", "no-endorsement"))),
    ("DCC-AUTH-01", PERMIT, (("remove", "/authorisation"), ("replace", "/assessmentLevel", "scheme-cab"))),
    ("DCC-AUTH-01", AIR_06, (("remove", "/authorisation"), ("replace", "/assessmentLevel", "Verified"))),
    ("DCC-AUTH-04", FOIL, (("replace", "/issuedToParty/id", "https://voltara-cells.example/"),)),
    ("DCC-OBJ-01", SMELTER, (("remove", f"{FIRST}/assessedFacility"),)),
    ("DCC-OBJ-01", AIR_06, (("replace", f"{FIRST_06}/assessedFacility", [{"id": "https://id.example/1", "name": "flat"}]),)),
    ("DCC-OBJ-03", FOIL, (("remove", f"{FIRST}/assessedProduct/0/idVerifiedByCAB"),)),
    ("DCC-STD-01", PERMIT_06, (("remove", f"{FIRST_06}/assessmentCriteria"),)),
    ("DCC-STD-01", PERMIT_06, (("remove", f"{FIRST_06}/referenceRegulation"),)),
    ("DCC-STD-02", AIR_06, (("remove", f"{FIRST_06}/assessmentCriteria"),)),  # DCC-STD-01 says it
    ("DCC-STD-03", SMELTER, (("remove", f"{FIRST}/assessmentCriteria"),)),  # DCC-RES-03 says it
    ("DCC-TOPIC-01", SMELTER, (("remove", f"{FIRST}/conformityTopic"),)),  # DCC-RES-03 says it
    ("DCC-RES-01", SMELTER, (("replace", f"{FIRST}/conformance", False),)),
    ("DCC-RES-04", SMELTER, (("replace", f"{FIRST}/assessedPerformance", [{"score": {"code": "B"}}]),)),
    ("DCC-RES-04", SMELTER, (("remove", f"{FIRST}/assessedPerformance"),)),  # DCC-RES-03 says it
    ("DCC-RES-05", AIR_06, (("replace", f"{FIRST_06}/assessmentCriteria/0/thresholdValue/metricValue/unit", "KGM"),)),
    ("DCC-RES-05", AIR_06, (("replace", f"{FIRST_06}/assessmentCriteria/0/thresholdValue/metricValue/unit", "XXX"),)),
    ("DTE-TIME-01", MAKE, (("replace", "/0/eventDate", "2026-05-22T14:00:00.5Z"),)),
    ("DTE-ACT-03", EVENTS_06, (("replace", "/1/bizStep", "shipping"), ("replace", "/1/disposition", "in_transit"))),
    ("DTE-MAKE-02", EVENTS_06, (("remove", "/1/outputEPCList"), ("remove", "/1/inputQuantityList"))),
    ("DTE-MAKE-03", MAKE, (("remove", "/0/inputProduct"),)),  # DTE-MAKE-01 says it
    ("DTE-AGG-01", PACKING_06, (("remove", "/0/childEPCList"),)),
    ("DTE-AGG-03", MAKE, (("remove", f"{INPUT}/quantity"), ("replace", f"{INPUT}/product/idGranularity", "item"))),
    ("DTE-PROD-03", MAKE, (("replace", f"{INPUT}/quantity/value", 0.001),)),
    ("DTE-PROD-03", EVENTS_06, (("remove", "/1/inputQuantityList/0/uom"),)),  # then it is a count
    ("DTE-PROD-04", MAKE, (("remove", f"{INPUT}/product/batchNumber"), ("replace", f"{INPUT}/product/idGranularity", "model"))),
    ("DTE-SENS-01", EVENTS_06, (("replace", f"{REPORT}/sensorType", "https://gs1.org/voc/RelativeHumidity"), ("replace", f"{REPORT}/uom", "P1"))),
    ("DTE-SENS-01", EVENTS_06, (("replace", f"{REPORT}/sensorType", "https://sensors.example/model1234"), ("replace", f"{REPORT}/uom", "KGM"))),
    ("DTE-SENS-01", EVENTS_06, (("remove", f"{REPORT}/time"),)),  # the device remains
    ("DTE-SENS-01", MAKE, (("remove", "/0/sensorData/0/sensor"),)),  # the event has the time
    ("DIA-SUBJ-01", ANCHOR, (("replace", "/id", "did:example:123:%20a"),)),
    ("DIA-SUBJ-02", ANCHOR, (("remove", "/type"),)),  # only 0.6.x makes it compulsory
    ("DIA-ISS-01", ANCHOR, (("replace", "/idScheme/id", "https://another.example/"),)),
    ("DIA-REQ-04", ANCHOR_06, (("replace", "/registeredId", None),)),  # DIA-REQ-03 says it
]  # fmt: skip

CAUGHT: list[tuple[str, str, tuple[Change, ...]]] = [
    ("DCC-DATE-01", SMELTER, (("replace", f"{FIRST}/assessmentDate", "2026-02-03"),)),
    ("DCC-DATE-01", AIR_06, (("replace", "/scope/validFrom", "2025-02-19"),)),
    ("DCC-AUTH-04", FOIL, (("replace", "/issuedToParty/id", "https://voltara-cells.example/"), ("replace", "/issuedToParty/registeredId", "HRB-1"))),
    ("DCC-AUTH-04", SMELTER, (("replace", "/issuedToParty/id", "did:web:meridian-assurance.example"),)),
    ("DCC-OBJ-01", SMELTER, (("replace", "/conformityAssessment", []),)),
    ("DCC-OBJ-01", AIR_06, (("replace", f"{FIRST_06}/assessedFacility", [{}]),)),
    ("DCC-OBJ-03", FOIL, (("add", f"{FIRST}/assessedProduct/0/IdVerifiedByCab", True),)),
    ("DCC-TOPIC-01", SMELTER, (("add", f"{FIRST}/assessmentCriteria/0/conformityTopic", ["https://topics.example/air"]),)),
    ("DCC-RES-04", SMELTER, (("replace", f"{FIRST}/assessedPerformance", [{}]),)),
    ("DCC-RES-05", AIR_06, (("replace", f"{FIRST_06}/declaredValue/0/metricValue/unit", "P1"),)),
    ("DTE-TYPE-01", EVENTS_06, (("replace", "/1/type", "TransformationEvent"),)),
    ("DTE-TYPE-02", MODIFY, (("remove", "/0/type"),)),
    ("DTE-TYPE-02", MODIFY, (("replace", "/0/type", ["ModifyEvent", "LifecycleEvent", 5]),)),
    ("DTE-TYPE-02", MODIFY, (("replace", "/0", "https://events.example/1"),)),
    ("DTE-ACT-03", EVENTS_06, (("replace", "/0/bizTransaction", "https://ref.gs1.org/cbv/BTT-invoice"),)),
    ("DTE-AGG-01", PACKING_06, (("remove", "/0/childEPCList"), ("remove", "/0/childQuantityList"))),
    ("DTE-PROD-03", MAKE, (("replace", f"{INPUT}/quantity/value", 0),)),
    ("DTE-SENS-01", EVENTS_06, (("replace", f"{REPORT}/uom", "XXX"),)),
    ("DTE-SENS-01", EVENTS_06, (("remove", f"{REPORT}/time"), ("remove", "/1/sensorElementList/0/sensorMetadata/device"))),
    ("DIA-SUBJ-01", ANCHOR, (("replace", "/id", "did:web:norrsund-metals.example#key-1"),)),
    ("DIA-SUBJ-01", ANCHOR, (("replace", "/id", "did:Web:norrsund-metals.example"),)),
    ("DIA-SUBJ-02", ANCHOR_06, (("remove", "/type"),)),
    ("DIA-MULTI-01", ANCHOR, (("replace", "/id", ["did:web:a.example", "did:web:b.example"]),)),
]  # fmt: skip

EXCUSED: list[tuple[str, str, tuple[Change, ...], str]] = [
    ("DCC-ENUM-01", SMELTER, (("replace", "/assessorLevel", "2ndParty"),), "CONFLICT-22"),
    ("DCC-ENUM-02", SMELTER, (("replace", "/assessmentLevel", "scheme-owner"),), "CONFLICT-23"),
    ("DCC-TOPIC-01", SMELTER, (("replace", f"{FIRST}/conformityTopic/0/id", "https://vocabulary.uncefact.org/conformity-topic/air-quality-management"),), "CONFLICT-25"),
    ("DTE-PROD-02", MOVE, (("replace", "/0/movedProduct/0/disposition", "in_transit"),), "CONFLICT-26"),
    ("DTE-AGG-02", PACKING_06, (("add", "/1/childEPCs", [{"id": "https://id.example/1", "name": "x"}]),), "CONFLICT-30"),
    ("DIA-REQ-02", ANCHOR, (("remove", "/idScheme"), ("add", "/schemeId", {"id": RECORD, "name": "Bolagsbok"})), "CONFLICT-21"),
]  # fmt: skip


@pytest.mark.parametrize(("requirement", "base", "changes"), PASSING)
def test_what_is_just_good_enough_passes(requirement: str, base: str, changes: tuple[Change, ...]) -> None:
    """A value at the right side of its boundary is no fault."""
    assert outcome(changed(base, *changes), requirement) is Outcome.PASSED


@pytest.mark.parametrize(("requirement", "base", "changes"), CAUGHT)
def test_what_is_just_not_good_enough_is_caught(
    requirement: str, base: str, changes: tuple[Change, ...]
) -> None:
    """A value at the wrong side of its boundary is a fault, as severe as its requirement."""
    severity = load_suite().catalogue.requirements[requirement].severity()
    assert outcome(changed(base, *changes), requirement) is severity


@pytest.mark.parametrize(("requirement", "base", "changes", "conflict"), EXCUSED)
def test_who_follows_one_side_of_a_conflict_passes(
    requirement: str, base: str, changes: tuple[Change, ...], conflict: str
) -> None:
    """What one official text asks for and another one bars is charged to nobody, and named."""
    result = judged(changed(base, *changes))[requirement]
    assert (result.outcome, result.conflicts) == (Outcome.PASSED, (conflict,))


@pytest.mark.parametrize("level", ["authority-benchmark", "authority-mandate", "authority-globalmra", "authority-peer", "authority-extended-mra"])  # fmt: skip
def test_every_authority_level_needs_its_endorsement(level: str) -> None:
    """Each of the five levels of 0.7.0 that claim an authority names the endorsement."""
    bare = changed(PERMIT, ("remove", "/authorisation"), ("replace", "/assessmentLevel", level))
    assert outcome(bare, "DCC-AUTH-01") is Outcome.FAILED


@pytest.mark.parametrize("level", ["GovtApproval", "GlobalMRA", "Accredited"])
def test_every_recognised_level_of_06_needs_its_endorsement(level: str) -> None:
    """Each of the three levels of 0.6.1 that claim recognition names the endorsement."""
    bare = changed(AIR_06, ("remove", "/authorisation"), ("replace", "/assessmentLevel", level))
    assert outcome(bare, "DCC-AUTH-01") is Outcome.FAILED


def test_an_event_that_is_repeated_is_no_second_event() -> None:
    """The same event twice is one event; only different ones need different ids."""
    event = load_payloads()[MOVE].value["credentialSubject"][0]
    assert outcome(changed(MOVE, ("add", "/1", event)), "DTE-ID-01") is Outcome.PASSED
    assert outcome(changed(MOVE, ("add", "/1", {**event, "name": "x"})), "DTE-ID-01") is Outcome.WARNING


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (("credentialSubject",), Outcome.FAILED),
        (("@context", "type", "id", "name", "validFrom"), Outcome.FAILED),
        (("@context", "type", "id", "credentialSubject"), Outcome.PASSED),  # VCP-ENV-06 says it
        (("@context", "type", "id", "issuer"), Outcome.PASSED),  # VCP-ENV-11 says it
    ],
)
def test_an_attestation_alone_is_no_credential(kept: tuple[str, ...], expected: Outcome) -> None:
    """Where neither issuer nor credential type is there, the attestation was published alone."""
    whole = load_payloads()[SMELTER].value
    assert outcome({name: whole[name] for name in kept}, "DCC-SUBJ-02") is expected


def test_a_register_is_known_by_its_number_too() -> None:
    """An issuer with the member's number in the register is the member."""
    alias = {"id": f"{RECORD}x", "name": "x", "registeredId": "556914-7731", "idScheme": {"id": RECORD}}
    assert outcome(with_issuer(ANCHOR, issuerAlsoKnownAs=[alias]), "DIA-ISS-01") is Outcome.FAILED


@pytest.mark.parametrize(
    ("base", "did", "expected"),
    [
        (ANCHOR, "did:webvh:scid:bolagsbok.example", Outcome.PASSED),
        (ANCHOR, "did:key:z6Mk", Outcome.FAILED),
        (ANCHOR_06, "did:webvh:scid:bolagsbok.example", Outcome.PASSED),
        (ANCHOR_06, "did:key:z6Mk", Outcome.FAILED),
    ],
)
def test_registers_issue_under_a_supported_method(base: str, did: str, expected: Outcome) -> None:
    """A register uses did:web, in 0.7.0 or did:webvh; in 0.6.x did:webvh is a conflict of official texts."""
    assert outcome(with_issuer(base, id=did), "DIA-ISS-02") is expected


@pytest.mark.parametrize(
    "base", [SMELTER, AIR_06, MAKE, MOVE, MODIFY, EVENTS_06, PACKING_06, ANCHOR, ANCHOR_06]
)
def test_no_wrong_type_makes_a_case_stumble(base: str) -> None:
    """Whatever stands in place of the subject or of one of its members, no case ends in an error."""
    whole = load_payloads()[base].value
    subject = whole["credentialSubject"]
    first = subject[0] if isinstance(subject, list) else subject
    made = [{**whole, "credentialSubject": odd} for odd in ODD]
    for index, name in enumerate(first):
        odd = {**first, name: ODD[index % len(ODD)]}
        made.append({**whole, "credentialSubject": [odd] if isinstance(subject, list) else odd})
    errors = {r.reason for value in made for r in judged(value).values() if r.outcome is Outcome.ERROR}
    assert not errors


SHAPES = requirements_of(("dcc.ttl", "dte.ttl", "dia.ttl"))
OF_A_SHAPE = [vector for vector in load_vectors() if vector.patch and vector.requirement in SHAPES]


@pytest.mark.parametrize("vector", OF_A_SHAPE, ids=lambda vector: vector.name)
def test_shapes_say_the_same_under_both_engines(vector: Vector) -> None:
    """What a shape finds does not depend on the engine."""
    broken = jsonpatch.apply_patch(load_payloads()[vector.base].value, list(vector.patch))
    fast, reference = judged(broken), judged(broken, engine="reference")
    assert fast[vector.requirement].findings == reference[vector.requirement].findings
