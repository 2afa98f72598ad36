"""Whatever the envelope, every credential in it is read, and what cannot be read stops no other."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential import Credential, read_credentials
from harness.evidence import Evidence

from .envelopes import base64url, credential, enveloped, evidence, presentation, token
from .json_texts import VALUES

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=200)


def read(value: Any, name: str = "a.json") -> list[Credential]:
    """What is read from a value."""
    return list(read_credentials(evidence(value, name)))


def ids(found: list[Credential]) -> list[Any]:
    """The ids of the credentials that were read; None for what could not be read."""
    return [item.document.root.get("id") if item.document else None for item in found]


def kinds(item: Credential) -> list[str]:
    """The envelopes that were taken off, outermost first."""
    return [layer.kind for layer in item.envelopes]


INNER = credential("inner")
JWT = token(INNER)


@pytest.mark.parametrize(
    ("value", "layers"),
    [
        (INNER, []),
        (credential("inner", proof={"type": "DataIntegrityProof"}), []),
        (JWT, ["jose"]),
        (f"\n {JWT} \n", ["jose"]),
        (f"{JWT}~WyJhIl0~", ["sd-jwt"]),
        (enveloped(JWT), ["enveloped", "jose"]),
        (presentation(INNER), ["presentation"]),
        (presentation(JWT), ["presentation", "jose"]),
        (presentation(enveloped(JWT)), ["presentation", "enveloped", "jose"]),
        (presentation(presentation(INNER)), ["presentation", "presentation"]),
        ({**presentation(), "verifiableCredential": INNER}, ["presentation"]),
        (token(presentation(INNER)), ["jose", "presentation"]),
        (token(presentation(enveloped(JWT))), ["jose", "presentation", "enveloped", "jose"]),
        (
            enveloped(
                token(presentation(enveloped(JWT))), "EnvelopedVerifiablePresentation", "application/vp+jwt"
            ),
            ["enveloped", "jose", "presentation", "enveloped", "jose"],
        ),
        ([INNER], []),
        ([[INNER]], []),
    ],
)
def test_every_envelope_is_taken_off(value: Any, layers: list[str]) -> None:
    """Raw, signed, enveloped, presented and nested credentials give the same credential and tell their layers."""
    (found,) = read(value)
    assert found.document is not None
    assert found.document.root.get("id") == INNER["id"]
    assert kinds(found) == layers
    assert found.faults == ()
    assert found.kind == "credential"


@pytest.mark.parametrize(
    "url",
    [
        f"data:application/vc+jwt,{JWT}",
        f"data:application/vc+jwt;base64,{base64.b64encode(JWT.encode()).decode()}",
        f"data:application/vc+jwt;charset=utf-8;base64,{quote(base64.b64encode(JWT.encode()).decode(), safe='')}",
        f"data:application/vc%2Bjwt,{quote(JWT).replace('.', '%2E')}",
        f"data:application/vc+jwt,%20{JWT}%0A",
    ],
    ids=["plain", "base64", "base64 and percent", "percent", "blanks"],
)
def test_a_data_url_is_decoded_whatever_its_encoding(url: str) -> None:
    """base64, percent signs and parameters of a data: URL are those of RFC 2397."""
    (found,) = read({"type": ["EnvelopedVerifiableCredential"], "id": url})
    assert ids([found]) == [INNER["id"]]
    assert found.token == JWT


@pytest.mark.parametrize(
    ("value", "code", "pointer"),
    [
        ({"type": "EnvelopedVerifiableCredential"}, "not-a-data-url", "/id"),
        ({"type": "EnvelopedVerifiableCredential", "id": 5}, "not-a-data-url", "/id"),
        ({"type": "EnvelopedVerifiableCredential", "id": "https://x.example/a"}, "not-a-data-url", "/id"),
        (
            {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt;base64,!!!"},
            "not-a-data-url",
            "/id",
        ),
        (
            {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,%ff%fe"},
            "not-a-data-url",
            "/id",
        ),
        ({"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,"}, "not-a-jws", "/id"),
        (presentation("no token"), "not-a-jws", ""),
        (presentation("a.ä.c"), "not-a-jws", ""),
        (token(b"{"), "syntax", None),
        (presentation(JWT.replace(".", "..", 1)), "not-a-jws", ""),
        ("..", "syntax", None),
    ],
)
def test_what_is_no_envelope_is_a_fault_with_its_place(value: Any, code: str, pointer: str | None) -> None:
    """A broken envelope gives an unreadable credential that says why, and where."""
    (found,) = read(value)
    fault = found.faults[0]
    assert (found.kind, found.document, fault.code, fault.finding.pointer) == (
        "unreadable",
        None,
        code,
        pointer,
    )
    assert fault.finding.line is not None
    assert fault.finding.message


def test_a_presentation_gives_all_that_it_holds() -> None:
    """One unreadable member of a presentation stops none of the others, and each has a name of its own."""
    found = read(
        presentation(INNER, "junk", JWT, 7, None, enveloped(JWT), [credential("b")], enveloped("junk"))
    )
    assert [item.kind for item in found] == [
        "credential", "unreadable", "credential", "a JSON value", "a JSON value", "credential", "credential", "unreadable",
    ]  # fmt: skip
    assert len({item.name for item in found}) == len(found)
    assert found[2].name == "a.json#/verifiableCredential/2"


def test_envelopes_end_somewhere() -> None:
    """Presentations in presentations beyond the limit are refused, not followed."""
    value: Any = INNER
    for _ in range(40):
        value = presentation(value)
    (found,) = read(value)
    assert [fault.code for fault in found.faults] == ["nested-envelopes"]


def test_the_innermost_token_is_the_one_that_secures_it() -> None:
    """The token of a credential is its own, not that of the presentation around it."""
    (found,) = read(token(presentation(enveloped(JWT))))
    assert found.token == JWT


def test_lines_are_read_one_by_one() -> None:
    """A bad line in JSON Lines is told with its line number, and the others are read."""
    lines = [
        json.dumps(INNER),
        "",
        '{"a": 1, "a": 2}',
        "{broken",
        JWT,
        token(presentation(enveloped(JWT))),
        " ",
        "[]",
    ]
    found = read("\r\n".join(lines), "many.jsonl")
    assert [item.name.partition("#")[2][:2] for item in found] == ["L1", "L3", "L4", "L5", "L6", "L8"]
    assert [len(item.faults) for item in found] == [0, 1, 1, 0, 0, 0]
    assert [item.faults[0].finding.line for item in found[1:3]] == [3, 4]
    assert ids(found)[3:5] == [INNER["id"], INNER["id"]]
    assert kinds(found[4]) == ["lines", "jose", "presentation", "enveloped", "jose"]


@pytest.mark.parametrize("body", [b"", b" \n\n ", b"\r\n"])
def test_lines_without_a_line_are_told(body: bytes) -> None:
    """A JSON Lines file that holds nothing gives one unreadable credential, not silence."""
    (found,) = read(body, "none.ndjson")
    assert [fault.code for fault in found.faults] == ["not-a-document"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7",
        b"<html>",
        b"hello",
        b"PK\x03\x04",
        b"a.b",
        b"\xff\xfe{\x00}\x00",
    ],
)
def test_what_is_no_document_is_our_error(body: bytes) -> None:
    """Bytes that are neither JSON nor a token are told as such: nobody is charged for a stray file."""
    (found,) = read(body)
    assert [(fault.code, fault.finding.blame) for fault in found.faults] == [("not-a-document", "harness")]


@pytest.mark.parametrize("body", [b"{", b'{"a"', b'[{"a": 1}', b'\xef\xbb\xbf{"a" 1}', b"  {]"])
def test_broken_json_is_the_fault_of_its_author(body: bytes) -> None:
    """What begins like JSON and is none is charged to whoever wrote it."""
    (found,) = read(body)
    assert found.kind == "unreadable"
    assert found.faults[-1].finding.blame == "vendor"


def test_a_fault_of_one_member_is_not_charged_to_its_siblings() -> None:
    """A repeated name in one credential of an array is a fault of that credential alone."""
    first, second = (
        json.dumps(credential("a")),
        json.dumps(credential("b"))[:-1] + ', "id": "https://x.example/c"}',
    )
    found = read(f"[{first},\n{second}]")
    assert [len(item.faults) for item in found] == [0, 1]
    finding = found[1].faults[0].finding
    assert (finding.pointer, finding.line) == ("/id", 2)


def test_a_fault_around_credentials_concerns_all_of_them() -> None:
    """A repeated name in a presentation, or a byte-order mark, spoils every credential in it."""
    text = json.dumps(presentation(INNER, JWT, holder={"a": 1}))[:-1] + ', "holder": {"a": 1, "a": 2}}'
    found = read(b"\xef\xbb\xbf" + text.encode())
    codes = [[fault.code for fault in item.faults] for item in found]
    assert codes == [["byte-order-mark", "duplicate-name", "duplicate-name"]] * 2


def test_a_fault_in_a_token_has_its_place_in_the_payload() -> None:
    """Line and column of a fault in a signed payload are those of the decoded payload."""
    body = b'{"@context": [],\n "issuer": 1,\n "issuer": 2}'
    (found,) = read(presentation(token(body)))
    finding = found.faults[0].finding
    assert (finding.pointer, finding.line, finding.column) == ("/issuer", 3, 2)


def test_a_credential_in_an_array_keeps_its_line() -> None:
    """Places inside a member of an array are those of the file, pointers those of the credential."""
    (_, second) = read(f"[{json.dumps(INNER)},\n\n{json.dumps(credential('b'))}]")
    assert second.document is not None
    finding = second.document.finding("/id", "x")
    assert (finding.pointer, finding.line) == ("/id", 3)


@QUICK
@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.jwt", "a.jsonl", "a", "-"]))
def test_no_bytes_make_reading_raise(body: bytes, name: str) -> None:
    """Whatever a file holds, at least one credential is read from it, with a reason where it is none."""
    found = read(body, name)
    assert found
    for item in found:
        assert item.document is not None or item.faults
        assert item.name.startswith(name)


PARTS = st.sampled_from(
    ["", "e30", "bnVsbA", "W10", "ey", "=", "====", "-_", "e30=", "\u00e9", "eyJhIjp7ImEiOiAxfX0"]
)
TOKENS = st.lists(PARTS, min_size=1, max_size=5).map(".".join) | st.sampled_from([JWT, f"{JWT}~~", JWT[:-1]])
WRAPPED = st.recursive(
    TOKENS | VALUES | st.just(INNER),
    lambda inner: st.one_of(
        inner.map(lambda value: {"type": "EnvelopedVerifiableCredential", "id": f"data:,{value}"}),
        st.lists(inner, max_size=3).map(lambda held: presentation(*held)),
        inner.map(token),
        st.lists(inner, max_size=3),
        inner.map(lambda value: {"vc": value}),
    ),
    max_leaves=6,
)


@QUICK
@given(WRAPPED)
def test_no_envelopes_make_reading_raise(value: Any) -> None:
    """Envelopes stacked at random around junk are taken off as far as they go, and each result has its own name."""
    found = read(value)
    assert len({item.name for item in found}) == len(found)
    for item in found:
        assert item.document is not None or item.faults
        for fault in item.faults:
            assert (fault.finding.line is None) == (fault.code == "not-a-document")


def test_a_flood_of_members_is_read_in_order() -> None:
    """Ten thousand credentials in one array come one by one, in their order."""
    found = read([credential(str(number)) for number in range(10_000)])
    assert ids(found) == [f"https://x.example/{number}" for number in range(10_000)]


def test_padding_and_strange_alphabets_stay_readable() -> None:
    """A token with padding is read, so that its case can say what is wrong with it."""
    head, body, signature = JWT.split(".")
    padded = f"{head}.{body}{'=' * (-len(body) % 4)}.{signature}"
    assert ids(read(padded)) == [INNER["id"]]
    assert base64url(b"\xff\xff") == "__8"


def test_faults_of_a_text_with_many_credentials_are_told_in_no_time() -> None:
    """What lies in one of many, or in none, is looked up once: thousands beside it take no hour."""
    many = 3_000
    body = '{"x":{"a":1,"a":2},"verifiableCredential":[' + "{}," * many + '{"b":1,"b":2}]}'
    begin = time.process_time()
    found = list(read_credentials(Evidence("many.json", body.encode(), "application/json", "test")))
    assert time.process_time() - begin < 5
    assert [[fault.finding.pointer for fault in one.faults] for one in found] == [
        *([None] for _ in range(many)),
        [None, "/b"],
    ]
