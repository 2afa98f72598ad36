"""Dates, moments and URIs: both engines take exactly what the standards take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.semantics.formats import is_date, is_date_time, is_uri_template
from harness.semantics.schema import schema_faults

from .conftest import OwnSuite

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=300)

MOMENTS = [
    "2026-03-01T00:00:00Z", "2026-03-01t00:00:00z", "2026-03-01T23:59:59.123456789012Z", "2000-02-29T00:00:00+14:00",
    "2016-12-31T23:59:60Z", "2016-12-31T18:59:60-05:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-03-01T00:00:00-00:00",
]  # fmt: skip
NO_MOMENTS = [
    "2026-03-01", "2026-03-01T00:00:00", "2026-03-01 00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z", "2026-03-01T00:00:60Z",
    "2026-03-01T00:00:61Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-03-01T00:00:00+24:00", "2026-03-01T00:00:00+00:60", "2026-03-01T00:00:00+0000", "2026-03-01T00:00Z", "2026-03-01T00:00:00.Z",
    "2026-03-01T00:00:00Z\n", " 2026-03-01T00:00:00Z", "2026-03-01T00:00:0-Z", "2026-03-0+T00:00:00Z", "+026-03-01T00:00:00Z",
    "\u0662\u0660\u0662\u0666-03-01T00:00:00Z", "2026-03-01T00:00:00\u0660Z", "", "T", "Z", "2026-W01-1T00:00:00Z", "2016-12-31T23:59:60+01:00",
]  # fmt: skip
URIS = [
    "https://x.example/a?b#c",
    "did:web:a.example:b",
    "urn:uuid:1",
    "mailto:a@b",
    "http://[::1]:80/",
    "a:",
    "http://x/%C3%A9",
]
NO_URIS = [
    "",
    "x",
    "/x",
    "//x",
    "http://a b",
    "http://x/\n",
    "http://x/é",
    "http://x/%zz",
    "http://x#a#b",
    "1a:b",
    "http://[::1",
    "a:\\",
    "a:<b>",
]


@pytest.mark.parametrize("text", MOMENTS)
def test_lawful_moments_are_taken(text: str) -> None:
    """Every form of RFC 3339 is a moment: lower case, leap seconds where UTC has them, any offset."""
    assert is_date_time(text)


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_everything_else_is_no_moment(text: str) -> None:
    """Signs among the digits, foreign digits, missing zones and days that there never were are refused."""
    assert not is_date_time(text)


@QUICK
@given(st.datetimes(), st.integers(-1439, 1439))
def test_moments_that_python_writes_are_taken(moment: datetime, offset: int) -> None:
    """What the standard library writes with a zone is a moment, and its day a date."""
    zone = timezone(timedelta(minutes=offset))
    assert is_date_time(moment.replace(tzinfo=zone).isoformat())
    assert is_date_time(moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"))
    assert is_date(moment.date().isoformat())


@QUICK
@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_dates_are_days_that_there_are(text: str) -> None:
    """A date is one exactly where the calendar has it; the year 0000 is left to RFC 3339, which has it."""
    try:
        known = bool(date.fromisoformat(text))
    except ValueError:
        known = False
    if not text.startswith("0000"):
        assert is_date(text) == known


@pytest.mark.parametrize("name", ["date", "date-time", "uri"])
def test_both_engines_decide_formats_alike(own: OwnSuite, name: str) -> None:
    """Whatever string stands where a format is asked for, both engines say the same, and say it right."""
    file = own.schema("f.json", {"properties": {"v": {"format": name}}})
    lawful = {"date-time": MOMENTS, "date": [text[:10] for text in MOMENTS], "uri": URIS}[name]
    junk = [
        text[:cut] + sign + text[cut + 1 :]
        for text in lawful[:4]
        for cut in range(len(text))
        for sign in "0+-*,./:; \n\u0663é"
    ]
    for text in [*lawful, *NO_MOMENTS, *URIS, *NO_URIS, *junk]:
        fast, reference = (
            schema_faults(file, {"v": text}, engine=engine) for engine in ("fast", "reference")
        )
        assert fast == reference
        if text in lawful:
            assert fast == ()


def test_formats_are_for_strings(own: OwnSuite) -> None:
    """A number where a date may stand is no fault of the format."""
    file = own.schema("f.json", {"properties": {"v": {"format": "date"}, "u": {"format": "uri"}}})
    for engine in ("fast", "reference"):
        assert schema_faults(file, {"v": 5, "u": None}, engine=engine) == ()
        assert [
            fault.pointer for fault in schema_faults(file, {"v": "2026-01-0+", "u": "x"}, engine=engine)
        ] == ["/u", "/v"]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("https://id.example/01/{id}", True),
        ("https://id.example/{+path,list*}{?query:30}", True),
        ("plain", True),
        ("https://id.example/{id", False),
        ("https://id.example/{}", False),
        ("two words", False),
        ("100%", False),
        ("100%25", True),
        ("line\n", False),
    ],
)
def test_uri_templates(text: str, holds: object) -> None:
    """A URI template is one of RFC 6570, for both engines alike."""
    assert is_uri_template(text) is holds
