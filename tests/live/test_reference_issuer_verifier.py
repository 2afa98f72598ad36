"""The live reference vendor issues, revokes, verifies and refuses over the wire."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from harness.reference.server.application import LiveVendor

NAMES = ("dcc-pack-test", "dfr-mine", "dia-mine-business", "dpp-pack-item", "dte-smelting")


def payload(vendor: LiveVendor, name: str, **changes: Any) -> dict[str, Any]:
    """A good input of the chain, without what the issuer assigns; members of None are left out."""
    value = json.loads(vendor.estate.payloads[f"untp-0.7.0/{name}"].text)
    value.update({"id": None, "credentialStatus": None} | changes)
    return {key: member for key, member in value.items() if member is not None}


def issued(client: httpx.Client, value: dict[str, Any]) -> dict[str, Any]:
    """What the issuer answers, which has to be a credential."""
    answer = client.post("/credentials/issue", json={"credential": value})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["verifiableCredential"]
    return found


def verdict(client: httpx.Client, credential: Any) -> dict[str, Any]:
    """What the verifier says of a credential."""
    answer = client.post("/credentials/verify", json={"verifiableCredential": credential})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_it_issues_it_verifies(vendor: LiveVendor, client: httpx.Client, name: str) -> None:
    """Each type is issued, and the verifier accepts it."""
    assert verdict(client, issued(client, payload(vendor, name)))["verified"] is True


def test_revocation_is_seen(vendor: LiveVendor, client: httpx.Client) -> None:
    """A credential that is revoked is rejected, and accepted again once it is not."""
    credential = issued(client, payload(vendor, "dte-smelting"))
    identifier = list(vendor.estate.issued)[-1]
    for status, expected in (("1", False), ("0", True)):
        entry = {"type": "BitstringStatusListEntry", "status": status}
        told = client.post(
            "/credentials/status", json={"credentialId": identifier, "credentialStatus": entry}
        )
        assert told.status_code == 200
        assert verdict(client, credential)["verified"] is expected


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"validUntil": "2001-01-01T00:00:00Z"}, 422),
        ({"issuer": {"id": "did:web:stranger.example", "name": "Stranger"}}, 422),
        ({"type": ["VerifiableCredential"]}, 422),
        ({"notDefined": {"any": "thing"}, "issuer": None}, 422),
        ({"credentialStatus": {"type": "BitstringStatusListEntry"}}, 422),
        ({"proof": {"type": "DataIntegrityProof"}}, 400),
    ],
    ids=["dates", "issuer", "type", "undefined", "status", "proof"],
)
def test_bad_input_is_refused(
    vendor: LiveVendor, client: httpx.Client, changes: dict[str, Any], status: int
) -> None:
    """What would not conform is refused with a problem document, and nothing is issued."""
    before = len(vendor.estate.issued)
    value = payload(vendor, "dpp-pack-item", **changes)
    if "notDefined" in changes:
        value["credentialSubject"]["notDefined"] = 1
    answer = client.post("/credentials/issue", json={"credential": value})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(vendor.estate.issued) == before


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"credential": 1}', b'{"credential": {}, "credential": {}}']
)
def test_broken_bodies_are_the_clients_fault(client: httpx.Client, body: bytes) -> None:
    """A body that is no such request is answered with 400 by issuer and verifier."""
    for path in ("/credentials/issue", "/credentials/verify", "/presentations/verify", "/credentials/status"):
        assert client.post(path, content=body).status_code == 400


def test_a_changed_token_is_rejected(vendor: LiveVendor, client: httpx.Client) -> None:
    """One other character in the signature, and the verifier says so."""
    token = client.get(vendor.estate.payloads["untp-0.7.0/dfr-mine"].url).text
    changed = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
    told = verdict(client, changed)
    assert told["verified"] is False
    assert told["errors"][0]["code"] == "signature-mismatch"


def test_the_verifier_asks_nobody_outside(client: httpx.Client, vendor: LiveVendor) -> None:
    """A DID on another host is not looked up: the answer is no, and the reason names it."""
    token = client.get(vendor.estate.payloads["untp-0.7.0/dfr-mine"].url).text
    header, _, rest = token.partition(".")
    assert verdict(client, f"{header}.e30.{rest.rpartition('.')[2]}")["verified"] is False
