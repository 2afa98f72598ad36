"""How the vendor's software reaches DID documents and status lists: HTTPS on this machine only, bounded, and cached.

What an answer says of its lifetime is kept to (RFC 9111): a status list is not asked for again while it is fresh, so
that its publisher learns less of who is verified (Bitstring Status List 1.0, section 5.1).
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from harness.errors import UsageError
from harness.evidence import Absence, Evidence

HERE = ("localhost", "127.0.0.1", "::1")
SECONDS = 5.0
MOST_BYTES = 8 * 1024 * 1024
MOST_KEPT = 2_000
"""Most answers that are kept; beyond that the oldest is forgotten."""
LONGEST = 3_600
"""Longest time, in seconds, that an answer is kept, whatever it says."""
_MAX_AGE = re.compile(r"(?:^|[, ])max-age=(\d{1,9})")


@dataclass(frozen=True)
class Authorities:
    """Certificates of the authorities that are trusted; the public ones have no business on this machine.

    A file need not exist yet when the server starts: the harness writes it when it begins to test.
    """

    files: tuple[Path, ...] = ()
    texts: Callable[[], Iterable[str]] = field(default=tuple)

    def state(self) -> tuple[object, ...]:
        """What tells whether anything has changed since."""
        return tuple((path, path.stat().st_mtime_ns if path.exists() else None) for path in self.files)

    def context(self) -> ssl.SSLContext:
        """A client's TLS context. Raises UsageError where a file holds no certificate."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for text in self.texts():
            made.load_verify_locations(cadata=text)
        for path in self.files:
            if path.exists():
                try:
                    made.load_verify_locations(cafile=str(path))
                except ssl.SSLError as error:
                    hint = "It is the PEM file of the authority."
                    raise UsageError(f"no certificate: {error.reason}", where=str(path), hint=hint) from None
        return made


@dataclass
class MachineWeb:
    """Answers https URLs of this machine over the wire; nothing else is asked."""

    authorities: Authorities
    forgetful: Callable[[], bool] = lambda: False
    """Whether lifetimes are ignored, which only a fault does."""
    seconds: float = SECONDS
    _kept: dict[str, tuple[float, Evidence]] = field(default_factory=dict)
    _client: tuple[tuple[object, ...], httpx.Client] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL, or an absence with its reason."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in HERE:
            return Absence(url, "the reference vendor asks nobody outside of this machine")
        with self._lock:
            until, kept = self._kept.get(url, (0.0, None))
        if kept is not None and not self.forgetful() and time.monotonic() < until:
            return kept
        try:
            with self._opened().stream("GET", url, headers={"accept": "*/*"}) as answer:
                return self._answered(url, answer)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            return Absence(url, f"no answer: {error or type(error).__name__}")

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client[1].close()
                self._client = None

    def _opened(self) -> httpx.Client:
        """The client, made anew where the authorities have changed."""
        state = self.authorities.state()
        with self._lock:
            if self._client is None or self._client[0] != state:
                client = httpx.Client(
                    verify=self.authorities.context(), timeout=self.seconds, trust_env=False
                )
                self._client = (state, client)
            return self._client[1]

    def _answered(self, url: str, answer: httpx.Response) -> Evidence | Absence:
        if answer.status_code != httpx.codes.OK:
            return Absence(url, f"it answers {answer.status_code}", "vendor")
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                return Absence(url, f"it sends more than {MOST_BYTES:,} bytes", "vendor")
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        found = Evidence(url, bytes(body), media_type or "application/octet-stream", "web")
        fresh = _MAX_AGE.search(answer.headers.get("cache-control", "").lower())
        if fresh is not None:
            with self._lock:
                self._kept.pop(url, None)
                while len(self._kept) >= MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[url] = (time.monotonic() + min(int(fresh[1]), LONGEST), found)
        return found
