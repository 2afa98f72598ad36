"""Secrets of a run: filled into what is sent, taken out of everything that is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from harness.errors import VendorFileError
from harness.exchange import Answer, Headers, Hop, Request
from harness.vendor import SECRET, Endpoint, secret, secret_names

SHORTEST = 8
"""Fewest characters of a secret: anything shorter could not be told from other text in an answer."""


@dataclass(frozen=True)
class Secrets:
    """The values of the environment variables that vendor.toml names. Never printed."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, endpoints: Iterable[Endpoint]) -> Secrets:
        """The secrets of some endpoints. Raises VendorFileError for a variable that is not set, empty or too short."""
        found = {}
        for name, place in secret_names(endpoints).items():
            value = secret(f"{SECRET}{name}", place)
            if len(value) < SHORTEST:
                raise VendorFileError(
                    f"the environment variable {name}, which {place} needs, has fewer than {SHORTEST} characters",
                    why="A secret is taken out of everything that is recorded; so short a one cannot be told apart.",
                    hint="Set a longer one.",
                )
            found[name] = value
        return cls(found)

    def fill(self, request: Request) -> Request:
        """The request as it is sent: `env:NAME` in headers, URL and body is the value."""
        headers = tuple((name, self._filled(value)) for name, value in request.headers)
        body = request.body
        for name, value in self.values.items():
            body = body.replace(f"{SECRET}{name}".encode(), value.encode())
        return Request(request.method, self._filled(request.url), headers, body)

    def _filled(self, text: str) -> str:
        for name, value in self.values.items():
            text = text.replace(f"{SECRET}{name}", value)
        return text

    @cached_property
    def _spellings(self) -> tuple[tuple[bytes, bytes], ...]:
        """Every spelling of every secret, longest first, and what is put in its place."""
        found: dict[bytes, bytes] = {}
        for name, value in self.values.items():
            parts = {value, *(part for part in value.split() if len(part) >= SHORTEST)}
            for part in parts:
                raw = part.encode()
                encoded = {base64.b64encode(raw), base64.urlsafe_b64encode(raw)}
                spellings = {raw, quote(part, safe="").encode(), json.dumps(part)[1:-1].encode(), *encoded}
                spellings |= {one.rstrip(b"=") for one in encoded}
                found |= dict.fromkeys(spellings, f"{SECRET}{name}".encode())
        return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))

    def removed(self, body: bytes) -> bytes:
        """Bytes without any secret: each is replaced by `env:NAME`."""
        for spelling, instead in self._spellings:
            if spelling in body:
                body = body.replace(spelling, instead)
        return body

    def removed_text(self, text: str) -> str:
        """Text without any secret."""
        return self.removed(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def removed_answer(self, answer: Answer) -> Answer:
        """An answer without any secret, wherever in it one was repeated."""
        return Answer(
            answer.status, self._headers(answer.headers), self.removed(answer.body), self.removed_text(answer.url),
            tuple(Hop(self.removed_text(h.url), h.status, self.removed_text(h.location)) for h in answer.hops),
            answer.peer,
        )  # fmt: skip

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self.removed_text(value)) for name, value in headers)
