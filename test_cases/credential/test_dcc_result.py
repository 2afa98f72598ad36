"""What an assessment found: conformance, members, measured values, thresholds, dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

from _attestation import assessments, is_06, thresholds, values
from _code_lists import KINDS
from _reading import day, moment

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

ASSESSMENT = "/credentialSubject/conformityAssessment/*"
LISTS = ("assessmentCriteria", "assessedPerformance", "conformityTopic")
FIRST_ZONE = timezone(timedelta(hours=14))
"""Where every date begins first."""


@case(
    "DCC-RES-01",
    owns=[
        "/credentialSubject/assessment/*/conformance",
        f"{ASSESSMENT}/conformance",
    ],
    when=assessments,
)
def conformance_is_stated(credential: CredentialUnderTest) -> Findings:
    """Each assessment says by boolean whether its object conforms."""
    yield from credential.schema_findings("DCC-RES-01")
    yield from credential.shape_findings(
        "DCC-RES-01", expected="conformance: true or false", hint="State the result, also where it is false."
    )


@case(
    "DCC-RES-02",
    owns=["/credentialSubject/assessment/*/id", "/credentialSubject/assessment/*/conformityTopic"],
    when=assessments,
)
def assessment_members_are_complete_in_06(credential: CredentialUnderTest) -> Findings:
    """A 0.6.x assessment has an id and a topic."""
    yield from credential.schema_findings("DCC-RES-02")


@case(
    "DCC-RES-03",
    owns=[
        *(f"{ASSESSMENT}/{name}" for name in ("id", "name", "assessmentDate")),
        *(f"{ASSESSMENT}/{name} {rule}" for name in LISTS for rule in ("required", "type")),
    ],
    when=assessments,
)
def assessment_members_are_complete_in_07(credential: CredentialUnderTest) -> Findings:
    """A 0.7.0 assessment has id, name, criteria, date, performance and topics."""
    yield from credential.schema_findings("DCC-RES-03")


@case("DCC-RES-04", when=assessments)
def measured_values_are_included(credential: CredentialUnderTest) -> Findings:
    """Actual measured values accompany each assessment."""
    name = "declaredValue" if is_06(credential) else "assessedPerformance"
    for assessment in assessments(credential):
        if assessment[name] is None and not is_06(credential):
            continue  # the schema demands it: DCC-RES-03
        if not any(_measured(value) for value in assessment.each(name)):
            yield assessment.at(name).finds(
                "the assessment gives no measured value",
                expected=f"a measure or a score in {name}",
                actual=None if assessment[name] else "nothing",
                hint="Add what was measured, with metric, value and unit.",
            )


def _measured(value: Node) -> bool:
    return any(value.get(name) is not None for name in ("metricValue", "measure", "score"))


@case("DCC-RES-05", when=lambda credential: any(True for a in assessments(credential) for _ in thresholds(a)))
def thresholds_are_comparable_with_values(credential: CredentialUnderTest) -> Findings:
    """A threshold and the measured value share their metric and their kind of unit."""
    for assessment in assessments(credential):
        measured = list(values(assessment))
        for threshold in thresholds(assessment) if measured else ():
            units = [value.unit for value in measured if value.metric == threshold.metric]
            if not units:
                yield threshold.node.finds(
                    "no measured value is of the metric of this threshold",
                    expected=threshold.metric,
                    actual=", ".join(dict.fromkeys(value.metric for value in measured)),
                    hint="Measure what the criterion limits, and name the metric in the same way.",
                )
            elif all(_incomparable(unit, threshold.unit) for unit in units):
                yield threshold.node.finds(
                    "threshold and measured value are not in the same kind of unit",
                    expected=f"a unit that compares with {units[0]}",
                    hint="State both in units of the same kind, such as KGM and TNE.",
                )


def _incomparable(one: str, other: str) -> bool:
    kinds = {KINDS.get(one), KINDS.get(other)}
    return len(kinds) > 1 and not kinds & {None, "loose"}


@case(
    "DCC-DATE-01", when=lambda credential: any(day(a.get("assessmentDate")) for a in assessments(credential))
)
def the_assessment_precedes_the_issue(credential: CredentialUnderTest) -> Findings:
    """The assessment is not after validFrom, and scheme and criteria were in force by then."""
    issued = moment(credential.value("validFrom"))
    for assessment in assessments(credential):
        on = day(assessment.get("assessmentDate"))
        if on is None:
            continue
        if issued is not None and datetime.combine(on, time(), FIRST_ZONE) > issued:
            yield assessment.at("assessmentDate").finds(
                "the assessment is dated after the credential was issued",
                expected=f"not after {credential.value('validFrom')}",
                hint="Correct the date, or issue the credential once the assessment is done.",
            )
        yield from _not_in_force(credential, assessment, on)


def _not_in_force(credential: CredentialUnderTest, assessment: Node, on: date) -> Findings:
    for criterion in assessment.each("assessmentCriteria"):
        if criterion.get("status") == "proposed":
            yield criterion.at("status").finds(
                "the assessment was made against a criterion that is only proposed",
                expected="active",
                hint="Reference the criterion in force at the time of the assessment.",
            )
    for node, begins in _starts(credential):
        if begins > on:
            yield node.finds(
                "the scheme came into force after the assessment",
                expected=f"not after {on}",
                hint="Reference the version of the scheme in force at the time of the assessment.",
            )


def _starts(credential: CredentialUnderTest) -> Iterator[tuple[Node, date]]:
    for subject in credential.subjects:
        for scope in subject.each("scope"):
            begins = day(scope.get("validFrom"))
            if begins is not None:
                yield scope.at("validFrom"), begins
