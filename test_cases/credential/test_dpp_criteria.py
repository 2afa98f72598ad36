"""Criteria and metrics that a 0.6 passport embeds."""

from __future__ import annotations

from _product import claims
from _ranges import not_fractions
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

CRITERIA = "/credentialSubject/conformityClaim/*/assessmentCriteria"


@case(
    "DPP-CRIT-01",
    when=lambda credential: along(claims(credential), "assessmentCriteria"),
    owns=f"{CRITERIA}/*",
)
def embedded_criteria_are_complete(credential: CredentialUnderTest) -> Findings:
    """A criterion has id, name, description, conformityTopic and a known status."""
    yield from credential.schema_findings("DPP-CRIT-01")


@case(
    "DPP-CRIT-02",
    when=lambda credential: along(claims(credential), "assessmentCriteria"),
    owns=[f"{CRITERIA}/**/tag", f"{CRITERIA}/**/tags"],
)
def tags_are_spelt_as_in_the_release(credential: CredentialUnderTest) -> Findings:
    """A criterion has tags as text in 0.6.0 and tag as an array in 0.6.1, never the other."""
    yield from credential.schema_findings("DPP-CRIT-02")


def metrics(credential: CredentialUnderTest) -> list[Node]:
    """The metrics of declared values and thresholds."""
    found = claims(credential)
    return along(found, "declaredValue") + along(found, "assessmentCriteria", "thresholdValue")


@case(
    "DPP-METRIC-01",
    when=metrics,
    owns=["/credentialSubject/conformityClaim/*/declaredValue/*", f"{CRITERIA}/**/thresholdValue/*"],
)
def metrics_have_a_name_and_a_value(credential: CredentialUnderTest) -> Findings:
    """A metric has metricName and metricValue."""
    yield from credential.schema_findings("DPP-METRIC-01")


@case("DPP-METRIC-02", when=lambda credential: any(node["accuracy"] for node in metrics(credential)))
def accuracy_is_a_fraction(credential: CredentialUnderTest) -> Findings:
    """The accuracy of a metric is a number from 0 to 1."""
    hint = "Write 0.05 where the true value lies within 5 percent of the declared one."
    yield from not_fractions(metrics(credential), "accuracy", hint=hint)
