"""Speaks to the live reference vendor over the harness's own line, table by table, and judges what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from harness.exchange import Recording
from harness.gather.line import LineWeb, RecordedLine
from harness.judge import Terms, judge_recording, load_suite
from harness.listing.replay import record_of
from harness.listing.submission import RunTerms
from harness.live import LiveTerms, converse_with
from harness.live.documents import documents_in
from harness.live.host import WebHost
from harness.live.issuer import given_web
from harness.live.session import Session
from harness.model import Outcome, Result, Verdict
from harness.reference.server.application import LiveVendor
from harness.run import Bench, Judged, Scope
from harness.vendor import Vendor, load_vendor

from .judging import COMPONENTS, ROLES

TABLES = ("resolver", "publisher", "registrar", "vocabulary", "access_control")
FINE = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
NONCE = "6c69766533"


@dataclass(frozen=True)
class Tried:
    """What came of some tables of the vendor: the recording of a session, and each credential and document, judged."""

    vendor: Vendor
    session: Session
    bench: Bench
    judged: tuple[Judged, ...]

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every result on the endpoints, on the credentials and the documents, whatever is claimed."""
        suite = load_suite()
        names = {
            table: [endpoint.name for endpoint in found] for table, found in self.vendor.endpoints.items()
        }
        endpoints = judge_recording(self.session.recording, names, suite, self.bench.terms)
        return (*endpoints, *(result for one in self.judged for result in one.report.results))


def verdict_on(parts: Iterable[Tried]) -> Verdict:
    """The verdict of `certify` on the whole vendor, all of whose tables were tried, in whatever parts."""
    parts = tuple(parts)
    vendor, bench, session = parts[0].vendor, parts[0].bench, parts[0].session
    endpoints = tuple(endpoint for part in parts for endpoint in part.vendor.live)
    scope = Scope(vendor.components, vendor.roles, vendor.vendor, vendor.product, endpoints)
    recording = Recording(tuple(one for part in parts for one in part.session.recording.exchanges))
    terms = RunTerms.of(bench.terms, nonce=session.nonce, reproduce=())
    record = record_of([one for part in parts for one in part.judged], bench, scope, terms, recording)
    return Verdict(record["verdict"])


def tried(
    served: LiveVendor, folder: Path, tables: Iterable[str] = TABLES, *, host: WebHost | None = None,
    at: datetime | None = None, nonce: str = NONCE,
) -> Tried:  # fmt: skip
    """Ask some tables of the reference vendor, with the faults that are on, and judge what was said."""
    (folder / "authority.pem").write_bytes(served.hosted.authority)
    path = folder / "vendor.toml"
    path.write_text(served.vendor_toml(place=str(path)), encoding="utf-8")
    whole, suite = load_vendor(path), load_suite()
    wanted = {table: found for table, found in whole.endpoints.items() if found and table in set(tables)}
    vendor = replace(whole, endpoints=wanted)
    profile, at = suite.profile(vendor.profile), at or datetime.now(UTC).replace(microsecond=0)
    terms = LiveTerms(nonce, at, profile, COMPONENTS, ROLES, host)
    with RecordedLine.of(vendor) as line:
        for endpoint in vendor.live:
            list(converse_with(endpoint, vendor, line, terms))
        session = Session(line.recording, nonce, at, LineWeb(line.wire, line.secrets))
        bench = Bench(Terms(at, profile), (given_web(vendor, nonce, at), session.web))
        evidence = (*session.issued(), *documents_in(session.recording, suite, profile))
        judged = tuple(one for piece in evidence for one in bench.judge(piece))
    return Tried(vendor, session, bench, judged)


def results(served: LiveVendor, folder: Path, tables: Iterable[str] = TABLES) -> tuple[Result, ...]:
    """Every result on some tables of the reference vendor, with the faults that are on."""
    return tried(served, folder, tables).results
