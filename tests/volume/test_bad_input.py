"""What goes wrong in a large bundle is said, and nothing else is lost by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from volume.pilots import Pilot, make_pilot, rows


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


def test_a_share_without_a_folder_is_refused(files: Pilot, capsys: pytest.CaptureFixture[str]) -> None:
    """--shard and --resume say that they need --out."""
    for more in (["--shard", "1/2"], ["--resume"]):
        assert files.check(*more) == 4
        assert "--out DIR" in capsys.readouterr().err
    assert rows(files.path / "ledger.jsonl") == []
