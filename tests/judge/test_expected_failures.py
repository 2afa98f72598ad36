"""Expected failures mark what failed, tell what passes, and never turn anything green."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.judge.expected import ExpectedFailure, load_expected, marked, told
from harness.model import Level, Outcome, Result

ISSUE = "https://tracker.example/1"


def result(requirement: str, outcome: Outcome, subject: str = "verifier[0]") -> Result:
    """A result."""
    return Result(requirement, requirement, Level.MUST, "verifier", subject, outcome)


def expected(requirement: str = "VCP-STAT-17", subject: str = "*") -> ExpectedFailure:
    """A failure that is expected."""
    return ExpectedFailure(requirement, "We know of it.", ISSUE, subject)


@pytest.mark.parametrize(
    ("outcomes", "state", "count"),
    [
        ([Outcome.FAILED], "failed", 1),
        ([Outcome.FAILED, Outcome.PASSED], "failed", 1),
        ([Outcome.WARNING, Outcome.WARNING], "failed", 2),
        ([Outcome.PASSED], "passed", 0),
        ([Outcome.PASSED, Outcome.NOT_RUN], "open", 0),
        ([Outcome.ERROR], "open", 0),
        ([Outcome.NOT_APPLICABLE], "unmatched", 0),
        ([], "unmatched", 0),
    ],
)
def test_each_expected_failure_says_what_became_of_it(
    outcomes: list[Outcome], state: str, count: int
) -> None:
    """Failed as expected, passed against it, open, or of nothing in this run."""
    (row,) = told([expected()], [result("VCP-STAT-17", outcome) for outcome in outcomes])
    assert (row["state"], row["count"], row["issue"]) == (state, count, ISSUE)


def test_only_faults_of_its_requirement_and_subject_are_marked() -> None:
    """Marking needs the requirement, the subject and a fault."""
    one = expected(subject="verifier*")
    assert marked(result("VCP-STAT-17", Outcome.FAILED), [one]) == ISSUE
    assert marked(result("VCP-STAT-17", Outcome.PASSED), [one]) is None
    assert marked(result("VCP-STAT-16", Outcome.FAILED), [one]) is None
    assert marked(result("VCP-STAT-17", Outcome.FAILED, "dpp.json"), [one]) is None


def test_a_subject_with_brackets_names_itself() -> None:
    """`verifier[0]` is a name, although it reads as a glob of another one."""
    assert expected(subject="verifier[0]").matches(result("VCP-STAT-17", Outcome.FAILED))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('requirement = "VCP-STAT-17"\nreason = "We know of it."', "'issue' is a required property"),
        (
            f'requirement = "VCP-STAT-99"\nreason = "We know of it."\nissue = "{ISSUE}"',
            "no requirement VCP-STAT-99",
        ),
        (f'requirement = "VCP-STAT-17"\nreason = "We know of it."\nissue = "{ISSUE}"\nwaive = true', "waive"),
        ('requirement = "VCP-STAT-17"\nreason = "We know of it."\nissue = "soon"', "'soon' does not match"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """Nothing is left to guess."""
    path = tmp_path / "expected-failures.toml"
    path.write_text(f"[[expected]]\n{text}\n")
    with pytest.raises(UsageError, match=message) as failure:
        load_expected(path)
    assert "expected-failures.toml:" in str(failure.value)


def test_the_same_failure_twice_is_told(tmp_path: Path) -> None:
    """One row for each reason."""
    row = f'[[expected]]\nrequirement = "VCP-STAT-17"\nreason = "We know of it."\nissue = "{ISSUE}"\n'
    path = tmp_path / "expected-failures.toml"
    path.write_text(row * 2)
    with pytest.raises(UsageError, match="expected twice"):
        load_expected(path)
