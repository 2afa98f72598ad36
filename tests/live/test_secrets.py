"""A secret goes to the endpoint that it is for, and stands in nothing that is kept."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import VendorFileError
from harness.exchange import Answer, Hop, Request
from harness.gather.line import RecordedLine
from harness.gather.secrets import Secrets
from harness.vendor import load_vendor

from .peers import peer, vendor_file

SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=8, max_size=40)
SPELLINGS = (
    lambda text: text.encode(),
    lambda text: quote(text, safe="").encode(),
    lambda text: json.dumps(text)[1:-1].encode(),
    lambda text: base64.b64encode(text.encode()),
    lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
)


@given(SECRETS, st.sampled_from(SPELLINGS), st.binary(max_size=30), st.binary(max_size=30))
def test_no_spelling_of_a_secret_is_kept(secret: str, spelled: object, before: bytes, after: bytes) -> None:
    """Plain, in a URL, in JSON, in base64: each is replaced by the name of its variable."""
    assert callable(spelled)
    hidden: bytes = spelled(secret)
    kept = Secrets({"TOKEN": secret}).removed(before + hidden + after)
    assert hidden not in kept or hidden in b"env:TOKEN"


def test_an_answer_that_repeats_a_secret_is_kept_without_it() -> None:
    """In the body, a header, the URL, a redirect."""
    secrets = Secrets({"TOKEN": "Bearer s3cr3t-value"})
    answer = Answer(
        200, (("x-echo", "you sent s3cr3t-value"),), b'{"token": "Bearer s3cr3t-value"}', "https://a.example/?t=s3cr3t-value",
        (Hop("https://a.example/", 302, "https://a.example/?t=s3cr3t-value"),), "192.0.2.1:443",
    )  # fmt: skip
    assert (
        "s3cr3t-value"
        not in repr(secrets.removed_answer(answer)) + secrets.removed_answer(answer).body.decode()
    )


def test_a_request_is_kept_as_it_is_written() -> None:
    """What is sent has the value, what is kept the name."""
    request = Request("GET", "https://a.example/", (("authorization", "env:TOKEN"),))
    sent = Secrets({"TOKEN": "Bearer s3cr3t-value"}).fill(request)
    assert sent.headers == (("authorization", "Bearer s3cr3t-value"),)
    assert request.headers == (("authorization", "env:TOKEN"),)


def _line(folder: Path, where: str, *more: str) -> RecordedLine:
    table = f'[[issuer]]\nadapter = "vc-api"\nendpoint = "http://{where}/issue"\nheaders = {{ Authorization = "env:L1_TOKEN" }}\n'
    return RecordedLine.of(load_vendor(vendor_file(folder, table, allow=(where, *more))))


def test_a_secret_goes_to_its_own_endpoint_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another host, asked for the same endpoint or by a redirect of it, never sees the header."""
    monkeypatch.setenv("L1_TOKEN", "Bearer s3cr3t-value")
    seen: dict[str, list[str | None]] = {"own": [], "other": []}
    with (
        peer(lambda handler: _echo(handler, seen["other"])) as other,
        peer(lambda handler: _echo(handler, seen["own"], f"http://{other}/stolen")) as own,
        _line(tmp_path, own, other) as line,
    ):
        for number, url in enumerate((f"http://{own}/issue", f"http://{other}/")):
            request = Request("GET", url, (("authorization", "env:L1_TOKEN"),))
            line.ask(request, role="issuer", endpoint="issuer[0]", probe=str(number), redirects=2)
        rows, bodies = line.recording.rows()
    assert seen == {"own": ["Bearer s3cr3t-value"], "other": [None, None]}
    assert "s3cr3t-value" not in json.dumps(rows) + str(bodies)


def _echo(handler: object, seen: list[str | None], location: str | None = None) -> None:
    from http.server import BaseHTTPRequestHandler

    assert isinstance(handler, BaseHTTPRequestHandler)
    sent = handler.headers.get("authorization")
    seen.append(sent)
    body = f"you sent {sent}".encode()
    handler.send_response(302 if location else 200)
    if location:
        handler.send_header("location", location)
    handler.send_header("x-echo", str(sent))
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize(
    ("value", "says"), [(None, "is not set"), ("", "is empty"), ("short", "fewer than 8 characters")]
)
def test_a_secret_that_cannot_be_kept_secret_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, says: str
) -> None:
    """Before anything is asked, and without showing the value."""
    monkeypatch.delenv("L1_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("L1_TOKEN", value)
    with pytest.raises(VendorFileError, match=says) as refused:
        _line(tmp_path, "127.0.0.1:1")
    assert "issuer[0].headers.Authorization" in str(refused.value)
