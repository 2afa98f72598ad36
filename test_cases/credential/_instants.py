"""Moments as credentials write them."""

from __future__ import annotations

import re
from datetime import datetime

INSTANT = re.compile(
    r"^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)\Z", re.ASCII
)


def instant(value: object) -> datetime | None:
    """A dateTimeStamp as a moment, or None where it is none."""
    if not isinstance(value, str) or not INSTANT.match(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
