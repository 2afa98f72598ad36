"""EARL, CTRF, SARIF, JUnit and the badge, read by software that knows nothing of us."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCTERMS, RDF

from harness.report import (
    render_badge,
    render_ctrf,
    render_earl,
    render_junit,
    render_sarif,
    write_report,
)
from harness.report.badge import COLOURS, INK, LABEL

from .facts import CTRF, SARIF
from .pieces import HOSTILE, Json, digest

EARL = Namespace("http://www.w3.org/ns/earl#")
OURS = Namespace("urn:untp-crm:")
EXPECTED = {
    "passed": EARL.passed,
    "failed": EARL.failed,
    "warning": EARL.cantTell,
    "review": EARL.cantTell,
    "error": EARL.cantTell,
    "not_run": EARL.untested,
    "not_applicable": EARL.inapplicable,
}


@pytest.fixture(scope="module")
def graph(failing_record: Json) -> Graph:
    """The EARL of the failing vendor, parsed by rdflib without a network."""
    return Graph().parse(data=render_earl(failing_record), format="json-ld")


def test_earl_has_one_assertion_for_each_result_with_the_outcome_of_the_table(
    failing_record: Json, graph: Graph
) -> None:
    """Rdflib finds the outcome, test, subject and assertor of every result, and the house's own outcome word."""
    expected = Counter(
        (row["subject"], row["requirement"], EXPECTED[row["outcome"]], row["outcome"])
        for row in failing_record["results"]
    )
    titles = {node: str(title) for node, title in graph.subject_objects(DCTERMS.title)}
    found: Counter[tuple[object, ...]] = Counter()
    for assertion in graph.subjects(RDF.type, EARL.Assertion):
        result, test = graph.value(assertion, EARL.result), graph.value(assertion, EARL.test)
        subject, assertor = graph.value(assertion, EARL.subject), graph.value(assertion, EARL.assertedBy)
        assert (assertor, RDF.type, EARL.Assertor) in graph
        assert (test, RDF.type, EARL.TestRequirement) in graph
        assert (subject, RDF.type, EARL.TestSubject) in graph
        assert graph.value(assertion, EARL.mode) == EARL.automatic
        name = str(graph.value(test, DCTERMS.identifier))
        own = str(graph.value(result, OURS.outcome))
        found[titles[subject], name, graph.value(result, EARL.outcome), own] += 1  # type: ignore[index]
    assert found == expected


def test_earl_points_at_line_and_column(graph: Graph) -> None:
    """A finding with a line has a pointer of the W3C's vocabulary with line, column and the credential."""
    pointers = Namespace("http://www.w3.org/2009/pointers#")
    places = {
        (int(str(line)), int(str(graph.value(node, pointers.charNumber))))
        for node, line in graph.subject_objects(pointers.lineNumber)
        if (graph.value(node, pointers.reference), RDF.type, EARL.TestSubject) in graph
    }
    assert {(3, 5), (13, 24)} <= places


def test_earl_never_makes_an_address_of_a_strangers_string(failing_record: Json) -> None:
    """A source that is no web address is left out of the graph's links; hostile names stay literals."""
    requirements = {
        name: {**row, "sources": ["javascript:alert(1)", "https://a b/"]}
        for name, row in failing_record["requirements"].items()
    }
    product = {"name": HOSTILE[0], "version": HOSTILE[1], "url": "javascript:alert(1)"}
    body = render_earl({**failing_record, "requirements": requirements, "product": product})
    parsed = Graph().parse(data=body, format="json-ld")
    assert not list(parsed.objects(None, DCTERMS.source))
    assert (None, DCTERMS.title, Literal(HOSTILE[0])) in parsed


def test_ctrf_follows_the_published_rules(failing_record: Json) -> None:
    """The report has the required members, the closed lists of statuses and no unknown member."""
    jsonschema.Draft202012Validator(CTRF).validate(_ctrf(failing_record))


@pytest.mark.parametrize("member", ["reportFormat", "specVersion"])
def test_the_rules_for_ctrf_can_fail(failing_record: Json, member: str) -> None:
    """Our copy of the rules refuses a report without a required member and with an unknown one."""
    report = _ctrf(failing_record)
    del report[member]
    assert list(jsonschema.Draft202012Validator(CTRF).iter_errors(report))
    assert list(jsonschema.Draft202012Validator(CTRF).iter_errors({**_ctrf(failing_record), "more": 1}))


def test_ctrf_counts_what_it_lists(failing_record: Json) -> None:
    """The summary adds up to the tests, a warning passes and an error is nobody's failure."""
    results = _ctrf(failing_record)["results"]
    statuses = Counter(test["status"] for test in results["tests"])
    summary = results["summary"]
    assert {key: summary[key] for key in statuses} == statuses
    assert summary["tests"] == len(failing_record["results"]) == sum(statuses.values())
    outcomes = Counter(row["outcome"] for row in failing_record["results"])
    assert statuses["passed"] == outcomes["passed"] + outcomes["warning"]
    assert statuses["failed"] == outcomes["failed"]
    assert statuses["other"] == outcomes["error"] + outcomes["review"]


def test_ctrf_has_the_same_id_for_the_same_record_only(failing_record: Json) -> None:
    """The report's id is a UUID made of the digest of the record."""
    first, again, other = (
        json.loads(render_ctrf(failing_record, digest=digest(text)))["reportId"] for text in "aab"
    )
    assert UUID(first) == UUID(again) != UUID(other)


def test_junit_is_read_by_an_independent_reader(failing_record: Json, tmp_path: Path) -> None:
    """Junitparser counts the failures, errors and skipped cases that the record has."""
    path = tmp_path / "junit.xml"
    path.write_bytes(render_junit(failing_record))
    suites = list(JUnitXml.fromfile(str(path)))
    kinds = Counter(type(entry) for suite in suites for case in suite for entry in case.result)
    outcomes = Counter(row["outcome"] for row in failing_record["results"])
    assert sum(len(list(suite)) for suite in suites) == len(failing_record["results"])
    assert kinds[Failure] == outcomes["failed"]
    assert kinds[Error] == outcomes["error"]
    assert kinds[Skipped] == outcomes["not_run"] + outcomes["review"] + outcomes["not_applicable"]
    assert [suite.name for suite in suites][: len(failing_record["subjects"])] == [
        row["name"] for row in failing_record["subjects"]
    ]


@pytest.mark.parametrize("name", ["good_record", "failing_record", "large_record"])
def test_sarif_follows_the_standard(name: str, request: pytest.FixtureRequest) -> None:
    """The log has what SARIF 2.1.0 requires, in the form that it requires."""
    log = json.loads(render_sarif(request.getfixturevalue(name)))
    jsonschema.Draft202012Validator(SARIF).validate(log)


def test_sarif_keeps_the_rules_that_no_schema_can_say(failing_record: Json) -> None:
    """Indices lead to their objects, ids are unique, addresses are URI references, fingerprints tell places apart."""
    (run,) = json.loads(render_sarif(failing_record))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert urlsplit(rule.get("helpUri", "https://none/")).scheme in {"http", "https"}
    for row in run["results"]:
        assert rules[row["ruleIndex"]] == row["ruleId"]
        uri = row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+", uri)
    prints = [row["partialFingerprints"]["finding/v1"] for row in run["results"]]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("verdict", sorted(COLOURS))
def test_the_badge_says_the_verdict_in_words(good_record: Json, verdict: str) -> None:
    """The badge is an image with a title, a description and its text; no script and no link."""
    body = render_badge({**good_record, "verdict": verdict, "reasons": []})
    root = ET.fromstring(body)
    svg = "{http://www.w3.org/2000/svg}"
    words = {"conformant": "conformant", "nonconformant": "not conformant", "undetermined": "undetermined"}
    texts = [node.text for node in root.iter(f"{svg}text")]
    assert texts == ["untp-0.7.0", words[verdict]]
    assert root.attrib["role"] == "img"
    named = [root.find(f".//*[@id='{name}']") for name in root.attrib["aria-labelledby"].split()]
    assert all(node is not None and node.text for node in named)
    assert {node.tag.removeprefix(svg) for node in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "g",
        "text",
    }


@pytest.mark.parametrize("background", [*COLOURS.values(), LABEL])
def test_the_badges_text_has_contrast(background: str) -> None:
    """Its text stands out by 4.5 to 1 at least, as WCAG 2.2 AA asks."""
    lighter, darker = sorted((_luminance(INK), _luminance(background)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_hostile_name_is_text_in_the_badge(good_record: Json) -> None:
    """What a vendor is called never becomes markup."""
    product = {"name": HOSTILE[1], "version": HOSTILE[2], "url": None}
    root = ET.fromstring(render_badge({**good_record, "product": product, "profile": HOSTILE[0]}))
    assert not [node for node in root.iter() if node.tag.endswith(("script", "img", "style"))]


def test_every_file_of_the_folder_is_the_renderers(failing_record: Json, tmp_path: Path) -> None:
    """write_report puts the same EARL, CTRF and badge on disk."""
    files = {path.name: path.read_bytes() for path in write_report(failing_record, tmp_path)}
    assert Graph().parse(data=files["earl.jsonld"], format="json-ld")
    assert json.loads(files["ctrf.json"])["extra"]["verdict"] == "nonconformant"
    assert files["badge.svg"].startswith(b"<?xml")


def _ctrf(record: Json) -> Json:
    report: Json = json.loads(render_ctrf(record, digest=digest("record")))
    return report


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
