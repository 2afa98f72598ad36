"""Official documents from their publishers: HTTPS only, a fixed list of URLs, bounded in size, time and redirects.

What comes is not trusted: who asked compares its digest with the published one.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Container
from dataclasses import dataclass, field

import httpx

from harness import __version__
from harness.evidence import Absence, Evidence

MAX_REDIRECTS = 5
SECONDS = 30.0
"""Longest time for one document, all redirects included."""
SILENCE = 10.0
"""Longest time without a byte, in seconds."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "application/ld+json, application/schema+json, application/json;q=0.9, */*;q=0.1"


@dataclass(frozen=True)
class Publisher:
    """Answers the URLs on its list from the network; a test puts a transport of its own in."""

    urls: Container[str]
    max_bytes: int
    transport: httpx.BaseTransport | None = None
    seconds: float = SECONDS
    _headers: dict[str, str] = field(
        default_factory=lambda: {"Accept": _ACCEPT, "User-Agent": f"untp-crm-harness/{__version__}"},
        repr=False,
    )

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL of the list, or an absence with its reason."""
        if url not in self.urls:
            return Absence(url, "it is not on the list of URLs that may be asked")
        deadline = time.monotonic() + self.seconds
        with httpx.Client(transport=self.transport, timeout=SILENCE, headers=self._headers) as client:
            target = httpx.URL(url)
            for _ in range(MAX_REDIRECTS + 1):
                refusal = _refusal(target)
                if refusal is not None:
                    return Absence(url, refusal)
                try:
                    answer = self._asked(client, target, url, deadline)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    return Absence(url, f"no answer from {target.host}: {str(error) or type(error).__name__}")
                if not isinstance(answer, httpx.URL):
                    return answer
                target = answer
        return Absence(url, f"it redirects more than {MAX_REDIRECTS} times")

    def _asked(
        self, client: httpx.Client, target: httpx.URL, url: str, deadline: float
    ) -> Evidence | Absence | httpx.URL:
        """The answer to one request, or the URL that it redirects to."""
        with client.stream("GET", target) as response:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return target.join(response.headers["location"])
            if response.status_code != httpx.codes.OK:
                return Absence(url, f"{target.host} answers {response.status_code}")
            body = bytearray()
            for piece in response.iter_bytes(65_536):
                body += piece
                if len(body) > self.max_bytes:
                    return Absence(url, f"the answer is larger than {self.max_bytes:,} bytes")
                if time.monotonic() > deadline:
                    return Absence(url, f"the answer took longer than {self.seconds:g} seconds")
            media_type = response.headers.get("content-type", "application/octet-stream")
        return Evidence(url, bytes(body), media_type.partition(";")[0].strip(), "online")


def _refusal(target: httpx.URL) -> str | None:
    """Why a URL is not asked: anything but HTTPS, and hosts that stand for this machine or its network."""
    if target.scheme != "https" or not target.host:
        return f"it leads to {target.scheme}://{target.host}, and only https is asked"
    try:
        ipaddress.ip_address(target.host)
    except ValueError:
        private = "." not in target.host.rstrip(".") or target.host.rstrip(".").endswith(
            (".localhost", ".local")
        )
    else:
        private = True
    return f"it leads to {target.host}, which is no public name" if private else None
