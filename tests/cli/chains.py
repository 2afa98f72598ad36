"""The reference vendor on disk, good or changed by one operation: files to judge and a folder that stands for the web."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence import Evidence
from harness.reference.chain import Bundle, issue, reference_bundle
from harness.reference.operations import change

CHECKOUT = Path(__file__).resolve().parents[2]
AT = "2026-11-01T00:00:00Z"


@dataclass(frozen=True)
class OnDisk:
    """One credential as a file, and the web around it as a folder."""

    credential: Path
    web: Path

    def answer(self, url: str) -> Path:
        """The file that stands for a URL."""
        return self.web / url.removeprefix("https://")


def chain(name: str, operation: str | None = None, **arguments: Any) -> Bundle:
    """The good chain, or with one operation on one credential."""
    if operation is None:
        return reference_bundle()
    return issue(change(reference_bundle().plan, name, {"operation": operation, **arguments}))


def on_disk(bundle: Bundle, name: str, folder: Path) -> OnDisk:
    """One credential of a chain, and all of its web, in a folder."""
    for url, answer in bundle.web.items():
        if isinstance(answer, Evidence) and "linkset" not in answer.media_type:
            place = url.removeprefix("https://")
            path = folder / "web" / (f"{place}index.json" if place.endswith("/") else place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer.body)
    delivered = folder / f"credential{Path(bundle.delivered(name).name).suffix}"
    delivered.write_bytes(bundle.delivered(name).body)
    return OnDisk(delivered, folder / "web")


def check(place: OnDisk, *words: str, at: str = AT) -> tuple[int, dict[str, Any], str]:
    """`untp-crm check --format jsonl` in a process of its own: exit code, the one report, standard error."""
    command = [
        sys.executable, "-m", "harness", "check", str(place.credential), "--web", str(place.web),
        "--at", at, "--format", "jsonl", *words,
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    (line,) = done.stdout.decode().splitlines()
    return done.returncode, json.loads(line), done.stderr.decode()
