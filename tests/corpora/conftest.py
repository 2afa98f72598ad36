"""Corpora lie beside this repository, never in it: in `../shared`, or where `UNTP_CRM_SHARED` says.

In CI their absence is a failure; on anyone else's machine the folder is then left out, and pytest says so.
What a test records under a name that begins with `corpora: ` is printed after the run.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

SHARED: Final = Path(os.environ.get("UNTP_CRM_SHARED", Path(__file__).resolve().parents[3] / "shared"))
LINE: Final = "corpora: "

collect_ignore_glob = ["test_*.py"] if not SHARED.is_dir() and os.environ.get("CI") != "true" else []


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of the corpora; where it is missing every test that asks for it fails."""
    assert SHARED.is_dir(), f"the corpora are not in {SHARED}: set UNTP_CRM_SHARED"
    return SHARED


def pytest_report_header() -> str:
    """Says where the corpora are, or that the folder is left out."""
    return (
        f"corpora: in {SHARED}" if not collect_ignore_glob else f"corpora: not collected, {SHARED} is missing"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the lines that the tests recorded, by their headings."""
    lines: dict[str, list[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    if name.startswith(LINE):
                        lines.setdefault(name, []).append(str(value))
    for name in sorted(lines):
        terminalreporter.section(name.removeprefix(LINE))
        terminalreporter.write_line("\n".join(lines[name]))
