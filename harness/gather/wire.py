"""One HTTP request over the pinned network: bounded in time, size and redirects, each hop checked by the policy."""

from __future__ import annotations

import contextlib
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import httpx

from harness import __version__
from harness.errors import VendorFileError
from harness.exchange import Answer, Headers, Hop, Request, Trouble
from harness.gather.limits import MAX_FILE
from harness.gather.network import Clock, PinnedBackend, Pins, Policy, StoppedError
from harness.vendor import Network, host_and_port

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS"})
RETRIES = 2
"""How often an idempotent request is sent again after a connection that could not be had or was dropped."""
PAUSE = 0.2
"""Seconds before it is."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REPEATABLE = frozenset({Trouble.REFUSED, Trouble.PROTOCOL})
_OURS: Mapping[str, str] = {
    "user-agent": f"untp-crm-harness/{__version__}",
    "accept": "*/*",
    "accept-encoding": "identity",
    "connection": "close",
}


class PinnedTransport(httpx.BaseTransport):
    """httpx over a connection to a pinned address, one for each request."""

    def __init__(self, pins: Pins, clock: Clock, context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, max_keepalive_connections=0,
            network_backend=PinnedBackend(pins, clock),
        )  # fmt: skip

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is read by who asked."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@dataclass(frozen=True)
class Wire:
    """The way to every host that the policy allows; `seconds` bound one question with all its redirects and retries."""

    policy: Policy
    seconds: float = 10.0
    max_bytes: int = MAX_FILE
    authority: Path | None = None
    pins: Pins = field(init=False)
    context: ssl.SSLContext = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pins", Pins(self.policy))
        object.__setattr__(self, "context", _context(self.authority))

    @classmethod
    def of(cls, policy: Policy, network: Network) -> Wire:
        """The wire of a vendor.toml. Raises VendorFileError for an authority that is no certificate."""
        return cls(policy, network.timeout_seconds, authority=network.ca)

    def __reduce__(self) -> tuple[type[Wire], tuple[Policy, float, int, Path | None]]:
        """Sent to another process it looks names up anew there; every address is checked all the same."""
        return (type(self), (self.policy, self.seconds, self.max_bytes, self.authority))

    def send(self, request: Request, *, redirects: int = 0, secret: frozenset[str] = frozenset()) -> Answer:
        """The answer to a request. Raises StoppedError where there is none.

        `secret` names headers that go to the request's own origin alone, not to where it redirects.
        """
        clock = Clock(self.seconds)
        for attempt in range(RETRIES + 1):
            try:
                return self._followed(request, redirects, secret, clock)
            except StoppedError as stopped:
                last = attempt == RETRIES or request.method not in IDEMPOTENT
                if last or stopped.trouble not in _REPEATABLE:
                    raise
                time.sleep(clock.left(PAUSE))
        raise AssertionError("the loop returns or raises")

    def _followed(self, request: Request, redirects: int, secret: frozenset[str], clock: Clock) -> Answer:
        origin = host_and_port(request.url)
        hops: list[Hop] = []
        method, url, headers, body = request.method, request.url, request.headers, request.body
        while True:
            answer = self._asked(method, url, headers, body, clock)
            location = answer.header("location")
            if redirects == 0 or answer.status not in _REDIRECTS or location is None:
                return Answer(answer.status, answer.headers, answer.body, url, tuple(hops), answer.peer)
            if len(hops) == redirects:
                raise StoppedError(Trouble.REDIRECTS, f"it redirects more than {redirects} times")
            hops.append(Hop(url, answer.status, location))
            url = _joined(url, location)
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):  # noqa: PLR2004 - RFC 9110, 15.4
                method, body = ("HEAD" if method == "HEAD" else "GET"), b""
            if host_and_port(url) != origin:
                headers = tuple(pair for pair in headers if pair[0].lower() not in secret)

    def _asked(self, method: str, url: str, headers: Headers, body: bytes, clock: Clock) -> Answer:
        host, port = host_and_port(url)
        if not url.lower().startswith(("http://", "https://")) or not host:
            raise StoppedError(
                Trouble.NOT_ALLOWED, f"it leads to {url[:200]!r}, and only http and https are asked"
            )
        self.policy.require(host, port)
        sent = {**_OURS, **{name.lower(): value for name, value in headers}}
        try:
            with contextlib.closing(PinnedTransport(self.pins, clock, self.context)) as transport:
                asked = httpx.Request(method, url, headers=sent, content=body or None)
                response = transport.handle_request(asked)
                response.request = asked
                with contextlib.closing(response):
                    peer = _peer(response)
                    return Answer(
                        response.status_code, _headers(response), self._body(response), url, peer=peer
                    )
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise StoppedError(Trouble.TIMEOUT, f"no whole answer within {self.seconds:g} seconds") from None
        except (httpcore.NetworkError, httpx.NetworkError) as error:
            raise StoppedError(Trouble.PROTOCOL, f"the connection was dropped: {error}") from error
        except (
            httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError,
        ) as error:  # fmt: skip
            raise StoppedError(
                Trouble.PROTOCOL, f"this is no HTTP: {error or type(error).__name__}"
            ) from error

    def _body(self, response: httpx.Response) -> bytes:
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self.max_bytes and response.request.method != "HEAD":
            raise StoppedError(
                Trouble.TOO_LARGE,
                f"an answer of {int(declared):,} bytes is announced; the limit is {self.max_bytes:,}",
            )
        unpack = _unpacking(response.headers.get("content-encoding", ""))
        body = bytearray()
        for piece in response.iter_raw():
            body += unpack(piece, self.max_bytes + 1 - len(body))
            if len(body) > self.max_bytes:
                raise StoppedError(Trouble.TOO_LARGE, f"the answer is larger than {self.max_bytes:,} bytes")
        return bytes(body)


def _unpacking(coding: str) -> Callable[[bytes, int], bytes]:
    """What unpacks a body as it comes, never to more than it is told; a coding that nobody asked for stays as it is."""
    if coding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return lambda piece, _most: piece
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(piece: bytes, most: int) -> bytes:
        try:
            return inflate.decompress(piece, most)
        except zlib.error as error:
            raise StoppedError(Trouble.PROTOCOL, f"the body is not {coding}: {error}") from error

    return unpack


def _headers(response: httpx.Response) -> Headers:
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw
    )


def _peer(response: httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    try:
        address = stream.get_extra_info("server_addr") if stream is not None else None
    except OSError:  # the other side has closed already
        return None
    if not address:
        return None
    host, port = address[0], address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _joined(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise StoppedError(
            Trouble.REDIRECTS, f"it redirects to {location[:200]!r}, which is no URL"
        ) from error


def _context(authority: Path | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if authority is not None:
        try:
            context.load_verify_locations(cafile=str(authority))
        except (OSError, ssl.SSLError) as error:
            raise VendorFileError(
                f"network.ca: {authority.name} holds no certificate that can be read",
                where=str(authority), hint="It is a file in PEM form: -----BEGIN CERTIFICATE----- …",
            ) from error  # fmt: skip
    return context
