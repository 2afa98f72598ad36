"""Judging a submission again and comparing: outcome by outcome, then member by member of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.errors import HarnessError, SuiteError
from harness.listing.compared import REPLACEABLE, outcomes_of
from harness.listing.replay import judge_again
from harness.listing.rules import Breach
from harness.listing.submission import Submission
from harness.report import read_record, write_record
from harness.report.visible import one_line

MOST = 20
"""Outcomes that differ which are named one by one."""

OF_EVERY_SUITE = frozenset(
    {
        "at", "counts", "evidence", "live", "nonce", "product", "profile", "roles", "scope", "subjects", "trusted",
        "vendor", "verdict",
    }
)  # fmt: skip
"""Members of a record that another accepted suite with the same outcomes writes the same."""


def judged_again(submission: Submission, jobs: int) -> tuple[bytes | None, list[Breach]]:
    """Judge again and compare outcome by outcome, then byte by byte."""
    place = "record.json at /results"
    try:
        record = judge_again(submission, jobs=jobs)
        body = write_record(record)
    except SuiteError:
        raise
    except HarnessError as problem:
        return None, [
            Breach("REV-AGN-03", f"The evidence cannot be judged again: {one_line(problem.message)}", place)
        ]
    if body == submission.record_body:
        return body, []
    mine, theirs = outcomes_of(record), outcomes_of(submission.record)
    differing = [key for key in sorted(mine.keys() | theirs.keys()) if mine.get(key) != theirs.get(key)]
    if differing:
        rows = [
            {"case": case, "subject": subject, "recorded": theirs.get((case, subject)), "judged again": mine.get((case, subject))}
            for case, subject in differing[:MOST]
        ]  # fmt: skip
        first = rows[0]
        message = f"{len(differing):,} outcomes are others when judged again, the first {first['case']}."
        return body, [
            Breach(
                "REV-AGN-01",
                message,
                one_line(f"{place}: {first['subject']}"),
                str(first["judged again"]),
                str(first["recorded"]),
                tuple(rows),
            )
        ]
    plain = _plain(record)
    same_suite = record["harness"]["suite"] == submission.record["harness"]["suite"]
    compared = record.keys() | submission.record.keys() if same_suite else OF_EVERY_SUITE
    parts = [
        name for name in sorted(compared)
        if name not in REPLACEABLE and plain.get(name) != submission.record.get(name)
    ]  # fmt: skip
    if not parts:
        return body, []
    return body, [
        Breach(
            "REV-AGN-02",
            f"Judged again, the record differs in {', '.join(parts)}.",
            f"record.json at /{parts[0]}",
        )
    ]


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return read_record(write_record(record))
