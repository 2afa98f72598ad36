"""Columns: the results of a large run as Parquet, for whoever asks it questions; pyarrow is an extra.

subjects.parquet has a row for each credential, results.parquet one for each case and credential, findings.parquet
one for each finding. They are written row group by row group, so that memory stays flat.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harness.errors import UnreadableError
from harness.judge import Suite
from harness.volume.parts import OUTCOMES, Part, evidence_rows

FILES = ("subjects.parquet", "results.parquet", "findings.parquet")
GROUP = 500
"""Credentials whose rows are written at once: some 60,000 rows of results."""
_TEXTS = ("pointer", "message", "expected", "actual", "hint", "source")


def has_columns() -> bool:
    """Whether pyarrow is there."""
    return importlib.util.find_spec("pyarrow") is not None


def write_columns(parts: Iterable[Part], folder: Path, suite: Suite) -> list[str]:
    """Write the tables; gives the names of the files. Raises UnreadableError where the disk does not take them."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    number, text, named = (
        pa.int32(),
        pa.string(),
        pa.dictionary(pa.int32(), pa.string()),
    )
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
    try:
        with contextlib.ExitStack() as stack:
            writers = [
                stack.enter_context(
                    parquet.ParquetWriter(folder / f"{name}.writing", schema, compression="zstd")
                )
                for name, schema in zip(FILES, schemas, strict=True)
            ]
            for tables in _groups(parts, suite):
                for writer, schema, rows in zip(writers, schemas, tables, strict=True):
                    columns: list[Any] = list(zip(*rows, strict=True)) or [[] for _ in schema]
                    arrays = [
                        pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
                    ]
                    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        for name in FILES:
            (folder / f"{name}.writing").replace(folder / name)
    except OSError as problem:
        raise UnreadableError(
            f"the columns cannot be written: {problem.strerror or problem}", where=str(folder),
            why="The parts of the run are whole.", hint="Make room, then run the same command with --resume.",
        ) from None  # fmt: skip
    return list(FILES)


def _groups(parts: Iterable[Part], suite: Suite) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    subjects: list[Any] = []
    results: list[Any] = []
    findings: list[Any] = []
    requirements, known = suite.catalogue.requirements, suite.cases_by_id
    place = -1
    for place, row in enumerate(evidence_rows(parts)):
        subjects.append(
            (place, row["name"], row["sha256"], row["type"], row["profile"], row["verdict"], row["size"])
        )
        for index, (case, letter) in enumerate(zip(row["cases"], row["outcomes"], strict=True)):
            requirement, outcome = requirements[known[case].requirement], str(OUTCOMES[letter])
            results.append((place, case, requirement.id, str(requirement.level), outcome))
            for finding in row["told"].get(str(index), {}).get("findings", ()):
                texts = (finding[name] for name in _TEXTS)
                findings.append(
                    (place, case, requirement.id, outcome, finding["line"], finding["column"], *texts)
                )
        if len(subjects) >= GROUP:
            yield subjects, results, findings
            subjects, results, findings = [], [], []
    if subjects or place < 0:
        yield subjects, results, findings
