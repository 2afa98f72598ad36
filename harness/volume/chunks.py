"""Evidence in numbered chunks: small enough to spread, large enough to be worth sending."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.errors import UsageError
from harness.evidence import Absence, Evidence
from harness.volume.parts import Numbered

MOST = 40
"""Pieces of evidence in one chunk."""
LARGEST = 1024 * 1024
"""Bytes after which a chunk is full: a file of lines is mostly one by itself."""


@dataclass(frozen=True)
class Shard:
    """One of so many shares of the evidence of a run."""

    number: int = 1
    of: int = 1

    @classmethod
    def parsed(cls, text: str | None) -> Shard:
        """`I/N`, from 1/N to N/N. Raises UsageError for anything else."""
        if text is None:
            return cls()
        match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise UsageError(f"--shard {text!r} is no share", hint="Write it as 1/4, 2/4, 3/4 or 4/4.")
        return cls(int(match[1]), int(match[2]))

    def has(self, number: int) -> bool:
        """Whether the piece of evidence at this place is in it."""
        return number % self.of == self.number - 1


def chunks_of(evidence: Iterable[Evidence | Absence], shard: Shard) -> Iterator[list[Numbered]]:
    """The evidence of a shard in chunks, each piece with its place in the whole run."""
    chunk: list[Numbered] = []
    size = 0
    for number, item in enumerate(evidence):
        if not shard.has(number):
            continue
        chunk.append((number, item))
        size += len(item.body) if isinstance(item, Evidence) else 0
        if len(chunk) == MOST or size >= LARGEST:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
