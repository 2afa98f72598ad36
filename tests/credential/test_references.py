"""What a credential refers to: each URL once, and nothing in a stranger's document makes the question fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from harness.credential import read_credentials
from harness.credential.references import Reference, context_references, references
from harness.evidence import Evidence

from .envelopes import credential, evidence, presentation, token
from .json_texts import VALUES

MEMBERS = (
    "@context", "issuer", "credentialStatus", "credentialSchema", "relatedResource", "renderMethod", "proof",
    "verificationMethod", "linkURL", "kid", "iss",
)  # fmt: skip


def urls(value: Any, purpose: str | None = None) -> list[str]:
    """The URLs that the first credential of a value refers to."""
    found = references(next(read_credentials(evidence(value))))
    return [one.url for one in found if purpose in (None, one.purpose)]


def test_every_place_that_refers_is_followed() -> None:
    """Issuer, proof, contexts, status, schema, resources and render methods name what has to be brought."""
    value = credential(
        issuer={"id": "did:web:a.example"},
        proof={"verificationMethod": "did:web:b.example:c#k"},
        credentialStatus=[
            {"statusListCredential": "https://s.example/1"},
            {"statusListCredential": "https://s.example/1"},
        ],
        credentialSchema={"id": "https://j.example/s.json"},
        relatedResource={"id": "https://r.example/x"},
        renderMethod=[{"url": "https://t.example/x"}],
        evidence={"linkURL": "https://l.example/x", "digestMultibase": "z"},
        other={"linkURL": "https://l.example/unhashed"},
    )
    value["@context"] += [
        "https://c.example/1",
        {"@import": "https://c.example/2", "t": {"@context": "https://c.example/3"}},
    ]
    assert urls(value) == [
        "https://a.example/.well-known/did.json", "https://b.example/c/did.json", "https://www.w3.org/ns/credentials/v2",
        "https://c.example/1", "https://c.example/3", "https://c.example/2", "https://s.example/1", "https://j.example/s.json",
        "https://r.example/x", "https://t.example/x", "https://l.example/x",
    ]  # fmt: skip


def test_the_header_of_a_token_names_its_key() -> None:
    """Kid and iss of a JOSE header are followed, also of the presentation around a credential."""
    value = token(presentation(token(credential(), kid="did:web:a.example#k")), iss="did:web:b.example:c")
    assert urls(value, "did") == ["https://b.example/c/did.json", "https://a.example/.well-known/did.json"]


@pytest.mark.parametrize(
    "did",
    [
        "did:web:", "did:web:..", "did:web:a.example:..:b", "did:web:127.0.0.1", "did:web:a.example%2Fb", "did:key:z6Mk",
        "did:web:a.example:%2e%2e", "did:web:localhost:%00", "did:", "DID:web:a.example", "did:web:a.example%3A99999", "did:web:[::1]",
    ],
)  # fmt: skip
def test_a_did_that_names_no_lawful_place_is_not_followed(did: str) -> None:
    """A did:web with an address, a dot segment or a forbidden port brings nothing."""
    assert urls(credential(issuer=did), "did") == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x", "//x", "/etc/passwd", "data:,x", "javascript:1", " https://x", ""],
)
def test_only_http_is_ever_asked(url: str) -> None:
    """A reference to anything but http or https is left alone."""
    value = credential(credentialStatus={"statusListCredential": url}, credentialSchema={"id": url})
    assert urls({**value, "@context": [url]}) == []


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(VALUES, VALUES)
def test_no_document_makes_it_raise(value: Any, other: Any) -> None:
    """Junk under every member that may refer to something gives a stable list without repetitions."""
    junk = dict.fromkeys(MEMBERS, value)
    for document in (junk, {**credential(), **junk, "credentialStatus": [junk, other]}, [other]):
        for body in (document, token(document, kid=value, iss=other)):
            for item in read_credentials(evidence(body)):
                found = references(item)
                assert found == references(item)
                assert len({one.url for one in found}) == len(found)


def contexts(value: Any) -> list[Reference]:
    """What a context document at a URL refers to."""
    return list(
        context_references(Evidence("https://v.example/c/one.jsonld", json.dumps(value).encode(), "", "web"))
    )


def test_a_context_refers_to_others() -> None:
    """Contexts in arrays, scoped contexts and @import are brought too; relative ones stand beside the context."""
    value = {
        "@context": [
            "two.jsonld",
            {
                "@import": "/three.jsonld",
                "Term": {"@id": "x", "@context": ["https://w.example/4", {"t": {"@context": "../5"}}]},
            },
        ]
    }
    assert [one.url for one in contexts(value)] == [
        "https://v.example/c/two.jsonld", "https://w.example/4", "https://v.example/5", "https://v.example/three.jsonld",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [None, 1, "x", [], {}, {"@context": None}, {"@context": [1, [None]]}, {"@context": "http://[::1"}],
)
def test_a_context_that_is_none_refers_to_nothing(value: Any) -> None:
    """Junk instead of a context brings nothing and fails nowhere."""
    assert contexts(value) == []
