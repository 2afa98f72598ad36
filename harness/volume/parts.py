"""Parts: what a chunk of evidence gave, as lines of JSON with tables for what repeats; written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.errors import EvidenceError, UnreadableError
from harness.evidence import Absence, Evidence
from harness.graph.build import Reading
from harness.judge import Suite
from harness.model import Finding, Outcome, Result, SubjectReport, Verdict
from harness.run import Judged, Noted
from harness.volume.readings import packed_readings, unpacked_readings

LETTERS: Mapping[Outcome, str] = {
    Outcome.PASSED: "P", Outcome.FAILED: "F", Outcome.WARNING: "W", Outcome.NOT_APPLICABLE: "n",
    Outcome.NOT_RUN: "-", Outcome.ERROR: "E", Outcome.REVIEW: "R",
}  # fmt: skip
OUTCOMES: Mapping[str, Outcome] = {letter: outcome for outcome, letter in LETTERS.items()}

SEAL = 32
"""Bytes of the digest that readings begin with."""

Numbered = tuple[int, Evidence | Absence]
"""A piece of evidence and its place in the whole run, whatever the shard."""


def digest_of(chunk: Sequence[Numbered]) -> str:
    """What a chunk is told by: the places, names and digests of its evidence."""
    told = hashlib.sha256()
    for number, item in chunk:
        what = item.sha256 if isinstance(item, Evidence) else f"absent: {item.reason}"
        told.update(f"{number}\0{item.name}\0{what}\n".encode("utf-8", "surrogatepass"))
    return told.hexdigest()


@dataclass(frozen=True)
class Part:
    """What one chunk gave: the lines of its file and, where they were kept, what its credentials say."""

    text: bytes
    said: bytes | None = None

    @classmethod
    def of(
        cls, chunk: Sequence[Numbered], judged: Sequence[tuple[int, Judged]], *, key: str, suite: str
    ) -> Part:
        """Pack the reports on a chunk."""
        rows = [whole_row(number, item) for number, item in judged]
        said = [item.reading for _, item in judged]
        size = sum(len(item.body) for _, item in chunk if isinstance(item, Evidence))
        return cls.of_rows(
            rows, said, key=key, suite=suite, chunk=digest_of(chunk), evidence=len(chunk), bytes=size
        )

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]], said: Sequence[Reading | None], **about: Any) -> Part:
        """Pack rows that say everything by themselves: what repeats goes into tables."""
        tables: dict[str, dict[Any, int]] = {"cases": {}, "contexts": {}, "web": {}}

        def place(name: str, value: Sequence[Any]) -> int:
            return tables[name].setdefault(tuple(value), len(tables[name]))

        packed = [
            {
                **row, "cases": place("cases", row["cases"]), "contexts": place("contexts", row["contexts"]),
                "web": [place("web", answer) for answer in row["web"]],
            }
            for row in rows
        ]  # fmt: skip
        kept = any(reading is not None for reading in said)
        head = {"part": 1, **about, **{name: list(table) for name, table in tables.items()}, "readings": kept}
        text = "".join(map(_line, (head, *packed))).encode()
        text += _line({"end": len(packed), "sha256": hashlib.sha256(text).hexdigest()}).encode()
        body = packed_readings(said) if kept else b""
        return cls(text, _seal(text, body) + body if kept else None)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The head and the rows. Raises UnreadableError where anything is missing or not as it was written."""
        body, _, end = self.text.removesuffix(b"\n").rpartition(b"\n")
        try:
            found = [json.loads(line) for line in (*body.splitlines(), end)]
            seal = {"end": len(found) - 2, "sha256": hashlib.sha256(body + b"\n").hexdigest()}
            whole = (
                found[-1] == seal and found[0].get("part") == 1 and self._has(readings=found[0]["readings"])
            )
        except (ValueError, AttributeError, LookupError):
            whole = False
        if not whole:
            raise UnreadableError(
                "a part of a run is cut off or altered", hint="Remove it; --resume judges it again."
            )
        return found[:-1]

    def _has(self, *, readings: bool) -> bool:
        """Whether the readings that are told of are there, and are those of this part."""
        if self.said is None or not readings:
            return self.said is None and not readings
        return self.said[:SEAL] == _seal(self.text, self.said[SEAL:])

    @property
    def head(self) -> dict[str, Any]:
        """What the part belongs to, and its tables."""
        return self.lines[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row for each credential."""
        return self.lines[1:]

    def reports(self, suite: Suite) -> Iterator[tuple[int, Judged]]:
        """The reports, as they were, with the places of their evidence."""
        said = self.readings
        for place, row in enumerate(self.rows):
            yield row["n"], unpacked(row, self.head, suite, said[place] if said is not None else None)

    @property
    def readings(self) -> list[Reading | None] | None:
        """What the credentials say for a graph, where it was kept."""
        return unpacked_readings(self.said[SEAL:]) if self.said is not None else None


def _seal(text: bytes, readings: bytes) -> bytes:
    """What ties readings to the part that they belong to. Their own bytes depend on the process that wrote them."""
    return hashlib.sha256(hashlib.sha256(text).digest() + readings).digest()


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n"


def whole_row(number: int, judged: Judged) -> dict[str, Any]:
    """One report as a row that says everything by itself."""
    report = judged.report
    told = {
        str(place): {"findings": [f.as_json() for f in result.findings], "reason": result.reason}
        for place, result in enumerate(report.results)
        if result.findings or result.reason is not None
    }
    return {
        "n": number, "name": report.name, "sha256": report.sha256, "media_type": report.media_type,
        "size": report.size, "origin": report.origin, "type": report.type, "profile": report.profile,
        "verdict": str(report.verdict), "conflicts": list(report.conflicts), "contexts": report.contexts,
        "cases": [result.case for result in report.results],
        "outcomes": "".join(LETTERS[result.outcome] for result in report.results), "told": told,
        "web": [_web_row(answer) for answer in judged.web],
    }  # fmt: skip


def _web_row(answer: Evidence | Absence | Noted) -> tuple[Any, ...]:
    if isinstance(answer, Absence):
        return (answer.name, None, answer.reason, answer.fault, 0)
    size = answer.size if isinstance(answer, Noted) else len(answer.body)
    return (answer.name, answer.sha256, answer.media_type, answer.origin, size)


def unpacked(
    row: Mapping[str, Any], head: Mapping[str, Any], suite: Suite, reading: Reading | None
) -> Judged:
    """One row as the report that it was. Raises EvidenceError where the part is of another suite."""
    if head["suite"] != suite.digest:
        raise EvidenceError(
            "a part of a run was judged by another suite", hint="Judge it again without --resume."
        )
    known = suite.cases_by_id
    requirements = suite.catalogue.requirements
    results = []
    for place, (name, letter) in enumerate(zip(head["cases"][row["cases"]], row["outcomes"], strict=True)):
        requirement = requirements[known[name].requirement]
        told = row["told"].get(str(place), {})
        findings = tuple(_finding(item) for item in told.get("findings", ()))
        results.append(
            Result(
                name, requirement.id, requirement.level, requirement.role, row["name"], OUTCOMES[letter], findings,
                told.get("reason"),
            )
        )  # fmt: skip
    web = tuple(
        Absence(name, second, third) if sha256 is None else Noted(name, sha256, second, third, size)
        for name, sha256, second, third, size in (head["web"][place] for place in row["web"])
    )
    report = SubjectReport(
        row["name"], row["sha256"], row["media_type"], row["size"], row["origin"], row["type"], row["profile"],
        tuple(results), Verdict(row["verdict"]), tuple(row["conflicts"]), tuple(head["contexts"][row["contexts"]]),
    )  # fmt: skip
    return Judged(report, web, reading)


def _finding(item: Mapping[str, Any]) -> Finding:
    return Finding(
        item["message"], item["pointer"], item["line"], item["column"], item["expected"], item["actual"],
        item["hint"], item["source"], item.get("step"), tuple(item.get("trace", ())), item.get("excerpt"),
    )  # fmt: skip


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run: run.json says what it judges, part-NNNNNN.jsonl what it found."""

    path: Path

    def _file(self, number: int) -> Path:
        return self.path / f"part-{number:06}.jsonl"

    def keep(self, number: int, part: Part) -> None:
        """Write a finished part. Raises UnreadableError where the disk does not take it; what was there stays."""
        if part.said is not None:
            self._write(self._file(number).with_suffix(".readings"), part.said)
        self._write(self._file(number), part.text)

    def _write(self, path: Path, body: bytes) -> None:
        beside = path.with_name(f"{path.name}.writing")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as problem:
            beside.unlink(missing_ok=True)
            raise UnreadableError(
                f"a finished part cannot be written: {problem.strerror or problem}", where=str(path),
                why="What was finished before is kept whole.",
                hint="Make room, then run the same command with --resume.",
            ) from None  # fmt: skip

    def part(self, number: int) -> Part | None:
        """A finished part, where there is one that can be read."""
        try:
            said = self._file(number).with_suffix(".readings")
            part = Part(self._file(number).read_bytes(), said.read_bytes() if said.exists() else None)
            part.lines  # noqa: B018 - says whether it is whole
        except (OSError, UnreadableError):
            return None
        return part

    def parts(self) -> Iterator[Part]:
        """Every finished part, in order. Raises UnreadableError for one that cannot be read."""
        for path in sorted(self.path.glob("part-*.jsonl")):
            number = int(path.stem.removeprefix("part-"))
            part = self.part(number)
            if part is None:
                raise UnreadableError(
                    "a part of a run cannot be read", where=str(path), hint="Run again with --resume."
                )
            yield part

    def note(self, **members: Any) -> None:
        """Write run.json."""
        self._write(self.path / "run.json", (json.dumps({"run": 1, **members}, indent=2) + "\n").encode())

    def noted(self) -> dict[str, Any]:
        """What run.json says. Raises UnreadableError where there is none."""
        try:
            found: dict[str, Any] = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise UnreadableError(
                f"this is no folder of a run: {problem}", where=str(self.path),
                hint="Give the folder that `check --shard I/N --out DIR` wrote.",
            ) from None  # fmt: skip
        return found

    def forget_parts(self, *, beyond: int = -1) -> None:
        """Remove the parts after a number, by default all; what run.json says stays."""
        for path in self.path.glob("part-*"):
            if int(path.name.removeprefix("part-").partition(".")[0]) > beyond:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove everything that a run left."""
        self.forget_parts()
        (self.path / "run.json").unlink(missing_ok=True)
        if self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()


def evidence_rows(parts: Iterable[Part]) -> Iterator[dict[str, Any]]:
    """The rows of some parts, each with what its tables say in place of their numbers."""
    for part in parts:
        for row in part.rows:
            yield {
                **row, "cases": part.head["cases"][row["cases"]], "contexts": part.head["contexts"][row["contexts"]],
                "web": [part.head["web"][place] for place in row["web"]],
            }  # fmt: skip
