"""A command, measured: seconds on the clock and of CPU, and the most memory that it and its processes had."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Measure:
    """What a command took: seconds on the clock and of CPU, megabytes at the most, and its exit code."""

    wall: float
    cpu: float
    peak: float
    code: int
    out: str


def run(*words: str) -> Measure:
    """Run `untp-crm` with these words in a process of its own and measure it with all processes that it starts.

    The exit codes of the harness that say something of the input (0, 1, 3) are no failure here.
    """
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen([sys.executable, "-m", "harness", *words], stdout=subprocess.PIPE, text=True)
    peak = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            peak[0] = max(peak[0], memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    ended.set()
    watcher.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"untp-crm {' '.join(words)} ended with {process.returncode}")
    return Measure(time.monotonic() - began, cpu, peak[0], process.returncode, out)


def memory(pid: int) -> float:
    """Megabytes that a process and those below it have for themselves, shared pages counted by their share."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
        except (OSError, ValueError):
            continue
    return total


def load() -> str:
    """How busy the machine is, for whoever reads the figures."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
