"""Shards put together: the parts of all shares of one run, in the order of the evidence, as one run again."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.graph.build import Reading
from harness.volume.parts import Part, RunFolder, evidence_rows

ROWS = 200
"""Credentials in one part of the whole."""
SAME = ("key", "suite", "at", "engine", "profile", "readings")
"""What all shares of a run have in common."""


@dataclass(frozen=True)
class Shares:
    """The shares of one run, and what they say of it."""

    folders: tuple[RunFolder, ...]
    about: dict[str, Any]
    left_out: int

    @classmethod
    def found(cls, paths: Sequence[Path]) -> Shares:
        """The shares below some folders. Raises UsageError where they are not the whole of one run."""
        folders = tuple(RunFolder(path) for path in paths)
        notes = [folder.noted() for folder in folders]
        for path, note in zip(paths, notes, strict=True):
            if not note.get("done"):
                raise UsageError(
                    f"the share in {path} is not finished", hint="Run its command again with --resume."
                )
            if any(note.get(name) != notes[0].get(name) for name in SAME):
                raise UsageError(
                    f"the share in {path} is of another run than that in {paths[0]}",
                    hint="Shares belong together when suite, clock, profile, engine and anchors are the same.",
                )
        of = notes[0]["shard"][1]
        numbers = sorted(note["shard"][0] for note in notes)
        if any(note["shard"][1] != of for note in notes) or numbers != list(range(1, of + 1)):
            told = ", ".join("/".join(map(str, note["shard"])) for note in notes)
            raise UsageError(
                f"these are not all shares of one run: {told}",
                hint=f"Give each share from 1/{of} to {of}/{of} once.",
            )
        return cls(folders, notes[0], notes[0].get("left_out", 0))

    def parts(self) -> Iterator[Part]:
        """The parts of the whole."""
        rows: list[dict[str, Any]] = []
        said: list[Reading | None] = []
        streams = [_rows(folder) for folder in self.folders]
        for row, reading in heapq.merge(*streams, key=lambda pair: int(pair[0]["n"])):
            if len(rows) >= ROWS and row["n"] != rows[-1]["n"]:
                yield self._part(rows, said)
                rows, said = [], []
            rows.append(row)
            said.append(reading)
        if rows:
            yield self._part(rows, said)

    def _part(self, rows: list[dict[str, Any]], said: list[Reading | None]) -> Part:
        return Part.of_rows(rows, said, key=self.about["key"], suite=self.about["suite"])


def _rows(folder: RunFolder) -> Iterator[tuple[dict[str, Any], Reading | None]]:
    for part in folder.parts():
        said = part.readings or [None] * len(part.rows)
        yield from zip(evidence_rows([part]), said, strict=True)
