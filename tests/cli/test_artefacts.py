"""Official documents are fetched or imported by digest, and whatever has another digest is refused."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from harness.cli.artefacts import fetch_into, import_into
from harness.errors import ArtefactError, UsageError
from harness.evidence import Absence
from harness.gather import publisher
from harness.semantics.artefacts import Registry, verified
from harness.semantics.official import Artefact, held, keep, official_folder

BODY = b'{ "$id": "https://publisher.example/thing.json", "@context": {} }\n'
OTHER = b'{ "$id": "https://publisher.example/thing.json", "@context": { "id": "@id" } }\n'
URL = "https://publisher.example/thing.json"
BYTES_URL = "https://publisher.example/vocabulary/"


def compact(body: bytes) -> str:
    """The digest over the JSON without spaces."""
    return hashlib.sha256(json.dumps(json.loads(body), separators=(",", ":")).encode()).hexdigest()


COMPACT = Artefact(URL, "context", "w3c/multikey-v1.jsonld", compact(BODY), "compact-json", "un-cefact")
BYTES = Artefact(
    BYTES_URL,
    "context",
    "w3c/multikey-v1.jsonld",
    hashlib.sha256(BODY).hexdigest(),
    "bytes",
    "harness-mirror",
)


@pytest.fixture
def known(tmp_path: Path) -> Registry:
    """A registry of two made-up official documents, with a folder that does not exist yet."""
    return Registry({URL: COMPACT, BYTES_URL: BYTES}, tmp_path / "official")


class _Pages(BaseHTTPRequestHandler):
    """Answers as the server says: path -> status, headers and body."""

    def do_GET(self) -> None:
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), 1000):
            try:
                self.wfile.write(body[start : start + 1000])
            except OSError:
                return
            time.sleep(self.server.pause)  # type: ignore[attr-defined]

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""


class _Loopback(httpx.BaseTransport):
    """Sends each https request to the server of the test instead; notes what was asked."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.asked: list[str] = []
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        host, port = self.server.server_address
        url = request.url.copy_with(scheme="http", host=host, port=port)
        return self._inner.handle_request(httpx.Request(request.method, url, headers={"Host": "test"}))

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def loopback() -> Iterator[_Loopback]:
    """A real server on the loopback address, behind a transport."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.pages = {}  # type: ignore[attr-defined]
    server.pause = 0  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield _Loopback(server)
    server.shutdown()
    server.server_close()
    thread.join()


def rows(known: Registry) -> dict[str, str]:
    """What `verify` says of each URL, by a registry that has looked at nothing yet."""
    fresh = Registry(known.artefacts, known.official)
    return {row["url"]: f"{row['digest']} {row['found']}" for row in verified(fresh)}


def test_without_official_documents_ours_are_used(known: Registry) -> None:
    """Where nothing was fetched or imported, our equivalent file stands in."""
    assert rows(known) == {URL: "ours ours", BYTES_URL: "ours ours"}


def test_import_takes_files_by_digest(
    known: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of any name is taken when its digest is published, in the compact or in the bytes form."""
    source = tmp_path / "some" / "where"
    source.mkdir(parents=True)
    (source / "unrelated-name.jsonld").write_bytes(BODY)
    (source / "notes.json").write_text("[]")
    assert import_into(known, tmp_path) == 0
    assert "2 of 2 imported" in capsys.readouterr().out
    assert rows(known) == {URL: "ok imported", BYTES_URL: "ok imported"}


def test_import_takes_another_layout_of_the_same_json(known: Registry, tmp_path: Path) -> None:
    """The compact form does not mind spaces; the bytes form does."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.json").write_text(json.dumps(json.loads(BODY), indent=4))
    assert import_into(known, source) == 0
    assert rows(known) == {URL: "ok imported", BYTES_URL: "ours ours"}


def test_import_refuses_what_only_claims_to_be_official(
    known: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that says by its $id that it is an official one, and has another digest, is refused with both digests."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.json").write_bytes(OTHER)
    assert import_into(known, source) == 4
    told = capsys.readouterr().out
    assert compact(OTHER) in told
    assert compact(BODY) in told
    assert rows(known) == {URL: "ours ours", BYTES_URL: "ours ours"}


def test_import_of_a_folder_without_official_documents_says_so(known: Registry, tmp_path: Path) -> None:
    """A folder in which nothing is official is a wrong argument."""
    with pytest.raises(UsageError, match="no file in"):
        import_into(known, tmp_path)


def test_a_wrong_digest_is_refused_when_used(known: Registry, tmp_path: Path) -> None:
    """A file in the folder that is not what its name promises is never used: the error names both digests."""
    keep(COMPACT, OTHER, tmp_path / "official", "cache")
    with pytest.raises(ArtefactError) as raised:
        known.document(URL)
    assert compact(OTHER) in str(raised.value)
    assert compact(BODY) in str(raised.value)
    assert raised.value.exit_code == 4
    assert rows(known)[URL] == "refused None"


def test_an_endless_file_is_refused(tmp_path: Path) -> None:
    """A file that is larger than any official document is not read."""
    keep(COMPACT, b" " * (4 * 1024 * 1024 + 1), tmp_path, "cache")
    with pytest.raises(ArtefactError, match="no official document has more"):
        held(COMPACT, tmp_path)


def test_fetch_brings_documents_into_the_cache(
    known: Registry, loopback: _Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the publisher serves under the published digest is kept, after a redirect too."""
    loopback.server.pages = {
        "/thing.json": (200, {"Content-Type": "application/json"}, BODY),
        "/vocabulary/": (302, {"Location": "https://elsewhere.example/thing.json"}, b""),
    }
    assert fetch_into(known, [], transport=loopback) == 0
    assert rows(known) == {URL: "ok cache", BYTES_URL: "ok cache"}
    assert "2 of 2 fetched" in capsys.readouterr().out
    assert loopback.asked == [URL, BYTES_URL, "https://elsewhere.example/thing.json"]


def test_fetch_refuses_another_document(
    known: Registry, loopback: _Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer with another digest is refused, named with both digests, and not kept."""
    loopback.server.pages = {"/thing.json": (200, {}, OTHER)}
    assert fetch_into(known, [URL], transport=loopback) == 4
    told = capsys.readouterr().out
    assert compact(OTHER) in told
    assert compact(BODY) in told
    assert rows(known)[URL] == "ours ours"


def test_fetch_asks_for_urls_of_the_registry_only(known: Registry, loopback: _Loopback) -> None:
    """Any other URL is a wrong argument, and nothing is asked."""
    with pytest.raises(UsageError, match="not in the registry"):
        fetch_into(known, ["https://publisher.example/other.json"], transport=loopback)
    assert loopback.asked == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, {}, b""), "answers 404"),
        ((302, {"Location": "http://publisher.example/thing.json"}, b""), "only https is asked"),
        ((302, {"Location": "https://127.0.0.1/thing.json"}, b""), "no public name"),
        ((302, {"Location": "https://localhost/thing.json"}, b""), "no public name"),
        ((302, {"Location": "/thing.json"}, b""), "redirects more than 5 times"),
        ((200, {}, b" " * 5000), "larger than 4,000 bytes"),
    ],
)
def test_a_publisher_that_misbehaves_is_an_absence(
    loopback: _Loopback, answer: tuple[int, dict[str, str], bytes], reason: str
) -> None:
    """Errors, redirects away from public HTTPS, endless redirects and endless answers all end with a reason."""
    loopback.server.pages = {"/thing.json": answer}
    got = publisher.Publisher({URL}, 4000, loopback).fetch(URL)
    assert isinstance(got, Absence)
    assert reason in got.reason


def test_a_slow_publisher_is_given_up(loopback: _Loopback) -> None:
    """An answer that drips ends when its time is over."""
    loopback.server.pages = {"/thing.json": (200, {}, b" " * 200_000)}
    loopback.server.pause = 0.02
    began = time.monotonic()
    got = publisher.Publisher({URL}, 1_000_000, loopback, seconds=0.3).fetch(URL)
    assert isinstance(got, Absence)
    assert "took longer" in got.reason
    assert time.monotonic() - began < 3


def test_a_publisher_that_does_not_answer_is_an_absence(loopback: _Loopback) -> None:
    """A refused connection is told with the host."""
    loopback.server.server_close()
    got = publisher.Publisher({URL}, 4000, loopback).fetch(URL)
    assert isinstance(got, Absence)
    assert "no answer from publisher.example" in got.reason


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"UNTP_CRM_ARTEFACTS": "/data/official"}, Path("/data/official")),
        ({"UNTP_CRM_ARTEFACTS": ""}, None),
        ({"XDG_CACHE_HOME": "/var/cache"}, Path("/var/cache/untp-crm/artefacts")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/a"}, Path("/home/a/.cache/untp-crm/artefacts")),
    ],
)
def test_the_folder_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: Path | None
) -> None:
    """UNTP_CRM_ARTEFACTS names the folder, else the cache of the user; set and empty, there is none."""
    monkeypatch.delenv("UNTP_CRM_ARTEFACTS")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert official_folder() == expected
