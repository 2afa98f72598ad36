"""The files of real runs, a conformant and a failing one, read by software that knows nothing of us."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from rdflib import Graph, Namespace
from report.facts import CTRF, SARIF

from harness.cli import main

EARL = Namespace("http://www.w3.org/ns/earl#")
OUTCOMES = {
    "passed": EARL.passed, "failed": EARL.failed, "warning": EARL.cantTell, "review": EARL.cantTell,
    "error": EARL.cantTell, "not_run": EARL.untested, "not_applicable": EARL.inapplicable,
}  # fmt: skip
FAULT = "header-altered-after-signing"


@pytest.fixture(scope="module", params=["conformant", "failing"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report folder of the demo, whole or broken in one way."""
    out = tmp_path_factory.mktemp(request.param)
    words = ["--fault", FAULT] if request.param == "failing" else ["--at", "2026-11-01T00:00:00Z"]
    with pytest.raises(SystemExit) as done:
        main(["--quiet", "demo", "--out", str(out), *words])
    assert done.value.code == (1 if request.param == "failing" else 0)
    return out


@pytest.fixture
def outcomes(run: Path) -> Counter[str]:
    """How often each outcome stands in the record of the run."""
    return Counter(row["outcome"] for row in _json(run / "record.json")["results"])


def test_earl(run: Path, outcomes: Counter[str]) -> None:
    """Rdflib finds as many results of each outcome as the record has."""
    graph = Graph().parse(run / "earl.jsonld", format="json-ld")
    expected: Counter[Any] = Counter()
    for outcome, number in outcomes.items():
        expected[OUTCOMES[outcome]] += number
    assert Counter(graph.objects(None, EARL.outcome)) == expected


def test_junit(run: Path, outcomes: Counter[str]) -> None:
    """Junitparser counts cases, failures, errors and skipped ones as the record does."""
    suites = list(JUnitXml.fromfile(str(run / "junit.xml")))
    kinds = Counter(type(entry) for suite in suites for case in suite for entry in case.result)
    assert sum(len(list(suite)) for suite in suites) == outcomes.total()
    assert kinds[Failure] == outcomes["failed"]
    assert kinds[Error] == outcomes["error"]
    assert kinds[Skipped] == outcomes["not_run"] + outcomes["review"] + outcomes["not_applicable"]


def test_sarif(run: Path, outcomes: Counter[str]) -> None:
    """The log keeps the rules of SARIF 2.1.0, and each failure is an error at a line of its file."""
    log = _json(run / "results.sarif")
    jsonschema.Draft202012Validator(SARIF).validate(log)
    errors = [row for row in log["runs"][0]["results"] if row["level"] == "error"]
    assert len({(row["properties"]["case"], _file(row)) for row in errors}) == outcomes["failed"]
    assert all("region" in row["locations"][0]["physicalLocation"] for row in errors)


def test_ctrf(run: Path, outcomes: Counter[str]) -> None:
    """The report keeps the rules of CTRF and counts as the record does."""
    report = _json(run / "ctrf.json")
    jsonschema.Draft202012Validator(CTRF).validate(report)
    assert report["results"]["summary"]["failed"] == outcomes["failed"]
    assert report["results"]["summary"]["tests"] == outcomes.total()


def _file(row: dict[str, Any]) -> str:
    return str(row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
