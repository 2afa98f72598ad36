"""What a passport claims: complete, quantified, with a topic, a criterion and an id of its own."""

from __future__ import annotations

import _claims as rules
from _product import PASSPORT, RECORD, claims
from _reading import along

from harness.judge import CredentialUnderTest, Findings, case

BOTH = (PASSPORT, RECORD)
"""A facility record takes the rules for claims from the passport, as its page says."""


def claimed_performances(credential: CredentialUnderTest) -> object:
    """The performances of 0.7.0 claims."""
    return along(claims(credential), "claimedPerformance")


@case(
    "DPP-CLAIM-01",
    when=lambda credential: credential.members("conformityClaim"),
    owns="/credentialSubject/conformityClaim",
)
def claims_have_the_members_of_0_6(credential: CredentialUnderTest) -> Findings:
    """A 0.6 claim has id, conformance and conformityTopic."""
    yield from credential.schema_findings("DPP-CLAIM-01")


@case("DPP-CLAIM-02", when=claims, owns="/credentialSubject/conformityClaim/*/conformityTopic enum")
def the_topic_is_one_of_fifteen_codes(credential: CredentialUnderTest) -> Findings:
    """The topic of a 0.6 claim is one of the fifteen codes."""
    yield from credential.schema_findings("DPP-CLAIM-02")


@case(
    "DPP-CLAIM-03",
    when=lambda credential: credential.members("performanceClaim"),
    owns=["/credentialSubject/performanceClaim", "/credentialSubject/packaging/performanceClaim"],
)
def claims_have_the_members_of_0_7(credential: CredentialUnderTest) -> Findings:
    """A 0.7.0 claim has id, name, date, criteria, performance and topic, in the right shapes."""
    yield from credential.schema_findings("DPP-CLAIM-03")


@case("DPP-CLAIM-04", types=BOTH, when=claims)
def the_arrays_of_a_claim_hold_something(credential: CredentialUnderTest) -> Findings:
    """The criteria, topics and performances of a claim have at least one entry each."""
    yield from rules.empty_arrays(claims(credential))


@case("DPP-CLAIM-05", types=BOTH, when=claimed_performances)
def a_performance_has_a_measure_or_a_score(credential: CredentialUnderTest) -> Findings:
    """Each performance gives a measure, a score or both."""
    yield from rules.bare_performances(claims(credential))


@case("DPP-CLAIM-06", types=BOTH, when=claims)
def claims_refer_to_a_criterion_by_url(credential: CredentialUnderTest) -> Findings:
    """Each claim refers to a criterion of a known scheme, standard or regulation by URL."""
    yield from rules.claims_without_criterion(claims(credential))


@case(
    "DPP-CLAIM-07",
    types=BOTH,
    when=lambda credential: any(rules.topics_of(node) for node in claims(credential)),
)
def the_topic_fits_the_criteria(credential: CredentialUnderTest) -> Findings:
    """The topic of a claim is among the topics of its criteria."""
    yield from rules.topics_beside_criteria(claims(credential))


@case("DPP-CLAIM-08", types=BOTH, when=claims)
def claim_ids_are_unique(credential: CredentialUnderTest) -> Findings:
    """No two claims of a credential have one id."""
    yield from rules.repeated_ids(claims(credential))


@case(
    "DPP-CLAIM-09",
    types=BOTH,
    when=lambda credential: any(
        held is not None for claim in claims(credential) for held in rules.comparisons(claim)
    ),
)
def conformance_agrees_with_the_thresholds(credential: CredentialUnderTest) -> Findings:
    """The stated conformance is what declared values and thresholds of one metric and unit say."""
    yield from rules.contradicted_conformance(claims(credential))


@case("DPP-CLAIM-11", types=BOTH, when=lambda credential: along(claims(credential), "conformityTopic"))
def topics_are_of_the_un_taxonomy(credential: CredentialUnderTest) -> Findings:
    """The topic of a 0.7.0 claim is a concept of the UN conformity topics."""
    yield from rules.unknown_topics(claims(credential))


@case(
    "DPP-CLAIM-12",
    types=BOTH,
    when=lambda credential: along(claims(credential), "claimedPerformance", "metric"),
)
def metrics_are_of_the_un_taxonomy_or_of_a_scheme(credential: CredentialUnderTest) -> Findings:
    """A metric is a concept of the UN performance metrics or of a scheme that the claim names."""
    yield from rules.unknown_metrics(claims(credential))
