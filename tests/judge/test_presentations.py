"""What a presentation is beside its signature: in force or not, and called by its name, in each form that it has."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import cbor2
import pytest

from harness.credential.disclosures import digest_of
from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Finding, Outcome, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.issuing import VC2, enveloped
from harness.reference.keys import login_key
from harness.reference.server.judging import opinions
from harness.run import Bench
from harness.trust.cose import sig_structure
from harness.trust.encoding import encode_base64url
from harness.trust.signing import sign_bytes, sign_compact

HOLDER = "did:web:voltara-cells.example"
KEY = login_key(HOLDER)
BUNDLE = reference_bundle()
NOW = int(BUNDLE.at.timestamp())
TOKEN = BUNDLE.plan.issuances["untp-0.7.0/dfr-mine"].served().decode()
FORCE, TYP, CTY = "VCP-PUB-06", "VCP-PUB-07", "VCP-PUB-08"


def presentation(**more: Any) -> dict[str, Any]:
    return {
        "@context": [VC2], "type": ["VerifiablePresentation"], "holder": HOLDER,
        "verifiableCredential": [enveloped(TOKEN)], **more,
    }  # fmt: skip


def in_jose(value: dict[str, Any], typ: str | None = "vp+jwt", **header: Any) -> bytes:
    raw = json.dumps(value).encode()
    return sign_compact(raw, KEY.private, kid=KEY.kid, typ=typ, extra_header=header).encode()


def in_cose(value: dict[str, Any], **header: Any) -> bytes:
    labels = {"typ": 16, "cty": 3}
    more = {labels[name]: value for name, value in header.items() if value is not None}
    protected, raw = cbor2.dumps({1: -7, 4: KEY.kid.encode(), **more}), json.dumps(value).encode()
    signature = sign_bytes(sig_structure(protected, raw), KEY.private)
    return bytes(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, raw, signature])))


def told(body: bytes) -> tuple[dict[str, Outcome], Verdict, list[Finding]]:
    """What is not good, by requirement; the verdict; the findings."""
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(BUNDLE.web),))
    (judged,) = bench.judge(Evidence("handed-over", body, "application/vp+jwt", "test"))
    quiet = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    loud = [one for one in judged.report.results if one.outcome not in quiet]
    found = [finding for one in loud for finding in one.findings]
    return {one.requirement: one.outcome for one in loud}, judged.report.verdict, found


@pytest.mark.parametrize(
    "claims",
    [{}, {"exp": NOW + 1}, {"nbf": NOW, "iat": NOW - 60, "exp": NOW + 300.5}],
    ids=str,
)
def test_a_presentation_in_force_is_good(claims: dict[str, Any]) -> None:
    """Whether it says when it ends, or nothing at all."""
    assert told(in_jose(presentation(**claims)))[:2] == ({}, Verdict.CONFORMANT)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 1},
        {"exp": NOW},
        {"exp": 0},
        {"nbf": NOW + 1},
        {"iat": NOW + 3600},
        {"exp": "2030-01-01T00:00:00Z"},
        {"exp": True},
        {"exp": (NOW + 60) * 1000},
    ],
    ids=str,
)
def test_a_presentation_out_of_force_is_for_a_person(claims: dict[str, Any]) -> None:
    """A token is not to be taken on or after exp, nor before nbf, nor where nobody can read them (RFC 7519, 4.1)."""
    outcomes, verdict, (finding,) = told(in_jose(presentation(**claims)))
    assert outcomes == {FORCE: Outcome.REVIEW}
    assert verdict is Verdict.UNDETERMINED
    assert finding.pointer == f"/{next(iter(claims))}"
    assert finding.line is not None
    assert finding.hint


def moment(days: int) -> str:
    return (BUNDLE.at + timedelta(days=days)).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("secured", [in_jose, lambda value: json.dumps(value).encode()], ids=["jwt", "bare"])
@pytest.mark.parametrize(
    ("validity", "good"),
    [
        ({"validFrom": moment(-1), "validUntil": moment(1)}, True),
        ({"validUntil": moment(-1)}, False),
        ({"validFrom": moment(1)}, False),
        ({"validUntil": "tomorrow"}, False),
    ],
    ids=str,
)
def test_a_holder_may_say_how_long_a_presentation_is_valid(secured: Any, validity: Any, good: bool) -> None:
    """Enveloped or not; the standard has the two for credentials only, so that what they say is for a person."""
    outcomes, verdict, _ = told(secured(presentation(**validity)))
    assert outcomes == ({} if good else {FORCE: Outcome.REVIEW})
    assert verdict is (Verdict.CONFORMANT if good else Verdict.UNDETERMINED)


@pytest.mark.parametrize(
    ("typ", "header", "expected"),
    [
        ("vp+jwt", {}, set()),
        ("application/vp+jwt", {"cty": "vp"}, set()),
        ("VP+JWT", {"cty": "application/vp"}, set()),
        (None, {}, {TYP}),
        ("JWT", {}, {TYP}),
        ("vc+jwt", {"cty": "vc"}, {TYP, CTY}),
        ("vp+sd-jwt", {}, {TYP}),
        ("vp+jwt", {"cty": "json"}, {CTY}),
        ("vp+jwt", {"cty": 7}, {CTY}),
    ],
)
def test_a_presentation_is_called_by_its_name(typ: str | None, header: Any, expected: set[str]) -> None:
    """Its typ is vp+jwt and its cty absent or vp; both are a SHOULD, which nobody fails (VC-JOSE-COSE 3.1.2)."""
    outcomes, verdict, findings = told(in_jose(presentation(), typ, **header))
    assert outcomes == dict.fromkeys(expected, Outcome.WARNING)
    assert verdict is Verdict.CONFORMANT
    assert all(finding.expected and finding.actual and finding.hint for finding in findings)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"typ": "application/vp+cose"}, set()),
        ({"typ": "application/vp+cose", "cty": "application/vp"}, set()),
        ({}, {TYP}),
        ({"typ": "application/vp+cose", "cty": "application/vc"}, {CTY}),
        ({"typ": "application/vp+cose", "cty": 50}, {CTY}),
    ],
)
def test_so_is_one_in_cose(header: dict[str, Any], expected: set[str]) -> None:
    """Under labels 16 and 3 of the header (VC-JOSE-COSE 3.3.2)."""
    assert told(in_cose(presentation(), **header))[0] == dict.fromkeys(expected, Outcome.WARNING)


FORM = "VCP-PUB-03"


@pytest.mark.parametrize("secured", [in_jose, lambda value: json.dumps(value).encode()], ids=["jwt", "bare"])
@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, []),
        ({"type": "VerifiablePresentation"}, []),
        ({"@context": [VC2, "https://example.com/more"]}, []),
        ({"@context": VC2}, ["/@context"]),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, ["/@context"]),
        ({"verifiableCredential": [enveloped(TOKEN), "text", 7]}, ["/verifiableCredential/1", "/verifiableCredential/2"]),
    ],
    ids=str,
)  # fmt: skip
def test_a_presentation_is_well_formed(secured: Any, changes: Any, pointers: list[str]) -> None:
    """Base context first, type, objects as credentials (VCDM 2.0 sections 4.3, 4.5 and 4.13)."""
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(BUNDLE.web),))
    first, *_ = bench.judge(Evidence("handed-over", secured(presentation(**changes)), "", "test"))
    (found,) = [one for one in first.report.results if one.requirement == FORM]
    assert [finding.pointer for finding in found.findings] == pointers
    assert found.outcome is (Outcome.FAILED if pointers else Outcome.PASSED)


def test_a_token_in_a_presentation_is_no_object() -> None:
    """The form of VCDM 1.1: the credential is read and judged, and the presentation fails."""
    assert told(in_jose(presentation(verifiableCredential=[TOKEN])))[0] == {FORM: Outcome.FAILED}


def test_an_answer_that_holds_a_credential_is_no_presentation() -> None:
    """The answer of an interface is neither typed nor secured; once it is secured, it has to be typed."""
    answer = {"verifiableCredential": enveloped(TOKEN)}
    assert told(json.dumps(answer).encode())[:2] == ({}, Verdict.CONFORMANT)
    assert FORM in told(in_jose(answer))[0]


def as_sd_jwt(typ: str, **claims: Any) -> bytes:
    disclosure = encode_base64url(json.dumps(["salt", "termsOfUse", {"type": "Terms"}]).encode())
    hiding = presentation(_sd=[digest_of(disclosure)], _sd_alg="sha-256", **claims)
    return b"~".join([in_jose(hiding, typ), disclosure.encode(), b""])


def test_so_is_one_as_sd_jwt() -> None:
    """A good one verifies with its disclosures; typ and exp are judged as elsewhere, and a bad signature fails."""
    good = as_sd_jwt("vp+sd-jwt")
    assert told(good)[:2] == ({}, Verdict.CONFORMANT)
    assert told(as_sd_jwt("vp+jwt"))[0] == {TYP: Outcome.WARNING}
    assert told(as_sd_jwt("vp+sd-jwt", exp=NOW - 1))[0] == {FORCE: Outcome.REVIEW}
    token, disclosure, _ = good.split(b"~")
    broken = b"~".join([token[:-8] + b"AAAAAAAA", disclosure, b""])
    assert told(broken)[0] == {"VCP-PUB-05": Outcome.FAILED}


@pytest.mark.parametrize(
    ("claims", "code"),
    [({"exp": NOW - 1}, "expired"), ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"), ({"nbf": NOW + 9}, "not-yet-valid")],
    ids=str,
)  # fmt: skip
def test_the_reference_verifier_refuses_one_out_of_force(claims: dict[str, Any], code: str) -> None:
    """With the code that names the time, not the signature or the content."""
    evidence = Evidence("handed-over", in_jose(presentation(**claims)), "application/vp+jwt", "test")
    (opinion,) = opinions(evidence, (HeldWeb(BUNDLE.web),), BUNDLE.at)
    assert {(one.code, one.requirement) for one in opinion.grievances if one.grave} == {(code, FORCE)}


def test_a_credential_without_a_presentation_is_not_asked() -> None:
    """These requirements do not apply to it."""
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(BUNDLE.web),))
    (judged,) = bench.judge(Evidence("alone.jwt", TOKEN.encode(), "application/vc+jwt", "test"))
    asked = {one.outcome for one in judged.report.results if one.requirement in (FORCE, TYP, CTY)}
    assert asked == {Outcome.NOT_APPLICABLE}
