"""Secrets that must not leave with a submission: what looks like one in a vendor file is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.vendor import SECRET

OPEN_HEADERS = frozenset({"accept", "accept-language", "content-type", "user-agent", "prefer"})
"""Headers whose values may stand in a vendor file: they never hold a secret."""

_VARIABLE = re.compile(re.escape(SECRET) + r"[A-Za-z_][A-Za-z0-9_]*")
_SECRET_NAME = re.compile(
    r"(?i)(token|secret|passw|pwd|api[-_]?key|apikey|credential[-_]?key|private|signature|auth(?!ority$))"
)
_ADDRESS = re.compile(r"https?://\S+")
"""A URL under such a name is where something is, not the secret itself; what it holds is looked at on its own."""
_LOOKS: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\"d\"\s*:\s*\"[A-Za-z0-9_-]{20,}\""),
    "a token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    "credentials of a header": re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}"),
    "a key of a cloud service": re.compile(
        r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
        r"|sk-[A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{30,})"
    ),
}


def secrets_in(text: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Places of a vendor file that hold something like a secret, and what it looks like; never the value."""
    for what, pattern in _LOOKS.items():
        found = pattern.search(text)
        if found is not None:
            yield f"line {text.count(chr(10), 0, found.start()) + 1}", what
    yield from _below("", data)


def _below(place: str, value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for member, inner in value.items():
            here = f"{place}.{member}" if place else str(member)
            if name == "headers":
                if member.lower() not in OPEN_HEADERS and not _is_variable(inner):
                    yield here, f"a literal header value; write {SECRET}NAME"
            else:
                yield from _below(here, inner, str(member))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _below(f"{place}[{index}]", inner, name)
    elif isinstance(value, str):
        if _SECRET_NAME.search(name) and not _is_variable(value) and not _ADDRESS.fullmatch(value):
            yield place, f"a literal value under a name for secrets; write {SECRET}NAME"
        yield from _in_url(place, value)


def _in_url(place: str, value: str) -> Iterator[tuple[str, str]]:
    if "://" not in value:
        return
    try:
        parts = urlsplit(value)
    except ValueError:
        return
    if "@" in parts.netloc:
        yield place, "a user name or password in a URL"
    for name, inner in parse_qsl(parts.query):
        if _SECRET_NAME.search(name) and not _is_variable(inner):
            yield place, f"the parameter {name[:40]!r} of a URL"


def _is_variable(value: object) -> bool:
    return isinstance(value, str) and _VARIABLE.fullmatch(value) is not None
