"""Judging pieces of the reference bundle, good or mutated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Outcome, Result, SubjectReport
from harness.reference.chain import Bundle, reference_bundle
from harness.run import Bench

SETTLED = frozenset({Outcome.PASSED, Outcome.NOT_APPLICABLE})
FAULTS = frozenset({Outcome.FAILED, Outcome.WARNING, Outcome.ERROR})


def judge(bundle: Bundle, evidence: Evidence) -> list[SubjectReport]:
    """The reports on one piece of evidence of a bundle, by the fast engines."""
    bench = Bench(Terms(bundle.at), (HeldWeb(bundle.web),))
    return [judged.report for judged in bench.judge(evidence)]


def results(bundle: Bundle, name: str) -> list[Result]:
    """All results on the credential of one good payload."""
    return [result for report in judge(bundle, bundle.delivered(name)) for result in report.results]


@cache
def good_reports(name: str) -> tuple[SubjectReport, ...]:
    """The reports on one good twin."""
    bundle = reference_bundle()
    return tuple(judge(bundle, bundle.delivered(name)))


def faults_of(found: list[Result]) -> Mapping[str, Outcome]:
    """The requirements against which something was found, with the outcome."""
    return {result.requirement: result.outcome for result in found if result.outcome in FAULTS}


def altered(bundle: Bundle) -> Iterator[str]:
    """The good payloads whose credentials are delivered with other bytes than in the good chain."""
    good = reference_bundle()
    for name in bundle.plan.issuances:
        if bundle.delivered(name).body != good.delivered(name).body:
            yield name


def told(found: list[Result], outcomes: frozenset[Outcome] = FAULTS) -> str:
    """Results in words, for the message of a failed assertion."""
    lines = []
    for result in found:
        if result.outcome in outcomes:
            lines.append(f"{result.case} {result.outcome}: {result.reason or ''}")
            lines.extend(
                f"    {item.pointer}: {item.message} (is {item.actual})" for item in result.findings[:3]
            )
    return "\n".join(lines) or "nothing was found"
