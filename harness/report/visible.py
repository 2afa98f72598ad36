"""Strangers' strings made fit to show: nothing in them may hide, reorder or steer what a reader sees.

Every renderer passes every string of a record through `visible` before it escapes it in its own way.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINKABLE = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_LONGEST_LINK = 2000


def visible(text: str) -> str:
    """Write control, bidirectional, zero-width and unpaired characters as their code: ⟨U+202E⟩.

    Tabs and newlines stay, and so do joiners, which Indic and Persian names need. What is left is
    legal in XML and in UTF-8.
    """
    return _HIDDEN.sub(lambda hidden: f"⟨U+{ord(hidden[0]):04X}⟩", text)


def one_line(text: str, longest: int = 400) -> str:
    """Make a string visible and short enough for one line: its middle gives way."""
    line = visible(" ".join(text.split()))
    if len(line) <= longest:
        return line
    return f"{line[: longest // 2].rstrip()} … {line[-longest // 2 :].lstrip()}"


def bearable(text: str, longest: int = 600, *, unit: str = "characters") -> str:
    """Cut the middle out of a text that no reader takes in whole, and say how many characters it had."""
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]} … [{len(text):,} {unit}] … {text[-longest // 2 :]}"


def linkable(url: str | None) -> bool:
    """Whether a reader may be sent there: http or https, a host, no user name, plain ASCII, not endless."""
    if url is None or len(url) > _LONGEST_LINK or not _LINKABLE.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc and "\\" not in url
