"""Reasons of a verdict: the worst first, those of one cause together, none lost."""

from __future__ import annotations

from dataclasses import replace

from harness.judge import load_suite
from harness.judge.grounds import CLAIM, SUBJECTS, WORST, reasons_of
from harness.model import Finding, Level, Outcome, Result
from harness.report.findings import WORST_FIRST

SUITE = load_suite()
ABSENT = "the document could not be had"


def result(requirement: str, outcome: Outcome, subject: str = "a.json", *messages: str) -> Result:
    about = SUITE.catalogue.requirements[requirement]
    findings = tuple(Finding(message) for message in messages)
    return Result(requirement, requirement, about.level, about.role, subject, outcome, findings)


def told(*results: Result) -> list[str]:
    return [reason["requirement"] for reason in reasons_of(results, SUITE)]


def test_the_worst_comes_first() -> None:
    """Failures before what is open; among them signatures and identifiers; then the one that many share."""
    found = [
        result("VCP-ENV-04", Outcome.FAILED),
        *(result("VCP-ENV-07", Outcome.FAILED, name) for name in ("a.json", "b.json")),
        result("VCP-JOSE-15", Outcome.FAILED),
        result("VCP-VAL-08", Outcome.REVIEW, "a.json", "expired"),
        result("VCP-DID-01", Outcome.NOT_RUN, "a.json", ABSENT),
        result("VCP-CTX-04", Outcome.ERROR, "a.json", "too deep"),
    ]
    assert told(*found) == [
        "VCP-JOSE-15",
        "VCP-ENV-07",
        "VCP-ENV-04",
        "VCP-CTX-04",
        "VCP-VAL-08",
        "VCP-DID-01",
    ]


def test_what_could_not_be_reached_stands_before_what_follows_from_it() -> None:
    """Components that nothing shows are many and of trust; the endpoint that gave no answer is why, and comes first."""
    unshown = [
        result(name, Outcome.NOT_RUN, CLAIM, "VCP is claimed, and nothing that was given shows it")
        for name in ("VCP-DID-01", "VCP-DID-04", "VCP-JOSE-15")
    ]
    refused = result("VCP-VAL-09", Outcome.NOT_RUN, "verifier[0]", "no connection to 127.0.0.1:9")
    assert told(*unshown, refused) == ["VCP-VAL-09", "VCP-DID-01"]


def test_reasons_and_findings_have_one_order() -> None:
    """What the first screen names first stands first below it too."""
    assert [str(outcome) for outcome in WORST] == [name for name in WORST_FIRST if name in map(str, WORST)]


def test_what_one_cause_leaves_open_is_one_reason() -> None:
    """A document that is missing keeps many requirements open; the reason names them all."""
    rows = [
        result(name, Outcome.NOT_RUN, "a.json", ABSENT)
        for name in ("VCP-DID-01", "VCP-DID-04", "VCP-JOSE-15")
    ]
    (reason,) = reasons_of(rows, SUITE)
    assert (reason["requirement"], reason["also"]) == ("VCP-DID-01", ["VCP-DID-04", "VCP-JOSE-15"])
    assert reason["count"] == 3
    assert reason["text"] == ABSENT
    elsewhere = [*rows[:2], result("VCP-JOSE-15", Outcome.NOT_RUN, "b.json", ABSENT)]
    assert told(*elsewhere) == ["VCP-DID-01", "VCP-JOSE-15"]


def test_failures_are_reasons_of_their_own() -> None:
    """Two faults that read alike are two, and each is told by the title of its requirement."""
    rows = [result(name, Outcome.FAILED, "a.json", "missing") for name in ("VCP-ENV-04", "VCP-ENV-07")]
    reasons = reasons_of(rows, SUITE)
    assert [reason["text"] for reason in reasons] == [
        SUITE.catalogue.requirements[name].title for name in ("VCP-ENV-04", "VCP-ENV-07")
    ]
    assert not any("also" in reason for reason in reasons)


def test_other_reasons_of_a_requirement_are_counted() -> None:
    """The first is told and the number of the others, each counted once."""
    rows = [
        result("VCP-VAL-08", Outcome.REVIEW, f"{name}.json", what)
        for name, what in zip("abcd", "xxyz", strict=True)
    ]
    (reason,) = reasons_of(rows, SUITE)
    assert reason["text"].endswith(": x (and 2 other reasons)")


def test_a_result_without_a_finding_gives_its_reason() -> None:
    """What was claimed and nothing showed says so."""
    row = replace(result("VCP-PUB-04", Outcome.NOT_RUN), reason="vendor.toml names no [[verifier]]")
    (reason,) = reasons_of([row], SUITE)
    assert reason["text"].endswith(": vendor.toml names no [[verifier]]")


def test_where_is_cut_and_counted() -> None:
    """Five places are named, all are counted."""
    rows = [result("VCP-ENV-04", Outcome.FAILED, f"{number}.json") for number in range(9)]
    (reason,) = reasons_of(rows, SUITE)
    assert (len(reason["subjects"]), reason["places"], reason["count"]) == (SUBJECTS, 9, 9)


def test_what_binds_nobody_is_no_reason() -> None:
    """A warning, what passed and a SHOULD keep nothing from being conformant."""
    assert SUITE.catalogue.requirements["VCP-JOSE-05"].level is Level.SHOULD
    assert (
        told(
            result("VCP-JOSE-05", Outcome.NOT_RUN, "a.json", ABSENT),
            result("VCP-ENV-04", Outcome.PASSED),
            result("VCP-ENV-07", Outcome.NOT_APPLICABLE),
        )
        == []
    )
