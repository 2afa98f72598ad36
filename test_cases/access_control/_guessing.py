"""How hard it is to guess an address: from the characters in it, and from how addresses differ from each other."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from urllib.parse import urlsplit

NEAR = 10_000
"""Two random numbers of 128 bits are never as near as this."""

WEAK_BITS = 40
"""What can be tried within a day."""

FULL_BITS = 128
_TIME_BASED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[126][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.IGNORECASE
)


def last_part(url: str) -> str:
    """The part of an address that is to be secret: its last segment, without what comes after a dot."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]


def alphabet(text: str) -> int:
    """How many characters a random text of this kind is drawn from."""
    kinds = (
        (r"[0-9]+", 10),
        (r"[0-9a-f]+|[0-9A-F]+", 16),
        (r"[0-9a-z]+|[0-9A-Z]+", 36),
        (r"[0-9A-Za-z]+", 62),
    )
    plain = text.replace("-", "")
    return next((size for pattern, size in kinds if re.fullmatch(pattern, plain)), 64)


def bits(text: str) -> float:
    """The most that a random text of this length and kind can hold."""
    return len(text.replace("-", "")) * math.log2(alphabet(text))


def weakness(parts: list[str]) -> str | None:
    """Why these secrets can be guessed, as far as a sample shows it; None where it shows nothing."""
    if any(_TIME_BASED.match(part) for part in parts):
        return "a UUID of version 1, 2 or 6 is made of time and place, not of chance"
    numbers = sorted(int(part.replace("-", ""), 36) for part in parts if re.fullmatch(r"[0-9A-Za-z-]+", part))
    digits = sorted(int(part) for part in parts if part.isdecimal())
    if any(right - left < NEAR for left, right in [*pairwise(numbers), *pairwise(digits)]):
        return "two of them follow closely on each other"
    varying = [part[_common(parts) :] for part in parts]
    fewest = min((bits(part) for part in varying), default=0.0)
    return f"the part that differs holds {fewest:.0f} bits" if fewest < WEAK_BITS else None


def _common(parts: list[str]) -> int:
    count = 0
    for letters in zip(*parts, strict=False):
        if len(set(letters)) > 1:
            break
        count += 1
    return count
