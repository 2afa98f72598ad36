"""The reference vendor passes the suites of resolver, publisher, registrar, vocabulary and access control."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.model import Outcome
from harness.reference.server.application import LiveVendor
from harness.reference.server.faults import load_live_faults

from .reference_suites import FINE, TABLES, results


def test_the_good_vendor_passes_every_suite(vendor: LiveVendor, tmp_path: Path) -> None:
    """Nothing is found, and most of it was tested."""
    found = results(vendor, tmp_path)
    assert not [(result.requirement, result.findings) for result in found if result.outcome not in FINE]
    assert sum(result.outcome is Outcome.PASSED for result in found) >= 55


FAULTS = [name for name, fault in load_live_faults().items() if fault.suite in TABLES]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_caught_by_its_requirement(vendor: LiveVendor, tmp_path: Path, name: str) -> None:
    """The suite of its table finds it by the requirement that it breaks, and by no other."""
    fault = load_live_faults()[name]
    vendor.faults.turn_on([name])
    found = {
        r.requirement: r.outcome for r in results(vendor, tmp_path, (fault.suite,)) if r.outcome not in FINE
    }
    assert found.get(fault.requirement) is fault.expected
    assert found.keys() <= {fault.requirement, *(other.requirement for other in fault.also)}
