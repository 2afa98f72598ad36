"""One small generated pilot for all tests: every chain with one lot, and a known fault in each."""

from __future__ import annotations

import pytest

from volume.pilots import Pilot, make_pilot


@pytest.fixture(scope="session")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Pilot:
    """The pilot."""
    return make_pilot(tmp_path_factory.mktemp("volume") / "pilot", share=1.0)


@pytest.fixture(scope="session")
def record(pilot: Pilot, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The record of the pilot by one process, in one go: what every other way has to come to."""
    out = tmp_path_factory.mktemp("whole")
    pilot.check("--out", str(out))
    return (out / "record.json").read_bytes()
