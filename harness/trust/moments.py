"""Moments in the one form that VCDM, CID and did:webvh allow: a date and time with its time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d):(\d\d)(?:\.(\d+))?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)", re.ASCII
)


def moment(text: object) -> datetime | None:
    """Read a dateTimeStamp (XML Schema 1.1 part 2, section 3.4.28); None for anything else.

    The 24th hour and leap seconds are read as the instant that they name; no zone is further than 14 hours away.
    """
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    minute, second, fraction, zone = found.groups()
    extra = timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
    if second == "60":
        second, extra = "59", extra + timedelta(seconds=1)
    if "T24:00" in minute and second == "00":
        minute, extra = minute.replace("T24:", "T00:"), extra + timedelta(days=1)
    try:
        return (
            datetime.fromisoformat(f"{minute}:{second}{zone.replace('Z', '+00:00')}").astimezone(UTC) + extra
        )
    except (ValueError, OverflowError):
        return None


def from_seconds(seconds: object) -> datetime | None:
    """The moment of a NumericDate (RFC 7519 section 2); None for what is no number or in no calendar."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def utc(when: datetime) -> str:
    """Write a moment in UTC with the letter Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
