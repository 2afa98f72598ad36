"""The reference vendor passes the suites of resolver, publisher, registrar, vocabulary and access control."""

from __future__ import annotations

from pathlib import Path

from harness.model import Outcome
from harness.reference.server.application import LiveVendor

from .reference_suites import FINE, results


def test_the_good_vendor_passes_every_suite(vendor: LiveVendor, tmp_path: Path) -> None:
    """Nothing is found, and most of it was tested."""
    found = results(vendor, tmp_path)
    assert not [(result.requirement, result.findings) for result in found if result.outcome not in FINE]
    assert sum(result.outcome is Outcome.PASSED for result in found) >= 55
