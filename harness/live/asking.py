"""What the dialogues with publishing roles share: a question by name, and the checks that are written as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from harness.exchange import Exchange, Line, Request
from harness.judge.endpoint import SMOKE
from harness.judge.endpoint_check import Check
from harness.judge.resolver import ACCEPTED, linkset_in
from harness.judge.suite import load_suite
from harness.live.endpoint_check import ask_checks

READER = "https://reader.untp-crm.example"
"""The origin of a page in a browser that reads what is published."""

LINKSET = "application/linkset+json"
CREDENTIALS = "application/vc+jwt, application/vc+sd-jwt, application/vc, application/json;q=0.9, */*;q=0.1"
DATA = "application/ld+json, application/json;q=0.9"

MOST = 40
"""How many links, relations and documents of one kind are followed."""


@dataclass(frozen=True)
class Asking:
    """Questions to one endpoint: a name is never used twice, so a question that was asked already is not repeated."""

    line: Line
    role: str
    endpoint: str
    asked: dict[tuple[str, str], Exchange]

    @classmethod
    def to(cls, line: Line, role: str, endpoint: str) -> Asking:
        """The questions to an endpoint, none asked yet."""
        return cls(line, role, endpoint, {})

    def ask(
        self, url: str, probe: str, step: str = "", headers: Mapping[str, str] | None = None, *,
        redirects: int = 0, method: str = "GET", body: bytes = b"", about: Mapping[str, str] | None = None,
    ) -> Iterator[Exchange]:  # fmt: skip
        """One question; nothing where it was asked before, or where the address is none of the web."""
        name = (probe, step or url)
        if name in self.asked or urlsplit(url).scheme.lower() not in ("http", "https"):
            return
        request = Request(method, url, tuple((headers or {}).items()), body)
        self.asked[name] = self.line.ask(
            request, role=self.role, endpoint=self.endpoint, probe=probe, step=step or url, about=about,
            redirects=redirects,
        )  # fmt: skip
        yield self.asked[name]

    def listing(
        self, url: str, probe: str, step: str, about: Mapping[str, str] | None = None
    ) -> Iterator[Exchange]:
        """The link set of an identifier: by link type, and where that gives none, by the Accept header alone."""
        asked = ((step, with_parameters(url, linkType="linkset")), (f"{step} {ACCEPTED}", url))
        for name, address in asked:
            for exchange in self.ask(address, probe, name, {"accept": LINKSET}, redirects=3, about=about):
                yield exchange
                if linkset_in(exchange) is not None:
                    return

    def answered(self, probe: str, step: str) -> Exchange | None:
        """A question that was asked already."""
        return self.asked.get((probe, step))

    def smoke(self, url: str) -> Iterator[Exchange]:
        """The smoke test: anything that answers can be spoken to."""
        yield self.line.ask(Request("GET", url), role=self.role, endpoint=self.endpoint, probe=SMOKE)

    def checks(self, table: Mapping[str, Any], checks: Iterable[Check]) -> Iterator[Exchange]:
        """The checks that are written as data, with the variables of a table."""
        return ask_checks(checks, table, self.line, role=self.role, endpoint=self.endpoint)


def checks_of(role: str) -> tuple[Check, ...]:
    """The checks written as data of a table of vendor.toml."""
    return tuple(
        item.check for item in load_suite().cases if item.suite == role and isinstance(item.check, Check)
    )


def with_parameters(url: str, **parameters: str) -> str:
    """The URL with query parameters added."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url
