"""The copper chain moved to one live host: every made-up company becomes a path below the server's own address.

    https://id.voltara-cells.example/01/…      ->  https://localhost:8443/01/…
    https://voltara-cells.example/manuals/…    ->  https://localhost:8443/hosts/voltara-cells.example/manuals/…
    did:web:voltara-cells.example              ->  did:web:localhost%3A8443:hosts:voltara-cells.example

Its dates are those of the demo, moved by whole days to the day on which the server starts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from harness.reference.chain import DEMO_CLOCK
from harness.reference.dates import moved
from harness.reference.payloads import Payload, linked_documents, load_payloads
from harness.reference.server.further import VERSION, further_payloads

HOSTS = "hosts"
_NAMED = re.compile(r"(https://|did:web:)((?:[a-z0-9-]+\.)+example)(?![a-z0-9.-])")


@dataclass(frozen=True)
class Address:
    """The server's own address, such as https://localhost:8443, and what follows from it."""

    base: str

    @property
    def did(self) -> str:
        """The did:web of the vendor itself, whose document stands at the root."""
        return f"did:web:{quote(urlsplit(self.base).netloc, safe='')}"

    def moved(self, text: str) -> str:
        """The text with every made-up host moved to this server."""
        return _NAMED.sub(self._moved, text)

    def _moved(self, found: re.Match[str]) -> str:
        scheme, host = found.groups()
        if scheme == "did:web:":
            return f"{self.did}:{HOSTS}:{host}"
        return self.base if host.startswith("id.") else f"{self.base}/{HOSTS}/{host}"

    def did_of(self, url: str) -> str:
        """The did:web of whoever publishes at a URL of this server."""
        parts = url.removeprefix(f"{self.base}/").split("/")
        return f"{self.did}:{HOSTS}:{parts[1]}" if parts[0] == HOSTS else self.did


def moved_payloads(address: Address, day: date) -> Mapping[str, Payload]:
    """The good credentials of 0.7.0, moved to the address and to the day."""
    days = (day - DEMO_CLOCK.date()).days
    good = {name: payload for name, payload in load_payloads().items() if payload.version == VERSION}
    return {
        name: Payload(name, moved(address.moved(payload.text), days))
        for name, payload in (good | further_payloads(good)).items()
    }


def moved_documents(address: Address) -> Mapping[str, tuple[bytes, str]]:
    """What the credentials link to, at its new URLs; the bytes stay, so that digests hold."""
    return {address.moved(url): found for url, found in linked_documents().items()}
