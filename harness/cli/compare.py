"""`untp-crm compare A B`: what became of each outcome from one record to the next, and why."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import out
from harness.errors import UsageError
from harness.listing.compared import compare as compared
from harness.listing.compared import comparison_text
from harness.report import read_record


class Format(StrEnum):
    """How `compare` prints its result."""

    TEXT = "text"
    JSON = "json"


def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="The older record.json.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The newer record.json.")],
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
) -> int:
    """Compare two records: 0 where nothing got worse, 1 where something did."""
    for path in (before, after):
        if not path.exists():
            raise UsageError(
                f"there is no file {str(path)!r}",
                hint="Name the record.json in the folder that certify wrote.",
            )
    found = compared(read_record(before), read_record(after))
    out(json.dumps(found.as_json(), indent=1) if output_format is Format.JSON else comparison_text(found))
    return 1 if found.worse else 0
