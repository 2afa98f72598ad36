"""What was said to a live endpoint and what it answered: frozen values, kept byte for byte.

Gather makes exchanges, the evidence store keeps them, cases read them. An exchange that brought no answer
says why: then nobody can blame the vendor for what was never said.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order of the wire, names in lower case."""


class Trouble(StrEnum):
    """Why there is no answer."""

    NOT_ALLOWED = "not_allowed"
    """vendor.toml does not name the host, or the address is private and not allowed by name."""
    UNRESOLVED = "unresolved"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    PROTOCOL = "protocol"
    INTERRUPTED = "interrupted"
    """The run ended, or the endpoint died, before this was asked."""


@dataclass(frozen=True)
class Request:
    """One request: method, absolute URL, headers and body. `COMMAND` is the method of the command adapter.

    What is kept never holds a secret: a header that came from the environment reads `env:NAME`.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed: where from, the status, and the value of Location."""

    url: str
    status: int
    location: str


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, the whole body, the URL that gave it, and who answered (`host:port`)."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    url: str = ""
    hops: tuple[Hop, ...] = ()
    peer: str | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma; None where there is none."""
        found = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(found) if found else None

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty where none was sent."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def sha256(self) -> str:
        """Digest of the body, in lower-case hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Exchange:
    """One question to one endpoint and its answer, or the trouble that left it without one.

    `role` is the suite (issuer, verifier, resolver …), `endpoint` names which one (`verifier[0]`), `probe`
    names what is being found out and is stable from run to run, `step` is the part of it (`twin`,
    `mutation`, `revoke` …). `about` holds what a case needs to read it: vector, requirement, adapter.
    """

    role: str
    endpoint: str
    probe: str
    step: str
    request: Request
    answer: Answer | None = None
    trouble: Trouble | None = None
    reason: str = ""
    at: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it within a run."""
        return (self.role, self.endpoint, self.probe, self.step)


class Line(Protocol):
    """The recorded way to an endpoint: bounded, allowed by vendor.toml, every exchange kept. Never raises for a peer."""

    def ask(
        self, request: Request, *, role: str, endpoint: str, probe: str, step: str = "",
        about: Mapping[str, str] | None = None, redirects: int = 0,
    ) -> Exchange:  # fmt: skip
        """Send one request and keep what came back; at most so many redirects are followed."""

    def note(self, exchange: Exchange) -> Exchange:
        """Keep something that the judge needs and that no endpoint was asked for, such as what stood on our own host."""


@dataclass(frozen=True)
class Recording:
    """All exchanges of a run, in the order in which they were made."""

    exchanges: tuple[Exchange, ...] = ()

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str, str, str], Exchange]:
        return {exchange.key: exchange for exchange in self.exchanges}

    def of(self, role: str, endpoint: str | None = None, probe: str | None = None) -> Iterator[Exchange]:
        """The exchanges of a role, of one endpoint, of one probe."""
        for exchange in self.exchanges:
            if (
                exchange.role == role
                and endpoint in (None, exchange.endpoint)
                and probe in (None, exchange.probe)
            ):
                yield exchange

    def find(self, role: str, endpoint: str, probe: str, step: str = "") -> Exchange | None:
        """One exchange by its names, None where it was never made."""
        return self._by_key.get((role, endpoint, probe, step))

    def endpoints(self, role: str) -> tuple[str, ...]:
        """The endpoints of a role that were spoken to, in the order of the run."""
        return tuple(dict.fromkeys(exchange.endpoint for exchange in self.of(role)))

    def rows(self) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
        """The recording as JSON rows, and the bodies that they name by digest."""
        bodies: dict[str, bytes] = {}
        return [_row(exchange, bodies) for exchange in self.exchanges], bodies

    @cached_property
    def sha256(self) -> str:
        """Digest of the whole recording: of its rows, which name every body by digest, as compact JSON."""
        rows, _ = self.rows()
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def restored(cls, rows: Iterable[Mapping[str, Any]], bodies: Mapping[str, bytes]) -> Recording:
        """The recording of rows that follow their schema; every digest that they name is among the bodies."""
        return cls(tuple(_exchange(row, bodies) for row in rows))


def nonce_bytes(nonce: str | None, *purpose: str, length: int = 16) -> bytes:
    """Bytes that depend on the run's nonce and on a purpose alone: ids and choices that nobody could prepare.

    The same nonce gives the same bytes on every machine. `length` is at most 32.
    """
    text = "\x00".join((nonce or "", *purpose))
    return hashlib.sha256(b"untp-crm nonce\x00" + text.encode()).digest()[:length]


def nonce_text(nonce: str | None, *purpose: str) -> str:
    """The same as 20 lower-case letters and digits, fit for a URL or a name."""
    return base64.b32encode(nonce_bytes(nonce, *purpose, length=12)).decode().rstrip("=").lower()


def _row(exchange: Exchange, bodies: dict[str, bytes]) -> dict[str, Any]:
    def digest(body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        bodies[name] = body
        return name

    request, answer = exchange.request, exchange.answer
    row: dict[str, Any] = {
        "role": exchange.role, "endpoint": exchange.endpoint, "probe": exchange.probe, "step": exchange.step,
        "at": exchange.at, "about": dict(exchange.about),
        "request": {
            "method": request.method, "url": request.url, "headers": [list(pair) for pair in request.headers],
            "sha256": digest(request.body),
        },
    }  # fmt: skip
    if answer is None:
        return row | {"trouble": str(exchange.trouble), "reason": exchange.reason}
    return row | {
        "answer": {
            "status": answer.status, "headers": [list(pair) for pair in answer.headers], "sha256": digest(answer.body),
            "url": answer.url, "peer": answer.peer,
            "hops": [{"url": hop.url, "status": hop.status, "location": hop.location} for hop in answer.hops],
        }
    }  # fmt: skip


def _exchange(row: Mapping[str, Any], bodies: Mapping[str, bytes]) -> Exchange:
    asked, told = row["request"], row.get("answer")
    answer = None
    if told is not None:
        answer = Answer(
            told["status"], tuple((key, value) for key, value in told["headers"]), bodies[told["sha256"]], told["url"],
            tuple(Hop(hop["url"], hop["status"], hop["location"]) for hop in told["hops"]), told["peer"],
        )  # fmt: skip
    headers = tuple((key, value) for key, value in asked["headers"])
    request = Request(asked["method"], asked["url"], headers, bodies[asked["sha256"]])
    return Exchange(
        row["role"], row["endpoint"], row["probe"], row["step"], request, answer,
        Trouble(row["trouble"]) if answer is None else None, row.get("reason", ""), row["at"], dict(row["about"]),
    )  # fmt: skip
