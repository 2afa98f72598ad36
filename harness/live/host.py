"""The harness's own side of the web while a verifier is tested: vectors, DID documents, status lists, templates.

Without a public base it is served over HTTPS on loopback, under a certificate of an authority whose own certificate is
written to a file: the product under test is told to trust that file. The authority is kept beside it, so that the
product need not be started again for each run; who deletes the two files gets another. With a public base it is
served plain on `listen`, for a proxy or tunnel that the vendor puts before it.

What is asked here is kept too: some requirements are about what a verifier asks for, and what it tells thereby.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import trustme

from harness.errors import UsageError
from harness.vendor import Vendor

NAME = "localhost"
LOOPBACK = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))
SILENCE = 3.0
"""Seconds for which a silent path says nothing before it hangs up."""
PATIENCE = 10.0
"""Seconds that a peer may take for its request, TLS included."""
MOST_HEARD = 20_000
"""Requests that are remembered; more than these a verifier has no reason to make."""
LONGEST_HEADER = 2_000
MOST_READ = 1_000_000
"""Bytes of a body that are read before it is refused."""
READY = "ready"
"""A path that is always there: whether the endpoints could reach us at all."""
TELLING = ("referer", "cookie", "authorization", "from", "origin", "accept", "user-agent")
"""Headers of a request that are kept: what they give away is part of the test."""


@dataclass(frozen=True)
class Heard:
    """One request to the harness's own side."""

    method: str
    target: str
    """Path and query, as they came."""
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 0
    """Bytes of its body, which is not kept."""


@dataclass(frozen=True)
class Page:
    """What stands at a path."""

    status: int
    body: bytes = field(default=b"", repr=False)
    media_type: str = "application/octet-stream"
    silent: bool = False


class WebHost:
    """A running host: publish, withdraw, and see what was asked."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._prefix = urlsplit(self.base).path
        self._pages: dict[str, Page] = {READY: Page(200, b"ready\n", "text/plain")}
        self._heard: list[Heard] = []
        self._lock = threading.Lock()

    def publish(self, path: str, body: bytes, media_type: str, *, status: int = 200) -> str:
        """Put something at a path below the base, in place of what stood there; gives its URL."""
        with self._lock:
            self._pages[path.lstrip("/")] = Page(status, body, media_type)
        return f"{self.base}/{path.lstrip('/')}"

    def silence(self, path: str) -> None:
        """Let a path take the connection, say nothing for a while and hang up."""
        with self._lock:
            self._pages[path.lstrip("/")] = Page(0, silent=True)

    def withdraw(self, path: str) -> None:
        """Take a path away: it is answered with 404 from now on."""
        with self._lock:
            self._pages.pop(path.lstrip("/"), None)

    def asked(self, path: str) -> int:
        """How often a path was asked for since the start, whatever the query."""
        wanted = path.lstrip("/")
        return sum(self._below(one.target).partition("?")[0] == wanted for one in self.heard())

    def heard(self, folder: str = "") -> tuple[Heard, ...]:
        """What was asked below a folder, in the order in which it came."""
        with self._lock:
            return tuple(one for one in self._heard if self._below(one.target).startswith(folder.lstrip("/")))

    def forget(self) -> None:
        """Begin anew with what was asked."""
        with self._lock:
            self._heard.clear()

    def page(self, target: str) -> Page:
        """What stands at a path and query; where only the path is known, what stands there."""
        wanted = self._below(target)
        with self._lock:
            found = self._pages.get(wanted) or self._pages.get(wanted.partition("?")[0])
        return found or Page(404, b"not found\n", "text/plain")

    def hears(self, request: Heard) -> None:
        """Remember a request."""
        with self._lock:
            if len(self._heard) < MOST_HEARD:
                self._heard.append(request)

    def _below(self, target: str) -> str:
        """A request target as a path below the base; a proxy may or may not have taken its prefix away."""
        return target.removeprefix(self._prefix).lstrip("/") if self._prefix else target.lstrip("/")


@contextlib.contextmanager
def hosted(
    listen: str = "127.0.0.1:0", public_base: str | None = None, *, authority: Path
) -> Iterator[WebHost]:
    """Serve while the context lasts. `authority` is the certificate file that products are told to trust.

    Raises UsageError where the address cannot be listened on, or the public base does not lead here.
    """
    address, _, port = listen.rpartition(":")
    sockets = _sockets(address, int(port))
    number = sockets[0].getsockname()[1]
    host = WebHost(public_base or f"https://{NAME}:{number}")
    context = None if public_base else _context(authority, address)
    servers = [_Server(one, host, context) for one in sockets]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), name=host.base, daemon=True).start()
    try:
        _require_reachable(host, None if public_base else authority)
        yield host
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@contextlib.contextmanager
def host_of(vendor: Vendor) -> Iterator[WebHost | None]:
    """The harness's own side for a vendor, as its vendor.toml says; None where nothing that is tested needs one."""
    if not vendor.endpoints.get("verifier"):
        yield None
        return
    side = vendor.harness
    if side.public_base is not None and not side.public_base.startswith("https://"):
        raise UsageError(
            f"public_base of [harness] is {side.public_base}, and has to be https",
            why="the issuers of the vectors are did:web, which is resolved over https alone",
            hint="Put a proxy or tunnel with a certificate before the address in listen.",
        )
    with hosted(side.listen, side.public_base, authority=side.authority) as host:
        yield host


def _require_reachable(host: WebHost, authority: Path | None) -> None:
    verify: ssl.SSLContext | bool = True
    if authority is not None:
        verify = ssl.create_default_context(cafile=str(authority))
    url = f"{host.base}/{READY}"
    try:
        answer = httpx.get(url, timeout=PATIENCE, verify=verify, trust_env=authority is None)
    except httpx.HTTPError as error:
        raise _unreachable(url, str(error) or type(error).__name__) from None
    if answer.text != "ready\n":
        raise _unreachable(url, f"it answers {answer.status_code}, and not what the harness put there")


def _unreachable(url: str, why: str) -> UsageError:
    return UsageError(
        f"the harness's own side does not answer at {url}: {why}",
        why="a verifier has to fetch DID documents and status lists from there",
        hint="Let public_base of [harness] lead to the address in listen, by a proxy or a tunnel.",
    )


def _sockets(address: str, port: int) -> list[socket.socket]:
    """The port on the address; on loopback under both of its addresses, so that `localhost` is never ambiguous."""
    address = address.strip("[]")
    wanted = LOOPBACK if address in ("127.0.0.1", "::1", NAME) else ((address, _family(address)),)
    made: list[socket.socket] = []
    for one, family in wanted:
        try:
            found = socket.create_server((one, port), family=family, backlog=64)
        except OSError as error:
            if made:
                continue
            hint = "Choose another with listen in [harness]; port 0 is any that is free."
            raise UsageError(f"{one}:{port} cannot be had: {error.strerror or error}", hint=hint) from None
        port = found.getsockname()[1]
        made.append(found)
    return made


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _context(authority: Path, address: str) -> ssl.SSLContext:
    """A server certificate of the authority, which is made where it is not there yet."""
    key = authority.with_suffix(".key")
    if authority.is_file() and key.is_file():
        known = trustme.CA.from_pem(authority.read_bytes(), key.read_bytes())
    else:
        known = trustme.CA(organization_name="UNTP-CRM harness, throw-away authority")
        authority.parent.mkdir(parents=True, exist_ok=True)
        key.touch(mode=0o600)
        key.write_bytes(known.private_key_pem.bytes())
        authority.write_bytes(known.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    names = dict.fromkeys((NAME, "127.0.0.1", "::1", address.strip("[]")))
    known.issue_cert(*names).configure_cert(context)
    return context


class _Server(ThreadingHTTPServer):
    """One listening socket; TLS is shaken in the thread of the connection, so that nobody can hold the others up."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, listening: socket.socket, host: WebHost, context: ssl.SSLContext | None) -> None:
        self.host, self.context = host, context
        super().__init__(listening.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands, then answer; a peer that will not is left alone."""
        request.settimeout(PATIENCE)
        try:
            if self.context is not None:
                request = self.context.wrap_socket(request, server_side=True)
            _Handler(request, client_address, self)
        except OSError:
            return
        finally:
            with contextlib.suppress(OSError):
                request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a peer that misbehaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with what stands at the path, notes all else."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer what stands there."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer(with_body=False)

    def do_POST(self) -> None:
        """Take note; nothing here takes anything."""
        size = self._size()
        self.rfile.read(min(size, MOST_READ))
        self._note(size)
        self.close_connection = True
        self._send(Page(405, b"nothing is taken here\n", "text/plain"), with_body=True)

    do_PUT = do_POST  # noqa: N815 - the name is the library's
    do_DELETE = do_POST  # noqa: N815 - the name is the library's

    def _answer(self, *, with_body: bool) -> None:
        self._note(0)
        page = self.server.host.page(self.path)
        if page.silent:
            threading.Event().wait(SILENCE)
            self.close_connection = True
            return
        self._send(page, with_body=with_body)

    def _send(self, page: Page, *, with_body: bool) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.media_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "max-age=300")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            self.wfile.write(page.body)

    def _note(self, size: int) -> None:
        kept = tuple(
            (name, value[:LONGEST_HEADER])
            for name in TELLING
            if (value := self.headers.get(name)) is not None
        )
        self.server.host.hears(Heard(self.command, self.path[:LONGEST_HEADER], kept, size))

    def _size(self) -> int:
        length = self.headers.get("content-length", "0")
        return int(length[:12]) if length.isascii() and length.isdigit() else 0

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Nothing: standard error is for the run."""
