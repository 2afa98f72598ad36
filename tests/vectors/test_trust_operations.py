"""What the operations of trust make is good until they are told to break it: the twins of their mutations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.model import Outcome, Verdict
from harness.reference.chain import Bundle, issue, reference_bundle
from harness.reference.edits import Patch
from harness.reference.operations import change
from harness.reference.payloads import load_payloads

from .judging import judge, results, told

TEST = "untp-0.7.0/dcc-pack-test"
FOIL = "untp-0.7.0/dcc-foil-declaration"


def after(operation: str, name: str = TEST, **arguments: Any) -> Bundle:
    """The good chain after one operation."""
    return issue(change(reference_bundle().plan, name, {"operation": operation, **arguments}))


def conformant(bundle: Bundle, name: str = TEST) -> None:
    """The credential is conformant, with nothing found in it."""
    (report,) = judge(bundle, bundle.delivered(name))
    assert report.verdict is Verdict.CONFORMANT, told(list(report.results), frozenset(Outcome))
    assert not [one.requirement for one in report.results if one.findings]


def outcome(bundle: Bundle, case: str, name: str = TEST) -> Outcome:
    """What one case says of one credential."""
    return next(result.outcome for result in results(bundle, name) if result.case == case)


def test_an_issuer_with_a_whole_webvh_log_is_conformant() -> None:
    """A did:webvh with three versions, rotation and pre-rotation is as good as a did:web."""
    bundle = after("issuer-did-webvh")
    conformant(bundle)
    assert outcome(bundle, "VCP-DID-12") is Outcome.PASSED
    assert outcome(bundle, "VCP-JOSE-15") is Outcome.PASSED


@pytest.mark.parametrize("names", [["issuingSoftware"], ["name", "credentialSubject", "issuingSoftware"]])
def test_an_sd_jwt_is_judged_by_what_it_discloses(names: list[str]) -> None:
    """An SD-JWT whose disclosures are all there is the credential that was hidden."""
    bundle = after("sd-jwt", disclose=names)
    conformant(bundle)
    assert outcome(bundle, "VCP-JOSE-15") is Outcome.PASSED
    (credential,) = read_credentials(bundle.delivered(TEST))
    assert credential.document is not None
    assert credential.document.value == load_payloads()[TEST].value
    assert [layer.kind for layer in credential.envelopes] == ["sd-jwt"]


def test_what_an_sd_jwt_withholds_is_missed() -> None:
    """A holder who keeps a compulsory member to himself presents a credential without it."""
    bundle = after("sd-jwt", disclose=["name", "issuingSoftware"])
    token = bundle.delivered(TEST).body.decode()
    bare = Evidence("withheld.jwt", f"{token.partition('~')[0]}~".encode(), "application/vc+sd-jwt")
    (report,) = judge(bundle, bare)
    found = {one.requirement: one.outcome for one in report.results}
    assert found["VCP-ENV-16"] is Outcome.FAILED
    assert found["VCP-JOSE-15"] is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "suite"),
    [
        (TEST, "eddsa-rdfc-2022"),
        (TEST, "eddsa-jcs-2022"),
        (FOIL, "ecdsa-rdfc-2019"),
        (FOIL, "ecdsa-jcs-2019"),
    ],
)
def test_an_embedded_proof_by_each_suite_is_conformant(name: str, suite: str) -> None:
    """A good proof inside the token, by any suite, changes nothing."""
    bundle = after("embedded-proof", name, suite=suite)
    conformant(bundle, name)
    assert outcome(bundle, "VCP-DI-01", name) is Outcome.PASSED
    assert outcome(bundle, "VCP-DI-02", name) is Outcome.PASSED


@pytest.mark.parametrize("cryptosuite", ["bbs-2023", "rot13-2026"])
def test_an_unknown_suite_is_neither_passed_nor_failed(cryptosuite: str) -> None:
    """A proof of a suite that the harness does not know leaves the credential undetermined."""
    patch = [{"op": "replace", "path": "/proof/cryptosuite", "value": cryptosuite}]
    bundle = after("embedded-proof", patch=patch)
    (report,) = judge(bundle, bundle.delivered(TEST))
    assert outcome(bundle, "VCP-DI-01") is Outcome.ERROR
    assert report.verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    "operation",
    [
        {"operation": "clock", "at": "2026-12-24T00:00:00+00:00"},
        {
            "operation": "status-list",
            "patch": [{"op": "replace", "path": "/validFrom", "value": "2027-01-01T00:00:00Z"}],
        },
    ],
)
def test_a_list_that_is_not_in_force_is_for_a_person(operation: dict[str, Any]) -> None:
    """Where the list has expired or is not valid yet, nobody can say that the credential was not withdrawn."""
    bundle = issue(change(reference_bundle().plan, TEST, operation))
    (report,) = judge(bundle, bundle.delivered(TEST))
    assert outcome(bundle, "VCP-VAL-08") is Outcome.REVIEW
    assert report.verdict is not Verdict.CONFORMANT


def test_an_index_beyond_the_list_is_for_a_person() -> None:
    """An index that the list does not have is never an answer."""
    patch = [{"op": "replace", "path": "/credentialStatus/statusListIndex", "value": 131072}]
    plan = reference_bundle().plan
    issuance = replace(plan.issuances[TEST], payload_edits=(Patch.of(patch, "index beyond the list"),))
    bundle = issue(plan.reissued(issuance))
    assert outcome(bundle, "VCP-VAL-08") is Outcome.REVIEW
