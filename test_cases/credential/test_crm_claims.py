"""What is claimed of a lot: its carbon footprint, its permit, its due diligence, and whether evidence carries it."""

from __future__ import annotations

from collections.abc import Iterator

from _claims import topics_of
from _crm import BATTERY, CHARACTERISTICS, CORE, LOTS, RAW, linked, metric_of
from _reading import along, last_part, number

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.criteria import carries, load_criteria

FOOTPRINT_UNITS = ("KGM", "TNE", "GRM")


def claims(credential: CredentialUnderTest) -> list[Node]:
    """The claims of the subject."""
    return along(credential.subjects, "performanceClaim")


def is_footprint(claim: Node) -> bool:
    """Whether a claim gives a product carbon footprint as a mass."""
    return "greenhouse-gas-emissions" in topics_of(claim) and any(
        metric_of(performance) == "product-carbon-footprint"
        and number(performance.get("measure", "value")) is not None
        and performance.get("measure", "unit") in FOOTPRINT_UNITS
        for performance in along([claim], "claimedPerformance")
    )


@case(
    "CRM-MAT-07",
    types=LOTS,
    owns=["/credentialSubject/performanceClaim required", f"{CHARACTERISTICS}/footprintBasis"],
)
def the_carbon_footprint_is_claimed(credential: CredentialUnderTest) -> Findings:
    """The passport claims a carbon footprint, with value and unit, and states its basis."""
    yield from credential.schema_findings("CRM-MAT-07")
    for subject in credential.subjects:
        if subject["performanceClaim"] and not any(
            is_footprint(claim) for claim in along([subject], "performanceClaim")
        ):
            yield subject.at("performanceClaim").finds(
                "no claim gives the carbon footprint of the lot",
                expected="topic greenhouse-gas-emissions, metric product-carbon-footprint, a measure in KGM or TNE",
                actual=f"{len(claims(credential))} claims",
                hint="State the mass of CO2 equivalent for the functional unit named in footprintBasis.",
            )


NEEDED = {
    "legal compliance": {"legal-compliance"},
    "responsible sourcing": {"ethical-material-sourcing", "responsible-procurement"},
}


@case("CRM-MAT-11", types=(RAW,))
def permit_and_due_diligence_are_evidenced(credential: CredentialUnderTest) -> Findings:
    """A claim on legal compliance and one on responsible sourcing each have a conformity credential as evidence."""
    for subject in credential.subjects:
        for words, topics in NEEDED.items():
            found = [claim for claim in along([subject], "performanceClaim") if topics & topics_of(claim)]
            if not any(linked(claim, "evidence", "dcc") for claim in found):
                yield (found[0] if found else subject.at("performanceClaim")).finds(
                    f"no conformity credential backs a claim on {words}",
                    expected=f"a claim on {' or '.join(sorted(topics))} with evidence of link type dcc",
                    actual="no such claim" if not found else "no evidence of link type dcc",
                    hint="Link the mining permit, and the attestation of a responsible-mining scheme.",
                )


def evidenced(credential: CredentialUnderTest) -> list[Node]:
    """The claims that name the criterion of their evidence."""
    return [claim for claim in claims(credential) if claim["evidenceCriterion"] is not None]


@case(
    "CRM-CRIT-01",
    types=(*LOTS, BATTERY),
    owns="/credentialSubject/performanceClaim/*/evidenceCriterion",
    when=evidenced,
)
def evidence_carries_the_claim(credential: CredentialUnderTest) -> Findings:
    """The criterion of the evidence asks for at least what the criterion of the claim does."""
    yield from credential.schema_findings("CRM-CRIT-01")
    for claim in evidenced(credential):
        assessed = claim.get("evidenceCriterion", "id")
        answers = [
            carries(name, assessed)
            for node in along([claim], "referenceCriteria")
            if isinstance(name := node.get("id"), str) and isinstance(assessed, str)
        ]
        if answers and not any(answer.carries for answer in answers):
            yield claim.at("evidenceCriterion").finds(
                f"the evidence does not carry the claim: {answers[0]}",
                expected="a criterion that the mapping gives as the same, nearly the same or broader",
                hint="Cite evidence by a criterion that covers the claim, or claim less: see schemas/untp-crm/criteria-mapping.ttl.",
            )


def by_criteria(credential: CredentialUnderTest) -> Iterator[tuple[Node, set[str], set[str]]]:
    """Claims and assessments by criteria of the mapping: the place, its topics, the topics of its criteria."""
    known = load_criteria().criteria
    assessments = along(credential.subjects, "conformityAssessment")
    for member, nodes in (("referenceCriteria", claims(credential)), ("assessmentCriteria", assessments)):
        for node in nodes:
            cited = [known[name] for each in along([node], member) if (name := each.get("id")) in known]
            if cited:
                yield node, topics_of(node), {last_part(topic) or "" for one in cited for topic in one.topics}


@case("CRM-CRIT-02", types=CORE, when=lambda credential: list(by_criteria(credential)))
def topics_are_those_of_the_criterion(credential: CredentialUnderTest) -> Findings:
    """A claim or assessment has a topic that the mapping gives its criterion."""
    for node, topics, mapped in by_criteria(credential):
        if topics and not topics & mapped:
            yield node.at("conformityTopic").finds(
                "the topic is none of those of the criterion",
                expected=" or ".join(sorted(mapped)),
                hint="Take a topic that schemas/untp-crm/criteria-mapping.ttl gives the criterion.",
            )
