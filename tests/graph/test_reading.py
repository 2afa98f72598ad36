"""Values of credentials read for the graph: what the calendar of Python does not have is read too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.graph.reading import moment


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-01T24:00:00Z", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-01T08:00:00+08:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T08:00:00", datetime(2026, 1, 1, 8, tzinfo=UTC)),
        ("2026-02-30T08:00:00Z", None),
        ("2026-01-01T25:00:00Z", None),
    ],
)
def test_moments_are_read(text: str, read: datetime | None) -> None:
    """The 24th hour is the first of the next day; what is no moment is none."""
    assert moment(text) == read
