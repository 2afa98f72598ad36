"""The chain at another moment: what moves, what stays, and that it is as good there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.reference.chain import DEMO_CLOCK, bundle_at, reference_bundle
from harness.reference.dates import moved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"validFrom": "2026-10-31T08:00:00Z"', '"validFrom": "2026-11-30T08:00:00Z"'),
        ('"assessmentDate": "2025-12-16"', '"assessmentDate": "2026-01-15"'),
        ('"issueDate": "2018-08-01"', '"issueDate": "2018-08-01"'),
        ('"id": "https://a.example/2026-10-31/x"', '"id": "https://a.example/2026-10-31/x"'),
        ('"batch": "NM-CAT-2026-05-22"', '"batch": "NM-CAT-2026-05-22"'),
    ],
)
def test_only_dates_of_the_chain_move(text: str, expected: str) -> None:
    """Moments and days move; what is older than the chain, parts of addresses and of batch numbers do not."""
    assert moved(text, 30) == expected


def test_at_its_own_moment_the_chain_is_as_written() -> None:
    """Nothing moves, and every byte is that of the reference bundle."""
    assert bundle_at(DEMO_CLOCK).evidence == reference_bundle().evidence
    assert dict(bundle_at(DEMO_CLOCK).web) == dict(reference_bundle().web)


def test_another_moment_makes_other_bytes_once() -> None:
    """A day later every status list is another, and issuing twice gives the same."""
    later = DEMO_CLOCK + timedelta(days=1)
    assert dict(bundle_at(later).web) == dict(bundle_at(later).web)
    assert dict(bundle_at(later).web) != dict(reference_bundle().web)
