"""Moments in the one form that VCDM, CID and did:webvh allow: a date and time with its time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(
    r"(-?(?:[1-9]\d{3,}|0\d{3}))(-\d\d-\d\dT\d\d:\d\d):(\d\d)(?:\.(\d+))?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)",
    re.ASCII,
)

_CYCLE, _CALENDAR = 400, 2000
"""After so many years the Gregorian calendar repeats itself; each of its years is found from the second on."""
_LONGEST = 18
"""How many digits of a year are read."""
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def moment(text: object) -> datetime | None:
    """Read a dateTimeStamp (XML Schema 1.1 part 2, section 3.4.28); None for anything else.

    The 24th hour and leap seconds are read as the instant that they name; no zone is further than 14 hours away.
    What lies before or after the calendar of Python is its first or last moment.
    """
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    year, minute, second, fraction, zone = found.groups()
    extra = timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
    if second == "60":
        second, extra = "59", extra + timedelta(seconds=1)
    if "T24:00" in minute and second == "00" and not (fraction or "").strip("0"):
        minute, extra = minute.replace("T24:", "T00:"), extra + timedelta(days=1)
    cycle = f"{_CALENDAR + int(year[:_LONGEST]) % _CYCLE}"
    try:
        begun = datetime.fromisoformat(f"{cycle}{minute}:{second}{zone.replace('Z', '+00:00')}")
    except ValueError:
        return None
    try:
        return begun.replace(year=int(year[:_LONGEST])).astimezone(UTC) + extra
    except (ValueError, OverflowError):
        return _FIRST if year < "1" else _LAST


def from_seconds(seconds: object) -> datetime | None:
    """The moment of a NumericDate (RFC 7519 section 2); None for what is no number or in no calendar, as milliseconds are."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def utc(when: datetime) -> str:
    """Write a moment in UTC with the letter Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
