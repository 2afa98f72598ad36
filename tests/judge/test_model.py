"""Outcomes add up to verdicts, and severity follows from basis and level: truth tables."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

from harness.model import EXIT_CODES, Basis, Level, Outcome, Result, SubjectReport, Verdict, verdict_of, worst

from .conftest import requirement

BINDING = {Basis.KEYWORD, Basis.SCHEMA, Basis.W3C}
UNSETTLED = {Outcome.NOT_RUN, Outcome.ERROR, Outcome.REVIEW}


@pytest.mark.parametrize(("basis", "level", "proposed"), list(product(Basis, Level, ("warns", "binds"))))
def test_severity_follows_from_basis_and_level(basis: Basis, level: Level, proposed: str) -> None:
    """Only a MUST that binds can fail; our own proposals bind under our own profile alone."""
    binds = basis in BINDING or (basis is Basis.PROPOSED and proposed == "binds")
    expected = Outcome.FAILED if level is Level.MUST and binds else Outcome.WARNING
    assert requirement("X-1", level, basis).severity(proposed=proposed) is expected


def result(outcome: Outcome, level: Level = Level.MUST) -> Result:
    """A result with this outcome."""
    return Result("X-1", "X-1", level, "issuer", "a", outcome)


@pytest.mark.parametrize("outcomes", [c for n in range(4) for c in combinations_with_replacement(Outcome, n)])
def test_a_verdict_is_the_sum_of_its_outcomes(outcomes: tuple[Outcome, ...]) -> None:
    """One failure is nonconformant; an open MUST, or nothing passed, is undetermined; order never matters."""
    if Outcome.FAILED in outcomes:
        expected = Verdict.NONCONFORMANT
    elif UNSETTLED & set(outcomes) or Outcome.PASSED not in outcomes:
        expected = Verdict.UNDETERMINED
    else:
        expected = Verdict.CONFORMANT
    assert verdict_of([result(one) for one in outcomes]) is expected
    assert verdict_of([result(one) for one in reversed(outcomes)]) is expected


@pytest.mark.parametrize("outcome", sorted(UNSETTLED))
@pytest.mark.parametrize("level", [Level.SHOULD, Level.MAY])
def test_what_is_open_below_a_must_leaves_the_verdict(outcome: Outcome, level: Level) -> None:
    """A SHOULD that could not be judged does not take conformance away."""
    assert verdict_of([result(Outcome.PASSED), result(outcome, level)]) is Verdict.CONFORMANT


@pytest.mark.parametrize("verdicts", [c for n in range(4) for c in product(Verdict, repeat=n)])
def test_the_whole_is_as_bad_as_its_worst_part(verdicts: tuple[Verdict, ...]) -> None:
    """Nonconformant outweighs undetermined, which outweighs conformant; nothing at all is undetermined."""
    order = [Verdict.NONCONFORMANT, Verdict.UNDETERMINED, Verdict.CONFORMANT]
    expected = min(verdicts, key=order.index) if verdicts else Verdict.UNDETERMINED
    assert worst(verdicts) is expected


def test_exit_codes_are_those_of_the_contract() -> None:
    """0 conformant, 1 not conformant, 3 could not be judged."""
    assert [
        EXIT_CODES[verdict] for verdict in (Verdict.CONFORMANT, Verdict.NONCONFORMANT, Verdict.UNDETERMINED)
    ] == [0, 1, 3]


def test_every_outcome_is_counted() -> None:
    """The counts of a report name every outcome, also those that did not occur."""
    report = SubjectReport(
        "a", "", "", 0, "", None, None, (result(Outcome.PASSED), result(Outcome.PASSED)), Verdict.CONFORMANT
    )
    assert report.counts() == {**{str(outcome): 0 for outcome in Outcome}, "passed": 2}
