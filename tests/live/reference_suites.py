"""Speaks to the live reference vendor over the harness's own line, table by table, and judges what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from harness.gather.line import LineWeb, RecordedLine
from harness.gather.web import Source
from harness.judge import Terms, judge_recording, load_suite
from harness.live import LiveTerms, converse_with
from harness.live.documents import documents_in
from harness.live.host import WebHost
from harness.live.issuer import given_web
from harness.live.session import Session
from harness.model import Outcome, Result
from harness.reference.server.application import LiveVendor
from harness.run import Bench
from harness.vendor import load_vendor

from .judging import COMPONENTS, ROLES

TABLES = ("resolver", "publisher", "registrar", "vocabulary", "access_control")
FINE = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
NONCE = "6c69766533"


def results(
    served: LiveVendor, folder: Path, tables: Iterable[str] = TABLES, *, host: WebHost | None = None,
    at: datetime | None = None, nonce: str = NONCE,
) -> tuple[Result, ...]:  # fmt: skip
    """Every result on some tables of the reference vendor, with the faults that are on: endpoints, credentials, documents."""
    (folder / "authority.pem").write_bytes(served.hosted.authority)
    path = folder / "vendor.toml"
    path.write_text(served.vendor_toml(place=str(path)), encoding="utf-8")
    vendor, suite = load_vendor(path), load_suite()
    profile, at = suite.profile(vendor.profile), at or datetime.now(UTC).replace(microsecond=0)
    terms = LiveTerms(nonce, at, profile, COMPONENTS, ROLES, host)
    with RecordedLine.of(vendor) as line:
        for endpoint in vendor.live:
            if endpoint.role in tables:
                list(converse_with(endpoint, vendor, line, terms))
        session = Session(line.recording, nonce, at, LineWeb(line.wire, line.secrets))
        names = {
            table: [endpoint.name for endpoint in vendor.endpoints[table]]
            for table in vendor.endpoints
            if table in tables
        }
        judged = judge_recording(session.recording, names, suite, Terms(at, profile))
        return (*judged, *_of_credentials(session, Terms(at, profile), given_web(vendor, nonce, at)))


def _of_credentials(session: Session, terms: Terms, given: Source) -> Iterator[Result]:
    """What issued credentials and served documents show."""
    suite = load_suite()
    assert terms.profile is not None
    bench = Bench(terms, (given, session.web))
    for evidence in (*session.issued(), *documents_in(session.recording, suite, terms.profile)):
        for judged in bench.judge(evidence):
            yield from judged.report.results
