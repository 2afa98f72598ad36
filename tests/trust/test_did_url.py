"""DID syntax and where documents are: published examples, unlawful places, hostile texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.did_url import absolute, document_url, parse_did_url, scid_of, web_did_of, witness_url
from harness.errors import MalformedError

SCID = "QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE"


@pytest.mark.parametrize(
    ("text", "path", "query", "fragment"),
    [
        ("did:example:123456789abcdefghi", "", None, None),
        ("did:example:123456/path", "/path", None, None),
        ("did:example:123456?versionId=1", "", "versionId=1", None),
        ("did:example:123#public-key-0", "", None, "public-key-0"),
        ("did:example:123?service=files&relativeRef=/a.pdf", "", "service=files&relativeRef=/a.pdf", None),
        ("did:example:1:2:3/a/b?c#d", "/a/b", "c", "d"),
        ("did:web:a.b%3A80#", "", None, ""),
    ],
)
def test_did_urls_of_did_core(text: str, path: str, query: str | None, fragment: str | None) -> None:
    """The examples of DID Core 1.0 section 3.2 come apart, and go together again."""
    found = parse_did_url(text)
    assert (found.path, found.query, found.fragment) == (path, query, fragment)
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did:",
        "did:web",
        "did:web:",
        "did:Web:a.b",
        "DID:web:a.b",
        "did:web:a.b:",
        "did:web:a b",
        " did:web:a.b",
        "did:web:a.b\n",
        "did:web:a%4",
        "did:web:ü.b",
        "#key-1",
        "https://a.b#c",
        "did:web:a.b#x#y",
        "did:web:" + "a" * 20_000,
    ],
)
def test_texts_that_are_no_did_url(text: str) -> None:
    """Texts that break the grammar of DID Core 3.1 are refused, with a hint."""
    with pytest.raises(MalformedError) as caught:
        parse_did_url(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:example.com%3a3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        (f"did:webvh:{SCID}:example.com", "https://example.com/.well-known/did.jsonl"),
        (
            f"did:webvh:{SCID}:example.com%3A3000:dids:issuer",
            "https://example.com:3000/dids/issuer/did.jsonl",
        ),
        (
            f"did:webvh:{SCID}:jp%E7%B4%8D%E8%B1%86.%E4%BE%8B.jp:%E7%94%A8%E6%88%B7",
            "https://xn--jp-cd2fp15c.xn--fsq.jp/%E7%94%A8%E6%88%B7/did.jsonl",
        ),
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", None),
        ("did:example:123", None),
    ],
)
def test_places_of_documents(did: str, url: str | None) -> None:
    """The examples of the did:web and did:webvh methods lead where they say."""
    assert document_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:example.com:3000:",
        "did:web:example.com::a",
        "did:web:example.com%3A",
        "did:web:example.com%3A0",
        "did:web:example.com%3A65536",
        "did:web:example.com%3A80%3A80",
        "did:web:192.168.0.1",
        "did:web:127.0.0.1%3A80",
        "did:web:0x7f000001",
        "did:web:2130706433",
        "did:web:example",
        "did:web:-a.example",
        "did:web:a..example",
        "did:web:example.com:..",
        "did:web:example.com:%2E%2E:x",
        "did:web:example.com:a%2Fb",
        "did:web:example.com:%00",
        "did:web:example.com:%FF",
        "did:web:ex%61mple.com",
        "did:web:user%40example.com",
        f"did:webvh:{SCID}",
        f"did:webvh:{SCID}:127%2E0%2E0%2E1",
        f"did:webvh:{SCID}:127%2e0%2e0%2e1",
        f"did:webvh:{SCID}:169%2E254%2E169%2E254",
        f"did:webvh:{SCID}:127.0.0.1%3a8080",
        f"did:webvh:{SCID}:example.com:..:..:admin",
        f"did:webvh:{SCID}:example.com:%2e%2e:admin",
        f"did:webvh:{SCID}:example.com%2Fevil",
        f"did:webvh:{SCID}:%E2%91%A0.1.1.1",
        "did:webvh:short:example.com",
    ],
)
def test_unlawful_places(did: str) -> None:
    """Addresses, bad ports, climbing paths and encoded tricks never become a URL, and say why."""
    with pytest.raises(MalformedError) as caught:
        document_url(did)
    assert caught.value.hint


@pytest.mark.parametrize("did", ["did:web:a.example", "did:web:a.example%3A81:x:y"])
def test_web_did_of_a_url(did: str) -> None:
    """A did:web can be read off the URL of its document."""
    assert web_did_of(document_url(did) or "") == did
    assert web_did_of("https://a.example/did.json") is None
    assert web_did_of("http://a.example/.well-known/did.json") is None


def test_witness_proofs_stand_beside_the_log() -> None:
    """did-witness.json has the URL of the log with another file name; did:web has none."""
    assert witness_url(f"did:webvh:{SCID}:a.example:x") == "https://a.example/x/did-witness.json"
    assert witness_url("did:web:a.example") is None
    assert scid_of(f"did:webvh:{SCID}:a.example") == SCID


@pytest.mark.parametrize(
    ("reference", "result"),
    [
        ("#key-1", "did:web:a.b#key-1"),
        ("did:web:c.d#k", "did:web:c.d#k"),
        ("key-1", "key-1"),
        ("#a b", "#a b"),
    ],
)
def test_relative_did_urls(reference: str, result: str) -> None:
    """Only what DID Core 3.2.2 calls relative is resolved; everything else stays."""
    assert absolute(reference, "did:web:a.b") == result


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60).map(lambda tail: f"did:web:{tail}"))
def test_any_text_is_a_url_or_malformed(did: str) -> None:
    """Whatever stands in a did:web, it becomes an https URL on a named host or MalformedError."""
    try:
        url = document_url(did)
    except MalformedError:
        return
    assert url is not None
    assert url.startswith("https://")
    assert url.endswith("/did.json")
