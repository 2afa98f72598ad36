"""How the vendor's software reaches DID documents and status lists: HTTPS on this machine only, bounded."""

from __future__ import annotations

import ssl
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


@dataclass(frozen=True)
class Authorities:
    """Certificates of authorities that are trusted beside the public ones: read anew for each request.

    A file need not exist yet when the server starts: the harness writes it when it begins to test.
    """

    files: tuple[Path, ...] = ()
    texts: Callable[[], Iterable[str]] = field(default=tuple)

    def context(self) -> ssl.SSLContext:
        """A client's TLS context. Raises UsageError where a file holds no certificate."""
        made = ssl.create_default_context()
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


@dataclass(frozen=True)
class MachineWeb:
    """Answers https URLs of this machine over the wire; nothing else is asked."""

    authorities: Authorities
    seconds: float = SECONDS

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL, or an absence with its reason."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in HERE:
            return Absence(url, "the reference vendor asks nobody outside of this machine")
        try:
            with (
                httpx.Client(verify=self.authorities.context(), timeout=self.seconds) as client,
                client.stream("GET", url, headers={"accept": "*/*"}) as answer,
            ):
                return _answered(url, answer)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            return Absence(url, f"no answer: {error or type(error).__name__}")


def _answered(url: str, answer: httpx.Response) -> Evidence | Absence:
    if answer.status_code != httpx.codes.OK:
        return Absence(url, f"it answers {answer.status_code}", "vendor")
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            return Absence(url, f"it sends more than {MOST_BYTES:,} bytes", "vendor")
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Evidence(url, bytes(body), media_type or "application/octet-stream", "web")
