"""What the suites read: addresses and anchors, relations in their forms, ciphertexts and keys, made-up identifiers."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.jwk import OctKey

from harness.judge.linkset import asked_as, covers, is_same, kind_of, leads_to
from harness.live.gs1 import another_gtin, check_digit, gtin_of, with_wrong_digit
from harness.trust.decryption import read_bytes, read_ciphertext, read_key

from .judging import caught
from .resolver_site import ROW, STORE, site
from .world import Asked, Reply

ID = "https://id.example/01/09520123456788/21/10001"
KEY = bytes(range(16))


@pytest.mark.parametrize(
    ("anchor", "covered", "same"),
    [
        (ID, True, True),
        ("https://id.example/01/09520123456788", True, False),
        ("https://other.example/01/09520123456788/21/10001", True, True),
        ("https://id.example/01/09520123456788/21/10002", False, False),
        ("https://id.example/01/09520123456789", False, False),
        ("urn:gtr:id.example:10001", True, True),
        ("urn:gtr:id.example:10002", False, False),
        ("", False, False),
    ],
)
def test_what_an_anchor_covers(anchor: str, covered: bool, same: bool) -> None:
    """The identifier and what is coarser, on whichever host; nothing else."""
    assert covers(anchor, ID) is covered
    assert is_same(anchor, ID) is same


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("dpp", "dpp"),
        ("untp:dia", "dia"),
        ("untp:digitalIdentityAnchor", "dia"),
        ("https://vocabulary.uncefact.org/untp/linkType#digitalProductPassport", "dpp"),
        ("idr", "idr"),
        ("pip", None),
        ("https://ref.gs1.org/voc/pip", None),
    ],
)
def test_relations_in_their_forms(relation: str, kind: str | None) -> None:
    """A UNTP relation is known by its short name, as CURIE and as URI."""
    assert kind_of(relation) == kind


def test_how_a_relation_is_asked_for() -> None:
    """By its own name, and by the short one of GS1 or UNTP."""
    assert asked_as("dpp") == ("dpp",)
    assert asked_as("https://ref.gs1.org/voc/pip") == ("https://ref.gs1.org/voc/pip", "gs1:pip")
    assert asked_as("untp:dpp") == ("untp:dpp", "dpp")


@pytest.mark.parametrize(
    ("target", "href", "leads"),
    [
        ("https://a.example/x", "https://A.example:443/x", True),
        ("https://a.example/x?linkType=dpp", "https://a.example/x", True),
        ("https://a.example/x?v=1&linkType=dpp", "https://a.example/x?v=1", True),
        ("https://a.example/x", "https://a.example/x?v=1", False),
        ("https://a.example/y", "https://a.example/x", False),
        (None, "https://a.example/x", False),
    ],
)
def test_where_a_redirect_leads(target: str | None, href: str, leads: bool) -> None:
    """To the target of the link, with or without the query handed on."""
    assert leads_to(target, href) is leads


def test_made_up_gtins() -> None:
    """A wrong check digit is wrong, and an unknown number is well formed, of the same prefix."""
    gtin = "09520123456788"
    assert check_digit(gtin[:-1]) == gtin[-1]
    assert gtin_of(f"01/{gtin}/21/1") == gtin
    assert gtin_of("lots/7") is None
    assert check_digit(with_wrong_digit(gtin)[:-1]) != with_wrong_digit(gtin)[-1]
    other = another_gtin(gtin, 7)
    assert (other[:8], check_digit(other[:-1]), len(other)) == (gtin[:8], other[-1], 14)
    assert other != gtin


@pytest.mark.parametrize(("algorithm", "method"), [("dir", "A128GCM"), ("A128KW", "A256GCM")])
def test_a_compact_jwe(algorithm: str, method: str) -> None:
    """It is opened by its key alone."""
    token = jwe.encrypt_compact(
        {"alg": algorithm, "enc": method}, b"secret", OctKey.import_key(KEY), algorithms=[algorithm, method]
    )
    found = read_ciphertext(token.encode())
    assert found is not None
    assert (found.container, found.algorithm, found.is_readable) == ("JWE", method, True)
    assert found.open(KEY) == b"secret"
    assert found.open(bytes(16)) is None
    assert found.open(b"short") is None


def test_a_json_object_of_the_reference_kit() -> None:
    """cipherText, iv and tag in base64; an altered tag opens nothing."""
    whole = AESGCM(KEY).encrypt(bytes(12), b"secret", None)
    parts = {"cipherText": whole[:-16], "iv": bytes(12), "tag": whole[-16:]}
    value = {name: base64.b64encode(part).decode() for name, part in parts.items()} | {"type": "aes-128-gcm"}
    found = read_ciphertext(json.dumps(value).encode())
    assert found is not None
    assert found.open(KEY) == b"secret"
    assert replace(found, sealed=found.sealed[:-1] + b"x").open(KEY) is None


def test_bare_bytes() -> None:
    """Nonce, ciphertext and tag, one after the other."""
    found = read_bytes(bytes(12) + AESGCM(KEY).encrypt(bytes(12), b"secret", None))
    assert found is not None
    assert found.open(KEY) == b"secret"
    assert read_bytes(b"few") is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"eyJhbGciOiJFUzI1NiJ9.e30.AA", b'{"cipherText": 1}', b"\xff\x00"]
)
def test_what_is_no_ciphertext(body: bytes) -> None:
    """Plain content is not taken for encrypted."""
    assert read_ciphertext(body) is None


@pytest.mark.parametrize(
    ("text", "key"), [("00" * 16, bytes(16)), ("AAAAAAAAAAAAAAAAAAAAAA", bytes(16)), ("!", None)]
)
def test_keys(text: str, key: bytes | None) -> None:
    """In hexadecimal as the page prints it, or in base64url."""
    assert read_key(text) == key


def test_a_resolver_of_gs1_hands_the_query_on() -> None:
    """A query that is added to the target of a redirect is no other target."""
    good = site()

    def handing_on(asked: Asked) -> Reply:
        reply = good(asked)
        location, query = reply.headers.get("Location", ""), asked.path.partition("?")[2]
        if location.startswith(STORE) and query:
            return replace(reply, headers=dict(reply.headers) | {"Location": f"{location}?{query}"})
        return reply

    assert caught("resolver", ROW, handing_on) == set()
