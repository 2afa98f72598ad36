"""Names of countries as the United Nations writes them, in the languages of the report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from harness.data_files import read_toml
from harness.resources import resource


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    path = resource("test_cases", "codes", "country_names.toml")
    names: dict[str, dict[str, str]] = read_toml(path, "country-names")["names"]
    return names


def country_name(code: str | None, language: str = "en") -> str | None:
    """The short name of a country; in English where the language has none, None where the code is none."""
    names = _names().get(code) if code else None
    return None if names is None else names.get(language, names["en"])
