"""`--online`: a real server on loopback over HTTPS answers; what is private, endless or absent is told as such."""

from __future__ import annotations

import pickle
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from harness.cli import main
from harness.evidence import Absence, Evidence
from harness.gather.online import Online

BODY = b'{"id": "did:web:localhost"}'


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer, send in circles, or know nothing."""
        if self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
            return
        known = self.path == "/here.json"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/did+json")
        self.end_headers()
        self.wfile.write(BODY if known else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the library gives it
        """Nothing."""


@dataclass(frozen=True)
class Site:
    """A server: its address as host:port, and the file of the authority that vouches for it."""

    place: str
    authority: Path

    def url(self, path: str) -> str:
        """An address on it."""
        return f"https://{self.place}{path}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a certificate of a throw-away authority."""
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"localhost:{server.server_address[1]}", file)
    server.shutdown()
    server.server_close()
    thread.join()


def reason(answer: Evidence | Absence) -> str:
    """Why there is nothing."""
    assert isinstance(answer, Absence)
    return answer.reason


def test_an_address_that_is_allowed_answers(site: Site) -> None:
    """Body, media type and origin come along, in another process too."""
    online = pickle.loads(pickle.dumps(Online((site.place,), site.authority)))
    answer = online.fetch(site.url("/here.json"))
    assert isinstance(answer, Evidence)
    assert (answer.body, answer.media_type, answer.origin) == (BODY, "application/did+json", "online")


def test_a_private_address_is_not_asked(site: Site) -> None:
    """Nobody allowed it by name."""
    assert "is a private address" in reason(Online((), site.authority).fetch(site.url("/here.json")))


def test_an_unknown_authority_is_not_trusted(site: Site) -> None:
    """The certificate is of nobody that the system knows."""
    assert "no secure connection" in reason(Online((site.place,)).fetch(site.url("/here.json")))


def test_redirects_without_end_are_told(site: Site) -> None:
    """The same address again and again."""
    assert "redirects more than 5 times" in reason(
        Online((site.place,), site.authority).fetch(site.url("/round"))
    )


def test_what_the_vendor_does_not_have_is_his_fault(site: Site) -> None:
    """404 is an answer."""
    answer = Online((site.place,), site.authority).fetch(site.url("/nowhere"))
    assert isinstance(answer, Absence)
    assert answer.fault == "vendor"


def test_check_judges_what_stands_at_a_url(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A URL is evidence like a file, and the option that lets the network be asked is part of the command to judge again."""
    options = ["--online", "--allow", site.place, "--ca", str(site.authority)]
    with pytest.raises(SystemExit) as stopped:
        main(["check", site.url("/here.json"), *options, "--format", "jsonl"])
    assert stopped.value.code == 3
    assert f'"subject": "{site.url("/here.json")}"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "without --online"), (["--allow", "localhost:1"], "go with --online"), (["--online", "--ca", "nowhere.pem"], "is not a file")],
)  # fmt: skip
def test_wrong_usage_is_told(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 4 and one line that says what to do."""
    with pytest.raises(SystemExit) as stopped:
        main(["check", "https://issuer.example/dpp.jwt", *options])
    assert stopped.value.code == 4
    assert said in capsys.readouterr().err
