"""A generated pilot through `check`, `audit` and `pilot` in one go: time, memory, and the ledger held against it.

    python benchmarks/pilot.py --consignments 10000 --faults 0.02 --jobs 2 [--compare 2000]

`check` judges and keeps what the other two need; they take it up without judging again. With --compare the first so
many credentials are judged with one process and with two, in this run, for the ratio. Exit code 1 where a fault of
the ledger was not found by its requirement, or anything else was found.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generate import generate
from ledger import found_in, hold
from measured import Measure, load, run

AT = "2026-11-01T00:00:00Z"


def terms(pilot: Path) -> list[str]:
    """How a generated pilot is judged."""
    return ["--web", str(pilot / "web"), "--anchors", str(pilot / "anchors.toml"), "--at", AT]


def told(name: str, took: Measure, credentials: int) -> str:
    """One command for people."""
    each = took.cpu / credentials * 1000
    return f"{name:<12}{took.wall:>9.1f} s{took.cpu:>9.1f} s CPU{each:>8.2f} ms CPU each{took.peak:>8.0f} MB at most"


def compared(pilot: Path, work: Path, credentials: int) -> str:
    """One process against two over the first files of a pilot."""
    files = sorted((pilot / "credentials").iterdir())[: max(2, credentials // 200)]
    walls = []
    for jobs in ("1", "2"):
        out = work / f"jobs-{jobs}"
        walls.append(run("check", *map(str, files), *terms(pilot), "--out", str(out), "--jobs", jobs).wall)
    return f"two processes are {walls[0] / walls[1]:.2f} times as fast as one, start included ({walls[0]:.1f} s, {walls[1]:.1f} s)"


def main() -> int:
    """Generate, judge, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--consignments", type=int, default=1000)
    parser.add_argument("--faults", type=float, default=0.02, help="share of lots that have a fault")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--compare", type=int, default=0, help="credentials for the comparison of one and two processes"
    )
    parser.add_argument("--work", type=Path, help="keep everything in this folder, which does not exist yet")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        pilot, out = work / "pilot", work / "run"
        began = time.monotonic()
        made = generate(pilot, consignments=given.consignments, share=given.faults, seed=given.seed)
        number = made["credentials"]
        print(
            f"{made['consignments']:,} consignments, {number:,} credentials, {made.get('faults', 0):,} faults; {load()}"
        )
        print(f"{'generated':<12}{time.monotonic() - began:>9.1f} s")
        common = [str(pilot / "credentials"), *terms(pilot), "--out", str(out), "--jobs", str(given.jobs)]
        steps = {
            "check": run("check", *common, "--readings"),
            "audit": run("audit", *common, "--resume"),
            "pilot": run("pilot", *common, "--resume"),
        }
        for name, took in steps.items():
            print(told(name, took, number))
        wall, cpu = sum(took.wall for took in steps.values()), sum(took.cpu for took in steps.values())
        print(told("in all", Measure(wall, cpu, max(took.peak for took in steps.values()), 0, ""), number))
        measures = json.loads((out / "pilot.json").read_text(encoding="utf-8"))["measures"]
        print("  ".join(f"{name} {row['verified']:,}/{row['target']:,}" for name, row in measures.items()))
        held = hold(pilot, found_in(out))
        print(f"ledger: {held.faults - len(held.missed):,} of {held.faults:,} faults found by their requirement, "
              f"{len(held.others):,} other findings")  # fmt: skip
        for row in held.missed[:10]:
            print(f"  missed {row['fault']} ({row['requirement']}) in {row['subject']}")
        for subject, requirement, outcome in held.others[:10]:
            print(f"  besides {outcome} {requirement} in {subject}")
        if given.compare:
            print(compared(pilot, work, given.compare))
        return 0 if held.holds else 1


if __name__ == "__main__":
    sys.exit(main())
