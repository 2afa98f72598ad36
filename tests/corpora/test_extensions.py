"""Extensions of UNTP that others have published: the harness finds in each what extensions.toml explains."""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from harness.gather.extension import gather_extension
from harness.judge import Terms
from harness.run import Bench

from .manifest import AT

TABLE: Final = tomllib.loads(Path(__file__).with_name("extensions.toml").read_text(encoding="utf-8"))
HEADING: Final = "corpora: extensions of UNTP by others"
NEVER_MET: Final = {"EXT-TEST-02"}
"""No extension in the corpora has two examples and a published report."""


def description(row: dict[str, Any], shared: Path, folder: Path) -> Path:
    """A folder with the parts of an extension and an extension.toml that names them."""
    lines = [
        'name = "extension"',
        'version = "1"',
        f'base = "{row["base"]}"',
        "[[context]]",
        f'url = "{row["url"]}"',
    ]
    for member in ("context", "schema", "example"):
        if member in row:
            shutil.copy(shared / row[member], folder / f"{member}.json")
    lines += ['file = "context.json"', "[[type]]", f'name = "{row["type"]}"', f'extends = "{row["extends"]}"']
    lines += ['schema = "schema.json"'] if "schema" in row else []
    lines += ['examples = ["example.json"]'] if "example" in row else []
    (folder / "extension.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("row", TABLE["extension"], ids=lambda row: row["name"])
def test_what_is_found_is_explained(
    row: dict[str, Any], corpora: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Verdict and findings are those of the table, which says why."""
    files = gather_extension(description(row, corpora, tmp_path))
    report = Bench(Terms(AT)).judge_extension(files).report
    found = Counter(
        result.requirement
        for result in report.results
        for _ in result.findings
        if result.requirement not in NEVER_MET
    )
    assert (str(report.verdict), dict(found)) == (row["verdict"], row["found"])
    assert row["why"].endswith(".")
    told = ", ".join(f"{number} {name}" for name, number in sorted(found.items()))
    record_property(HEADING, f"{row['name']:<46} {report.verdict:<14} {told}")
