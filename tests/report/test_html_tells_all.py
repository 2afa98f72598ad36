"""The report shows what the record says, in the order of its readers, with script off as well."""

from __future__ import annotations

import copy

import pytest
from lxml import html

from harness.report import render_html
from harness.report.commands import again
from harness.report.findings import groups_of, places_of
from harness.report.visible import bearable, visible

from .pieces import Json, digest

DIGEST = digest("record")


def test_the_sections_stand_in_the_order_of_their_readers(failing_page: html.HtmlElement) -> None:
    """Verdict for the reviewer, scope, findings for the implementer, evidence for the auditor."""
    assert failing_page.xpath("//main/section/@id") == ["verdict", "scope", "findings", "evidence"]


def test_the_first_section_says_who_what_and_why(
    failing_record: Json, failing_page: html.HtmlElement
) -> None:
    """Vendor, product, scope, verdict, six numbers, instant, suite, digest and reasons stand on the first screen."""
    (first,) = failing_page.xpath("//section[@id='verdict']")
    text = " ".join(first.text_content().split())
    for expected in (
        "TraceMine 4.2.0",
        "Sample Minerals Ltd (Canada)",
        "untp-0.7.0",
        "VCP, DPP, DCC, DTE, DFR, DIA, IDR",
        "Not conformant",
        "2026-11-22 00:00:00 UTC",
        failing_record["harness"]["suite"],
        DIGEST,
    ):
        assert expected in text
    assert len(first.xpath(".//dl[@class='numbers']/div")) == 6
    links = first.xpath(".//ol[@class='reasons']//a/@href")
    assert links == [f"#{reason['requirement']}" for reason in failing_record["reasons"]]


def test_every_finding_is_there_without_script(failing_record: Json, failing_page: html.HtmlElement) -> None:
    """Each message, place, expected, actual and hint of the record is text of the page, none of it hidden."""
    (section,) = failing_page.xpath("//section[@id='findings']")
    text = section.text_content() + " ".join(section.xpath(".//a/@href"))
    places = list(places_of(failing_record))
    assert len(places) > 25
    for place in places:
        assert visible(place.subject) in text
        for member in ("message", "expected", "actual", "hint", "pointer", "source"):
            if place.finding[member]:
                assert visible(bearable(place.finding[member])) in text
    assert not section.xpath(".//*[@data-outcome][@hidden]")


def test_two_thousand_findings_are_all_there(large_record: Json) -> None:
    """Beyond the ones shown in full, each finding keeps its place, message, expected and actual."""
    page = html.document_fromstring(render_html(large_record, digest=DIGEST))
    assert sum(int(count) for count in page.xpath("//*[@data-outcome]/@data-count")) == 2000
    text = page.xpath("//section[@id='findings']")[0].text_content()
    assert all(place.finding["message"] in text for place in places_of(large_record))


def test_the_page_stays_small(large_record: Json) -> None:
    """The report of 2,000 findings is no larger than their record."""
    assert len(render_html(large_record, digest=DIGEST)) < 2_500_000


def test_findings_stand_worst_first(failing_record: Json) -> None:
    """Failed before error, review, not run and warning; the fault in most credentials leads."""
    groups = groups_of(failing_record)
    outcomes = [group.outcome for group in groups]
    assert list(dict.fromkeys(outcomes)) == ["failed", "error", "review", "not_run", "warning"]
    assert groups[0].requirement == "VCP-ENV-01"


def test_equal_findings_fold_into_one_with_its_places(
    failing_record: Json, failing_page: html.HtmlElement
) -> None:
    """Three credentials with the same fault are one finding with a count and a list."""
    group = groups_of(failing_record)[0]
    assert (len(group.folds), group.size, len(group.subjects)) == (1, 3, 3)
    (article,) = failing_page.xpath("//details[@id='VCP-ENV-01']//article")
    assert len(article.xpath(".//details[@class='places']//li")) == 2
    assert "The same in 2 more places" in article.text_content()


def test_the_excerpt_marks_the_guilty_span_with_its_line(failing_page: html.HtmlElement) -> None:
    """Five numbered lines, one of them guilty, the span in it marked."""
    source = failing_page.xpath("//details[@id='VCP-ENV-01']//pre[@class='source']")[0]
    assert source.xpath(".//span[@class='n']/text()") == ["1", "2", "3", "4", "5"]
    assert source.xpath("string(.//span[contains(@class, 'guilty')]/span)") == "3"
    assert source.xpath("string(.//mark)") == '"https://vocabulary.uncefact.org/untp/0.7.0/context/"'


def test_a_line_of_ten_thousand_characters_is_cut_around_the_mark(failing_page: html.HtmlElement) -> None:
    """A source without line breaks stays readable and says that it was re-indented."""
    (article,) = failing_page.xpath("//details[@id='VCP-ENV-07']//article")
    source = article.xpath(".//pre[@class='source']")[0]
    assert len(source.text_content()) < 250
    assert source.xpath("string(.//mark)").startswith("<script>")
    assert not source.xpath(".//span[@class='n']")
    assert "re-indented" in article.text_content()


def test_the_trace_marks_the_failing_step(failing_page: html.HtmlElement) -> None:
    """A trust finding unfolds into its steps; a step that the trace does not have is added as the failing one."""
    first, second = failing_page.xpath("//details[@id='VCP-ENV-06']//details[@class='trace']")
    assert first.xpath(".//li[@class='failing']/strong/text()") == ["signature value"]
    assert len(first.xpath(".//li")) == 3
    assert second.xpath(".//li[@class='failing']/strong/text()") == ["key lookup"]


def test_each_finding_says_how_to_judge_it_again(failing_page: html.HtmlElement) -> None:
    """It is the command of the record, narrowed to the one case."""
    commands = failing_page.xpath("//article//code[@class='command']/text()")
    assert len(commands) == len(failing_page.xpath("//article"))
    command = "untp-crm certify vendor.toml --at 2026-11-22T00:00:00Z --out out --only"
    assert {f"{command} VCP-ENV-09", f"{command} IDR-ID-01"} <= set(commands)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("untp-crm check 'a b' $(reboot)", "untp-crm check 'a b' '$(reboot)' --only A-1"),
        ("reboot; untp-crm demo", "untp-crm certify VENDOR.toml --only A-1"),
        ("untp-crm 'check", "untp-crm certify VENDOR.toml --only A-1"),
        ("untp-crm demo --only X", "untp-crm demo --only X"),
    ],
)
def test_a_strangers_command_is_only_a_call_of_ours(line: str, command: str) -> None:
    """What a record says is run is quoted word by word, and left out where it is no call of our program."""
    assert again({"case": "A-1"}, [line]) == command


def test_every_requirement_can_be_linked_to(failing_record: Json, failing_page: html.HtmlElement) -> None:
    """Each requirement of the record is an anchor by its id; ids occur once, inside links lead somewhere."""
    ids = failing_page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(failing_record["requirements"]) <= set(ids)
    assert {
        href[1:] for href in failing_page.xpath("//a/@href | //use/@href") if href.startswith("#")
    } <= set(ids)


def test_the_matrix_adds_up_to_the_counts(failing_record: Json, failing_page: html.HtmlElement) -> None:
    """The numbers of the scope are those of the first screen, component by component."""
    rows = failing_page.xpath("//table[@class='matrix']/tbody/tr")
    failed = sum(int(text) for row in rows for text in row.xpath("./td[1]//span[@class='failed']/text()[1]"))
    assert failed == failing_record["counts"]["MUST"]["failed"]
    assert rows[7].xpath("string(.)").split() == [
        "DAC",
        "Decentralised",
        "access",
        "control",
        "Not",
        "claimed",
        "0",
    ]


def test_bars_say_in_words_what_they_show(failing_page: html.HtmlElement) -> None:
    """Each bar has a title and a description with its numbers."""
    bars = failing_page.xpath("//*[local-name()='svg'][@class='bar']")
    assert bars
    for bar in bars:
        assert bar.xpath("string(./*[local-name()='title'])")
        assert any(letter.isdigit() for letter in bar.xpath("string(./*[local-name()='desc'])"))


def test_the_evidence_section_names_what_everything_rests_on(
    failing_record: Json, failing_page: html.HtmlElement
) -> None:
    """Digests, engines, artefacts, conflicts, what is untested and how to judge again are all there."""
    text = failing_page.xpath("//section[@id='evidence']")[0].text_content()
    for row in (*failing_record["evidence"], *failing_record["artefacts"]):
        assert row["sha256"] in text
    for row in failing_record["untested"]:
        assert row["requirement"] in text
    assert all(version in text for version in failing_record["engines"].values())
    assert "The id is optional." in text
    assert failing_record["reproduce"][0] in text
    assert (
        "They do not count for the verdict."
        in failing_page.xpath("//section[@id='verdict']")[0].text_content()
    )


def test_every_link_out_has_a_number_for_print(failing_page: html.HtmlElement) -> None:
    """Links carry the number under which their address stands in the list at the end."""
    listed = [item.text_content() for item in failing_page.xpath("//section[@class='links']//li")]
    for link in failing_page.xpath("//a[starts-with(@href, 'http')]"):
        number = int(link.getnext().text_content())
        assert listed[number - 1] == link.get("href")


def test_a_check_without_vendor_is_reported_too(good_record: Json) -> None:
    """A record of `check` names no vendor and no product, and each credential has its own profile."""
    record = copy.deepcopy({**good_record, "vendor": None, "product": None, "profile": None})
    record["subjects"][0].update(type=None, profile=None)
    page = html.document_fromstring(render_html(record, digest=DIGEST))
    assert "No organisation named" in page.text_content()


def test_a_run_that_tested_nothing_says_so(good_record: Json) -> None:
    """Without a result the verdict is undetermined and the sentence says why."""
    zero = {level: dict.fromkeys(row, 0) for level, row in good_record["counts"].items()}
    nothing = {"results": [], "subjects": [], "evidence": [], "counts": zero, "verdict": "undetermined"}
    page = html.document_fromstring(render_html({**good_record, **nothing}, digest=DIGEST))
    assert "Nothing was tested" in page.xpath("//section[@id='verdict']")[0].text_content()
    assert "There are no findings." in page.text_content()


def test_what_was_judged_though_not_claimed_is_no_claim(failing_record: Json) -> None:
    """Its row has its numbers, says that it was not claimed and looks as other rows without a claim do."""
    claimed = [name for name in failing_record["scope"]["components"] if name != "IDR"]
    narrower = {**failing_record, "scope": {**failing_record["scope"], "components": claimed}}
    for record, expected in ((failing_record, False), (narrower, True)):
        page = html.document_fromstring(render_html(record, digest=DIGEST))
        (row,) = page.xpath("//section[@id='scope']//tr[th//span[@class='code' and text()='IDR']]")
        assert (row.get("class") == "unclaimed") is expected
        assert ("Not claimed" in row.text_content()) is expected
        assert "1 error" in row.text_content()


def test_how_many_more_reasons_there_are_is_told(failing_record: Json) -> None:
    """The first screen has five at most, names how many requirements one cause leaves open, and counts the rest."""
    reasons = [{**failing_record["reasons"][0], "also": ["VCP-ENV-05", "VCP-ENV-06"], "places": 1}]
    page = html.document_fromstring(
        render_html({**failing_record, "reasons": reasons, "reasons_more": 4}, digest=DIGEST)
    )
    text = " ".join(page.xpath("//section[@id='verdict']")[0].text_content().split())
    assert "and 2 more:" in text
    assert "and 4 more" in text


def test_credentials_alone_claim_nothing(failing_record: Json) -> None:
    """Without a vendor the scope has the components that the credentials show, and none as claimed or not."""
    page = html.document_fromstring(
        render_html({**failing_record, "vendor": None, "product": None}, digest=DIGEST)
    )
    (scope,) = page.xpath("//section[@id='scope']")
    spoken = {
        failing_record["requirements"][row["requirement"]]["component"] for row in failing_record["results"]
    }
    assert set(scope.xpath(".//th//span[@class='code']/text()")) <= spoken
    (table,) = scope.xpath(".//table")
    assert "laimed" not in table.text_content()
