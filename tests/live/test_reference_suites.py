"""The reference vendor passes the suites of resolver, publisher, registrar, vocabulary and access control."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.exchange import Answer, Recording
from harness.gather.adapters.said import GUESSED
from harness.judge import judge_recording, load_suite
from harness.judge.issuer import REVOKE
from harness.model import Outcome
from harness.reference.server.application import LiveVendor

from .reference_suites import FINE, results, tried


def test_the_good_vendor_passes_every_suite(vendor: LiveVendor, tmp_path: Path) -> None:
    """Nothing is found, and most of it was tested."""
    found = results(vendor, tmp_path)
    assert not [(result.requirement, result.findings) for result in found if result.outcome not in FINE]
    assert sum(result.outcome is Outcome.PASSED for result in found) >= 55


@pytest.mark.parametrize(
    ("about", "outcome"),
    [({GUESSED: "yes"}, Outcome.NOT_RUN), ({}, Outcome.FAILED)],
    ids=["guessed", "named"],
)
def test_nobody_at_a_guessed_status_address_is_no_fault(
    vendor: LiveVendor, tmp_path: Path, about: dict[str, str], outcome: Outcome
) -> None:
    """Where vendor.toml does not name it, 404 leaves the revocation open; where it does, nothing can be revoked there."""
    found = tried(vendor, tmp_path, ("issuer",), nonce=f"abc{len(about)}")
    exchanges = tuple(
        replace(one, answer=Answer(404), about=about) if one.step == REVOKE else one
        for one in found.session.recording.exchanges
    )
    told = judge_recording(Recording(exchanges), {"issuer": ["issuer[0]"]}, load_suite(), found.bench.terms)
    assert [result.outcome for result in told if result.case == "VCP-STAT-02"] == [outcome]
