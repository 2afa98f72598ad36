"""Names of countries: one for each code of ISO 3166-1, in each language of the report."""

from __future__ import annotations

import tomllib

import pytest

from harness.report.countries import country_name
from harness.report.texts import languages
from harness.resources import resource


@pytest.mark.parametrize("language", languages())
def test_every_code_has_a_name_in_every_language(language: str) -> None:
    """The codes that credentials may use are exactly those that have names, and a name is no code."""
    folder = resource("test_cases", "codes")
    codes = tomllib.loads((folder / "countries.toml").read_text("utf-8"))["codes"].split()
    names = tomllib.loads((folder / "country_names.toml").read_text("utf-8"))["names"]
    assert sorted(names) == sorted(codes)
    assert all(language in names[code] for code in codes)
    assert len({country_name(code, language) for code in codes}) == len(codes)


def test_names_are_those_of_the_united_nations() -> None:
    """Not the everyday name where the two differ."""
    assert [country_name("BO", language) for language in ("en", "fr", "es")] == [
        "Bolivia (Plurinational State of)",
        "Bolivie (État plurinational de)",
        "Bolivia (Estado Plurinacional de)",
    ]
    assert country_name("TR") == "Türkiye"


def test_another_language_gets_english_and_no_code_gets_nothing() -> None:
    """A language without names is no error; an unknown code has no name."""
    assert country_name("CL", "de") == "Chile"
    assert country_name("XX") is None
    assert country_name(None) is None
