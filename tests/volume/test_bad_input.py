"""What goes wrong in a large bundle is said, and nothing else is lost by it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from volume.pilots import CHECKOUT, Pilot, benchmark, make_pilot, rows, run

LIMIT = 64 * 1024
"""Bytes that no file may grow beyond, in a process that is to meet a full disk."""


@pytest.fixture
def files(tmp_path: Path) -> Pilot:
    """A good pilot with each credential in a file of its own."""
    return make_pilot(tmp_path / "pilot", consignments=3, form="files")


def test_one_broken_file_stops_no_other(files: Pilot, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and all others are judged as without it."""
    broken = files.path / "credentials" / "0000" / "0000010-broken.json"
    broken.write_bytes(b'{"@context": [')
    assert files.check("--format", "jsonl", "--jobs", "2") == 1
    found = {row["subject"]: row["verdict"] for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert len(found) == files.told["credentials"] + 1
    assert {name for name, verdict in found.items() if verdict != "conformant"} == {
        "0000/0000010-broken.json"
    }


def test_two_credentials_with_one_id_are_both_judged_and_told(files: Pilot, tmp_path: Path) -> None:
    """Both stand in the result, and the audit says which credentials share an id."""
    first = next((files.path / "credentials" / "0000").glob("*dpp*"))
    shutil.copy(first, first.with_name(f"9999999-copy{first.suffix}"))
    files.check("--out", str(tmp_path / "out"), command="audit")
    report = json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))
    assert report["credentials"]["total"] == files.told["credentials"] + 1
    (twins,) = report["credentials"]["same_id"]
    assert sorted(twins["credentials"]) == [f"0000/{first.name}", f"0000/9999999-copy{first.suffix}"]
    assert "is the id of 2 credentials" in (tmp_path / "out" / "audit.txt").read_text(encoding="utf-8")


def test_a_full_disk_is_said_and_what_was_finished_stays(pilot: Pilot, tmp_path: Path) -> None:
    """No traceback, exit code 3, the parts before are whole, and --resume with room comes to the end."""
    words = [sys.executable, "-m", "harness", *pilot.words("check", "--out", str(tmp_path / "out"))]

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    done = subprocess.run(
        words, capture_output=True, check=False, timeout=300, preexec_fn=small,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 3
    said = done.stderr.decode()
    assert "cannot be written" in said
    assert "--resume" in said
    assert "Traceback" not in said
    assert not list((tmp_path / "out" / "parts").glob("*.writing"))
    assert pilot.check("--out", str(tmp_path / "out"), "--resume") == 1
    assert (tmp_path / "out" / "record.json").exists()


def test_an_event_with_many_items_is_judged(
    files: Pilot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One event with 5,000 items keeps its verdict, and each item is in the graph; 50,000 are in docs/volume.md."""
    house = benchmark("houses").houses()[0]
    value = json.loads(json.dumps(house.values["untp-0.7.0/dte-concentrate-shipment"]))
    (event,) = value["credentialSubject"]
    (item,) = event["movedProduct"]
    text = json.dumps(item)
    event["movedProduct"] = [json.loads(text.replace("QS-CON-2026-031", f"Q{n:06}")) for n in range(5000)]
    path = tmp_path / "many.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    run(
        "audit",
        str(path),
        "--web",
        str(files.path / "web"),
        "--at",
        "2026-11-01T00:00:00Z",
        "--format",
        "json",
    )
    assert json.loads(capsys.readouterr().out)["entities"]["products"] == 5000


def test_a_share_without_a_folder_is_refused(files: Pilot, capsys: pytest.CaptureFixture[str]) -> None:
    """--shard and --resume say that they need --out."""
    for more in (["--shard", "1/2"], ["--resume"]):
        assert files.check(*more) == 4
        assert "--out DIR" in capsys.readouterr().err
    assert rows(files.path / "ledger.jsonl") == []
