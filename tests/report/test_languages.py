"""The report in every language that has a file: whole, marked where it stays English, and easy to add to."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from harness import resources
from harness.errors import UsageError
from harness.report import html as report_html
from harness.report import render_html
from harness.report.template import asset
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


OTHERS = [name for name in languages() if name != "en"]

THE_SAME: frozenset[str] = frozenset(
    {
        "language", "direction", "thousands", "forms", "plural", "colon", "scope.must", "basis.w3c",
        "page.contents", "section.verdict", "facts.organisation", "facts.suite", "facts.nonce", "findings.source",
        "page.title", "count.bytes.one", "count.bytes.other", "component.EXT",
        "kind.attestation", "kind.party", "thing.parties", "picture.lots",
        "sign.date", "sign.signature", "outcome.error", "evidence.mode", "role.publisher", "role.extension",
    }
)  # fmt: skip
"""Texts that may be the same word in two languages: each was looked at by somebody who reads both."""


def flat(language: str) -> dict[str, str]:
    """Every text of a language by its key, variants of number included."""
    found: dict[str, str] = {}

    def below(place: str, value: object) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                below(f"{place}.{name}" if place else name, inner)
        elif isinstance(value, list):
            found[place] = ",".join(map(str, value))
        else:
            found[place] = str(value)

    below("", tomllib.loads(resource("reports", "texts", f"{language}.toml").read_text("utf-8")))
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there_with_the_same_gaps(language: str) -> None:
    """No key is missing and none is left over, and each text fills in what the English one fills in."""
    english, other = flat("en"), flat(language)
    assert sorted(other) == sorted(english)
    for key, text in english.items():
        wanted, found = (set(re.findall(r"{(\w+)}", one)) - {"n"} for one in (text, other[key]))
        assert found == wanted, key


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    """A text that reads as in English is one of the few words that both languages have."""
    english, other = flat("en"), flat(language)
    assert {key for key, text in english.items() if other[key] == text} <= THE_SAME


@pytest.mark.parametrize("record", ["good_record", "failing_record", "large_record"])
@pytest.mark.parametrize("language", OTHERS)
def test_no_english_word_of_ours_is_left(language: str, record: str, request: pytest.FixtureRequest) -> None:
    """Headings, labels, buttons and attributes are in the language: no text of the English file stands on the page."""
    page = html.document_fromstring(
        render_html(request.getfixturevalue(record), digest=DIGEST, language=language)
    )
    for node in page.xpath("//*[@lang='en'] | //style | //script | //code | //bdi"):
        node.drop_tree()
    said = {
        *page.itertext(),
        *(value for name in ("aria-label", "title", "placeholder", "data-shown", "data-copy", "data-copied", "data-of")
          for value in page.xpath(f"//@{name}")),
    }  # fmt: skip
    seen = {re.sub(r"[\d,. ]*\d", "{n}", " ".join(text.split())) for text in said}
    own = {re.sub(r"\d+", "{n}", text) for text in flat(language).values()}
    english = {re.sub(r"\d+", "{n}", text) for text in flat("en").values() if len(text) > 3} - own
    assert len(english) > 150
    assert not seen & english


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
    for cached in (texts, report_html._environment, asset):
        cached.cache_clear()
    yield "cy"
    for cached in (texts, report_html._environment, asset):
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
