"""Who may be asked, and at which address: only hosts that vendor.toml names, resolved once, private ones only by name.

The addresses of a host are looked up once in a run and every connection goes to one of them, so that a name
which later points to a machine of this network (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore

from harness.exchange import Trouble
from harness.vendor import Vendor, allowed_by_name, host_and_port

MOST_ADDRESSES = 8
"""Most addresses of one name that are tried."""
_EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 prefixes that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 8215)."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class StoppedError(Exception):
    """An attempt to reach an endpoint ended without an answer: the trouble, and the reason in words."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason


@dataclass(frozen=True)
class Policy:
    """The hosts that may be asked: those that endpoints name, and `[network] allow`."""

    hosts: frozenset[str] = frozenset()
    allow: tuple[str, ...] = ()

    @classmethod
    def of(cls, vendor: Vendor) -> Policy:
        """The policy of a vendor.toml: the hosts in the rows of its endpoints, also of a did:web, and what it allows."""
        named = set()
        for endpoint in vendor.live:
            named |= {host_and_port(url)[0].lower() for url in endpoint.urls}
            named.add(_host_of_did(str(endpoint.row.get("id", ""))))
        return cls(frozenset(named - {""}), vendor.network.allow)

    def require(self, host: str, port: int) -> None:
        """Raise StoppedError for a host that vendor.toml does not name."""
        if host.rstrip(".").lower() not in self.hosts and not allowed_by_name(host, port, self.allow):
            raise StoppedError(Trouble.NOT_ALLOWED, f"vendor.toml does not name {host}:{port}")

    def require_address(self, host: str, port: int, address: Address) -> None:
        """Raise StoppedError for a private address of a host that `[network] allow` does not name."""
        if private(address) and not allowed_by_name(host, port, self.allow):
            where = host if host == str(address) else f"{host}, at {address},"
            raise StoppedError(
                Trouble.NOT_ALLOWED,
                f"{where} is a private address, and network.allow does not name {host}:{port}",
            )


def private(address: Address) -> bool:
    """Whether an address is not of the public internet: loopback, private, link-local …, also carried inside IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and any(address in network for network in _EMBEDDING):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return private(inner)
        if int(address) >> 32 == 0:  # ::a.b.c.d, deprecated
            return True
    site = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return site or not address.is_global or address.is_multicast


def _host_of_did(did: str) -> str:
    method, _, rest = did.removeprefix("did:").partition(":")
    if method not in ("web", "webvh"):
        return ""
    names = rest.split(":")
    host = names[0] if method == "web" else (names[1] if len(names) > 1 else "")
    return (urlsplit(f"https://{unquote(host)}").hostname or "").lower()


Lookup = Callable[[str, int], Iterable[str]]
"""From host and port to addresses, as text. Raises OSError where the name does not resolve."""


def system_lookup(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver knows."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass
class Pins:
    """The addresses of each host, looked up once and kept for the whole run."""

    policy: Policy
    lookup: Lookup = system_lookup
    _known: dict[tuple[str, int], tuple[Address, ...]] = field(default_factory=dict)

    def addresses(self, host: str, port: int, seconds: float) -> tuple[Address, ...]:
        """Every address of a host that may be asked; StoppedError where there is none, or one of them is barred."""
        self.policy.require(host, port)
        found = self._known.get((host, port))
        if found is None:
            found = self._known[host, port] = self._looked_up(host, port, seconds)
        for address in found:
            self.policy.require_address(host, port, address)
        return found

    def _looked_up(self, host: str, port: int, seconds: float) -> tuple[Address, ...]:
        try:
            return (ipaddress.ip_address(host.strip("[]")),)
        except ValueError:
            pass
        found: list[str] = []
        failed: list[str] = []

        def ask() -> None:
            try:
                found.extend(self.lookup(host, port))
            except (OSError, UnicodeError) as error:
                failed.append(getattr(error, "strerror", None) or str(error))

        thread = threading.Thread(target=ask, daemon=True, name=f"lookup {host}")
        thread.start()
        thread.join(max(0.0, seconds))
        if thread.is_alive():
            raise StoppedError(
                Trouble.UNRESOLVED, f"looking up the name {host} took longer than {seconds:.3g} s"
            )
        if failed or not found:
            raise StoppedError(
                Trouble.UNRESOLVED, f"the name {host} does not resolve: {(failed or ['no address'])[0]}"
            )
        names = list(dict.fromkeys(name.partition("%")[0] for name in found))[:MOST_ADDRESSES]
        return tuple(ipaddress.ip_address(name) for name in names)


class Clock:
    """How long there is still: one deadline for everything that belongs to one question."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, wanted: float | None = None) -> float:
        """Seconds until the deadline, at most as many as wanted. Raises StoppedError once it has passed."""
        rest = self._end - time.monotonic()
        if rest <= 0:
            raise StoppedError(Trouble.TIMEOUT, f"no whole answer within {self.seconds:g} seconds")
        return rest if wanted is None else min(rest, wanted)


class _Stream(httpcore.NetworkStream):
    """A connection on which every wait ends at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        except httpcore.ConnectError as error:
            if not isinstance(error.__cause__, ssl.SSLError):
                raise StoppedError(Trouble.PROTOCOL, f"the connection was dropped: {error}") from error
            raise StoppedError(Trouble.TLS, f"no secure connection to {server_hostname}: {error}") from error
        return _Stream(inner, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Opens connections to pinned addresses only, within one deadline."""

    def __init__(self, pins: Pins, clock: Clock) -> None:
        self._pins = pins
        self._clock = clock
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A connection to the first pinned address that takes one."""
        refused: httpcore.ConnectError | None = None
        for address in self._pins.addresses(host, port, self._clock.left()):
            try:
                inner = self._inner.connect_tcp(
                    str(address), port, self._clock.left(timeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                refused = error
                continue
            return _Stream(inner, self._clock)
        raise StoppedError(Trouble.REFUSED, f"no connection to {host}:{port}: {refused}") from refused
