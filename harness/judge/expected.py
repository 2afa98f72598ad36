"""Expected failures: what a vendor knows to fail, with the reason and the issue where it is being dealt with.

The list is strict. A failure on it stays a failure and is only marked; one that passes is told, so that the list
never outlives its reasons; one that matches nothing is told too. No list ever turns a MUST green.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError, UsageError
from harness.model import OPEN, Outcome, Result

ALL = "*"
FAULTS = frozenset({Outcome.FAILED, Outcome.WARNING})


@dataclass(frozen=True)
class ExpectedFailure:
    """One known failure: a requirement, the subjects that it is known of, why, and where it is dealt with."""

    requirement: str
    reason: str
    issue: str
    subject: str = ALL
    """A glob: `verifier[[]0]`, `credentials/*.json`; a plain name matches itself."""

    def matches(self, result: Result) -> bool:
        """Whether it speaks of a result."""
        return result.requirement == self.requirement and (
            self.subject == result.subject or fnmatchcase(result.subject, self.subject)
        )

    def as_json(self) -> dict[str, str]:
        """Its row in the file and in the terms of a submission."""
        return {
            "requirement": self.requirement, "subject": self.subject, "reason": self.reason, "issue": self.issue,
        }  # fmt: skip

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> ExpectedFailure:
        """The failure of a row that follows its schema."""
        return cls(row["requirement"], row["reason"], row["issue"], row.get("subject", ALL))


def load_expected(path: Path | None) -> tuple[ExpectedFailure, ...]:
    """The expected failures of a file; none where there is no file. Raises UsageError with file and line."""
    if path is None:
        return ()
    try:
        rows = read_toml(path, "expected-failures")["expected"]
    except SuiteError as error:
        raise UsageError(error.message, where=error.where, hint=_HINT) from None
    known = load_catalogue().requirements
    for number, row in enumerate(rows):
        if row["requirement"] not in known:
            where = place_in(path, "expected", number, "requirement")
            raise UsageError(f"there is no requirement {row['requirement']}", where=where, hint=_HINT)
        if any(
            (row["requirement"], row["reason"]) == (one["requirement"], one["reason"])
            for one in rows[:number]
        ):
            where = place_in(path, "expected", number, "requirement")
            raise UsageError("this failure is expected twice, with the same reason", where=where)
    return tuple(ExpectedFailure.from_json(row) for row in rows)


_HINT = "docs/vendor.md describes the file; untp-crm list requirements names the requirements."


def marked(result: Result, expected: Iterable[ExpectedFailure]) -> str | None:
    """The issue of the expected failure that a failed result is; None where nobody expected it."""
    if result.outcome not in FAULTS:
        return None
    return next((one.issue for one in expected if one.matches(result)), None)


def told(expected: Iterable[ExpectedFailure], results: Iterable[Result]) -> list[dict[str, Any]]:
    """Each expected failure with what became of it.

    `state` is failed (as expected), passed (take it out of the list), open (it could not be judged) or unmatched
    (nothing in this run is of it); `count` says how many results failed as expected.
    """
    made = []
    known = list(results)
    for one in expected:
        mine = [result.outcome for result in known if one.matches(result)]
        failed = sum(outcome in FAULTS for outcome in mine)
        state = (
            "failed"
            if failed
            else "open"
            if OPEN & set(mine)
            else "passed"
            if Outcome.PASSED in mine
            else "unmatched"
        )
        made.append({**one.as_json(), "state": state, "count": failed})
    return sorted(made, key=lambda row: (row["requirement"], row["reason"]))
