"""Generated pilots for tests, and the commands over them."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.cli import main

CHECKOUT = Path(__file__).resolve().parents[2]
AT = "2026-11-01T00:00:00Z"


def run(*words: str) -> int:
    """Run a command of untp-crm in this process; gives its exit code."""
    try:
        main(list(words))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@cache
def benchmark(name: str) -> Any:
    """A script of benchmarks/ as a module."""
    folder = str(CHECKOUT / "benchmarks")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)


@dataclass(frozen=True)
class Pilot:
    """A pilot on disk."""

    path: Path
    told: dict[str, Any]

    @property
    def terms(self) -> list[str]:
        """How it is judged."""
        return ["--web", str(self.path / "web"), "--anchors", str(self.path / "anchors.toml"), "--at", AT]

    def words(self, command: str, *more: str) -> list[str]:
        """A command over its credentials."""
        return [command, str(self.path / "credentials"), *self.terms, *more]

    def check(self, *more: str, command: str = "check") -> int:
        """Run a command in this process; gives its exit code."""
        return run(*self.words(command, *more))

    def started(self, *more: str, command: str = "check") -> subprocess.Popen[bytes]:
        """Start a command in a process of its own."""
        words = [sys.executable, "-m", "harness", *self.words(command, *more)]
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def make_pilot(path: Path, *, share: float = 0.0, consignments: int = 7, **more: Any) -> Pilot:
    """Generate a pilot over one house of each chain."""
    houses = benchmark("houses").houses()
    told = benchmark("generate").generate(
        path, consignments=consignments, share=share, seed=5, chosen=houses[:5], **{"lines": 12, **more}
    )
    return Pilot(path, told)


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
