"""The words of the report, apart from its templates: a further language is a further file in reports/texts/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from gettext import c2py
from typing import Any

from harness.errors import SuiteError, UsageError, Where
from harness.resources import resource


class Texts:
    """The texts of one language: `texts("findings.count", n=3)`.

    A text that depends on a number `n` has one variant for each of the language's `forms`; its rule
    `plural` says which, written as gettext writes it: "n != 1", "n > 1". Whole numbers are written with
    the separator of the language.
    """

    def __init__(self, language: str, table: Mapping[str, Any]) -> None:
        self.language = language
        self.forms: tuple[str, ...] = tuple(table["forms"])
        self._form_of = c2py(table["plural"])
        self._table = table

    def __call__(self, key: str, /, **values: object) -> str:
        """Say one text with its values filled in. Raises SuiteError where the language lacks it."""
        text = self._find(key)
        if isinstance(text, dict):
            text = text.get(self._form(values.get("n")))
        if not isinstance(text, str):
            raise SuiteError(
                f"The report has no text {key!r}.",
                where=Where(f"reports/texts/{self.language}.toml"),
                hint="Add it there; every language has the same keys.",
            )
        if not values:
            return text
        return text.format(**{name: self._written(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Whether the language has a text."""
        return self._find(key) is not None

    def number(self, value: int) -> str:
        """Write a whole number."""
        return f"{value:,}".replace(",", self._table["thousands"])

    def component(self, component: str) -> str:
        """The name of a component; an extension's own is its code."""
        return self(f"component.{component}") if self.has(f"component.{component}") else component

    def _find(self, key: str) -> object:
        found: object = self._table
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def _form(self, count: object) -> str:
        index = int(self._form_of(count)) if isinstance(count, int) else -1
        return self.forms[index]

    def _written(self, value: object) -> object:
        return self.number(value) if isinstance(value, int) else value


def languages() -> tuple[str, ...]:
    """The languages that the report can be written in."""
    return tuple(sorted(path.stem for path in resource("reports", "texts").glob("*.toml")))


@cache
def texts(language: str = "en") -> Texts:
    """Load the texts of a language. Raises UsageError where there is no such file."""
    if language not in languages():
        raise UsageError(
            f"The report is not written in {language!r}.",
            hint=f"Choose one of {', '.join(languages())}, or add a file to reports/texts.",
        )
    path = resource("reports", "texts", f"{language}.toml")
    return Texts(language, tomllib.loads(path.read_text(encoding="utf-8")))
