"""Where the data of the suite lies: beside the package in a checkout, inside it once installed.

The wheel maps test_cases/, schemas/, shapes/ and reports/ to harness/_data/. Cases are loaded by path
and schemas refer to each other by path, so a resource is always a real file or folder, never a zip member.
UNTP_CRM_SUITE names another folder with these four, such as a copy with one more version in it; the digest
of the suite in every record tells which was used.
"""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import SuiteError

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_data"


def resource(*parts: str) -> Path:
    """Find a file or folder of the suite's data: `resource("schemas", "record", "record.schema.json")`.

    Raises SuiteError where there is no such thing.
    """
    named = os.environ.get("UNTP_CRM_SUITE")
    root = Path(named) if named else _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
    path = root.joinpath(*parts)
    if not path.exists():
        raise SuiteError(
            "A part of the suite is missing.",
            where=str(path),
            why="Without it the harness cannot judge or report.",
            hint="Install the harness again, or restore the file from version control.",
        )
    return path
