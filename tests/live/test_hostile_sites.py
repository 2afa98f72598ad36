"""Sites that answer nonsense, errors, or the same to everybody: no suite stumbles, and none of them is conformant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.model import Level, Outcome

from .judging import results
from .resolver_site import ROW
from .test_published_roles import (
    CONTEXT,
    CRITERION,
    ENDED,
    EVENT,
    ITEM,
    KEY,
    MEMBER,
    PASSPORT,
    PROFILE,
    REGISTER,
    SCHEME,
    STORE,
)
from .world import Reply, Site

ROWS: dict[str, dict[str, Any]] = {
    "resolver": dict(ROW),
    "publisher": {"credentials": [PASSPORT, EVENT], "contexts": [CONTEXT], "schemas": [f"{STORE}/1.0.0/s.json"], "presentations": [f"{STORE}/p.jwt"], "register": REGISTER},
    "registrar": {"register": REGISTER, "members": [MEMBER], "ended": [ENDED]},
    "vocabulary": {"schemes": [SCHEME], "profiles": [PROFILE], "criteria": [CRITERION], "register": REGISTER, "maturity": 3},
    "access_control": {
        "public": [ITEM], "unguessable": [f"{STORE}/1", f"{STORE}/2"], "codes": [f"{ITEM}?decryptionKey={KEY.hex()}"],
        "short": [f"{STORE}/S"], "authentication": f"{STORE}/auth",
    },
}  # fmt: skip

DEEP = "[" * 5000 + "]" * 5000
ODD: dict[str, bytes] = {
    "nothing": b"",
    "bytes": bytes(range(256)),
    "deep": DEEP.encode(),
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "verified": b'{"verified": true}',
    "numbers as names": json.dumps({"linkset": [{"anchor": 5, "dpp": 7, "dcc": {"href": 1}, "dte": [None, {"href": []}]}]}).encode(),
    "odd links": json.dumps({"linkset": [{"anchor": ITEM, "dpp": [{"href": "javascript:alert(1)", "rel": 5, "method": {}, "hreflang": 1, "accessRole": [[]], "encryptionMethod": 3, "type": []}]}]}).encode(),
    "odd credential": json.dumps({"@context": 1, "type": ["VerifiableCredential", 5, "DigitalProductPassport"], "issuer": [], "credentialSubject": [1, {"id": 5, "producedAtFacility": []}], "credentialStatus": [5, {"statusListCredential": 1}], "credentialSchema": 5}).encode(),
    "odd identity": json.dumps({"type": ["VerifiableCredential", "DigitalIdentityAnchor"], "issuer": {"id": "did:web:%"}, "credentialSubject": {"id": "did:web:\u0000", "idScheme": 5}}).encode(),
    "odd register": json.dumps({"entries": {"id": 5}, "criterion": [[{"id": 1}]], "includedProfile": 5, "scheme": [], "id": {}}).encode(),
    "odd ciphertext": json.dumps({"cipherText": "!", "iv": "", "tag": "", "type": 5}).encode(),
    "odd token": b"eyJhbGciOiJub25lIn0.e30.",
    "odd jwe": b"eyJlbmMiOjF9..AA.AA.AA",
}  # fmt: skip
WORSE = (Outcome.FAILED, Outcome.WARNING, Outcome.NOT_RUN, Outcome.ERROR)


def says(body: bytes, media_type: str, status: int = 200) -> Site:
    """A site that gives everybody the same."""
    return lambda _: Reply(status, body, {"Content-Type": media_type})


@pytest.mark.parametrize("table", ROWS)
@pytest.mark.parametrize("odd", ODD)
def test_nothing_stumbles(table: str, odd: str) -> None:
    """Whatever comes, each case decides or says what was missing; it never trips over a value."""
    for media_type in ("application/json", "application/linkset+json"):
        found = results(table, ROWS[table], says(ODD[odd], media_type))
        assert not [(r.requirement, r.reason) for r in found if "stumbled" in (r.reason or "")]


@pytest.mark.parametrize("table", ROWS)
@pytest.mark.parametrize(("body", "status"), [(b'{"verified": true}', 200), (b"{}", 500), (b"{}", 404)])
def test_a_site_that_always_says_the_same_is_not_conformant(table: str, body: bytes, status: int) -> None:
    """Something is found or left open, and of what binds little passes by accident."""
    found = results(table, ROWS[table], says(body, "application/json", status))
    assert any(result.outcome in WORSE for result in found)
    passed = {r.requirement for r in found if r.outcome is Outcome.PASSED and r.level is Level.MUST}
    assert passed <= BY_ACCIDENT, passed - BY_ACCIDENT


BY_ACCIDENT = {"IDR-QRY-11", "DAC-PUB-01", "DAC-ID-01", "DAC-ID-03", "DAC-KEY-01"}
"""What also holds of a site that says nothing: redirects end, everybody gets the same, addresses are as they are."""
