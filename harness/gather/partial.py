"""What a live run has recorded so far, on disk as it goes: a run that stops can be taken up again.

A folder `live` under --out: terms.json says which run it is, exchanges.jsonl holds a row for each exchange in the
form of a submission's index, bodies/ the bytes by digest. It goes away once every question was answered.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from harness.data_files import validator
from harness.errors import UsageError
from harness.exchange import Exchange, Recording

FOLDER = "live"
_TERMS, _ROWS, _BODIES = "terms.json", "exchanges.jsonl", "bodies"


@dataclass(frozen=True)
class PartialTerms:
    """What makes two runs the same: vendor file and suite by digest, and the nonce and moment of the first.

    `port` is the one on which the harness answered, for its URLs stand in what was asked; 0 where it did not.
    """

    vendor: str
    suite: str
    nonce: str
    at: str
    port: int = 0

    @classmethod
    def of(cls, text: str, suite: str, *, nonce: str, at: str, port: int = 0) -> PartialTerms:
        """The terms of a run by this vendor file."""
        return cls(hashlib.sha256(text.encode()).hexdigest(), suite, nonce, at, port)


class Partial:
    """The folder of one run, open for writing. Close it."""

    def __init__(self, folder: Path, terms: PartialTerms) -> None:
        self._folder = folder / FOLDER
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            (self._folder / _BODIES).mkdir(parents=True)
            (self._folder / _TERMS).write_text(json.dumps(terms.__dict__, indent=1) + "\n", encoding="utf-8")
            self._rows: IO[str] = (self._folder / _ROWS).open("w", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{self._folder} cannot be written: {error.strerror or error}") from None

    def keep(self, exchange: Exchange) -> None:
        """Write one exchange down."""
        rows, bodies = Recording((exchange,)).rows()
        for digest, body in bodies.items():
            path = self._folder / _BODIES / digest
            if not path.exists():
                path.write_bytes(body)
        self._rows.write(json.dumps(rows[0], ensure_ascii=False) + "\n")
        self._rows.flush()

    def close(self, *, settled: bool) -> None:
        """Close it; where the run is settled, nothing has to be taken up and the folder goes away."""
        self._rows.close()
        if settled:
            shutil.rmtree(self._folder, ignore_errors=True)


def taken_up(folder: Path) -> tuple[PartialTerms, Recording] | None:
    """The terms and recording that an earlier run left in an --out folder; None where there is none that is whole.

    A last row that was cut off, or a body that is missing or changed, is left out and asked again.
    """
    here = folder / FOLDER
    try:
        terms = PartialTerms(**json.loads((here / _TERMS).read_text(encoding="utf-8")))
        lines = (here / _ROWS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError, TypeError):
        return None
    rows: list[Mapping[str, Any]] = []
    bodies: dict[str, bytes] = {}
    check = validator("submission").evolve(schema={"$ref": "submission.schema.json#/$defs/exchange"})
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if check.is_valid(row) and _has_bodies(row, here / _BODIES, bodies):
            rows.append(row)
    return terms, Recording.restored(rows, bodies)


def _has_bodies(row: Mapping[str, Any], folder: Path, bodies: dict[str, bytes]) -> bool:
    for side in (row["request"], row.get("answer")):
        if side is None:
            continue
        try:
            body = (folder / side["sha256"]).read_bytes()
        except OSError:
            return False
        if hashlib.sha256(body).hexdigest() != side["sha256"]:
            return False
        bodies[side["sha256"]] = body
    return True
