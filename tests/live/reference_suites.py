"""Speaks to the live reference vendor over the harness's own line, table by table, and judges what was recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from harness.gather.line import LineWeb, RecordedLine
from harness.judge import Terms, judge_recording, load_suite
from harness.live import LiveTerms, converse_with
from harness.live.documents import documents_in
from harness.model import Outcome, Result
from harness.reference.server.application import LiveVendor
from harness.run import Bench
from harness.vendor import load_vendor

from .judging import COMPONENTS, ROLES

TABLES = ("resolver", "publisher", "registrar", "vocabulary", "access_control")
DOCUMENTS = load_suite().profile("untp-0.7.0").documents
"""What is judged beside credentials: those have tests of their own."""

UN_REGISTER = "CVC-REG-01"
"""A scheme that is made up is in no register of the UN: the register of the reference vendor lists it instead."""

FINE = (Outcome.PASSED, Outcome.NOT_APPLICABLE)


def results(served: LiveVendor, folder: Path, tables: tuple[str, ...] = TABLES) -> tuple[Result, ...]:
    """Every result on some tables of the reference vendor, with the faults that are on."""
    authority = folder / "authority.pem"
    authority.write_bytes(served.hosted.authority)
    path = folder / "vendor.toml"
    path.write_text(served.vendor_toml(place=str(path), authority=authority.name), encoding="utf-8")
    vendor, suite = load_vendor(path), load_suite()
    profile, at = suite.profile(vendor.profile), datetime.now(UTC)
    terms = LiveTerms("6c69766533", at, profile, COMPONENTS, ROLES)
    with RecordedLine.of(vendor) as line:
        for endpoint in vendor.live:
            if endpoint.role in tables:
                list(converse_with(endpoint, vendor, line, terms))
        recording = line.recording
    names = {table: [endpoint.name for endpoint in vendor.endpoints[table]] for table in tables}
    judging = Terms(at, profile)
    bench = Bench(judging, (LineWeb(line.wire, line.secrets),))
    documents = [
        item.report
        for item in bench.judge_all(documents_in(recording, suite, profile))
        if item.report.type in DOCUMENTS
    ]
    return (
        *judge_recording(recording, names, suite, judging),
        *(result for report in documents for result in report.results if result.case != UN_REGISTER),
    )
