"""Findings at live endpoints: what was asked and answered is shown, not the steps of a computation."""

from __future__ import annotations

import json

from lxml import html

from harness.report import render_html, render_sarif
from harness.report.dialogue import dialogue_of
from harness.report.plain import finding_lines

from .pieces import HOSTILE, Json, digest
from .talk import ASKED, EXCHANGE, found, live


def test_a_dialogue_is_told_from_a_computation() -> None:
    """Two sides: method and URL with what was sent, status with headers and body; other traces are none."""
    asked, answered = dialogue_of(found())
    assert (asked.side, asked.head) == ("question", f"POST {ASKED}")
    assert answered.head == "200 application/json"
    assert "cache-control: no-store" in answered.text
    assert '"verified": true' in answered.text
    assert dialogue_of({"trace": [{"name": "JOSE Header", "text": "", "sha256": "", "clause": ""}]}) == ()
    assert dialogue_of({}) == ()


def test_no_cookie_is_shown() -> None:
    """What could be a session is left out of the finding, on both sides."""
    assert "secret" not in str(found())
    assert "session" not in str(found())


def test_the_page_shows_what_was_said(good_record: Json) -> None:
    """Method, URL, status, headers, the lines of the answer with the guilty one marked; and no "stopped at"."""
    page = html.document_fromstring(render_html(live(good_record), digest=digest("record")))
    (shown,) = page.xpath("//article[.//div[@class='dialogue']]")
    text = " ".join(shown.text_content().split())
    for expected in (
        f"POST {ASKED}",
        "200 application/json",
        "cache-control: no-store",
        "verifier[0]",
        digest_of_answer(),
    ):
        assert expected in text
    assert shown.xpath(".//mark/text()") == ["true"]
    assert "stopped at" not in text


def digest_of_answer() -> str:
    """The digest by which the body of the answer lies among the evidence."""
    assert EXCHANGE.answer is not None
    return EXCHANGE.answer.sha256


def test_the_page_names_the_endpoints(good_record: Json) -> None:
    """Who was spoken to, how often, who answered, and the digest of the whole recording."""
    page = html.document_fromstring(render_html(live(good_record), digest=digest("record")))
    (part,) = page.xpath("//section[@id='evidence']")
    text = " ".join(part.text_content().split())
    assert "asked 12 times, answered 11; 192.0.2.1:443" in text
    assert digest("recording") in text
    assert "Live endpoints" not in render_html(good_record, digest=digest("record"))


def test_the_terminal_names_both_sides() -> None:
    """Two lines in place of the steps."""
    lines = finding_lines(found())
    assert f"question: POST {ASKED}" in lines
    assert "answer: 200 application/json" in lines
    assert not any(line.startswith(("steps", "stopped")) for line in lines)


def test_what_an_endpoint_says_stays_text(good_record: Json) -> None:
    """Scripts, controls and reversed text in an answer are shown, never run."""
    record = live(good_record)
    for text in HOSTILE:
        record["results"][-1]["findings"][0]["trace"][1]["text"] = f"200 {text}\n{text}"
        page = render_html(record, digest=digest("record"))
        assert len(html.document_fromstring(page).xpath("//script")) == 1


def test_sarif_names_the_address_of_the_endpoint(good_record: Json) -> None:
    """Code review shows where the endpoint is, not only what the vendor file calls it."""
    (run,) = json.loads(render_sarif(live(good_record)))["runs"]
    places = [row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for row in run["results"]]
    assert places[-1] == ASKED
