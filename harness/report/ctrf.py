"""CTRF, the Common Test Report Format: one JSON file that dashboards of builds read.

| outcome | CTRF | why |
|--|--|--|
| passed, warning | passed | a warning fails nobody; its text and `rawStatus` say what it is |
| failed | failed | |
| not_applicable | skipped | |
| not_run | pending | it was claimed and is still to be shown |
| error, review | other | nobody can say yet |

`rawStatus` is the outcome in the house's own word. A run has no duration: it is judged at one instant.
The source is https://ctrf.io/docs/specification/overview.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.report.excerpt import LONGEST
from harness.report.findings import Place
from harness.report.json_text import json_text
from harness.report.plain import finding_lines, place_line
from harness.report.visible import one_line, visible

SPECIFICATION = "0.0.0"
STATUSES: Mapping[str, str] = {
    "passed": "passed",
    "warning": "passed",
    "failed": "failed",
    "not_applicable": "skipped",
    "not_run": "pending",
    "error": "other",
    "review": "other",
}
_COUNTED = ("passed", "failed", "skipped", "pending", "other")


def render_ctrf(record: Mapping[str, Any], *, digest: str) -> bytes:
    """Render a record as CTRF in UTF-8; `digest` is the SHA-256 of the record's bytes and makes the report's id."""
    tests = [_test(result, record) for result in record["results"]]
    counted = Counter(test["status"] for test in tests)
    moment = round(datetime.fromisoformat(record["at"]).timestamp() * 1000)
    summary = {"tests": len(tests), **{status: counted[status] for status in _COUNTED}}
    report = {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "reportId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{digest}")),
        "timestamp": record["at"],
        "generatedBy": "untp-crm-harness",
        "results": {
            "tool": {
                "name": "untp-crm-harness",
                "version": record["harness"]["version"],
                "extra": {"suite": record["harness"]["suite"]},
            },
            "summary": {
                **summary,
                "suites": len({row["subject"] for row in record["results"]}),
                "start": moment,
                "stop": moment,
            },
            "tests": tests,
            "environment": _environment(record),
        },
        "extra": {"verdict": record["verdict"], "record": f"sha256:{digest}"},
    }
    return (json_text(report, indent=1) + "\n").encode()


def _test(result: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    about = record["requirements"][result["requirement"]]
    test: dict[str, Any] = {
        "name": visible(f"{result['case']} {about['title']}"),
        "status": STATUSES[result["outcome"]],
        "duration": 0,
        "suite": [visible(result["subject"]) or "-"],
        "rawStatus": result["outcome"],
        "tags": [about["component"], result["level"], result["role"]],
        "type": "conformance",
    }
    findings = result["findings"]
    message = next((finding["message"] for finding in findings), result.get("reason"))
    if message:
        test["message"] = one_line(message)
    lines = [
        line
        for row in findings
        for line in (place_line(Place(result, row)), *(f"  {text}" for text in finding_lines(row)))
    ]
    if lines:
        test["trace"] = "\n".join(lines)
    snippet = next((row["excerpt"] for row in findings if "excerpt" in row), None)
    if snippet is not None:
        test["snippet"] = visible("\n".join(line[:LONGEST] for line in snippet["lines"]))
    return test


def _environment(record: Mapping[str, Any]) -> dict[str, Any]:
    product = record["product"] or {}
    named = {"appName": product.get("name"), "appVersion": product.get("version")}
    return {
        **{key: visible(value) for key, value in named.items() if value},
        "extra": {"profile": record["profile"], "engines": dict(record["engines"])},
    }
