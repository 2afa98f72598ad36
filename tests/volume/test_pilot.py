"""A generated pilot is what it says, and every fault of its ledger is found, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

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


def test_nothing_is_found_in_a_good_pilot(tmp_path: Path) -> None:
    """Without faults every credential is conformant, and every chain of every house is complete."""
    made = make_pilot(tmp_path / "good", consignments=6)
    assert rows(made.path / "ledger.jsonl") == []
    run = str(tmp_path / "run")
    assert made.check("--out", run, "--readings") == 0
    assert made.check("--out", run, "--resume", command="audit") == 0
    assert list(benchmark("ledger").found_in(tmp_path / "run")) == []
    report = json.loads((tmp_path / "run" / "audit.json").read_text(encoding="utf-8"))
    assert report["credentials"]["states"]["verified"] == made.told["credentials"]
    assert all(anchor["reaches_root"] for anchor in report["anchors"])


def test_lots_share_what_is_not_about_them(tmp_path: Path) -> None:
    """Accreditations, anchors and records are issued once for a house, however many lots it has."""
    made = make_pilot(tmp_path / "good", consignments=16)
    index = rows(made.path / "index.jsonl")
    once = [row for row in index if row["credential"].startswith(("dia-", "dfr-"))]
    assert {row["lot"] for row in once} == {""}
    assert len({(row["house"], row["credential"]) for row in once}) == len(once)
    assert len({row["lot"] for row in index if row["lot"]}) > 1


def test_a_pilot_is_on_as_many_platforms_as_it_names(pilot: Pilot, tmp_path: Path) -> None:
    """Houses on one platform name the same software."""
    pilot.check("--out", str(tmp_path), "--readings")
    pilot.check("--out", str(tmp_path), "--resume", command="pilot")
    report = json.loads((tmp_path / "pilot.json").read_text(encoding="utf-8"))
    hosts = {row["host"] for row in benchmark("platforms").pilot_data()["platform"]}
    assert {urlsplit(name).netloc for name in report["names"]["platforms"]} <= hosts


def test_no_actor_of_a_pilot_is_one_of_another_house(pilot: Pilot, tmp_path: Path) -> None:
    """Companies of two houses share no register entry and no LEI, so that each counts as an actor."""
    pilot.check("--out", str(tmp_path), "--readings")
    pilot.check("--out", str(tmp_path), "--resume", command="pilot")
    actors = json.loads((tmp_path / "pilot.json").read_text(encoding="utf-8"))["names"]["actors"]
    casts = {name.rpartition("-h")[2].partition(".")[0] for name in actors}
    twice = [name for name in actors if name.rpartition("-h")[0] == "did:web:voltara-cells"]
    assert casts == {"0", "1", "2", "3", "4"}
    assert len(twice) == 2


def test_no_two_houses_share_a_name() -> None:
    """Each house has DIDs and GS1 company prefixes of its own, and its numbers keep their check digits."""
    seen: set[str] = set()
    for house in benchmark("houses").houses():
        text = "".join(house.names.renamed(json.dumps(value)) for value in house.values.values())
        own = {*re.findall(r"did:web:[a-z0-9.-]+", text), *re.findall(r"952[0-9]{4}", text)}
        own -= {f"did:web:{row['host']}" for row in benchmark("platforms").pilot_data()["platform"]}
        assert len(own) > 10
        assert not own & seen
        seen |= own
        gtins = re.findall(r"/01/([0-9]{14})", text)
        assert gtins
        for gtin in gtins:
            weighed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(gtin[:-1]))
            assert -weighed % 10 == int(gtin[-1])
