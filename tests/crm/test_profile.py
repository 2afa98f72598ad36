"""A profile that stands on another: its types, its schema on top of the core's, and what goes wrong in its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue import read_catalogue
from harness.errors import SuiteError
from harness.evidence import Evidence
from harness.judge import load_suite
from harness.model import Outcome
from harness.reference.crm import PROFILE, crm_evidence
from harness.resources import resource

from .judging import faults_of, judged


def copied(folder: Path) -> Path:
    """A copy of the catalogue's data, and the path of our profile in it."""
    for part in ("requirements", "profiles"):
        (folder / part).mkdir()
        for path in resource("test_cases", part).glob("*.toml"):
            (folder / part / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = resource("test_cases", "conflicts.toml").read_text(encoding="utf-8")
    (folder / "conflicts.toml").write_text(text, encoding="utf-8")
    return folder / "profiles" / "untp-crm.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('base = "untp-0.7.0"', 'base = "untp-9.9.9"', "unknown profile untp-9.9.9"),
        ('extends = "DigitalFacilityRecord"', 'extends = "FacilityFile"', "unknown type FacilityFile"),
        (
            'extends = "DigitalFacilityRecord"\n',
            'extends = "DigitalFacilityRecord"\ncolour = "red"\n',
            "colour",
        ),
    ],
)
def test_a_mistake_in_the_profile_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """An unknown base, an unknown parent type and an unknown key are errors with the file."""
    path = copied(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SuiteError, match=message) as raised:
        read_catalogue(tmp_path)
    assert "untp-crm.toml" in str(raised.value)


def test_types_of_the_base_are_taken_over() -> None:
    """The profile has the five types of UNTP as they are, and ten that extend four of them."""
    base, ours = load_suite().profile("untp-0.7.0"), load_suite().profile(PROFILE)
    assert all(ours.types[name] == spec for name, spec in base.types.items())
    extended = [spec for spec in ours.types.values() if spec.extends]
    assert len(extended) == 10
    assert all(spec.schema == ours.types[spec.core].schema and spec.extension for spec in extended)


def test_an_extension_type_has_all_cases_of_its_parent() -> None:
    """The plan of an extended type holds the plan of the type that it extends."""
    suite = load_suite()
    ours = suite.profile(PROFILE)
    for spec in ours.types.values():
        if spec.extends:
            parent = {item.id for item in suite.plan(ours, ours.types[spec.core]).cases}
            assert parent <= {item.id for item in suite.plan(ours, spec).cases}


def test_a_proposed_requirement_never_owns_a_fault_of_the_official_schema() -> None:
    """What the official schema rejects is told by an official requirement, with the type extended or not."""
    suite = load_suite()
    ours = suite.profile(PROFILE)
    plan = suite.plan(ours, ours.types["RawMaterialPassport"])
    owner = plan.ownership.owner("/credentialSubject/productionDate", "required")
    assert owner is None or not owner.startswith("CRM-")
    assert plan.extension_ownership.owner("/credentialSubject/productionDate", "required") == "CRM-MAT-04"
    assert plan.extension_ownership.owner("/anything/else", "type") == "CRM-SCH-01"


def edited(name: str, **members: Any) -> Evidence:
    """An example with root members changed, signed."""

    def change(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, **members}

    return crm_evidence(name, change)


def test_the_most_specific_type_is_taken() -> None:
    """With the types in any order, the extension's goes before UNTP's."""
    turned = edited(
        "untp-crm/dpp-cathode",
        type=["VerifiableCredential", "DigitalProductPassport", "RefinedMaterialPassport"],
    )
    assert judged(turned).type == "RefinedMaterialPassport"
    by_subject = edited("untp-crm/dpp-cathode", type=["VerifiableCredential", "DigitalProductPassport"])
    assert judged(by_subject).type == "RefinedMaterialPassport"


def test_the_core_schema_is_judged_too() -> None:
    """A fault against the official schema is told once, by the official requirement."""
    value = json.loads(crm_payload("dpp-cathode"))
    del value["credentialSubject"]["producedAtFacility"]
    faults = faults_of(judged(crm_evidence("untp-crm/dpp-cathode", lambda _value: value)).results)
    assert faults == {"DPP-FAC-01": Outcome.FAILED}


def crm_payload(name: str) -> str:
    """The text of an example."""
    return next(resource("test_cases", "vectors", "good", "untp-crm").glob(f"*/{name}.json")).read_text(
        encoding="utf-8"
    )


def test_schemas_of_core_and_extension_are_both_named_in_the_record() -> None:
    """The record lists the artefacts of both."""
    from harness.gather.web import HeldWeb
    from harness.judge import Terms
    from harness.reference.chain import DEMO_CLOCK
    from harness.reference.crm import crm_web
    from harness.run import Bench, bundle_scope, make_record

    bench = Bench(Terms(DEMO_CLOCK), (HeldWeb(crm_web()),))
    found = bench.judge(crm_evidence("untp-crm/dfr-kvarnvik"))
    record = make_record(found, bench, bundle_scope(bench.suite, [PROFILE]), profile=None)
    files = {row["file"] for row in record["artefacts"]}
    assert {"untp-crm/context.jsonld", "untp-crm/refinery.json", "untp-0.7.0/dfr.json"} <= files
    assert record["profile"] == PROFILE
