"""UNTP-CRM on UNTP 0.6.1: the form for those who still issue it, as profile data alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from harness.evidence import Evidence
from harness.judge import Terms, load_suite
from harness.model import Outcome, SubjectReport
from harness.reference.chain import reference_bundle
from harness.reference.payloads import dump, load_payloads
from harness.run import Bench

CONTEXT = "https://untp-crm.example/0.1/untp-0.6.1/context.jsonld"
UNSIGNED = {"VCP-JOSE-01", "VCP-JOSE-02"}
ASSAY = [{"element": "Cu", "massFraction": 0.9999, "basis": "dry", "method": "ISO 10469"}]
CONCENTRATE = [{"element": "Cu", "massFraction": 0.284, "basis": "dry", "method": "ISO 10258"}]
MINE = {
    "id": "https://id.norrsund-metals.example/414/9521200001075",
    "name": "Norrsund copper mine (made up)",
}
PERMIT = {
    "id": "https://tillstand.example/bearbetning/K-2031",
    "name": "Exploitation concession",
    "permitNumber": "K-2031",
}
BASES = {
    "RawMaterialPassport": "dpp-cathode-batch",
    "RefinedMaterialPassport": "dpp-cathode-batch",
    "MiningPermitCredential": "dcc-mine-permit",
    "MineSiteRecord": "dfr-smelter",
}


def good(kind: str) -> dict[str, Any]:
    """A credential of 0.6.1 with what the profile adds to it."""
    value: dict[str, Any] = copy.deepcopy(load_payloads()[f"untp-0.6.1/{BASES[kind]}"].value)
    value["@context"].append(CONTEXT)
    value["type"].insert(0, kind)
    subject = value["credentialSubject"]
    if kind == "MiningPermitCredential":
        subject["type"].insert(0, "MiningPermit")
        subject |= {"permitNumber": "B-1124", "permitStatus": "active", "commodity": ["Cu"]}
        return value
    if kind == "MineSiteRecord":
        facility = subject["facility"]
        facility["type"].insert(0, "MineSite")
        facility |= {"commodity": ["Cu"], "miningMethod": "openPit", "permitReference": [PERMIT]}
        return value
    if kind == "RawMaterialPassport":
        subject["product"]["type"].insert(0, "RawMaterial")
        subject["product"]["characteristics"] = {
            "commodity": "Cu", "materialForm": "copperConcentrate", "assay": CONCENTRATE, "moistureFraction": 0.081,
            "extractionFacility": MINE, "miningMethod": "openPit",
        }  # fmt: skip
        return value
    subject["product"]["type"].insert(0, "RefinedMaterial")
    subject["product"]["characteristics"] = {
        "commodity": "Cu", "materialForm": "copperCathode", "assay": ASSAY,
        "purity": {"substance": "Cu", "massFraction": 0.9999}, "chainOfCustodyModel": "massBalance",
    }  # fmt: skip
    return value


def judge(value: dict[str, Any]) -> SubjectReport:
    """The report on an unsigned credential, by the profile that its contexts tell."""
    evidence = Evidence("credential.json", dump(value).encode(), "application/json", "demo")
    (judged,) = Bench(Terms(reference_bundle().at)).judge(evidence)
    return judged.report


def failed(report: SubjectReport) -> set[str]:
    """The requirements that fail, but for the signature that is not there."""
    return {r.requirement for r in report.results if r.outcome is Outcome.FAILED} - UNSIGNED


KINDS = tuple(BASES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_credential_of_the_old_form_holds(kind: str) -> None:
    """Its context tells the profile, and everything but the missing signature holds."""
    report = judge(good(kind))
    assert (report.profile, report.type) == ("untp-crm-0.6.1", kind)
    assert failed(report) == set()
    assert any(r.requirement == "CRM-SCH-01" and r.outcome is Outcome.PASSED for r in report.results)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("RefinedMaterialPassport", ("product", "characteristics")),
        ("RefinedMaterialPassport", ("product", "characteristics", "purity")),
        ("RefinedMaterialPassport", ("product", "characteristics", "assay")),
        ("RefinedMaterialPassport", ("product", "producedAtFacility")),
        ("RawMaterialPassport", ("granularityLevel",)),
        ("RawMaterialPassport", ("product", "batchNumber")),
        ("RawMaterialPassport", ("product", "characteristics", "moistureFraction")),
        ("RawMaterialPassport", ("product", "characteristics", "extractionFacility")),
        ("RawMaterialPassport", ("product", "characteristics", "miningMethod")),
        ("MineSiteRecord", ("facility", "commodity")),
        ("MineSiteRecord", ("facility", "miningMethod")),
        ("MineSiteRecord", ("facility", "permitReference")),
        ("MineSiteRecord", ("facility", "locationInformation")),
        ("MiningPermitCredential", ("permitNumber",)),
        ("MiningPermitCredential", ("permitStatus",)),
        ("MiningPermitCredential", ("commodity",)),
    ],
)
def test_what_the_profile_asks_for_is_missed(kind: str, path: tuple[str, ...]) -> None:
    """Each member that the profile adds is missed where it is left out, at its place."""
    value = good(kind)
    holder = value["credentialSubject"]
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    report = judge(value)
    assert "CRM-SCH-01" in failed(report)
    (result,) = [r for r in report.results if r.requirement == "CRM-SCH-01"]
    assert "/credentialSubject/" + "/".join(path) in {finding.pointer for finding in result.findings}


@pytest.mark.parametrize(
    ("kind", "path", "wrong"),
    [
        ("RawMaterialPassport", ("product", "characteristics", "moistureFraction"), 8.1),
        ("RawMaterialPassport", ("product", "characteristics", "miningMethod"), "open pit"),
        ("RawMaterialPassport", ("granularityLevel",), "model"),
        ("MineSiteRecord", ("facility", "commodity"), ["Cu", "Cu"]),
        ("MineSiteRecord", ("facility", "permitReference"), []),
    ],
)
def test_a_wrong_value_is_told_at_its_place(kind: str, path: tuple[str, ...], wrong: Any) -> None:
    """Shares are of one, codes are of their lists, a mine has a permit."""
    value = good(kind)
    holder = value["credentialSubject"]
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = wrong
    report = judge(value)
    (result,) = [r for r in report.results if r.requirement == "CRM-SCH-01"]
    assert result.outcome is Outcome.FAILED
    assert any((f.pointer or "").startswith("/credentialSubject/" + "/".join(path)) for f in result.findings)


def test_the_old_form_is_data_alone() -> None:
    """No case names the profile: its types, schemas and context make it."""
    profile = load_suite().profile("untp-crm-0.6.1")
    kinds = [kind for kind in profile.types.values() if kind.extends]
    assert {kind.name for kind in kinds} == set(KINDS)
    cases = {item.requirement for item in load_suite().plan(profile, kinds[0]).cases}
    assert {"CRM-SCH-01", "CRM-ID-01", "CRM-ID-05"} <= cases
