"""Reports of a Record: HTML, JSON, JUnit, EARL, SARIF, CTRF, Markdown, badge, terminal, JSON Lines.

None of them computes a verdict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.report.badge import render_badge
from harness.report.ctrf import render_ctrf
from harness.report.earl import render_earl
from harness.report.html import render_html
from harness.report.jsonl import line
from harness.report.junit import render_junit
from harness.report.markdown import render_markdown
from harness.report.record import read_record, write_record
from harness.report.sarif import render_sarif
from harness.report.terminal import show


def write_report(
    record: Mapping[str, Any], folder: Path, *, seal: str | None = None, language: str = "en"
) -> list[Path]:
    """Write the report folder of a record and return its files, the one to open first.

    `seal` says how the record is sealed, if it is. Raises SuiteError where the record does not follow
    its schema and UsageError where the folder cannot be written.
    """
    body = write_record(record)
    whole = read_record(body)
    digest = hashlib.sha256(body).hexdigest()
    files = {
        "report.html": render_html(whole, digest=digest, seal=seal, language=language).encode(),
        "record.json": body,
        "junit.xml": render_junit(whole),
        "earl.jsonld": render_earl(whole),
        "results.sarif": render_sarif(whole),
        "ctrf.json": render_ctrf(whole, digest=digest),
        "summary.md": render_markdown(whole).encode(),
        "badge.svg": render_badge(whole),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise UsageError(
            f"The report cannot be written: {problem.strerror or problem}.",
            where=str(problem.filename or folder),
            hint="Name a folder that you may write to with --out.",
        ) from problem
    return [folder / name for name in files]


__all__ = [
    "line",
    "read_record",
    "render_badge",
    "render_ctrf",
    "render_earl",
    "render_html",
    "render_junit",
    "render_markdown",
    "render_sarif",
    "show",
    "write_record",
    "write_report",
]
