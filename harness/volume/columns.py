"""Columns: the results of a large run as Parquet, for whoever asks it questions; pyarrow is an extra.

subjects.parquet has a row for each credential, results.parquet one for each case and credential, findings.parquet
one for each finding. They are written row group by row group, so that memory stays flat.
"""

from __future__ import annotations

import contextlib
import importlib.util
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import UnreadableError
from harness.judge import Suite
from harness.volume.parts import OUTCOMES, Part

FILES = ("subjects.parquet", "results.parquet", "findings.parquet")
GROUP = 500
"""Credentials whose rows are written at once: some 60,000 rows of results."""
_ABOUT = ("name", "sha256", "type", "profile", "verdict", "size")
_TEXTS = ("pointer", "message", "expected", "actual", "hint", "source")


def has_columns() -> bool:
    """Whether pyarrow is there."""
    return importlib.util.find_spec("pyarrow") is not None


def write_columns(parts: Iterable[Part], folder: Path, suite: Suite) -> list[str]:
    """Write the tables; gives the names of the files. Raises UnreadableError where the disk does not take them."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    number, text, named = pa.int32(), pa.string(), pa.dictionary(pa.int32(), pa.string())
    schemas = (
        pa.schema([
            ("n", number), ("name", text), ("sha256", text), ("type", named), ("profile", named), ("verdict", named),
            ("size", number),
        ]),
        pa.schema([("subject", number), ("case", named), ("requirement", named), ("level", named), ("outcome", named)]),
        pa.schema([
            ("subject", number), ("case", named), ("requirement", named), ("outcome", named), ("line", number),
            ("column", number), *((name, text) for name in _TEXTS),
        ]),
    )  # fmt: skip

    def table(rows: Sequence[tuple[Any, ...]], schema: Any) -> Any:
        columns: list[Any] = list(zip(*rows, strict=True)) or [[] for _ in schema]
        return pa.Table.from_arrays(
            [pa.array(column, one.type) for column, one in zip(columns, schema, strict=True)], schema=schema
        )

    def numbers(codes: array[int]) -> Any:
        return pa.Array.from_buffers(number, len(codes), [None, pa.py_buffer(codes)])

    def coded(group: _Group) -> Any:
        names = (codes.cases, codes.requirements, codes.levels, codes.outcomes)
        columns = (
            pa.DictionaryArray.from_arrays(numbers(column), pa.array(list(told), text))
            for column, told in zip(group.results, names, strict=True)
        )
        return pa.Table.from_arrays([numbers(group.places), *columns], schema=schemas[1])

    codes = _Codes(suite)
    try:
        with contextlib.ExitStack() as stack:
            subjects, results, findings = (
                stack.enter_context(
                    parquet.ParquetWriter(folder / f"{name}.writing", schema, compression="zstd")
                )
                for name, schema in zip(FILES, schemas, strict=True)
            )
            for group in _groups(parts, codes):
                subjects.write_table(table(group.subjects, schemas[0]))
                results.write_table(coded(group))
                findings.write_table(table(group.findings, schemas[2]))
        for name in FILES:
            (folder / f"{name}.writing").replace(folder / name)
    except OSError as problem:
        raise UnreadableError(
            f"the columns cannot be written: {problem.strerror or problem}", where=str(folder),
            why="The parts of the run are whole.", hint="Make room, then run the same command with --resume.",
        ) from None  # fmt: skip
    return list(FILES)


@dataclass
class _Codes:
    """Numbers for the names that come again in every row of the results."""

    suite: Suite
    cases: dict[str, int] = field(default_factory=dict)
    requirements: dict[str, int] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(
        default_factory=lambda: {str(outcome): code for code, outcome in enumerate(OUTCOMES.values())}
    )

    def of(self, names: Sequence[str]) -> tuple[array[int], array[int], array[int]]:
        """The codes of some cases, of their requirements and of their levels."""
        known = self.suite.cases_by_id
        about = [self.suite.catalogue.requirements[known[name].requirement] for name in names]
        return (
            array("i", [self.cases.setdefault(name, len(self.cases)) for name in names]),
            array("i", [self.requirements.setdefault(one.id, len(self.requirements)) for one in about]),
            array("i", [self.levels.setdefault(str(one.level), len(self.levels)) for one in about]),
        )


_LETTERS = {letter: code for code, letter in enumerate(OUTCOMES)}


def _column() -> array[int]:
    return array("i")


@dataclass
class _Group:
    """Rows that are written at once: of the subjects and findings as rows, of the results as columns of codes."""

    subjects: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[tuple[Any, ...]] = field(default_factory=list)
    places: array[int] = field(default_factory=_column)
    results: tuple[array[int], array[int], array[int], array[int]] = field(
        default_factory=lambda: (_column(), _column(), _column(), _column())
    )


def _groups(parts: Iterable[Part], codes: _Codes) -> Iterator[_Group]:
    known, requirements = codes.suite.cases_by_id, codes.suite.catalogue.requirements
    group = _Group()
    place = -1
    for part in parts:
        tables = [codes.of(names) for names in part.head["cases"]]
        for row in part.rows:
            place += 1
            names, letters = part.head["cases"][row["cases"]], row["outcomes"]
            group.subjects.append((place, *(row[name] for name in _ABOUT)))
            group.places.extend(array("i", [place]) * len(letters))
            for column, of_cases in zip(group.results, tables[row["cases"]], strict=False):
                column.extend(of_cases)
            group.results[3].extend(_LETTERS[letter] for letter in letters)
            for index, told in row["told"].items():
                case = names[int(index)]
                requirement = requirements[known[case].requirement].id
                outcome = str(OUTCOMES[letters[int(index)]])
                group.findings.extend(
                    (
                        place,
                        case,
                        requirement,
                        outcome,
                        found["line"],
                        found["column"],
                        *(found[name] for name in _TEXTS),
                    )
                    for found in told["findings"]
                )
            if len(group.subjects) >= GROUP:
                yield group
                group = _Group()
    if group.subjects or place < 0:
        yield group
