"""A cluster of two workers on this machine gives the record of one process, also when a worker dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from volume.pilots import CHECKOUT, Pilot

PATIENCE = 120.0
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(CHECKOUT)}


@dataclass
class Cluster:
    """A scheduler and its workers, each a process."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """What `dask scheduler` and two times `dask worker ADDRESS` start."""
    place = tmp_path / "scheduler.json"
    started = [
        _dask(
            tmp_path,
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(place),
        )
    ]
    try:
        _until(place.exists)
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        one = (
            "worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path),
        )
        workers = [_dask(tmp_path, *one) for _ in range(2)]
        started += workers
        yield Cluster(address, workers)
    finally:
        for process in started:
            process.kill()
            process.wait(30)


def _dask(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *words]
    return subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _until(holds: object) -> None:
    assert callable(holds)
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_two_workers_give_the_same_record(
    pilot: Pilot, record: bytes, cluster: Cluster, tmp_path: Path
) -> None:
    """Byte for byte."""
    running = pilot.started("--out", str(tmp_path / "out"), "--cluster", cluster.address)
    _, said = running.communicate(timeout=300)
    assert running.returncode == 1, said.decode()
    assert (tmp_path / "out" / "record.json").read_bytes() == record


def test_a_worker_may_die(pilot: Pilot, record: bytes, cluster: Cluster, tmp_path: Path) -> None:
    """Killed after the first part came: the other worker judges its chunks, and the record is the same."""
    running = pilot.started("--out", str(tmp_path / "out"), "--cluster", cluster.address)
    _until(lambda: running.poll() is not None or list((tmp_path / "out" / "parts").glob("run.json")))
    cluster.workers[0].kill()
    _, said = running.communicate(timeout=300)
    assert running.returncode == 1, said.decode()
    assert (tmp_path / "out" / "record.json").read_bytes() == record


def test_no_scheduler_is_said(pilot: Pilot, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody listens the message says how to start one."""
    assert pilot.check("--cluster", "tcp://127.0.0.1:9") == 3
    assert "dask scheduler" in capsys.readouterr().err
