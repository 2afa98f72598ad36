"""Values read without trust: numbers, dates, moments, identifiers. Nothing here ever raises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from harness.credential import Node
from harness.trust import moments

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def along(nodes: Iterable[Node], *names: str) -> list[Node]:
    """The objects at the end of a path of member names, arrays on the way and at the end taken apart."""
    found = list(nodes)
    for name in names:
        found = [child for node in found for child in node.each(name)]
    return [node for node in found if isinstance(node.value, dict)]


def number(value: object) -> float | None:
    """A JSON number, never a boolean; infinite where it is beyond a double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def day(value: object) -> date | None:
    """A calendar date as year-month-day, or None."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def moment(value: object) -> datetime | None:
    """A date-time in its zone, or None; the 24th hour and years that Python has not are read in UTC."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return moments.moment(value)
    return found if found.tzinfo is not None else None


def host(uri: object) -> str | None:
    """The host of an http or https URL, in lower case, or None."""
    return _host(uri) if isinstance(uri, str) else None


@lru_cache(maxsize=8192)
def _host(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
        return parts.hostname if parts.scheme.lower() in ("http", "https") else None
    except ValueError:
        return None


def identifier(value: object) -> str | None:
    """An identifier in a form to compare: host in lower case, no slash at its end, nothing escaped."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return value
    path = unquote(parts.path).rstrip("/")
    return f"{parts.scheme.lower()}:{parts.netloc.lower()}{path}?{parts.query}#{parts.fragment}"


def is_resolvable(value: object) -> bool:
    """Whether an identifier can be resolved at all: an http or https URL, or a DID."""
    return isinstance(value, str) and (
        host(value) is not None or re.match(r"did:[a-z0-9]+:\S", value) is not None
    )


def last_part(uri: object) -> str | None:
    """The last path part or fragment of a URI, or the code itself: what two spellings have in common."""
    if not isinstance(uri, str):
        return None
    return re.split(r"[/#]", uri.rstrip("/#"))[-1] or None


def text(value: object) -> bool:
    """Whether a value is a string that says something."""
    return isinstance(value, str) and bool(value.strip())
