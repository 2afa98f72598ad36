"""The live reference vendor resolves, publishes, registers, describes and protects."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from harness.reference.server.application import LiveVendor
from harness.reference.server.links import LINKSET, PIP
from harness.reference.server.vault import RECYCLER
from harness.semantics.schema import schema_faults

MODEL = "/01/09521300002224"
ITEM = f"{MODEL}/21/P64-26-004711"


def links(client: httpx.Client, path: str, **query: str) -> dict[str, dict[str, Any]]:
    """The contexts of a link set by anchor path."""
    answer = client.get(path, params={"linkType": "linkset", **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == LINKSET
    assert not schema_faults("untp-0.7.0/linkset.json", answer.json(), engine="reference")
    return {urlsplit(context["anchor"]).path: context for context in answer.json()["linkset"]}


def test_an_item_has_its_own_links_and_those_of_its_class(client: httpx.Client) -> None:
    """The link set of an item also lists the anchor of its class, with what only the class has."""
    found = links(client, ITEM)
    assert list(found) == [ITEM, MODEL]
    assert {"dpp", "dte", "idr", PIP} <= found[ITEM].keys()
    assert "dcc" in found[MODEL].keys() - found[ITEM].keys()


@pytest.mark.parametrize("path", [MODEL, "/01/9521300002224", "/01/09521300002224/"])
def test_forms_of_one_identifier(client: httpx.Client, path: str) -> None:
    """GTIN-13 and GTIN-14 are one identifier; a path with an empty segment is none."""
    if path.endswith("/"):
        assert client.get(path).status_code == 400
    else:
        assert MODEL in links(client, path)


@pytest.mark.parametrize(
    ("path", "query", "headers", "target"),
    [
        (ITEM, {}, {}, "dpp-pack-item"),
        (ITEM, {"linkType": "dpp"}, {}, "dpp-pack-item"),
        (ITEM, {"linkType": "dcc"}, {}, "dcc-pack-test"),
        (ITEM, {"linkType": "pip"}, {}, "p64.en.html"),
        (ITEM, {"linkType": "pip"}, {"accept-language": "de-DE,en;q=0.5"}, "p64.de.html"),
        (ITEM, {"linkType": "pip", "language": "en"}, {"accept-language": "de"}, "p64.en.html"),
        (ITEM, {"linkType": "nonsense"}, {}, "dpp-pack-item"),
        (f"{MODEL}/21/ANOTHER-ONE", {}, {}, "dpp-pack-model"),
    ],
)
def test_redirects(
    client: httpx.Client, path: str, query: dict[str, str], headers: dict[str, str], target: str
) -> None:
    """One link, or the default, is a 307 to a target that answers."""
    answer = client.get(path, params=query, headers=headers)
    assert answer.status_code == 307
    assert answer.headers["location"].endswith(f"/{target}")
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/01/09521300002225", 400),
        ("/01/0952x", 400),
        ("/01/09521300009995", 404),
        ("/414/9521300001050", 307),
    ],
)
def test_errors_of_the_resolver(client: httpx.Client, path: str, status: int) -> None:
    """Malformed is 400, unknown is 404."""
    assert client.get(path).status_code == status


def test_an_access_role_filters(client: httpx.Client) -> None:
    """With a role only its variants are given; without one all of them."""
    everything = links(client, ITEM)[ITEM]["dte"]
    some = links(client, ITEM, accessRole=RECYCLER)[ITEM]
    assert 0 < len(some["dte"]) < len(everything)
    assert PIP not in some


def test_each_code_opens_its_own_and_nothing_else(vendor: LiveVendor, client: httpx.Client) -> None:
    """A key decrypts the events of its item and role to a credential that verifies; another key does not."""
    opened = []
    for code in vendor.catalogues.possessions.vault.codes:
        query = httpx.URL(code).params
        key = OctKey.import_key(bytes.fromhex(query["decryptionKey"]))
        found = links(client, httpx.URL(code).path, accessRole=query["accessRole"])
        targets = [t for c in found.values() for t in c.get("dte", ()) if "encryptionMethod" in t]
        assert len(targets) == 1
        body = client.get(targets[0]["href"]).text
        token = jwe.decrypt_compact(body, key, algorithms=["dir", "A128GCM"]).plaintext
        assert token is not None
        told = client.post("/credentials/verify", json={"verifiableCredential": token.decode()})
        assert told.json()["verified"] is True
        opened.append((key, body))
    for key, _ in opened:
        for other, body in opened:
            if other is not key:
                with pytest.raises(JoseError):
                    jwe.decrypt_compact(body, key, algorithms=["dir", "A128GCM"])


def test_nothing_is_listed(vendor: LiveVendor, client: httpx.Client) -> None:
    """Folders answer 404, items are not for search engines, the short address leads to the code."""
    vault = vendor.catalogues.possessions.vault
    for path in ("/items/", "/items", "/protected/", "/protected/00"):
        assert client.get(path).status_code == 404
    assert "noindex" in client.get(f"/items/{vault.unguessable[0]}").headers["x-robots-tag"]
    assert client.get(f"/S/{vault.short}").headers["location"] == vault.codes[0]
    assert client.post("/events", json={}).status_code == 401
    assert client.post("/exchanges/did-auth", json={}).json()["verifiablePresentationRequest"]["challenge"]


def test_registers_and_vocabulary_are_for_people_and_machines(
    vendor: LiveVendor, client: httpx.Client
) -> None:
    """Each document of the site answers at its id, in JSON and as a page; vocabulary and registers fit their schemas."""
    kinds = {
        "ConformityScheme": "cvc-scheme",
        "ConformityProfile": "cvc-profile",
        "Criterion": "cvc-criterion",
    }
    for url, value in vendor.catalogues.possessions.site.items():
        answer = client.get(url, headers={"accept": "application/json"})
        assert answer.json() == value
        if "$schema" in value:
            continue
        assert (
            client.get(url, headers={"accept": "text/html"}).headers["content-type"].startswith("text/html")
        )
        schema = kinds.get(value.get("type", [""])[0]) or f"register-{url.rpartition('/')[2]}"
        assert not schema_faults(f"untp-0.7.0/{schema}.json", value, engine="reference")


def test_a_record_of_the_register_leads_to_its_anchor(vendor: LiveVendor, client: httpx.Client) -> None:
    """The registered id resolves to the anchor; the DID of its subject leads back; an ended one is revoked."""
    payload = vendor.estate.payloads["untp-0.7.0/dia-cell-maker-business"]
    subject = payload.value["credentialSubject"]
    answer = client.get(subject["publicInformation"], params={"linkType": "dia"})
    assert answer.headers["location"] == payload.url
    did = vendor.estate.did_document(subject["id"])
    assert payload.url in json.dumps(did["service"])
    ended = client.get(vendor.estate.payloads["untp-0.7.0/dia-mine-concession-ended"].url).text
    told = client.post("/credentials/verify", json={"verifiableCredential": ended}).json()
    assert [error["code"] for error in told["errors"]] == ["revoked"]


def test_published_credentials_negotiate(vendor: LiveVendor, client: httpx.Client) -> None:
    """Token by default, enveloped JSON or a page on demand, 304 for who has it, 406 for what is not offered."""
    url = vendor.estate.payloads["untp-0.7.0/dpp-pack-item"].url
    answer = client.get(url)
    assert answer.headers["content-type"] == "application/vc+jwt"
    assert client.get(url, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert client.get(url, headers={"accept": "application/vc"}).json()["id"].endswith(answer.text)
    assert client.get(url, headers={"accept": "text/html"}).headers["content-type"].startswith("text/html")
    assert client.get(url, headers={"accept": "image/png"}).status_code == 406


def test_confidential_events_are_not_served_in_clear(vendor: LiveVendor, client: httpx.Client) -> None:
    """What is published encrypted has no readable copy at its id."""
    for url in vendor.estate.confidential:
        assert client.get(url).status_code == 404
