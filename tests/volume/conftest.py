"""One small generated pilot for all tests: every chain once, two lots each, a known fault in most of them."""

from __future__ import annotations

import pytest

from volume.pilots import Pilot, make_pilot


@pytest.fixture(scope="session")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Pilot:
    """The pilot."""
    return make_pilot(tmp_path_factory.mktemp("volume") / "pilot", share=0.8)


@pytest.fixture(scope="session")
def record(pilot: Pilot, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The record of the pilot by one process, in one go: what every other way has to come to."""
    out = tmp_path_factory.mktemp("whole")
    pilot.check("--out", str(out))
    return (out / "record.json").read_bytes()
