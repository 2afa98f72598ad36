"""What `check`, `audit`, `pilot` and `merge` share: how a run is cut up, where it goes on, and how it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.console import note, progress
from harness.errors import UsageError
from harness.gather.files import gather_paths, size_of
from harness.judge import Suite
from harness.judge.judge import Terms
from harness.run import Bench, Judged
from harness.volume import LARGE, Engine, InProcess, Part, Pool, Run, RunFolder, run_key
from harness.volume.chunks import Shard
from harness.volume.columns import has_columns, write_columns
from harness.volume.engines import Cluster
from harness.volume.tally import Tally

PARTS = "parts"
"""The folder below --out that holds the finished parts of a run."""
STOPPED = 3

Jobs = Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")]
ShardOption = Annotated[
    str | None,
    typer.Option("--shard", help="Judge one share, as 2/4; `untp-crm merge` puts the shares together."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="Judge on the workers of this dask scheduler, as tcp://host:8786."),
]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Take up what an earlier run with the same --out has finished.")
]

ReadingsOption = Annotated[
    bool,
    typer.Option("--readings", help="Keep below --out what audit and pilot need: they go on with --resume."),
]


def engine_of(jobs: int, cluster: str | None) -> Engine:
    """Where chunks are judged."""
    if cluster is not None:
        return Cluster(cluster)
    return Pool(jobs) if jobs > 1 else InProcess()


@dataclass
class Stream:
    """A run of a command: its parts one after the other, kept below `out` as they come."""

    run: Run
    paths: list[str]
    out: Path | None
    about: dict[str, Any] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    ended: bool = False
    done: int = 0

    @classmethod
    def over(
        cls, paths: list[str], bench: Bench, out: Path | None, *, jobs: int = 1, cluster: str | None = None,
        shard: str | None = None, resume: bool = False, **about: Any,
    ) -> Stream:  # fmt: skip
        """A run over some paths. Raises UsageError where a share or a resumption has no folder."""
        for name, given in (("--shard", shard is not None), ("--resume", resume)):
            if given and out is None:
                raise UsageError(
                    f"{name} needs --out DIR", hint="Finished parts are kept there and taken from there."
                )
        part = Shard.parsed(shard)
        folder = RunFolder(out / PARTS) if out is not None else None
        told = {
            "key": run_key(bench), "suite": bench.suite.digest, "at": bench.terms.at.isoformat(),
            "engine": bench.terms.engine, "anchors": dict(bench.terms.anchors.data), "shard": [part.number, part.of],
            **about,
        }  # fmt: skip
        return cls(Run(bench, engine_of(jobs, cluster), part, folder, resume), paths, out, told)

    def parts(self) -> Iterator[Part]:
        """The parts. Ctrl-C ends them early where there is a folder: then `ended` stays false."""
        folder = self.run.folder
        if folder is not None and not self.run.resumes:
            folder.forget()
        if folder is not None:
            folder.note(**self.about, done=False)
        evidence = gather_paths(self.paths, skipped=self.skipped, sources=self.run.bench.sources)
        parts = self.run.parts(evidence)
        try:
            for part in progress(parts, total=size_of(self.paths), weigh=lambda one: int(one.head["bytes"])):
                self.done += len(part.rows)
                yield part
        except KeyboardInterrupt:
            if folder is None:
                raise
            kept = (
                f"after {self.done:,} credentials. They are kept in {folder.path}"
                if self.done
                else "before the first part was finished"
            )
            note(f"Stopped {kept}: the same command with --resume goes on.", always=True)
            return
        finally:
            parts.close()
        self.ended = True
        if folder is not None:
            folder.note(**self.about, done=True, subjects=self.done, left_out=len(self.skipped))
        if self.run.taken_up:
            note(f"Taken up: {self.run.taken_up:,} chunks that were judged before.")

    def tidy(self) -> None:
        """Forget the parts of a run whose whole is in a record."""
        if self.run.folder is not None:
            self.run.folder.forget()


@dataclass
class Gathered:
    """What is left of a run when its parts have gone through: every report where it is small, sums where it is large."""

    suite: Suite
    tally: Tally
    judged: list[Judged] | None = field(default_factory=list)

    @classmethod
    def empty(cls, suite: Suite) -> Gathered:
        """Before the first part."""
        return cls(suite, Tally(suite))

    def take(self, parts: Iterable[Part], *, whole: bool = False, each: bool = True) -> Iterator[Judged]:
        """The reports in order. They are held up to LARGE, or all of them where the `whole` is asked for.

        Where nobody asks for `each`, those of a large run are not unpacked.
        """
        for part in parts:
            self.tally.add(part)
            if self.judged is not None and not whole and self.tally.subjects > LARGE:
                self.judged = None
            if self.judged is None and not each:
                continue
            for _, item in part.reports(self.suite):
                if self.judged is not None:
                    self.judged.append(item)
                yield item


def write_large(
    gathered: Gathered,
    parts: RunFolder,
    out: Path,
    terms: Terms,
    *,
    profile: Any,
    reproduce: list[str],
    skipped: int,
) -> dict[str, Any]:
    """The folder of a large run: summary.json, and the results as columns where pyarrow is there."""
    files: list[str] = []
    if has_columns():
        files = write_columns(parts.parts(), out, gathered.suite)
    else:
        note(
            "The results are in the parts alone: pip install 'untp-crm-harness[columns]' writes them as Parquet too."
        )
    return gathered.tally.summary(
        terms, profile=profile, reproduce=reproduce, files=[*files, f"{PARTS}/part-*.jsonl"], skipped=skipped
    )


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turns what a disk refuses into an error that says so. Raises UsageError."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"--out {out} cannot be written: {error.strerror or error}",
            hint="Choose another folder, or make room.",
        ) from None
