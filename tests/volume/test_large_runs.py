"""A run that is too large for one record: summary, parts and columns say the same as the record would."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest

from volume.pilots import Pilot, run


@pytest.fixture
def large(pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the pilot as a large run."""
    monkeypatch.setattr("harness.cli.runs.LARGE", 50)
    pilot.check("--out", str(tmp_path))
    return tmp_path


def test_the_summary_counts_as_the_record_does(large: Path, record: bytes) -> None:
    """Counts by level, verdicts and failed requirements are those of the record."""
    summary, whole = json.loads((large / "summary.json").read_bytes()), json.loads(record)
    assert not (large / "record.json").exists()
    assert summary["verdict"] == whole["verdict"]
    assert summary["subjects"] == len(whole["subjects"])
    results = Counter((row["requirement"], row["outcome"]) for row in whole["results"])
    told = {(name, outcome): n for name, row in summary["requirements"].items() for outcome, n in row.items()}
    assert told == results
    failed = {row["requirement"] for row in whole["results"] if row["outcome"] == "failed"}
    assert {row["requirement"] for row in summary["findings"] if row["outcome"] == "failed"} == failed


def test_the_columns_hold_every_result(large: Path, record: bytes) -> None:
    """One row for each credential, for each case and credential, and for each finding."""
    whole = json.loads(record)
    subjects = pyarrow.parquet.read_table(large / "subjects.parquet").to_pylist()
    results = pyarrow.parquet.read_table(large / "results.parquet").to_pylist()
    findings = pyarrow.parquet.read_table(large / "findings.parquet").to_pylist()
    assert [row["name"] for row in subjects] == [row["name"] for row in whole["subjects"]]
    assert [(subjects[row["subject"]]["name"], row["case"], row["outcome"]) for row in results] == [
        (row["subject"], row["case"], row["outcome"]) for row in whole["results"]
    ]
    assert [row["message"] for row in findings] == [
        f["message"] for row in whole["results"] for f in row["findings"]
    ]


def test_merged_shares_of_a_large_run_are_the_same(
    pilot: Pilot, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The columns of merged shares are those of the run in one go."""
    monkeypatch.setattr("harness.cli.runs.LARGE", 50)
    for number in (1, 2):
        pilot.check("--out", str(tmp_path / f"s{number}"), "--shard", f"{number}/2")
    run("merge", str(tmp_path / "s1"), str(tmp_path / "s2"), "--out", str(tmp_path / "whole"))
    for name in ("subjects.parquet", "results.parquet", "findings.parquet"):
        one, two = (
            pyarrow.parquet.read_table(folder / name).to_pylist() for folder in (large, tmp_path / "whole")
        )
        assert one == two
    one, two = (json.loads((folder / "summary.json").read_bytes()) for folder in (large, tmp_path / "whole"))
    assert one == two
