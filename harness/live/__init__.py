"""Dialogues: what is asked of the live endpoints of each role, in which order. Judging reads only the recording.

The dialogue of a table of vendor.toml (issuer, verifier, resolver, publisher, registrar, vocabulary,
access_control) is the function `converse` of the module harness/live/<table>.py:

    def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
        yield line.ask(request, role=endpoint.role, endpoint=endpoint.name, probe=SMOKE, about=SETUP)
        ...

* The first exchange is the smoke test: probe SMOKE. Where it has no answer, or its status is one that
  `about["unusable"]` lists (SETUP does), the generator is closed and nothing more is asked of that endpoint:
  each of its cases is then not_run or error, never failed.
* Every exchange is made with `line.ask` and yielded. `role`, `endpoint`, `probe` and `step` name it within
  the run; the same name is never used twice at one endpoint.
* All that differs from run to run comes from `terms`: ids and choices from `terms.fresh` and
  `terms.choice`, dates from `terms.at`. With the same terms and answers a dialogue asks the same, byte for byte;
  that is how a second run takes up where the first one stopped.
* What a case needs to know beyond question and answer stands in `about` (vector, requirement, what was
  expected): judging has nothing else.

A dialogue never decides anything: the cases in test_cases/<table>/ do, on the subject that
harness/judge/<table>.py builds from the recording.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar

from harness.catalogue import Profile
from harness.exchange import Exchange, Line, nonce_bytes, nonce_text
from harness.judge.endpoint import SMOKE, UNUSABLE
from harness.live.host import Heard
from harness.vendor import Endpoint, Vendor

Choice = TypeVar("Choice")

SETUP: Mapping[str, str] = {UNUSABLE: "401 403 404 405 407 429 501"}
"""`about` of a smoke test: statuses that say that path, method or authorisation are not set up as in vendor.toml."""


class Host(Protocol):
    """The harness's own side of the web, which the endpoints reach: vectors, DID documents, status lists."""

    @property
    def base(self) -> str:
        """The URL that everything stands under, without a slash at the end."""

    def publish(self, path: str, body: bytes, media_type: str, *, status: int = 200) -> str:
        """Put something at a path below the base, in place of what stood there; gives its URL."""

    def withdraw(self, path: str) -> None:
        """Take a path away: it is answered with 404 from now on."""

    def silence(self, path: str) -> None:
        """Let a path take the connection, say nothing for a while and hang up."""

    def asked(self, path: str) -> int:
        """How often a path was asked for since the start."""

    def heard(self, folder: str = "") -> Sequence[Heard]:
        """What was asked below a folder, in the order in which it came."""


@dataclass(frozen=True)
class LiveTerms:
    """The terms of the live part of a run: nonce, clock, profile, what is claimed, and the harness's own host."""

    nonce: str
    at: datetime
    profile: Profile
    components: tuple[str, ...]
    roles: tuple[str, ...]
    host: Host | None = None

    def fresh(self, *purpose: str) -> str:
        """20 lower-case letters and digits that depend on the nonce and the purpose alone: for ids and names."""
        return nonce_text(self.nonce, *purpose)

    def number(self, *purpose: str) -> int:
        """A whole number that depends on the nonce and the purpose alone: seeds what is drawn at random."""
        return int.from_bytes(nonce_bytes(self.nonce, *purpose, length=8))

    def choice(self, choices: Sequence[Choice], *purpose: str) -> Choice:
        """One of some choices, by the nonce and the purpose alone."""
        return choices[self.number(*purpose) % len(choices)]


Converse = Callable[[Vendor, Endpoint, Line, LiveTerms], Iterator[Exchange]]
"""The shape of a dialogue with one endpoint."""


@cache
def dialogue(table: str) -> Converse | None:
    """The dialogue of a table of vendor.toml; None where this version has none: then its cases are not run."""
    name = f"{__name__}.{table}"
    if importlib.util.find_spec(name) is None:
        return None
    found: Converse = importlib.import_module(name).converse
    return found


def converse_with(endpoint: Endpoint, vendor: Vendor, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """The dialogue with one endpoint, exchange by exchange; it ends after a smoke test that fails."""
    talk = dialogue(endpoint.role)
    if talk is None:
        return
    for exchange in talk(vendor, endpoint, line, terms):
        yield exchange
        if exchange.probe == SMOKE and not usable(exchange):
            return
    if endpoint.role == "verifier":
        yield from importlib.import_module(f"{__name__}.others").about_others(vendor, endpoint, line)


def converse_with_all(vendor: Vendor, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """The dialogues with every endpoint of a vendor, one after the other, in the order of its tables."""
    for endpoint in vendor.live:
        yield from converse_with(endpoint, vendor, line, terms)


def usable(smoke: Exchange) -> bool:
    """Whether a smoke test shows an endpoint that can be spoken to."""
    if smoke.answer is None:
        return False
    return str(smoke.answer.status) not in smoke.about.get(UNUSABLE, "").split()
