"""Trust anchors: read from TOML or JSON, refused with the place of what is wrong, and used by the anchor cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Outcome
from harness.reference.chain import reference_bundle
from harness.reference.payloads import load_payloads
from harness.run import Bench
from harness.trust.anchors import NOBODY, Anchors, TrustedIssuer, load_anchors

SCHEME = "https://id.example.com/lei"
REGISTER: dict[str, Any] = {
    "id": "https://register.example.com/schemes",
    "name": "Register of schemes",
    "lastUpdated": "2026-01-01",
    "registrar": {"id": "https://register.example.com", "name": "Example Register"},
    "entries": [
        {
            "id": SCHEME,
            "name": "Example identifiers",
            "registerType": "organisation",
            "registrarName": "Example Operator",
            "registrarId": "https://operator.example.com",
        }
    ],
}
ANCHOR = "untp-0.7.0/dia-smelter-business"


def written(folder: Path, name: str, text: str) -> Path:
    """A file of anchors."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_nobody_is_trusted_by_default() -> None:
    """Without a file there are no anchors."""
    assert load_anchors(None) is NOBODY
    assert not NOBODY
    assert (NOBODY.parties, NOBODY.scheme(SCHEME), NOBODY.issuers_for(SCHEME)) == (frozenset(), None, ())


def test_toml_with_roots_issuers_and_registers(tmp_path: Path) -> None:
    """Roots, issuers and registers are read from TOML."""
    text = f"""
    roots = ["did:web:root.example"]
    [[issuer]]
    id = "did:web:operator.example.com"
    name = "Example Operator"
    schemes = ["{SCHEME}"]
    [[register]]
    id = "https://register.example.com/schemes"
    name = "Register of schemes"
    lastUpdated = "2026-01-01"
    registrar = {{ id = "https://register.example.com", name = "Example Register" }}
    [[register.entries]]
    id = "{SCHEME}"
    name = "Example identifiers"
    registerType = "organisation"
    registrarName = "Example Operator"
    registrarId = "https://operator.example.com"
    """
    found = load_anchors(written(tmp_path, "anchors.toml", text))
    assert found.parties == {"did:web:root.example", "did:web:operator.example.com"}
    assert found.issuers_for(SCHEME) == ("did:web:operator.example.com",)
    scheme = found.scheme(SCHEME)
    assert scheme is not None
    assert (scheme.name, scheme.register) == ("Example identifiers", REGISTER["id"])
    assert found.scheme(SCHEME + "/") is None


def test_a_published_register_is_read_as_it_is(tmp_path: Path) -> None:
    """A register in JSON, in the shape in which the UN publishes it, needs nothing around it."""
    found = load_anchors(written(tmp_path, "register.json", json.dumps(REGISTER)))
    assert [one.id for one in found.schemes] == [SCHEME]
    assert found.parties == frozenset()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", "", "should be non-empty"),
        ("a.toml", "roots = 7", "is not of type 'array'"),
        ("a.toml", 'roots = ["register.example"]', "does not match"),
        ("a.toml", "roots = [", "cannot be read"),
        ("a.json", "[]", "no trust anchors"),
        ("a.json", "{", "cannot be read"),
        ("a.json", json.dumps({**REGISTER, "entries": [{"id": SCHEME}]}), "'name' is a required property"),
        ("a.toml", '[[issuer]]\nid = "did:web:a.example"', "'name' is a required property"),
        ("a.toml", "trusted = []", "Additional properties"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    """What is no file of anchors is wrong usage, and the message says where and what."""
    with pytest.raises(UsageError, match=message) as raised:
        load_anchors(written(tmp_path, name, text))
    assert name in str(raised.value)
    assert raised.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is wrong usage."""
    with pytest.raises(UsageError, match="cannot be read"):
        load_anchors(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("operator", "outcome"),
    [("did:web:bolagsbok.example", Outcome.PASSED), ("did:web:other-register.example", Outcome.FAILED)],
)
def test_an_anchor_by_another_than_the_operator_fails(operator: str, outcome: Outcome) -> None:
    """Where the verifier knows who operates a scheme, an identity anchor by somebody else fails."""
    bundle = reference_bundle()
    scheme = load_payloads()[ANCHOR].value["credentialSubject"]["idScheme"]["id"]
    anchors = Anchors(issuers=(TrustedIssuer(operator, "Register", (scheme,)),))
    bench = Bench(Terms(bundle.at, anchors=anchors), (HeldWeb(bundle.web),))
    (judged,) = bench.judge(bundle.delivered(ANCHOR))
    found = {one.requirement: one for one in judged.report.results}["DIA-ISS-02"]
    assert found.outcome is outcome
    assert all(finding.expected == operator for finding in found.findings)
