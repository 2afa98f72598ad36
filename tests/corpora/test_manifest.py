"""The harness says of every file of the corpora what their manifest says, but for what differences.toml explains."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from harness.model import Verdict

from .manifest import Judged, judged, rows

TABLE: Final = Path(__file__).with_name("differences.toml")
HEADING: Final = "corpora: the manifest, file by file"

Record = Callable[[str, object], None]
Key = tuple[str, str, str, str]
"""Column, file, ours, theirs."""


def explained() -> dict[Key, str]:
    """Every difference that is known, with the reason."""
    table: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["difference"]
    keys = [
        ((row["column"], file, row["ours"], row["theirs"]), row["why"])
        for row in table
        for file in row["files"]
    ]
    assert len(dict(keys)) == len(keys), "a difference stands twice"
    return dict(keys)


def figures(found: list[Judged]) -> list[str]:
    """The lines for the summary."""
    lines = []
    for column in ("schema", "json-ld", "expected"):
        compared = [
            c
            for one in found
            for c in one.comparisons
            if c.column == column and "-" not in (c.ours, c.theirs)
        ]
        differing = sum(comparison.differs for comparison in compared)
        same = Counter(comparison.ours for comparison in compared if not comparison.differs)
        told = ", ".join(f"{number} {word}" for word, number in sorted(same.items()))
        lines.append(
            f"{column:<9} {len(compared):>4} compared  {differing:>4} differ, each explained   same: {told}"
        )
    verdicts: Counter[tuple[str, Verdict]] = Counter()
    for one in found:
        verdicts[one.row["file"].partition("/")[0], one.verdict] += 1
    for folder in sorted({folder for folder, _ in verdicts}):
        told = ", ".join(
            f"{verdicts[folder, verdict]} {verdict}" for verdict in Verdict if verdicts[folder, verdict]
        )
        lines.append(f"{folder:<27} {told}")
    return lines


def test_every_difference_is_explained(corpora: Path, record_property: Record) -> None:
    """Schema, JSON-LD and expected verdict are as the manifest has them, or the table says why not; nothing in it is stale."""
    found = list(judged(corpora / "corpora"))
    differing = {
        (one.column, one.file, one.ours, one.theirs): one.detail
        for row in found
        for one in row.comparisons
        if one.differs
    }
    known = explained()
    assert {key: detail for key, detail in differing.items() if key not in known} == {}
    assert [key for key in known if key not in differing] == []
    assert not [key for key in known if key[0] == "schema"]
    for line in figures(found):
        record_property(HEADING, line)


def test_the_manifest_is_whole(corpora: Path) -> None:
    """Every file that the manifest names is there, and there are hundreds."""
    folder = corpora / "corpora"
    assert [row["file"] for row in rows(folder) if not (folder / row["file"]).is_file()] == []
    assert len(rows(folder)) > 390


def test_every_reason_is_a_sentence() -> None:
    """Reasons are told in full sentences."""
    assert all(reason.endswith(".") and len(reason) > 40 for reason in explained().values())
