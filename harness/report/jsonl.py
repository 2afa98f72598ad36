"""One line of `check --format jsonl`: the verdict on one credential and all that is not well with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.model import SubjectReport
from harness.report.findings import OUTCOMES, QUIET
from harness.report.json_text import json_text

_TEXTS = ("pointer", "line", "column", "message", "expected", "actual", "hint", "source")


def line(report: SubjectReport | Mapping[str, Any]) -> str:
    """Write one credential's results as one line of JSON, without the newline.

    A mapping has the members of a record's subject and `results` as a record has them.
    """
    row = _as_json(report) if isinstance(report, SubjectReport) else report
    return json_text(
        {
            "subject": row["name"],
            "sha256": row["sha256"],
            "type": row["type"],
            "profile": row["profile"],
            "verdict": str(row["verdict"]),
            "outcomes": {outcome: row["counts"][outcome] for outcome in OUTCOMES},
            "findings": [finding for result in row["results"] for finding in _findings(result, row["name"])],
        }
    )


def _as_json(report: SubjectReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "sha256": report.sha256,
        "type": report.type,
        "profile": report.profile,
        "verdict": report.verdict,
        "counts": report.counts(),
        "results": [result.as_json() for result in report.results],
    }


def _findings(result: Mapping[str, Any], name: str | None = None) -> list[dict[str, Any]]:
    """Every finding that is neither passed nor not_applicable; a bare result is one finding of its reason."""
    if result["outcome"] in QUIET:
        return []
    head = {key: result[key] for key in ("case", "requirement", "level", "outcome")}
    bare = {**dict.fromkeys(_TEXTS), "message": result.get("reason") or "There is no further word on it."}
    rows = []
    for finding in result["findings"] or [bare]:
        row = {**head, **{key: finding[key] for key in _TEXTS}}
        if "step" in finding:
            row["step"] = finding["step"]
        if name is not None and result["subject"] != name:
            row["file"] = result["subject"]
        rows.append(row)
    return rows
