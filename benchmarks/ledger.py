"""A ledger held against what a run found: every fault by its requirement, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUIET = frozenset({"passed", "not_applicable"})
Found = tuple[str, str, str]
"""Subject, requirement, outcome."""


@dataclass
class Held:
    """What came of the comparison."""

    faults: int = 0
    missed: list[dict[str, Any]] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every fault was found and nothing else."""
        return not self.missed and not self.others


def hold(pilot: Path, found: Iterable[Found]) -> Held:
    """Compare what was found with the ledger of a pilot."""
    said = set(found)
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
    held.others = sorted(said - explained)
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
