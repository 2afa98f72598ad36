"""Moments as credentials write them: dateTimeStamp of XML Schema 1.1 part 2, section 3.4.28.

Every value that the standard allows is one, far beyond the calendar of Python: the 24th hour, years of more than
four digits and before year 1, any number of fraction digits. Leap seconds and a zone beyond 14 hours are none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache

INSTANT = re.compile(
    r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))(?P<day>-\d\d-\d\d)"
    r"T(?:(?P<minute>(?:[01]\d|2[0-3]):[0-5]\d):(?P<second>[0-5]\d(?:\.\d+)?)|24:00:00(?:\.0+)?)"
    r"(?P<zone>Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))",
    re.ASCII,
)
FOUR_DIGITS = re.compile(r"\d{4}-", re.ASCII)
LONGEST = 1000
"""How many digits of a year and of a second are read; what lies behind them changes no comparison that matters."""
CYCLE, DAYS_OF_CYCLE, CALENDAR = 400, 146_097, 2000
"""The Gregorian calendar repeats itself after so many years and days; any of its years is found after this one."""
SECONDS_OF_DAY = 86_400
USUAL = 40
"""Characters up to which what was read is remembered."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(value: object) -> Fraction | None:
    """A dateTimeStamp as seconds since 1970 in UTC, exact, or None where it is none."""
    if not isinstance(value, str):
        return None
    return _remembered(value) if len(value) <= USUAL else _instant(value)


def _instant(value: str) -> Fraction | None:
    found = INSTANT.fullmatch(value)
    if found is None:
        return None
    cycles, year = divmod(int(found["year"][:LONGEST]), CYCLE)
    zone = found["zone"].replace("Z", "+00:00")
    try:
        begun = datetime.fromisoformat(f"{CALENDAR + year}{found['day']}T{found['minute'] or '00:00'}{zone}")
    except ValueError:
        return None
    days = (cycles - CALENDAR // CYCLE) * DAYS_OF_CYCLE + (found["minute"] is None)
    second = Fraction((found["second"] or "0")[:LONGEST])
    return days * SECONDS_OF_DAY + instant_of(begun) + second


_remembered = lru_cache(maxsize=4096)(_instant)
"""Many cases look at the same few dates of a credential."""


def instant_of(when: datetime) -> Fraction:
    """A moment of a clock, to compare with what credentials write."""
    passed = when - EPOCH
    return passed.days * SECONDS_OF_DAY + passed.seconds + Fraction(passed.microseconds, 1_000_000)


def is_rfc_3339(value: str) -> bool:
    """Whether a dateTimeStamp is a date-time of RFC 3339 too, which has four digits for the year and no 24th hour."""
    return FOUR_DIGITS.match(value) is not None and "T24:" not in value
