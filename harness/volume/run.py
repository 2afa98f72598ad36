"""One run over evidence of any size: parts in order, kept on disk as they come, taken up again where they are."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import harness
from harness.evidence import Absence, Evidence
from harness.run import Bench
from harness.volume.chunks import Shard, chunks_of
from harness.volume.engines import Engine, InProcess, Task
from harness.volume.parts import Numbered, Part, RunFolder, digest_of

LARGE = 1000
"""Credentials up to which a run has a record with a report; a larger one has a summary and columns instead."""


def run_key(bench: Bench) -> str:
    """What the parts of a run are told by: suite, clock, profile, engines, chosen cases and whom it trusts."""
    terms = bench.terms
    told = (
        harness.__version__, bench.suite.digest, terms.at.isoformat(), terms.profile.name if terms.profile else None,
        terms.engine, terms.only, sorted(terms.anchors.roots), terms.anchors.issuers, terms.anchors.schemes, bench.joins,
    )  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass
class Run:
    """Judges evidence by chunks; with a folder, finished parts are kept there, and taken from there on request."""

    bench: Bench
    engine: Engine = field(default_factory=InProcess)
    shard: Shard = field(default_factory=Shard)
    folder: RunFolder | None = None
    resumes: bool = False
    taken_up: int = 0
    """How many chunks were finished already."""
    _finished_before: set[int] = field(default_factory=set)
    _name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def parts(self, evidence: Iterable[Evidence | Absence]) -> Generator[Part]:
        """The parts, in the order of the evidence. What is given has been kept before."""
        key = run_key(self.bench)
        number = -1
        if self.folder is not None and not self.resumes:
            self.folder.forget_parts()
        for number, part in enumerate(self.engine.parts(self._tasks(evidence, key))):
            if self.folder is not None and number not in self._finished_before:
                self.folder.keep(number, part)
            self._finished_before.discard(number)
            yield part
        if self.folder is not None and number >= 0:
            self.folder.forget_parts(beyond=number)

    def _tasks(self, evidence: Iterable[Evidence | Absence], key: str) -> Iterator[Task | Part]:
        for number, chunk in enumerate(chunks_of(evidence, self.shard)):
            known = self._finished(number, chunk, key)
            if known is None:
                yield Task(self.bench, chunk, key, self._name)
            else:
                self.taken_up += 1
                self._finished_before.add(number)
                yield known

    def _finished(self, number: int, chunk: list[Numbered], key: str) -> Part | None:
        """The part of a chunk, where it was judged before by the same terms and on the same evidence."""
        part = self.folder.part(number) if self.resumes and self.folder is not None else None
        if part is None or part.head["key"] != key or part.head["chunk"] != digest_of(chunk):
            return None
        return part if all(self._same_web(row) for row in part.head["web"]) else None

    def _same_web(self, row: list[Any]) -> bool:
        """Whether a URL still answers what it answered."""
        url, sha256 = str(row[0]), row[1]
        answer = self.bench.closure.fetched(url)
        return bool((answer.sha256 if isinstance(answer, Evidence) else None) == sha256)
