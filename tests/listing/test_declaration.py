"""The documents of the draft Conformance Assertion Protocol: signed, from one record, and held against it when live."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from harness.cli import main
from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.listing import layout
from harness.listing.attestation import seal_web
from harness.listing.conformance_assertion import declaration_of, report_of
from harness.listing.declaration import check_declaration, live_breaches
from harness.listing.rules import Breach
from harness.reference.chain import DEMO_CLOCK
from harness.semantics.expansion import expand
from harness.trust.jose import read_compact

from .pieces import DID, Json, broken, good, signer, submission

AT = DEMO_CLOCK + timedelta(days=5)
ADDRESS = "https://cadenza-trace.example/.well-known/untp-conformance"


def published() -> dict[str, bytes]:
    """What the vendor publishes."""
    made = submission()
    assert made.seal is not None
    return seal_web(made.seal, made.members[layout.RECORD], made.members[layout.MANIFEST])


def told(answers: dict[str, bytes], *, later: timedelta = timedelta(0)) -> list[Breach]:
    """What is wrong with the declaration on this web."""
    held = HeldWeb({url: Evidence(url, body) for url, body in answers.items()})
    return list(
        live_breaches(ADDRESS, [held], AT + later, good().record, submission().members[layout.RECORD])
    )


def test_both_documents_are_signed_like_the_attestation() -> None:
    """Compact JWS of one key, at the address in their own id; the report shares the attestation's status entry."""
    sealed = submission().seal
    assert sealed is not None
    tokens = [read_compact(text) for text in (sealed.token, sealed.declaration, sealed.test_report)]
    assert {str(token.header["kid"]) for token in tokens} == {signer().kid}
    assert tokens[1].claims["id"] == ADDRESS
    assert tokens[2].claims["id"] == tokens[1].claims["credentialSubject"]["testReport"]
    assert tokens[2].claims["credentialStatus"] == tokens[0].claims["credentialStatus"]


def test_what_was_published_keeps_to_the_record() -> None:
    """Declaration, report, signer and status hold."""
    assert told(published()) == []


def test_nothing_there_is_told() -> None:
    """No declaration, no report, no document of the signer: each is named."""
    web = published()
    report = next(url for url in web if url.endswith("test-report.jwt"))
    document = next(url for url in web if url.endswith("did.json"))
    assert [one.rule for one in told({})] == ["REV-DEC-01"]
    assert [one.rule for one in told({u: b for u, b in web.items() if u != report})] == ["REV-DEC-03"]
    assert {one.rule for one in told({u: b for u, b in web.items() if u != document})} == {
        "REV-DEC-01", "REV-DEC-03",
    }  # fmt: skip


def test_a_year_later_it_is_no_longer_in_force() -> None:
    """Both have run out, and so has the status list."""
    said = [(one.rule, one.message) for one in told(published(), later=timedelta(days=400))]
    assert ("REV-DEC-01", "It is not in force.") in said
    assert ("REV-DEC-03", "It is not in force.") in said


def test_the_declaration_of_another_place_is_told() -> None:
    """Copied from the vendor to a host that is not the vendor's: neither its id nor its signer belong there."""
    stranger = "https://mallory.example/.well-known/untp-conformance"
    answers = {**published(), stranger: published()[ADDRESS]}
    held = HeldWeb({url: Evidence(url, body) for url, body in answers.items()})
    found = live_breaches(stranger, [held], AT, good().record, submission().members[layout.RECORD])
    assert [one.message for one in found if one.rule == "REV-DEC-01"] == [
        "Its signer is not on the domain where it stands.",
        "It is the declaration of another place.",
    ]


def test_a_declaration_that_promises_more_is_told_with_the_place() -> None:
    """One made from the record keeps to it; another component and another version do not; less is free."""
    declaration = declaration_of(good().record, did=DID, base="https://cadenza-trace.example/x/")
    assert list(check_declaration(declaration, good().record)) == []
    declaration["credentialSubject"]["component"] = ["DPP"]
    assert list(check_declaration(declaration, good().record)) == []
    declaration["credentialSubject"]["component"].append("DTE")
    declaration["credentialSubject"]["softwareVersion"] = "2.0"
    places = [breach.place for breach in check_declaration(declaration, good().record)]
    assert places == ["/credentialSubject/softwareVersion", "/credentialSubject/component"]


def test_a_failed_run_declares_more_than_it_shows() -> None:
    """What is claimed and did not hold is not shown: the component and the role are named."""
    declaration = declaration_of(broken().record, did=DID, base="https://cadenza-trace.example/x/")
    said = [(one.place, one.actual) for one in check_declaration(declaration, broken().record)]
    assert ("/credentialSubject/component", "VCP") in said
    assert ("/credentialSubject/role", "issuer") in said


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"trust me", b'{"type": "UNTPConformanceAssertion"}', b'{"type": ["X"], "credentialSubject": 3}'],
)  # fmt: skip
def test_whatever_else_stands_there_is_told(body: bytes) -> None:
    """Anything that is no declaration: one answer, never a traceback."""
    assert [one.rule for one in told({ADDRESS: body})] == ["REV-DEC-01"]


def test_our_context_defines_every_term_of_both_documents() -> None:
    """Expanded with our provisional context, neither document loses a member."""
    sealed = submission().seal
    assert sealed is not None
    for document in (
        declaration_of(good().record, did=DID, base=sealed.base),
        report_of(good().record, b"{}", did=DID, base=sealed.base),
    ):
        expansion = expand(document, {}, engine="reference")
        assert expansion.fault is None, expansion.fault
        assert expansion.dropped == ()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the record, the submission and the vendor's web."""
    made = submission()
    (tmp_path / "record.json").write_bytes(made.members[layout.RECORD])
    (tmp_path / "submission.zip").write_bytes(made.body)
    for url, body in published().items():
        path = tmp_path / "web" / url.removeprefix("https://")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return tmp_path


@pytest.mark.parametrize("name", ["record.json", "submission.zip"])
def test_the_command_compares_what_is_live(desk: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 where it holds, 1 where it promises more, 3 where nothing stands there, 4 for no address."""
    words = (str(desk / name), "--web", str(desk / "web"), "--at", "2026-11-05T00:00:00Z", "--format", "json")
    assert _told("https://cadenza-trace.example/", *words) == 0
    assert json.loads(capsys.readouterr().out) == {"declaration": ADDRESS, "breaches": []}
    place = desk / "web" / ADDRESS.removeprefix("https://")
    value: Json = dict(read_compact(place.read_text()).claims)
    value["credentialSubject"]["role"] = ["issuer", "verifier"]
    place.write_text(signer().token(json.dumps(value).encode()))
    assert _told(ADDRESS, *words) == 1
    assert [row["rule"] for row in json.loads(capsys.readouterr().out)["breaches"]] == ["REV-DEC-02"]
    assert _told("https://nobody.example/", *words) == 3
    assert _told("cadenza-trace.example", *words) == 4


def test_with_publish_elsewhere_the_declaration_stays_on_the_domain_of_the_signer() -> None:
    """The attestation may stand on another host; the well-known address is that of the did:web."""
    made = good().submitted(base="https://cdn.example/untp/")
    assert made.seal is not None
    assert read_compact(made.seal.declaration).claims["id"] == ADDRESS
    assert made.seal.base == "https://cdn.example/untp/"


def _told(*words: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["declaration", *words])
    assert isinstance(done.value.code, int)
    return done.value.code
