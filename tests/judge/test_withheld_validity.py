"""An SD-JWT that hides something at its top is no clean pass where that may be what puts it out of force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from harness.credential.disclosures import digest_of
from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Finding, Outcome, Verdict
from harness.reference.chain import reference_bundle
from harness.run import Bench
from harness.trust.encoding import encode_base64url
from harness.trust.signing import sign_compact

BUNDLE = reference_bundle()
GOOD = BUNDLE.plan.issuances["untp-0.7.0/dcc-pack-test"]
PAYLOAD: Mapping[str, Any] = json.loads(GOOD.payload)
FORCE, HIDING = "VCP-VAL-08", "VCP-JOSE-22"
REVIEWED, WARNED = {FORCE: Outcome.REVIEW}, {HIDING: Outcome.WARNING}
DECOY = digest_of("a decoy")


def disclosure(*parts: Any) -> str:
    return encode_base64url(json.dumps(["salt", *parts]).encode())


def hiding(*names: str, payload: Mapping[str, Any] = PAYLOAD) -> tuple[dict[str, Any], dict[str, str]]:
    """A payload with members behind digests, and the disclosure of each."""
    behind = {name: disclosure(name, payload[name]) for name in names}
    kept = {name: value for name, value in payload.items() if name not in names}
    return {**kept, "_sd": sorted(map(digest_of, behind.values())), "_sd_alg": "sha-256"}, behind


def told(payload: Mapping[str, Any], *disclosures: str) -> tuple[dict[str, Outcome], Verdict, list[Finding]]:
    """What is not good of a signed SD-JWT, by requirement; the verdict; the findings."""
    key = GOOD.key
    token = sign_compact(json.dumps(payload).encode(), key.private, kid=key.kid, typ="vc+sd-jwt")
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(BUNDLE.web),))
    body = "~".join([token, *disclosures, ""]).encode()
    (judged,) = bench.judge(Evidence("handed-over.jwt", body, "application/vc+sd-jwt", "test"))
    quiet = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    loud = [one for one in judged.report.results if one.outcome not in quiet]
    found = [finding for one in loud for finding in one.findings]
    return {one.requirement: one.outcome for one in loud}, judged.report.verdict, found


def test_all_disclosed_is_a_clean_pass() -> None:
    """Nothing is hidden, so that what is not there is known not to be there."""
    payload, behind = hiding("issuingSoftware")
    assert told(payload, *behind.values())[:2] == ({}, Verdict.CONFORMANT)
    assert told(PAYLOAD)[:2] == ({}, Verdict.CONFORMANT)


@pytest.mark.parametrize("names", [["validUntil"], ["credentialStatus"], ["validUntil", "credentialStatus"]])
def test_what_is_withheld_may_be_the_end_or_the_status(names: list[str]) -> None:
    """The finding says which members may be hidden, behind how many digests, and that decoys look the same."""
    payload, _ = hiding(*names, "issuingSoftware")
    outcomes, verdict, (finding,) = told(payload)
    assert outcomes == REVIEWED
    assert verdict is Verdict.UNDETERMINED
    assert f"{len(names) + 1} digests" in finding.message
    assert all(name in finding.message for name in names)
    assert "decoys" in finding.message
    assert finding.hint


def test_another_member_withheld_is_no_matter_where_end_and_status_are_told() -> None:
    """Then no digest can stand for them: a name may not occur twice (RFC 9901 section 7.1)."""
    payload, _ = hiding("issuingSoftware")
    assert told(payload)[:2] == ({}, Verdict.CONFORMANT)


@pytest.mark.parametrize("missing", ["validUntil", "credentialStatus"])
def test_a_decoy_cannot_be_told_from_a_member(missing: str) -> None:
    """A credential without end or status passes as such; with a decoy beside it nobody can say."""
    payload = {name: value for name, value in PAYLOAD.items() if name != missing}
    assert FORCE not in told({**payload, "_sd": [], "_sd_alg": "sha-256"})[0]
    assert told({**payload, "_sd": [DECOY], "_sd_alg": "sha-256"})[0][FORCE] is Outcome.REVIEW


def test_digests_elsewhere_hide_neither() -> None:
    """What is withheld of the subject says nothing of validity."""
    payload = json.loads(json.dumps(PAYLOAD))
    del payload["validUntil"]
    payload["issuer"]["_sd"] = [DECOY]
    assert told({**payload, "_sd_alg": "sha-256"})[0] == {}


def test_an_entry_of_the_status_may_be_withheld() -> None:
    """Of several status entries the one for revocation may be the hidden one."""
    status = [PAYLOAD["credentialStatus"], {"...": DECOY}]
    outcomes, _, findings = told({**PAYLOAD, "credentialStatus": status, "_sd_alg": "sha-256"})
    assert outcomes[FORCE] is Outcome.REVIEW
    assert any("1 digest in credentialStatus" in finding.message for finding in findings)


@pytest.mark.parametrize("name", ["validFrom", "validUntil", "credentialStatus", "issuer", "type"])
def test_what_verifiers_need_is_not_to_be_disclosable(name: str) -> None:
    """Disclosed it is as good as in the clear, with a warning for the issuer."""
    payload, behind = hiding(name)
    outcomes, verdict, (finding,) = told(payload, *behind.values())
    assert outcomes == WARNED
    assert verdict is Verdict.CONFORMANT
    assert finding.pointer == f"/{name}"


def test_the_name_of_an_issuer_may_be_disclosable() -> None:
    """Its id may not."""
    issuer = dict(PAYLOAD["issuer"])
    for name, expected in (("name", {}), ("id", WARNED)):
        behind = disclosure(name, issuer[name])
        rest = {**{other: issuer[other] for other in issuer if other != name}, "_sd": [digest_of(behind)]}
        assert told({**PAYLOAD, "issuer": rest, "_sd_alg": "sha-256"}, behind)[0] == expected
