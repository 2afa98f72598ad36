"""What the cases on conformity credentials share: the assessments, what they assess and by which measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.credential import Node
from harness.judge import CredentialUnderTest

OBJECTS = (("assessedProduct", "product"), ("assessedFacility", "facility"))
"""The lists of assessed objects, and the member that each entry wraps its object in."""


def is_06(credential: CredentialUnderTest) -> bool:
    """Whether the release is 0.6.0 or 0.6.1."""
    return credential.version.startswith("0.6")


def assessments(credential: CredentialUnderTest) -> list[Node]:
    """The assessments of the attestation, under the name that the release gives them."""
    name = "assessment" if is_06(credential) else "conformityAssessment"
    return [
        node for subject in credential.subjects for node in subject.each(name) if isinstance(node.value, dict)
    ]


def entries(assessment: Node) -> Iterator[tuple[Node, str]]:
    """Each entry of the lists of assessed objects, with the name of its wrapper member."""
    for member, wrapped in OBJECTS:
        for entry in assessment.each(member):
            yield entry, wrapped


def criteria(credential: CredentialUnderTest) -> list[Node]:
    """The criteria of all assessments."""
    return [node for assessment in assessments(credential) for node in assessment.each("assessmentCriteria")]


@dataclass(frozen=True)
class Reading:
    """One metric with its unit: a measured value or a threshold; `node` is where the unit stands."""

    metric: str
    unit: str
    node: Node


def values(assessment: Node) -> Iterator[Reading]:
    """The measured values of an assessment, in the form of either release."""
    for name in ("declaredValue", "assessedPerformance"):
        yield from _readings(assessment, name)


def thresholds(assessment: Node) -> Iterator[Reading]:
    """The thresholds of its criteria; 0.7.0 criteria carry them as additional members."""
    for criterion in assessment.each("assessmentCriteria"):
        for name in ("thresholdValue", "requiredPerformance", "passThreshold"):
            yield from _readings(criterion, name)


def _readings(holder: Node, name: str) -> Iterator[Reading]:
    for node in holder.each(name):
        metric = node.get("metricName") or node.get("metric", "id")
        measure = node["metricValue"] or node["measure"]
        unit = measure.get("unit") if measure else None
        if measure and isinstance(metric, str) and isinstance(unit, str):
            yield Reading(metric, unit, measure.at("unit"))
