"""A ledger held against what a run found: every fault by its requirement, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from houses import pilot_data

QUIET = frozenset({"passed", "not_applicable"})
Found = tuple[str, str, str]
"""Subject, requirement, outcome."""


@dataclass
class Held:
    """What came of the comparison."""

    faults: int = 0
    missed: list[dict[str, Any]] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)
    known: int = 0
    """Findings that the example chains have by themselves: benchmarks/pilot.toml says why."""

    @property
    def holds(self) -> bool:
        """Whether every fault was found and nothing else."""
        return not self.missed and not self.others


def hold(pilot: Path, found: Iterable[Found]) -> Held:
    """Compare what was found with the ledger of a pilot."""
    said = set(found)
    names = {row["subject"]: (row["chain"], row["credential"]) for row in _rows(pilot / "index.jsonl")}
    excused = {
        (row["chain"], name, row["requirement"]) for row in pilot_data()["known"] for name in row["names"]
    }
    explained: set[Found] = set()
    held = Held()
    by_subject: dict[str, list[Found]] = {}
    for one in said:
        by_subject.setdefault(one[0], []).append(one)
    for row in _rows(pilot / "ledger.jsonl"):
        held.faults += 1
        wanted = {row["requirement"], *row["also"]}
        within = [one for subject in row["lot"] for one in by_subject.get(subject, ()) if one[1] in wanted]
        if not any(one[1] == row["requirement"] and one[2] == row["outcome"] for one in within):
            held.missed.append(row)
        explained.update(within)
    for one in sorted(said - explained):
        if (*names.get(one[0], ("", "")), one[1]) in excused:
            held.known += 1
        else:
            held.others.append(one)
    return held


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def found_in(run: Path) -> Iterator[Found]:
    """What `check --out RUN --readings` and `audit --out RUN` found."""
    from harness.judge import load_suite  # noqa: PLC0415 - costs a second
    from harness.volume.parts import OUTCOMES, RunFolder, evidence_rows  # noqa: PLC0415

    known = load_suite().cases_by_id
    for row in evidence_rows(RunFolder(run / "parts").parts()):
        for case, letter in zip(row["cases"], row["outcomes"], strict=True):
            if str(OUTCOMES[letter]) not in QUIET:
                yield row["name"], known[case].requirement, str(OUTCOMES[letter])
    for result in json.loads((run / "audit.json").read_text(encoding="utf-8"))["findings"]:
        yield result["subject"], result["requirement"], result["outcome"]
