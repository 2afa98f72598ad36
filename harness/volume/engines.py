"""Engines: where the chunks of a run are judged. Each gives the parts in the order of the chunks."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol

from harness.errors import EngineError
from harness.judge import load_suite
from harness.judge.collector import keep_what_is_here
from harness.run import Bench
from harness.volume.parts import Numbered, Part

Chunk = list[Numbered]
TRIES = 3
"""How often a chunk is judged anew after its process died."""


@dataclass(frozen=True)
class Task:
    """What a worker is asked: judge this chunk by these terms."""

    bench: Bench
    chunk: Chunk
    key: str
    run: str
    """Names the run in the memory of a worker: another run never sees what this one was answered."""

    def done(self) -> Part:
        """The part."""
        bench = _bench(self.run, self.bench)
        judged = [(number, item) for number, evidence in self.chunk for item in bench.judge(evidence)]
        return Part.of(self.chunk, judged, key=self.key, suite=bench.suite.digest)


_benches: dict[str, Bench] = {}


def _bench(run: str, bench: Bench) -> Bench:
    """The bench of a run in this process, with all that it remembers; only the latest run is remembered."""
    if run not in _benches:
        _benches.clear()
        _benches[run] = bench
    return _benches[run]


def judge_task(task: Task) -> Part:
    """Judge one chunk: what workers run."""
    return task.done()


class Engine(Protocol):
    """Something that judges chunks."""

    def parts(self, tasks: Iterable[Task | Part]) -> Iterator[Part]:
        """The parts of some tasks, in their order; what is a part already passes through."""


@dataclass(frozen=True)
class InProcess:
    """Judges here, one chunk after the other."""

    def parts(self, tasks: Iterable[Task | Part]) -> Iterator[Part]:
        """The parts, in order."""
        for task in tasks:
            yield task if isinstance(task, Part) else task.done()


@dataclass(frozen=True)
class Pool:
    """Judges in processes of this machine. A process that dies is replaced, and its chunk is judged again."""

    jobs: int

    def parts(self, tasks: Iterable[Task | Part]) -> Iterator[Part]:
        """The parts, in order."""
        source = iter(tasks)
        pool = self._pool()
        waiting: deque[tuple[Task, Future[Part]] | Part] = deque()
        tries = 0
        try:
            while True:
                while len(waiting) < 2 * self.jobs + 1:
                    task = next(source, None)
                    if task is None:
                        break
                    waiting.append(task if isinstance(task, Part) else (task, pool.submit(judge_task, task)))
                if not waiting:
                    return
                first = waiting[0]
                if isinstance(first, Part):
                    yield first
                    waiting.popleft()
                    continue
                try:
                    part = first[1].result()
                except BrokenProcessPool:
                    tries += 1
                    if tries > TRIES:
                        raise EngineError(
                            f"the processes that judge died {tries} times over the same chunk",
                            where=first[0].chunk[0][1].name, why="Mostly memory ran out.",
                            hint="Judge with fewer --jobs; --resume takes up what is finished.",
                        ) from None  # fmt: skip
                    pool.shutdown(wait=False, cancel_futures=True)
                    pool = self._pool()
                    waiting = deque(
                        item if isinstance(item, Part) else (item[0], pool.submit(judge_task, item[0]))
                        for item in waiting
                    )
                    continue
                tries = 0
                yield part
                waiting.popleft()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.jobs, initializer=_begin)


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that started it, and has the suite before the first chunk comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_suite()
    keep_what_is_here()


@dataclass(frozen=True)
class Cluster:
    """Judges on the workers of a dask.distributed scheduler; a worker that dies is made good by the others."""

    address: str

    def parts(self, tasks: Iterable[Task | Part]) -> Iterator[Part]:
        """The parts, in order. Raises EngineError where the cluster cannot be had or judges by another suite."""
        client = self._client()
        digest = load_suite().digest
        source = iter(tasks)
        waiting: deque[Any] = deque()
        try:
            while True:
                while len(waiting) < 2 * max(1, sum(client.nthreads().values())) + 1:
                    task = next(source, None)
                    if task is None:
                        break
                    waiting.append(
                        task
                        if isinstance(task, Part)
                        else client.submit(judge_task, task, pure=False, retries=TRIES)
                    )
                if not waiting:
                    return
                first = waiting.popleft()
                part = first if isinstance(first, Part) else self._result(first)
                if part.head["suite"] != digest:
                    raise EngineError(
                        "a worker of the cluster judges by another suite", why="Its record would be another one.",
                        hint="Install the same version of untp-crm-harness on every worker.",
                    )  # fmt: skip
                yield part
        finally:
            client.close()

    def _client(self) -> Any:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
        except ImportError:
            raise EngineError(
                "--cluster needs dask.distributed", hint="pip install 'untp-crm-harness[cluster]' here and on the workers.",
            ) from None  # fmt: skip
        try:
            return Client(self.address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call,unused-ignore]
        except (OSError, TimeoutError, ValueError) as problem:
            raise EngineError(
                f"the scheduler at {self.address} does not answer: {problem}",
                hint="Start one with `dask scheduler`, and workers with `dask worker ADDRESS`.",
            ) from None

    @staticmethod
    def _result(future: Any) -> Part:
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        try:
            found: Part = future.result()
        except KilledWorker as problem:
            raise EngineError(
                f"workers of the cluster died over the same chunk: {problem}",
                hint="Give them more memory; --resume takes up what is finished.",
            ) from None
        return found
