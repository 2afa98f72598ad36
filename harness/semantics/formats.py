"""The formats that our schemas use, decided the same way for every engine: date, date-time, uri, uri-template.

jsonschema-rs takes `2026-01-0+` for a date, and jsonschema refuses leap seconds and takes a newline at the
end of a URI and blanks in a URI template; so dates (RFC 3339) and templates (RFC 6570) are ours in both engines,
and a URI is what RFC 3986 has without a newline.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping

from jsonschema import Draft202012Validator, FormatChecker

_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_TIME = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))"
)
_NAME = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*"
_VARIABLE = rf"{_NAME}(?::[1-9][0-9]{{0,3}}|\*)?"
_TEMPLATE = re.compile(
    r"(?:[^\x00-\x20\x7f-\x9f\"%<>\\^`{|}]|%[0-9A-Fa-f]{2}"
    rf"|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*"
)
_DAY = 24 * 60
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LAST_HOUR, _LAST_MINUTE, _LEAP_SECOND = 23, 59, 60


def is_date(text: str) -> bool:
    """Whether a text is a full-date of RFC 3339, section 5.6: a day that there is."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    if not 1 <= month <= len(_DAYS):
        return False
    leap = month == _FEBRUARY and calendar.isleap(year)
    return 1 <= day <= _DAYS[month - 1] + leap


def is_date_time(text: str) -> bool:
    """Whether a text is a date-time of RFC 3339, section 5.6; second 60 only where UTC has its leap seconds."""
    day, separator, rest = text[:10], text[10:11], text[11:]
    found = _TIME.fullmatch(rest)
    if separator not in ("T", "t") or found is None or not is_date(day):
        return False
    hour, minute, second = (int(found[name]) for name in ("hour", "minute", "second"))
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if hour > _LAST_HOUR or hours > _LAST_HOUR or minute > _LAST_MINUTE or minutes > _LAST_MINUTE:
        return False
    offset = (hours * 60 + minutes) * (-1 if found["sign"] == "-" else 1)
    return second < _LEAP_SECOND or (
        second == _LEAP_SECOND and (hour * 60 + minute - offset) % _DAY == _DAY - 1
    )


def is_uri_template(text: str) -> bool:
    """Whether a text is a URI Template of RFC 6570: literals of section 2.1, expressions of section 2.2."""
    return _TEMPLATE.fullmatch(text) is not None


DATES: Mapping[str, Callable[[str], bool]] = {
    "date": is_date, "date-time": is_date_time, "uri-template": is_uri_template,
}  # fmt: skip
"""What the fast engine asks us for; its `uri` is right."""


def checker() -> FormatChecker:
    """The format checker of the reference engine: dates as ours, a URI without a newline at its end."""
    made = FormatChecker(formats=())
    made.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
    for name, holds in DATES.items():
        made.checks(name)(_for_strings(holds))
    known, raised = made.checkers["uri"]
    made.checks("uri", raises=raised)(
        lambda value: not (isinstance(value, str) and value.endswith("\n")) and bool(known(value))
    )
    return made


def _for_strings(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or holds(value)
