"""The live part of a run: every dialogue held once, written down as it goes, taken up where an earlier run stopped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from harness.evidence import Evidence
from harness.exchange import Exchange, Line, Recording, Request, Trouble
from harness.gather.adapters import adapter_of
from harness.gather.line import LineWeb, RecordedLine
from harness.gather.partial import Partial, PartialTerms, taken_up
from harness.judge import Suite
from harness.judge.endpoint import CUT_SHORT
from harness.judge.issuer import issued_in_recording
from harness.live import Host, LiveTerms, converse_with
from harness.vendor import Endpoint, Vendor, host_and_port

WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
Passing = Callable[[Iterable[Exchange]], Iterator[Exchange]]
"""Passes exchanges through, such as to show progress."""


@dataclass(frozen=True)
class Session:
    """What came of the dialogues: the recording, the terms under which it was made, and what is still open."""

    recording: Recording
    nonce: str
    at: datetime
    web: LineWeb
    taken_up: int = 0
    interrupted: bool = False

    @property
    def open(self) -> tuple[Exchange, ...]:
        """The questions that have no answer."""
        return tuple(exchange for exchange in self.recording.exchanges if exchange.answer is None)

    def issued(self) -> Iterator[Evidence]:
        """The credentials that issuers gave, as evidence, in the order of the run."""
        return issued_in_recording(self.recording)


def hold(
    vendor: Vendor, text: str, suite: Suite, *, out: Path, nonce: str | None, at: datetime | None, anew: str = "",
    host: Host | None = None, passing: Passing = iter, said: Callable[[str], None] = lambda _text: None,
) -> Session:  # fmt: skip
    """Hold the dialogues with every endpoint of a vendor and give what was recorded.

    `text` is the vendor file. What an earlier run of the same vendor file, suite and nonce left under `out` is
    taken up: its nonce and moment, and every answer; `anew` (any text) begins from the start. An interruption by
    the keyboard ends the dialogues, and what was recorded until then is given. `said` takes notes for the user.
    Raises VendorFileError for what is wrong with the endpoints before anything is asked.
    """
    for endpoint in vendor.live:
        if endpoint.role in ("issuer", "verifier"):
            adapter_of(endpoint)
    earlier = None if anew else taken_up(out)
    mine = PartialTerms.of(
        text, suite.digest, nonce=nonce or secrets.token_hex(16), at=_now(at), port=_port_of(host)
    )
    before = Recording()
    if earlier is not None and _same(earlier[0], mine, nonce, at):
        mine, before = replace(earlier[0], port=mine.port), earlier[1]
        answered = sum(1 for exchange in before.exchanges if exchange.answer is not None)
        said(
            f"Taking up the run of {mine.at} (nonce {mine.nonce}): {answered:,} answers are kept, the rest is asked."
        )
    elif earlier is not None:
        said(
            "An earlier run that stopped was of another vendor file, suite, nonce or time: this one begins anew."
        )
    moment = datetime.strptime(mine.at, WRITTEN).replace(tzinfo=UTC)
    terms = LiveTerms(
        mine.nonce, moment, suite.profile(vendor.profile), vendor.components, vendor.roles, host
    )
    line = RecordedLine.of(vendor, before=before)
    partial = Partial(out, mine)
    line.keep = partial.keep
    interrupted, ended = False, set[str]()
    try:
        with line:
            for _ in passing(_conversation(vendor, line, terms, ended)):
                pass
    except KeyboardInterrupt:
        interrupted = True
        line.exchanges += [_cut_short(endpoint) for endpoint in vendor.live if endpoint.name not in ended]
    session = Session(
        line.recording, mine.nonce, moment, LineWeb(line.wire, line.secrets), line.taken_up, interrupted
    )
    partial.close(settled=not interrupted and not any(_worth_again(exchange) for exchange in session.open))
    return session


def _conversation(vendor: Vendor, line: Line, terms: LiveTerms, ended: set[str]) -> Iterator[Exchange]:
    """The dialogues one after the other; the name of each endpoint is added once its own has ended."""
    for endpoint in vendor.live:
        yield from converse_with(endpoint, vendor, line, terms)
        ended.add(endpoint.name)


def _cut_short(endpoint: Endpoint) -> Exchange:
    """What stands in the recording for all that was not asked of an endpoint."""
    reason = "the run was interrupted before everything was asked"
    request = Request("GET", endpoint.url)
    return Exchange(endpoint.role, endpoint.name, CUT_SHORT, "", request, None, Trouble.INTERRUPTED, reason)


def on_its_port(vendor: Vendor, out: Path) -> Vendor:
    """The vendor, with the harness listening where the run that left something under `out` did, if any port would do."""
    earlier = taken_up(out)
    address, _, port = vendor.harness.listen.rpartition(":")
    if earlier is None or not earlier[0].port or port != "0":
        return vendor
    with socket.socket() as probe:
        try:
            probe.bind((address, earlier[0].port))
        except OSError:  # somebody else has it by now: what needs our URLs is asked anew
            return vendor
    return replace(vendor, harness=replace(vendor.harness, listen=f"{address}:{earlier[0].port}"))


def _port_of(host: Host | None) -> int:
    return host_and_port(host.base)[1] if host is not None else 0


def _worth_again(exchange: Exchange) -> bool:
    """Whether asking again may bring an answer: not where the policy forbids it."""
    return exchange.trouble is not Trouble.NOT_ALLOWED


def _same(earlier: PartialTerms, mine: PartialTerms, nonce: str | None, at: datetime | None) -> bool:
    same = earlier.vendor == mine.vendor and earlier.suite == mine.suite
    return same and nonce in (None, earlier.nonce) and (at is None or earlier.at == mine.at)


def _now(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).strftime(WRITTEN)
