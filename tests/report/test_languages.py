"""The report in every language that has a file: whole, marked where it stays English, and easy to add to."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from harness import resources
from harness.errors import UsageError
from harness.report import html as report_html
from harness.report import render_html
from harness.report.texts import languages, texts
from harness.resources import resource

from .pieces import Json, digest

DIGEST = digest("record")
WELSH = """
plural = "n==1 ? 0 : n==2 ? 1 : 2"
forms = ["one", "two", "other"]
"""


@pytest.mark.parametrize("language", languages())
def test_the_page_says_its_language(failing_record: Json, language: str) -> None:
    """The html element and the printed page's foot are in the language, and the verdict is its word."""
    text = render_html(failing_record, digest=DIGEST, language=language)
    page = html.document_fromstring(text)
    words = texts(language)
    assert page.get("lang") == language
    assert words("verdict.nonconformant") in page.xpath("string(//p[@class='word'])")
    foot = re.search(r'@bottom-left { content: "([^"]*)"', text)
    assert foot is not None
    assert re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), foot[1]) == words("page.kind")


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_what_stays_english_is_marked(failing_record: Json, language: str) -> None:
    """Titles, statements, messages and hints are English with lang="en", so that a screen reader says them so."""
    page = html.document_fromstring(render_html(failing_record, digest=DIGEST, language=language))
    marked = {node.text_content() for node in page.xpath("//*[@lang='en']")}
    for row in failing_record["requirements"].values():
        assert row["statement"] in marked
    assert any("The first entry of @context" in text for text in marked)


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_no_english_word_of_ours_is_left(good_record: Json, language: str) -> None:
    """Headings, labels and buttons are in the language: none of the English ones stands on the page."""
    page = html.document_fromstring(render_html(good_record, digest=DIGEST, language=language))
    for node in page.xpath("//*[@lang='en'] | //style | //script | //code | //bdi"):
        node.drop_tree()
    seen = {text.strip() for text in page.itertext()}
    english = {texts("en")(key) for key in ENGLISH} - {texts(language)(key) for key in ENGLISH}
    assert len(english) > 15
    assert not seen & english


ENGLISH = (
    *(f"section.{name}" for name in ("scope", "findings", "evidence")),
    *(f"facts.{name}" for name in ("title", "organisation", "roles", "sealed", "digest", "not_sealed")),
    *(f"numbers.{name}" for name in ("must_passed", "must_failed", "warned", "not_run", "unit")),
    *(
        f"evidence.{name}"
        for name in ("requirements", "subjects", "bytes", "engines", "reproduce", "nothing")
    ),
    *(f"outcome.{name}" for name in ("passed", "failed", "not_run", "review")),
    "page.kind",
    "scope.intro",
    "findings.none",
)


@pytest.fixture
def with_a_further_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the suite's data with one more file of texts, whose language has three forms."""
    for folder in ("reports", "schemas"):
        shutil.copytree(resource(folder), tmp_path / folder)
    english = (tmp_path / "reports/texts/en.toml").read_text(encoding="utf-8")
    welsh = english.replace('language = "en"', 'language = "cy"')
    welsh = re.sub(r"forms = .*\nplural = .*\n", WELSH.lstrip(), welsh)
    welsh = re.sub(r"{ one = (\".*?\"), other = (\".*?\") }", r"{ one = \1, two = \2, other = \2 }", welsh)
    welsh = re.sub(r"^(one = (\".*\"))$", r"\1\ntwo = \2", welsh, flags=re.MULTILINE)
    (tmp_path / "reports/texts/cy.toml").write_text(welsh.replace("Not conformant", "Ddim yn cydymffurfio"))
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)
    for cached in (texts, report_html._environment, report_html._asset):
        cached.cache_clear()
    yield "cy"
    for cached in (texts, report_html._environment, report_html._asset):
        cached.cache_clear()


def test_a_further_language_is_one_more_file(failing_record: Json, with_a_further_language: str) -> None:
    """A file in reports/texts is all that a language needs, with as many plural forms as it has."""
    assert with_a_further_language in languages()
    page = render_html(failing_record, digest=DIGEST, language=with_a_further_language)
    assert '<html lang="cy"' in page
    assert "Ddim yn cydymffurfio" in page


def test_a_language_without_a_file_is_refused() -> None:
    """The languages that there are, are named."""
    with pytest.raises(UsageError, match="en, es, fr"):
        texts("tlh")


def test_the_commands_take_a_language(tmp_path: Path) -> None:
    """untp-crm check --lang fr writes the page in French; an unknown language is a usage error."""
    from typer.testing import CliRunner

    from harness.cli import app

    (tmp_path / "a.json").write_text("{}")
    run = CliRunner().invoke(
        app, ["check", str(tmp_path / "a.json"), "--lang", "fr", "--out", str(tmp_path / "out")]
    )
    assert '<html lang="fr"' in (tmp_path / "out/report.html").read_text(encoding="utf-8"), run.output
    refused = CliRunner().invoke(app, ["check", str(tmp_path / "a.json"), "--lang", "tlh"])
    assert isinstance(refused.exception, UsageError)
