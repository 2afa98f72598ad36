"""However a run is cut up, stopped and taken up again, it comes to the same bytes."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path

import pytest

from harness.evidence import Absence, Evidence
from harness.run import Bench, Judged
from harness.volume import RunFolder
from volume.pilots import Pilot, run


def test_two_processes_give_the_same_record(pilot: Pilot, record: bytes, tmp_path: Path) -> None:
    """--jobs 2 comes to the record of --jobs 1."""
    pilot.check("--out", str(tmp_path), "--jobs", "2")
    assert (tmp_path / "record.json").read_bytes() == record
    assert not (tmp_path / "parts").exists()


@pytest.mark.parametrize("of", [2, 3])
def test_shards_merge_into_the_same_record(pilot: Pilot, record: bytes, tmp_path: Path, of: int) -> None:
    """Shares that were judged apart, put together in any order."""
    folders = [str(tmp_path / f"share-{number}") for number in range(1, of + 1)]
    for number, folder in enumerate(folders, start=1):
        pilot.check("--out", folder, "--shard", f"{number}/{of}")
    assert run("merge", *reversed(folders), "--out", str(tmp_path / "whole")) == 1
    assert (tmp_path / "whole" / "record.json").read_bytes() == record


def test_a_missing_share_is_refused(pilot: Pilot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two thirds are not a run."""
    for number in (1, 3):
        pilot.check("--out", str(tmp_path / str(number)), "--shard", f"{number}/3")
    assert run("merge", str(tmp_path / "1"), str(tmp_path / "3"), "--out", str(tmp_path / "whole")) == 4
    assert "not all shares" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["0/2", "3/2", "half", "1/0"])
def test_a_wrong_share_is_refused(pilot: Pilot, tmp_path: Path, wrong: str) -> None:
    """--shard names one of the shares that there are."""
    assert pilot.check("--out", str(tmp_path / "out"), "--shard", wrong) == 4


def test_what_was_stopped_is_taken_up(pilot: Pilot, record: bytes, tmp_path: Path) -> None:
    """Ctrl-C leaves whole parts; --resume goes on from them and comes to the same record."""
    files = sorted((pilot.path / "credentials").iterdir())
    assert len(files) > 0
    running = pilot.started("--out", str(tmp_path))
    parts = tmp_path / "parts"
    waited = time.monotonic()
    while not list(parts.glob("part-*.jsonl")) and running.poll() is None and time.monotonic() - waited < 120:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)
    if running.returncode == 3:
        assert b"--resume" in said
        assert not RunFolder(parts).noted()["done"]
        assert list(RunFolder(parts).parts())
    pilot.check("--out", str(tmp_path), "--resume")
    assert (tmp_path / "record.json").read_bytes() == record


def test_nothing_is_judged_twice(pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every part finished, --resume judges nothing."""
    pilot.check("--out", str(tmp_path), "--readings")

    def never(*_: object) -> None:
        raise AssertionError("a chunk was judged again")

    monkeypatch.setattr("harness.run.Bench.judge", never)
    assert pilot.check("--out", str(tmp_path), "--readings", "--resume") == 1


@pytest.mark.parametrize("change", ["evidence", "web", "clock", "part"])
def test_what_has_changed_is_judged_again(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Other bytes, another answer of the web, another clock, or a spoiled part: then what was kept does not count."""
    copy = Pilot(shutil.copytree(pilot.path, tmp_path / "pilot"), pilot.told)
    out = tmp_path / "out"
    copy.check("--out", str(out), "--readings", "--only", "VCP-ENV-*")
    judged: list[str] = []

    original = Bench.judge

    def noted(bench: Bench, item: Evidence | Absence) -> list[Judged]:
        judged.append(item.name)
        return original(bench, item)

    monkeypatch.setattr(Bench, "judge", noted)
    more: list[str] = []
    match change:
        case "evidence":
            path = copy.path / "credentials" / "000000.jsonl"
            path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n", 1))
        case "web":
            for path in (copy.path / "web").rglob("did.json"):
                path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
        case "clock":
            more = ["--at", "2026-11-02T00:00:00Z"]
        case "part":
            path = out / "parts" / "part-000000.jsonl"
            path.write_bytes(path.read_bytes()[:-100])
    copy.check("--out", str(out), "--readings", "--only", "VCP-ENV-*", "--resume", *more)
    assert "000000.jsonl" in judged


def test_lines_come_in_the_order_of_the_input(pilot: Pilot, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON Lines are the same whatever the number of processes."""
    pilot.check("--format", "jsonl")
    one = capsys.readouterr().out
    pilot.check("--format", "jsonl", "--jobs", "2")
    assert capsys.readouterr().out == one
    pilot.check("--format", "json")
    assert json.loads(capsys.readouterr().out) == [json.loads(line) for line in one.splitlines()]
