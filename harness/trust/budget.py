"""Work on what strangers sent, in a worker process that can be killed.

Some input makes an honest algorithm run for ever: a poison graph keeps RDF canonicalisation busy until
the sun goes out, in native code that no exception reaches. Such work goes to one warm worker under
limits for wall-clock time, CPU time and memory. When it ends there, the task gets BudgetError, the
worker dies, and the next task has a new one.

A function that is run here is importable by name, takes and returns what pickle can carry, and raises
only HarnessError of one message (no TrustError, which has more).
"""

from __future__ import annotations

import atexit
import json
import math
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from harness.errors import BudgetError, EngineError, HarnessError

Result = TypeVar("Result")

BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from harness.trust.budget import serve; serve(int(sys.argv[1]))"
START_SECONDS = 60.0
"""Longest time that a worker may take to start; it counts for no task."""


@dataclass(frozen=True)
class Limits:
    """What one task may use: seconds on the clock, seconds of CPU, bytes of address space."""

    wall: float = 3.5
    cpu: float = 3.0
    memory: int = 1024 * 1024 * 1024

    def __str__(self) -> str:
        return f"{self.wall:g} s on the clock, {self.cpu:g} s of CPU time, {self.memory >> 20:,} MiB"


DEFAULT = Limits()


class Worker:
    """One process that runs one task at a time; it is started when it is first needed."""

    def __init__(self, *, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._owner = 0

    def run(self, function: Callable[..., Result], *arguments: Any, what: str = "canonicalisation") -> Result:
        """Run a function there and return its result.

        Raises BudgetError when a limit ended, EngineError when the worker died of something else, and
        whatever HarnessError the function raised. `what` names the work in the message.
        """
        with self._lock:
            line = self._ready()
            try:
                line.send((function, arguments))
                reply: tuple[str, Any] = line.recv() if line.poll(self.limits.wall) else ("late", None)
            except (EOFError, OSError):
                raise self._end(what) from None
            kind, value = reply
            if kind in ("late", "memory"):
                self._stop()
                raise _exceeded(what, self.limits)
        if kind == "error":
            raise value
        result: Result = value
        return result

    def close(self) -> None:
        """End the process; the next task starts another."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """Process id of the worker that is running, or None."""
        return self._process.pid if self._process is not None else None

    def _ready(self) -> Connection:
        if self._owner != os.getpid():
            self._process = self._line = None  # after a fork: the worker is the parent's
        if self._process is not None and self._process.poll() is None and self._line is not None:
            return self._line
        self._stop()
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", BOOT, str(theirs.fileno()), json.dumps(sys.path)]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self._owner, self._line = os.getpid(), Connection(ours.detach())
        with suppress(EOFError, OSError):
            if self._line.poll(START_SECONDS):
                self._line.recv()
                self._line.send(self.limits)
                return self._line
        self._stop()
        raise EngineError("the worker for bounded tasks did not start")

    def _end(self, what: str) -> EngineError:
        """Why the worker died, from the way it did."""
        process = self._process
        try:
            code = process.wait(START_SECONDS) if process is not None else 0
        except subprocess.TimeoutExpired:
            code = 0
        self._stop()
        if code in (-signal.SIGXCPU, -signal.SIGABRT):
            return _exceeded(what, self.limits)
        died = f"of {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return EngineError(f"the worker for {what} died {died}", hint="See its traceback on standard error.")

    def _stop(self) -> None:
        process, line = self._process, self._line
        self._process = self._line = None
        if self._owner != os.getpid():
            return
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            process.wait()


def _exceeded(what: str, limits: Limits) -> BudgetError:
    """One message whichever limit was met first: that differs from run to run, and a record must not."""
    return BudgetError(
        f"{what} budget exceeded: {limits}",
        why="Nobody can say whether this input is right, so it neither passes nor fails.",
        hint="Look for a graph of many blank nodes that look alike, or for data of extreme size.",
    )


_shared: dict[Limits, Worker] = {}
_shared_lock = threading.Lock()


def within_budget(
    function: Callable[..., Result], *arguments: Any, what: str = "canonicalisation", limits: Limits = DEFAULT
) -> Result:
    """Run a function in the warm worker that has these limits; see `Worker.run`."""
    with _shared_lock:
        worker = _shared.setdefault(limits, Worker(limits=limits))
    return worker.run(function, *arguments, what=what)


@atexit.register
def _close_shared() -> None:
    for worker in _shared.values():
        worker.close()


def serve(descriptor: int) -> None:
    """Be a worker: run tasks from the line until it is closed. Only `Worker` calls this."""
    line = Connection(descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        line.send("ready")
        limits: Limits = line.recv()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(ValueError):  # macOS limits no address space
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        while True:
            function, arguments = line.recv()
            _limit_cpu(limits.cpu)
            line.send(_answer(function, arguments))


def _limit_cpu(seconds: float) -> None:
    """Allow this many seconds more than were used so far; the kernel counts in whole seconds."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), most))


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments)
    except MemoryError:
        return "memory", None
    except HarnessError as error:
        return "error", error
