"""A real loopback server for many host names, and a small line to it: what tests speak over.

The line sends `https://any.example/path` to the server as plain HTTP with the host in the Host header, so that tests can
use the names that credentials use. Redirects are followed as the harness's own line follows them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

import httpx

from harness.exchange import Answer, Exchange, Hop, Recording, Request, Trouble

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Asked:
    """A request as the server got it: host in lower case, path with query, headers in lower case."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def url(self) -> str:
        """The address that was meant."""
        return f"https://{self.host}{self.path}"

    @property
    def address(self) -> str:
        """The same without its query."""
        return self.url.partition("?")[0]


@dataclass(frozen=True)
class Reply:
    """What the server says."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Site = Callable[[Asked], Reply]


@contextmanager
def serving(site: Site) -> Iterator[int]:
    """Serve a site on a free loopback port; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            reply = site(Asked(self.command, headers.get("host", ""), self.path, headers, body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_HEAD = do_POST = do_OPTIONS = answer  # noqa: N815 - the names that the base class calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
            """Keep standard error for failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class SmallLine:
    """A line to one server under any name; keeps every exchange."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.kept: list[Exchange] = []
        self._client = httpx.Client(timeout=5, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def recording(self) -> Recording:
        """All exchanges so far."""
        return Recording(tuple(self.kept))

    def ask(
        self, request: Request, *, role: str, endpoint: str, probe: str, step: str = "",
        about: Mapping[str, str] | None = None, redirects: int = 0,
    ) -> Exchange:  # fmt: skip
        """Send one request and keep what came back."""
        answer, trouble, reason = self._send(request, redirects)
        exchange = Exchange(
            role, endpoint, probe, step, request, answer, trouble, reason, "2026-03-02T00:00:00Z", about or {}
        )
        self.kept.append(exchange)
        return exchange

    def note(self, exchange: Exchange) -> Exchange:
        """Keep what nobody was asked for."""
        self.kept.append(exchange)
        return exchange

    def _send(self, request: Request, redirects: int) -> tuple[Answer | None, Trouble | None, str]:
        url, hops = request.url, list[Hop]()
        while True:
            parts = urlsplit(url)
            headers = {"host": parts.netloc} | dict(request.headers)
            target = f"http://127.0.0.1:{self.port}{parts.path or '/'}" + (
                f"?{parts.query}" if parts.query else ""
            )
            try:
                got = self._client.request(request.method, target, headers=headers, content=request.body)
            except httpx.TransportError as error:
                return None, Trouble.REFUSED, str(error)
            location = got.headers.get("location")
            if got.status_code not in REDIRECTS or not location or not redirects:
                kept = tuple((name.lower(), value) for name, value in got.headers.multi_items())
                return Answer(got.status_code, kept, got.content, url, tuple(hops)), None, ""
            hops.append(Hop(url, got.status_code, location))
            if len(hops) > redirects:
                return None, Trouble.REDIRECTS, f"more than {redirects} redirects"
            url = urljoin(url, location)


@contextmanager
def speaking(site: Site) -> Iterator[SmallLine]:
    """A line to a site that is served while it is open."""
    with serving(site) as port:
        line = SmallLine(port)
        try:
            yield line
        finally:
            line.close()
