"""The five lines around a fault, cut to what a reader can take in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 160
"""Most characters of a source line that are shown."""

_LEAD = 50


@dataclass(frozen=True)
class SourceLine:
    """One line of source in three parts; only the guilty line has a marked part."""

    number: int | None
    before: str
    marked: str
    after: str
    guilty: bool


def lines_of(excerpt: Mapping[str, Any]) -> tuple[SourceLine, ...]:
    """Cut an excerpt to lines of bearable length around the marked span."""
    first = excerpt["first_line"]
    return tuple(
        _line(
            text,
            number=None if first is None else first + index,
            span=(excerpt["from"], excerpt["to"]) if index == excerpt["marked"] else None,
        )
        for index, text in enumerate(excerpt["lines"])
    )


def _line(text: str, *, number: int | None, span: tuple[int, int] | None) -> SourceLine:
    if span is None:
        return SourceLine(number, _head(text), "", "", guilty=False)
    start = min(span[0], len(text))
    end = min(max(span[1], start), len(text))
    before, marked, after = text[:start], text[start:end], text[end:]
    if len(text) > LONGEST:
        before = before if len(before) <= _LEAD else "… " + before[-_LEAD:]
        marked = _head(marked)
        after = _head(after, max(0, LONGEST - len(before) - len(marked)))
    return SourceLine(number, before, marked, after, guilty=True)


def _head(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[:longest] + " …"
