"""Dates of validity: every dateTimeStamp of XML Schema is taken, to the last digit, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Outcome, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.edits import Patch
from harness.run import Bench, Judged
from harness.trust.moments import moment

BUNDLE = reference_bundle()
GOOD = BUNDLE.plan.issuances["untp-0.7.0/dfr-mine"]
OLD = BUNDLE.plan.issuances["untp-0.6.1/dfr-smelter"]

LAWFUL = [
    "2026-01-01T24:00:00Z",
    "2026-01-01T24:00:00.000Z",
    "2024-02-29T23:59:59+14:00",
    "2000-02-29T00:00:00-14:00",
    "2026-01-01T00:00:00-00:00",
    "2026-01-01T00:00:00.12345678901234567890Z",
    "0000-02-29T00:00:00Z",
    "-0001-12-31T00:00:00Z",
    "-12000-01-01T24:00:00Z",
]
"""Moments in the past, since validFrom has them."""

UNLAWFUL = [
    "2026-01-01T24:00:01Z",
    "2026-01-01T24:00:00.001Z",
    "2026-01-01T24:01:00Z",
    "2026-01-01T25:00:00Z",
    "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "10001-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01",
    "2026-01-01t00:00:00z",
    "2026-01-01 00:00:00Z",
    "2026-01-01T00:00:00+14:01",
    "2026-01-01T00:00:00-15:00",
    "2026-01-01T00:00:00+0100",
    "02026-01-01T00:00:00Z",
    "+2026-01-01T00:00:00Z",
    "226-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z\n",
    "٢٠٢٦-01-01T00:00:00Z",
    "",
]


def judged(name: str, value: str, good: object = GOOD) -> Judged:
    """A good credential with another moment, judged."""
    assert isinstance(good, type(GOOD))
    patch = Patch.of([{"op": "add", "path": f"/{name}", "value": value}], value)
    body = replace(good, payload_edits=(patch,)).served()
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(BUNDLE.web),))
    (found,) = bench.judge(Evidence("handed-over.jwt", body, "application/vc+jwt", "test"))
    return found


def told(found: Judged) -> dict[str, Outcome]:
    """What is not good, by requirement."""
    quiet = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    return {one.requirement: one.outcome for one in found.report.results if one.outcome not in quiet}


@pytest.mark.parametrize("value", LAWFUL)
@pytest.mark.parametrize("good", [GOOD, OLD], ids=["0.7.0", "0.6.1"])
def test_a_lawful_moment_is_taken(value: str, good: object) -> None:
    """Also where the schema names a format that knows no 24th hour and no year before 0."""
    found = judged("validFrom", value, good)
    assert told(found) == {}
    assert found.report.verdict is Verdict.CONFORMANT


@pytest.mark.parametrize("value", UNLAWFUL)
def test_what_is_no_moment_fails_once(value: str) -> None:
    """By the requirement for dates, and by no other."""
    assert told(judged("validFrom", value)) == {"VCP-ENV-12": Outcome.FAILED}


@pytest.mark.parametrize(
    "value", ["10000-01-01T00:00:00Z", "123456789-12-31T24:00:00+14:00", "9" * 5000 + "-01-01T00:00:00Z"]
)
def test_a_credential_may_be_valid_for_very_long(value: str) -> None:
    """A year of more than four digits lies ahead; without the conflict of standards the schema would refuse it."""
    found = judged("validUntil", value)
    assert told(found) == {}
    assert "CONFLICT-34" in found.report.conflicts


def test_the_24th_hour_is_the_first_moment_of_the_next_day() -> None:
    """A credential that ends then is in force until then, and not a day after."""
    last = (BUNDLE.at + timedelta(days=1)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    text = f"{last - timedelta(days=1):%Y-%m-%d}T24:00:00Z"
    assert moment(text) == last
    assert told(judged("validUntil", text)) == {}
    day_before = f"{last - timedelta(days=3):%Y-%m-%d}T24:00:00Z"
    assert told(judged("validUntil", day_before)) == {"VCP-VAL-08": Outcome.REVIEW}


@pytest.mark.parametrize(
    ("since", "until", "broken"),
    [
        ("2026-01-01T24:00:00Z", "2026-01-02T00:00:00Z", False),
        ("2026-01-02T00:00:00.0000001Z", "2026-01-01T24:00:00Z", True),
        ("2026-01-01T00:00:00-14:00", "2026-01-01T00:00:00+14:00", True),
        ("-0002-01-01T00:00:00Z", "-0003-01-01T00:00:00Z", True),
        ("20001-01-01T00:00:00Z", "20000-12-31T24:00:00Z", False),
        ("20001-01-01T00:00:01Z", "20000-12-31T24:00:00Z", True),
    ],
)
def test_beginning_and_end_are_compared_exactly(since: str, until: str, broken: bool) -> None:
    """To the last digit of the fraction, across zones, and far from our own years."""
    patch = [
        {"op": "add", "path": f"/{name}", "value": value}
        for name, value in (("validFrom", since), ("validUntil", until))
    ]
    body = replace(GOOD, payload_edits=(Patch.of(patch, until),)).served()
    bench = Bench(Terms(BUNDLE.at, None, "fast", ("VCP-ENV-13",)), (HeldWeb(BUNDLE.web),))
    (found,) = bench.judge(Evidence("handed-over.jwt", body, "application/vc+jwt", "test"))
    assert ("VCP-ENV-13" in told(found)) is broken


@pytest.mark.parametrize("value", UNLAWFUL)
def test_other_moments_are_no_looser(value: str) -> None:
    """Those of lists, proofs and keys: the same form, but for leap seconds, which name an instant too."""
    assert (moment(value) is None) is (":60Z" not in value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10000-01-01T00:00:00Z", datetime.max.replace(tzinfo=UTC)),
        ("9999-12-31T24:00:00Z", datetime.max.replace(tzinfo=UTC)),
        ("-0001-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_what_lies_outside_of_the_calendar_is_its_first_or_last_moment(
    value: str, expected: datetime
) -> None:
    """A list or a key that is valid for ever is no malformed one."""
    assert moment(value) == expected
