"""The same evidence gives the same record: twice, in one process or two, fast or by the reference engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from harness.evidence import Absence, Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.reference.chain import reference_bundle
from harness.reference.payloads import load_payloads
from harness.report.jsonl import line
from harness.run import Bench, Judged, bundle_scope, make_record

GOOD = (
    "untp-0.7.0/dpp-pack-item",
    "untp-0.7.0/dte-pack-repair",
    "untp-0.7.0/dcc-pack-test",
    "untp-0.6.1/dfr-smelter",
    "untp-0.7.0/dpp-foil-batch",
)


def evidence() -> tuple[Evidence | Absence, ...]:
    """Good credentials as they are delivered, the same without a signature and with faults, and junk."""
    bundle = reference_bundle()
    payload: dict[str, Any] = json.loads(json.dumps(load_payloads()["untp-0.7.0/dpp-pack-item"].value))
    broken = {
        **payload,
        "validFrom": "2026-01-0+",
        "undefined": 1,
        "type": ["DigitalProductPassport"],
        "name": 10**400,
    }
    broken["credentialSubject"] = {
        **payload["credentialSubject"],
        "idGranularity": "item",
        "itemNumber": None,
    }
    return (
        *(bundle.delivered(name) for name in GOOD),
        Evidence("raw.json", json.dumps(payload).encode()),
        Evidence("broken.json", json.dumps(broken, indent=1).encode()),
        Evidence("twice.json", json.dumps(payload)[:-1].encode() + b', "name": 1}'),
        Evidence("junk.bin", b"\x00\x01"),
        Evidence("cut.json", b'{"a": '),
        Evidence("lines.jsonl", b'{"@context": []}\n{broken\n[]\n'),
        Absence("gone.json", "cannot be read: gone"),
        Evidence(
            "strange.json",
            json.dumps(
                {"@context": [None, 5, {}], "type": 5, "issuer": [], "credentialSubject": [[1], None]}
            ).encode(),
        ),
    )


def bench(engine: str = "fast", at: datetime | None = None) -> Bench:
    """A bench over the web of the reference vendor."""
    bundle = reference_bundle()
    return Bench(Terms(at or bundle.at, None, engine), (HeldWeb(bundle.web),))


def record(judged: list[Judged], by: Bench) -> dict[str, Any]:
    """The record, as it is written."""
    made = make_record(
        judged, by, bundle_scope(by.suite, (item.report.profile for item in judged)), profile=None
    )
    read: dict[str, Any] = json.loads(json.dumps(made, ensure_ascii=False))
    return read


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """Everything, judged once by the fast engines in this process."""
    return list(bench().judge_all(evidence()))


def test_nothing_stops_the_others(judged: list[Judged]) -> None:
    """Every piece of evidence has its reports, in the order of the input, and the good ones are conformant."""
    names = [item.report.name.partition("#")[0] for item in judged]
    assert list(dict.fromkeys(names)) == [item.name for item in evidence()]
    assert [str(item.report.verdict) for item in judged][: len(GOOD)] == ["conformant"] * len(GOOD)
    verdicts = {item.report.name: str(item.report.verdict) for item in judged}
    assert verdicts["broken.json"] == verdicts["twice.json"] == verdicts["cut.json"] == "nonconformant"
    assert verdicts["junk.bin"] == verdicts["gone.json"] == "undetermined"


def test_no_case_stumbles(judged: list[Judged]) -> None:
    """No case of the suite breaks on any of it: what is strange is told, never stumbled over."""
    stumbles = [
        (item.report.name, result.case, result.reason)
        for item in judged
        for result in item.report.results
        if "stumbled" in (result.reason or "")
    ]
    assert stumbles == []


def test_twice_is_the_same(judged: list[Judged]) -> None:
    """A second run over the same evidence gives the same record, byte for byte."""
    again = bench()
    assert json.dumps(record(list(again.judge_all(evidence())), again)) == json.dumps(record(judged, again))


def test_the_order_of_evidence_changes_no_report(judged: list[Judged]) -> None:
    """What was judged before leaves no trace: backwards, each report is the same."""
    again = bench()
    backwards = list(again.judge_all(reversed(evidence())))
    assert sorted(line(item.report) for item in backwards) == sorted(line(item.report) for item in judged)


def test_two_processes_say_the_same(judged: list[Judged]) -> None:
    """Judged in a pool, the reports come in the order of the input and are the same."""
    again = bench()

    def many() -> Iterator[Evidence | Absence]:
        for _ in range(4):
            yield from evidence()

    pooled = list(again.judge_all(many(), jobs=2))
    one = [line(item.report) for item in judged]
    assert [line(item.report) for item in pooled] == one * 4
    assert record(pooled[: len(judged)], again) == record(judged, again)


def test_the_reference_engines_say_the_same(judged: list[Judged]) -> None:
    """Record and reports by the reference engines differ from the fast ones in the engine stamp alone."""
    fast, slow = bench(), bench("reference")
    one, other = record(judged, fast), record(list(slow.judge_all(evidence())), slow)
    assert one.pop("engines").pop("mode") == "fast"
    assert other.pop("engines").pop("mode") == "reference"
    for member in one:
        assert one[member] == other[member], member
    assert one.keys() == other.keys()
