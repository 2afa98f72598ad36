"""The marks that a review looks for are those that the dialogues leave: both sides draw them from the nonce alike."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from harness.exchange import Exchange, Recording, Request
from harness.judge import load_suite
from harness.listing.freshness import stale_questions
from harness.live import LiveTerms
from harness.live.verifier import _Dialogue
from harness.reference.chain import DEMO_CLOCK
from harness.vendor import Endpoint

NONCE = "c0ffee"
TERMS = LiveTerms(
    NONCE, DEMO_CLOCK, load_suite().profile("untp-0.7.0"), ("VCP", "DPP"), ("issuer", "verifier")
)


def told(role: str, row: dict[str, Any], *exchanges: Exchange) -> list[str]:
    """The rules that are broken where these exchanges were recorded at one endpoint."""
    submission: Any = SimpleNamespace(
        vendor={role: [row]},
        terms=SimpleNamespace(nonce=NONCE),
        store=lambda: SimpleNamespace(recording=Recording(exchanges)),
    )
    return [breach.rule for breach in stale_questions(submission)]


def issue(identifier: str) -> Exchange:
    """A question to an issuer for a credential with this id."""
    body = f'{{"credential": {{"id": "{identifier}"}}}}'.encode()
    request = Request("POST", "https://a.example/issue", (), body)
    return Exchange("issuer", "issuer[0]", "issue", "untp-0.7.0/dpp-pack-item", request)


def test_the_id_of_what_is_issued_is_drawn_from_the_nonce() -> None:
    """As harness/live/inputs.py draws it: endpoint, purpose, payload."""
    fresh = TERMS.fresh("issuer[0]", "issue", "untp-0.7.0/dpp-pack-item")
    row = {"adapter": "vc-api", "endpoint": "https://a.example/issue"}
    assert told("issuer", row, issue(f"https://a.example/{fresh}")) == []
    old = replace(TERMS, nonce="beef").fresh("issuer[0]", "issue", "untp-0.7.0/dpp-pack-item")
    assert told("issuer", row, issue(f"https://a.example/{old}")) == ["REV-NON-02"]
    assert told("issuer", {**row, "assigns": ["id"]}, issue("")) == []


def test_what_a_verifier_is_asked_about_stands_under_the_nonce() -> None:
    """As the dialogue itself places it on the harness's side of the web."""
    row = {"adapter": "vc-api", "endpoint": "https://a.example/verify"}
    dialogue: Any = _Dialogue(Endpoint("verifier", "verifier[0]", row), SimpleNamespace(), TERMS)
    ground = dialogue._ground(
        SimpleNamespace(base="https://h.example"), SimpleNamespace(name="t", algorithm="es256"), ""
    )
    good = Exchange("verifier", "verifier[0]", "twin-t", "web/0", Request("GET", ground.base))
    bad = Exchange("verifier", "verifier[0]", "twin-t", "web/0", Request("GET", "https://h.example/old/x"))
    assert told("verifier", row, good, bad) == []
    assert told("verifier", row, bad) == ["REV-NON-02"]


@pytest.mark.parametrize("role", ["issuer", "verifier"])
def test_an_endpoint_that_only_the_smoke_test_reached_shows_nothing(role: str) -> None:
    """Nobody was there: other rules speak of that."""
    smoke = Exchange(role, f"{role}[0]", "smoke", "", Request("GET", "https://a.example/"))
    assert told(role, {"adapter": "vc-api", "endpoint": "https://a.example/x"}, smoke) == []
