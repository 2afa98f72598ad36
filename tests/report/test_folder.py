"""The report folder: its files, their determinism, and the texts and data behind them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from harness import resources
from harness.errors import SuiteError, UsageError
from harness.report import write_report
from harness.report.texts import Texts, languages, texts
from harness.resources import resource

from .pieces import OUTCOMES, Json
from .synthetic import failing


def test_the_folder_has_its_files_the_report_first(failing_record: Json, tmp_path: Path) -> None:
    """write_report makes the folder, fills it and says with what."""
    files = write_report(failing_record, tmp_path / "new" / "out")
    assert [file.name for file in files] == [
        "report.html",
        "record.json",
        "junit.xml",
        "earl.jsonld",
        "results.sarif",
        "ctrf.json",
        "summary.md",
        "badge.svg",
    ]
    assert all(file.stat().st_size for file in files)


def test_the_same_record_is_the_same_files(tmp_path: Path) -> None:
    """Two writes of one record, made twice, give the same bytes in every file."""
    first, second = (write_report(failing(), tmp_path / name) for name in ("a", "b"))
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_the_report_names_the_digest_of_the_record_beside_it(failing_record: Json, tmp_path: Path) -> None:
    """Who files the page can tell which record it shows."""
    page, record, *_ = write_report(failing_record, tmp_path)
    assert hashlib.sha256(record.read_bytes()).hexdigest() in page.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_a_usage_error(failing_record: Json, tmp_path: Path) -> None:
    """A file where the folder should be is told with its path."""
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="out"):
        write_report(failing_record, tmp_path / "out")


def test_every_text_of_the_templates_exists() -> None:
    """Each key that a template names literally is in the file of the language."""
    words = texts("en")
    templates = "".join(path.read_text(encoding="utf-8") for path in sorted(resource("reports").glob("*.j2")))
    keys = set(re.findall(r'\bt\("([a-z_.]+[a-z_])"[,)]', templates))
    assert len(keys) > 60
    assert not {key for key in keys if not words.has(key)}
    assert all(words.has(f"{table}.{outcome}") for outcome in OUTCOMES for table in ("outcome", "meaning"))


def test_every_language_has_the_same_keys() -> None:
    """A translation that lacks a text, or has one too many, is found here."""
    languages = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in resource("reports", "texts").iterdir()
    }
    assert {"en", "fr", "es"} <= set(languages)
    assert all(_keys(table) == _keys(languages["en"]) for table in languages.values())
    assert all(table["language"] == name for name, table in languages.items())


def test_every_text_keeps_the_places_of_its_values() -> None:
    """A translation fills in the same values as the English text, whatever its number of forms."""
    english, *others = (_texts_of(texts(name)) for name in ("en", *(n for n in languages() if n != "en")))
    assert others
    for other in others:
        assert {key: _values(text) - {"n"} for key, text in other.items()} == {
            key: _values(text) - {"n"} for key, text in english.items()
        }


def test_numbers_follow_the_language() -> None:
    """French says "0 exigence", Spanish "0 requisitos", and thousands are told apart as each language does."""
    assert texts("en")("count.requirements", n=0) == "0 requirements"
    assert texts("fr")("count.requirements", n=0) == "0 exigence"
    assert texts("fr")("count.requirements", n=2) == "2 exigences"
    assert texts("es")("count.requirements", n=0) == "0 requisitos"
    assert texts("fr").number(12345) == "12\u202f345"


def test_a_missing_text_is_the_suites_fault() -> None:
    """The name of the missing text and its file are told."""
    with pytest.raises(SuiteError, match=r"no\.such\.text"):
        texts("en")("no.such.text")


def test_a_missing_resource_is_the_suites_fault() -> None:
    """A part of the suite that is not there is told with its path."""
    with pytest.raises(SuiteError, match="nowhere"):
        resource("schemas", "nowhere")


def test_installed_data_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package has a folder of data, as the wheel makes it, that is the suite."""
    (tmp_path / "reports").mkdir()
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)
    assert resources.resource("reports") == tmp_path / "reports"


def _keys(table: Json, above: str = "") -> set[str]:
    """The keys of a language; the forms of one text count as one."""
    found: set[str] = set()
    for name, value in table.items():
        if not isinstance(value, dict) or "other" in value:
            found.add(above + name)
        else:
            found |= _keys(value, f"{above}{name}.")
    return found


def _texts_of(words: Texts) -> dict[str, str]:
    """Every text of a language, in each of its forms joined."""
    table = tomllib.loads(resource("reports", "texts", f"{words.language}.toml").read_text(encoding="utf-8"))
    keys = _keys(table) - {"language", "name", "forms", "plural", "thousands"}
    return {key: str(_found(table, key)) for key in keys}


def _found(table: Json, key: str) -> object:
    value: object = table
    for part in key.split("."):
        value = value[part] if isinstance(value, dict) else None
    return " ".join(value.values()) if isinstance(value, dict) else value


def _values(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))
