"""A generated pilot is what it says, and every fault of its ledger is found, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from volume.pilots import Pilot, benchmark, make_pilot, rows


def test_the_ledger_is_found_exactly(pilot: Pilot, tmp_path: Path) -> None:
    """Check, then audit on what it kept: each fault by its requirement, no other finding."""
    assert pilot.check("--out", str(tmp_path), "--readings") == 1
    assert pilot.check("--out", str(tmp_path), "--resume", command="audit") in (0, 1)
    ledger = benchmark("ledger")
    held = ledger.hold(pilot.path, ledger.found_in(tmp_path))
    assert held.faults > 3
    assert not held.missed
    assert not held.others


def test_a_ledger_that_is_not_found_is_told(pilot: Pilot, tmp_path: Path) -> None:
    """Where nothing was found every fault is missed; where something else was found, it is said."""
    held = benchmark("ledger").hold(pilot.path, [("000000.jsonl#L1", "VCP-ENV-01", "failed")])
    assert len(held.missed) == held.faults
    assert held.others == [("000000.jsonl#L1", "VCP-ENV-01", "failed")]


def test_the_same_seed_gives_the_same_bytes(pilot: Pilot, tmp_path: Path) -> None:
    """Two pilots of one seed are equal in every file."""
    other = make_pilot(tmp_path / "again", share=1.0)
    names = sorted(path.relative_to(pilot.path) for path in pilot.path.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other.path) for path in other.path.rglob("*") if path.is_file())
    assert all((pilot.path / name).read_bytes() == (other.path / name).read_bytes() for name in names)


def test_a_good_pilot_conforms(tmp_path: Path) -> None:
    """Without faults every credential is conformant."""
    made = make_pilot(tmp_path / "good", consignments=6)
    assert rows(made.path / "ledger.jsonl") == []
    assert made.check() == 0


def test_pilot_counts_what_was_generated(pilot: Pilot, tmp_path: Path) -> None:
    """Actors, countries and value chains of all houses; a consignment whose credential failed does not count."""
    assert pilot.check("--out", str(tmp_path), command="pilot") == 0
    measures = json.loads((tmp_path / "pilot.json").read_text(encoding="utf-8"))["measures"]
    assert measures["countries"]["verified"] >= 5
    assert measures["value_chains"]["verified"] >= 5
    assert measures["actors"]["verified"] >= 20
    counted = measures["consignments"]
    assert counted["verified"] + counted["declared_only"] == pilot.told["consignments"]
    assert counted["verified"] >= 1


def test_files_and_lines_hold_the_same_credentials(tmp_path: Path) -> None:
    """--form files writes each credential into a file of its own, with the same bytes as its line."""
    lines = make_pilot(tmp_path / "lines", consignments=3)
    files = make_pilot(tmp_path / "files", consignments=3, form="files")
    of_lines = [
        line
        for path in sorted((lines.path / "credentials").iterdir())
        for line in path.read_bytes().splitlines()
    ]
    of_files = [path.read_bytes() for path in sorted((files.path / "credentials").rglob("*.j*"))]
    assert of_lines == of_files
