"""JUnit, SARIF, JSON Lines and Markdown say what the record says."""

from __future__ import annotations

import json
from collections import Counter
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from harness.model import Finding, Level, Outcome, Result, SubjectReport, Verdict
from harness.report import line, render_junit, render_markdown, render_sarif
from harness.report.visible import visible

from .pieces import HOSTILE, OUTCOMES, Json

CONTRACT = ["case", "requirement", "level", "outcome", "pointer", "line", "column"]
CONTRACT += ["message", "expected", "actual", "hint", "source"]


def test_junit_counts_agree_with_the_record(failing_record: Json) -> None:
    """Each result is one test case; failures, errors and skipped are counted as they are written."""
    root = _junit(failing_record)
    cases = root.findall(".//testcase")
    outcomes = Counter(result["outcome"] for result in failing_record["results"])
    assert len(cases) == int(root.attrib["tests"]) == len(failing_record["results"])
    assert len(root.findall(".//failure")) == int(root.attrib["failures"]) == outcomes["failed"]
    assert len(root.findall(".//error")) == int(root.attrib["errors"]) == outcomes["error"]
    skipped = outcomes["not_run"] + outcomes["review"] + outcomes["not_applicable"]
    told = sum(int(suite.attrib["skipped"]) for suite in root.findall("testsuite"))
    assert len(root.findall(".//skipped")) == told == skipped
    assert len(root.findall(".//system-out")) == outcomes["warning"]


def test_junit_has_one_suite_for_each_subject(failing_record: Json) -> None:
    """Credentials come in the order of the input, endpoints after them; totals add up."""
    root = _junit(failing_record)
    suites = root.findall("testsuite")
    names = [row["name"] for row in failing_record["subjects"]]
    assert [suite.attrib["name"] for suite in suites] == [*names, "https://id.minerals.example/"]
    for suite in suites:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert sum(int(suite.attrib["failures"]) for suite in suites) == int(root.attrib["failures"])


def test_junit_carries_hostile_strings_as_text(failing_record: Json) -> None:
    """Whatever XML forbids is written as its code; the rest is escaped."""
    text = "".join(_junit(failing_record).itertext())
    assert all(visible(string) in text for string in HOSTILE)


def test_sarif_has_what_viewers_need(failing_record: Json) -> None:
    """One run with driver, rules and results that refer to them by id and index."""
    log = json.loads(render_sarif(failing_record))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for row in run["results"]:
        assert rules[row["ruleIndex"]]["id"] == row["ruleId"]
        assert row["message"]["text"]
        assert row["level"] in ({"error", "warning"} if row["kind"] == "fail" else {"none"})
        artifact = row["locations"][0]["physicalLocation"]["artifactLocation"]
        if "index" in artifact:
            assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]


def test_sarif_says_file_line_and_column(failing_record: Json) -> None:
    """A finding with a line is a region that code review can show."""
    (run,) = json.loads(render_sarif(failing_record))["runs"]
    row = next(row for row in run["results"] if row["ruleId"] == "VCP-ENV-09")
    physical = row["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "battery-dpp.json"
    assert physical["region"] == {"startLine": 13, "startColumn": 24, "snippet": {"text": "94567"}}
    assert physical["contextRegion"]["startLine"] <= 13 <= physical["contextRegion"]["endLine"]
    assert "94567" in physical["contextRegion"]["snippet"]["text"]
    assert row["level"] == "warning"


def test_sarif_places_the_payload_of_a_token_at_its_one_line(failing_record: Json) -> None:
    """A token has one line: the region is that line, and the place in the payload is told beside it."""
    subjects = [{**row, "name": row["name"].replace(".json", ".jwt")} for row in failing_record["subjects"]]
    results = [
        {**row, "subject": row["subject"].replace(".json", ".jwt")} for row in failing_record["results"]
    ]
    (run,) = json.loads(render_sarif({**failing_record, "subjects": subjects, "results": results}))["runs"]
    row = next(row for row in run["results"] if row["ruleId"] == "VCP-ENV-09")
    assert row["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert (row["properties"]["payloadLine"], row["properties"]["payloadColumn"]) == (13, 24)
    assert "Line 13, column 24 of the payload" in row["message"]["text"]


def test_sarif_gives_every_credential_a_region(failing_record: Json) -> None:
    """What lies in no single line stands at the first, so that code review shows it at all; an endpoint has none."""
    (run,) = json.loads(render_sarif(failing_record))["runs"]
    for row in run["results"]:
        physical = row["locations"][0]["physicalLocation"]
        assert ("region" in physical) == ("index" in physical["artifactLocation"])


def test_sarif_blames_the_vendor_for_no_error_of_ours(failing_record: Json) -> None:
    """An error outcome is a notification that the run failed, not a result."""
    (run,) = json.loads(render_sarif(failing_record))["runs"]
    assert not [row for row in run["results"] if row["ruleId"] == "IDR-ID-02"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["associatedRule"]["id"] == "IDR-ID-02"


def test_sarif_makes_any_name_an_address(good_record: Json) -> None:
    """Spaces, colons, hidden and unpaired characters in a file name are percent-encoded."""
    subject = {**good_record["subjects"][0], "name": "a b:\u202e\ud800#%.json"}
    (run,) = json.loads(render_sarif({**good_record, "subjects": [subject]}))["runs"]
    assert run["artifacts"][0]["location"]["uri"] == "a%20b%3A%E2%80%AE%ED%A0%80%23%25.json"


def test_a_line_has_the_members_of_the_contract(failing_record: Json) -> None:
    """One credential is one line with every outcome and every finding that is news."""
    subject = failing_record["subjects"][5]
    results = [row for row in failing_record["results"] if row["subject"] == subject["name"]]
    text = line({**subject, "results": results})
    assert len(text.splitlines()) == 1
    row = json.loads(text)
    assert list(row) == ["subject", "sha256", "type", "profile", "verdict", "outcomes", "findings"]
    assert list(row["outcomes"]) == list(OUTCOMES)
    assert row["findings"]
    assert all(list(finding) == CONTRACT for finding in row["findings"])
    assert not {finding["outcome"] for finding in row["findings"]} & {"passed", "not_applicable"}


def test_a_line_can_be_made_of_a_subject_report() -> None:
    """A report of the model and its mapping give the same line; a bare result is a finding of its reason."""
    ends = [
        Result("A-01", "A-01", Level.MUST, "issuer", "a.json", Outcome.PASSED),
        Result("A-02", "A-02", Level.MUST, "issuer", "a.json", Outcome.NOT_RUN, reason="no answer"),
        Result(
            "A-03",
            "A-03",
            Level.MUST,
            "issuer",
            "a.json",
            Outcome.FAILED,
            (Finding("no", "/a", 1, 2, step="key"),),
        ),
    ]
    report = SubjectReport("a.json", "0" * 64, "", 1, "file", None, None, tuple(ends), Verdict.NONCONFORMANT)
    row = json.loads(line(report))
    assert row["verdict"] == "nonconformant"
    assert row["outcomes"]["not_run"] == 1
    assert [finding["message"] for finding in row["findings"]] == ["no answer", "no"]
    assert row["findings"][1]["step"] == "key"


def test_markdown_says_the_verdict_and_escapes_the_rest(failing_record: Json) -> None:
    """The summary starts with the verdict; no stranger's string is markup, HTML or a mention in it."""
    vendor = {"name": "@team [x](javascript:alert(1)) `code` | <b>", "website": None, "country": None}
    text = render_markdown({**failing_record, "vendor": vendor})
    assert text.startswith("# Not conformant: TraceMine")
    assert "<script>" not in text
    assert "&#64;team \\[x\\]\\(javascript\\:alert\\(1\\)\\) \\`code\\` \\| &lt;b\\>" in text


def test_markdown_counts_agree_with_the_record(failing_record: Json) -> None:
    """The six numbers are those of the record."""
    must = failing_record["counts"]["MUST"]
    assert f"| {must['passed']} | {must['failed']} | 1 | 2 | 1 | 1 |" in render_markdown(failing_record)


def _junit(record: Json) -> Element:
    root: Element = fromstring(render_junit(record))
    return root
