"""Judging the example chains under untp-crm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite
from harness.model import Outcome, Result, SubjectReport
from harness.reference.chain import DEMO_CLOCK
from harness.reference.crm import PROFILE, crm_evidence, crm_web
from harness.run import Bench

FAULTS = frozenset({Outcome.FAILED, Outcome.WARNING, Outcome.ERROR, Outcome.NOT_RUN, Outcome.REVIEW})


def judged(evidence: Evidence, *, profile: str | None = PROFILE, engine: str = "fast") -> SubjectReport:
    """The report on one credential, by a profile or, for None, by the one that its contexts point to."""
    chosen = load_suite().profile(profile) if profile else None
    bench = Bench(Terms(DEMO_CLOCK, chosen, engine), (HeldWeb(crm_web()),))
    (one,) = bench.judge(evidence)
    return one.report


@cache
def good_report(name: str) -> SubjectReport:
    """The report on one good credential."""
    return judged(crm_evidence(name))


def faults_of(found: Iterable[Result]) -> Mapping[str, Outcome]:
    """The requirements against which something was found, with the outcome."""
    return {result.requirement: result.outcome for result in found if result.outcome in FAULTS}


def told(found: Iterable[Result]) -> str:
    """What was found, in words."""
    lines = []
    for result in found:
        if result.outcome in FAULTS:
            lines.append(f"{result.case} {result.outcome}: {result.reason or ''}")
            lines.extend(
                f"    {item.pointer}: {item.message} (is {item.actual})" for item in result.findings[:3]
            )
    return "\n".join(lines) or "nothing was found"
