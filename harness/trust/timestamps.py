"""Points in time as credentials, proofs and status lists write them: xsd:dateTimeStamp."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from harness.errors import MalformedError

_STAMP = re.compile(
    r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
LEAP_YEAR = 2000
MINUTES_OF_HOUR = 60
FARTHEST_ZONE = timedelta(hours=14)
_HINT = "Write it as 2026-11-22T10:00:00Z: date, 'T', time with seconds, and 'Z' or an offset."


@dataclass(frozen=True)
class Timestamp:
    """A point in time, with the text that it was read from and whether that text named its zone."""

    instant: datetime
    text: str
    has_zone: bool


def read_timestamp(value: object) -> Timestamp:
    """Read an xsd:dateTime; without a zone it is taken as UTC (VC Data Integrity 1.0 section 2.1).

    Years that Python cannot hold (before 1, after 9999) become its earliest or latest instant, which
    compares rightly with every time that a run can have. Raises MalformedError.
    """
    if not isinstance(value, str):
        raise MalformedError(f"a time that is {type(value).__name__}, not text", hint=_HINT)
    found = _STAMP.fullmatch(value)
    if found is None:
        raise MalformedError(f"not a date and time: {value[:60]!r}", hint=_HINT)
    part = found.groupdict()
    try:
        zone = _zone(part["zone"])
        instant = _instant(part, zone)
    except ValueError as error:
        raise MalformedError(f"no such date or time: {value[:60]!r} ({error})", hint=_HINT) from error
    return Timestamp(instant, value, has_zone=part["zone"] is not None)


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes >= MINUTES_OF_HOUR or offset > FARTHEST_ZONE:
        raise ValueError("an offset goes up to 14:00")
    return timezone(-offset if text[0] == "-" else offset)


def _instant(part: dict[str, str], zone: timezone) -> datetime:
    midnight_after = part["hour"] == "24" and part["minute"] == part["second"] == "00"
    hour = 0 if midnight_after else int(part["hour"])
    micro = int((part["fraction"] or "0")[:6].ljust(6, "0"))
    if midnight_after and micro:
        raise ValueError("24:00:00 has no fraction")
    year = part["year"]
    beyond = year.startswith("-") or year == "0000" or len(year) > len("9999")
    stand_in = LEAP_YEAR if beyond else int(year)
    minute, second = int(part["minute"]), int(part["second"])
    read = datetime(stand_in, int(part["month"]), int(part["day"]), hour, minute, second, micro, tzinfo=zone)
    if beyond:
        return EARLIEST if year.startswith(("-", "0")) else LATEST
    try:
        return (read + timedelta(days=midnight_after)).astimezone(UTC)
    except OverflowError:
        return EARLIEST if read.year == 1 else LATEST
