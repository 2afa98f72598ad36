"""The report as one HTML file: no outside request, works with script off, prints to A4.

Every string is made visible and escaped on its way in; style and script are ours, named by their
digests in the Content-Security-Policy, so that nothing else can run even if something came through.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from harness.report.commands import again, explain
from harness.report.countries import country_name
from harness.report.dialogue import dialogue_of
from harness.report.excerpt import lines_of
from harness.report.findings import OUTCOMES, WORST_FIRST, Fold, Group, Place, groups_of, tally
from harness.report.satisfied import answers_of, levels_of, unheard_of
from harness.report.scope import bar_of, component_rank, matrix_of
from harness.report.sentence import counted, organisation, product, sentence
from harness.report.template import asset, environment_of, policy_of
from harness.report.texts import Texts, texts
from harness.report.visible import bearable, linkable, one_line

FULL = 20
"""Findings of one requirement that are shown in full; further ones take one line each."""

PRINTED = 10
"""Rows of a long list that are printed; on screen there are all of them. report.css knows it too."""

OPEN = 60
"""Up to so many findings, failed requirements are unfolded from the start."""

SHAPES: Mapping[str, str] = {"conformant": "passed", "nonconformant": "failed", "undetermined": "not_run"}
"""The outcome whose shape and colour a verdict has."""


_VERSION = re.compile(r"v?\d+(\.\d+)+")


class Links:
    """Outside links in the order of their first use: numbers for the notes, which matter in print."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def note(self, url: str) -> int:
        """The number of a link."""
        return self._numbers.setdefault(url, len(self._numbers) + 1)

    @property
    def urls(self) -> Iterable[str]:
        """All links that have a number, in order."""
        return self._numbers


class Subjects:
    """Credentials and endpoints by number, so that a finding can name many of them in little room."""

    def __init__(self, record: Mapping[str, Any], words: Texts) -> None:
        self._words = words
        self._credentials = {row["name"] for row in record["subjects"]}
        every = [row["name"] for row in record["subjects"]] + [row["subject"] for row in record["results"]]
        self._numbers = {name: number for number, name in enumerate(dict.fromkeys(every))}
        self.names = tuple(self._numbers)

    def counted(self, names: Collection[str]) -> str:
        """Say how many they are, and that they are credentials where all of them are."""
        return counted(names, self._credentials, self._words)

    def of(self, fold: Fold) -> list[int]:
        """The numbers of those that a finding concerns, one for each of its places."""
        return sorted(self._numbers[place.subject] for place in fold.places)

    def number(self, place: Place) -> int:
        """The number of the one that a place lies in."""
        return self._numbers[place.subject]

    def entry(self, name: str) -> int | None:
        """The number of a credential in the list of those judged; none for an endpoint."""
        return self._numbers[name] if name in self._credentials else None


def render_html(
    record: Mapping[str, Any], *, digest: str, seal: str | None = None, language: str = "en"
) -> str:
    """Render a record; `digest` is the SHA-256 of its bytes, `seal` says how it is sealed, if it is."""
    words = texts(language)
    style = asset("report.css").replace("{kind}", _css_string(words("page.kind")))
    script = asset("report.js")
    groups = groups_of(record)
    total = sum(group.size for group in groups)
    page = _environment().get_template("report.html.j2")
    return page.render(
        record=record,
        t=words,
        policy=policy_of(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        digest=digest,
        seal=seal,
        sentence=sentence(record, words),
        organisation=organisation(record, words),
        country=_country(record, words.language),
        product=product(record, words),
        verdict_shape=SHAPES[record["verdict"]],
        shape_of=SHAPES,
        subjects=Subjects(record, words),
        links=Links(),
        matrix=matrix_of(record),
        groups=groups,
        total=total,
        open_failed=total <= OPEN,
        full=FULL,
        present=[name for name in WORST_FIRST if any(name in group.outcomes for group in groups)],
        components=sorted({group.about["component"] for group in groups}, key=component_rank),
        answers=answers_of(record),
        unheard=unheard_of(record),
        untested=levels_of(record),
        again=lambda result: again(result, record["reproduce"]),
        bearable=partial(bearable, unit=words("count.characters")),
        en=Markup("") if words.language == "en" else Markup(' lang="en"'),
        printed=PRINTED,
        profiles=sorted({row["profile"] for row in record["subjects"] if row["profile"]}),
    )


@cache
def _environment() -> Environment:
    return environment_of(
        bar_of=bar_of,
        dialogue_of=dialogue_of,
        explain=explain,
        lines_of=lines_of,
        linkable=linkable,
        outcomes=OUTCOMES,
        rest_of=_rest_of,
        short_link=_short_link,
        tally=tally,
    )


def _css_string(text: str) -> str:
    """A text as it stands between the quotes of a string in a style sheet."""
    return "".join(char if char.isalnum() or char in " -" else f"\\{ord(char):x} " for char in text)


def _country(record: Mapping[str, Any], language: str) -> str | None:
    """The country of the organisation by its name in the language; what is no code stands as it is."""
    code = (record["vendor"] or {}).get("country")
    return country_name(code, language) or code if isinstance(code, str) else None


def _rest_of(group: Group) -> int:
    return sum(len(fold.places) for fold in group.folds[FULL:])


def _short_link(url: str) -> str:
    """The parts of an address by which a reader knows it: host, version, last part of the path, fragment."""
    parts = urlsplit(url)
    path = [part for part in parts.path.split("/") if part]
    kept = [part for part in path[:-1] if _VERSION.fullmatch(part)]
    gap = ["…"] if len(path) > 1 else []
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return one_line("/".join([parts.netloc, *gap, *kept, *path[-1:]]) + fragment, 90)
