"""What an assessment is about: its object, the standard and criteria, the topics."""

from __future__ import annotations

from _attestation import OBJECTS, assessments, entries, is_06
from _code_lists import TOPICS, concept

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

FLAG = {"0.6": "IDverifiedByCAB", "0.7": "idVerifiedByCAB"}
PUBLISHED = ("conformity-topics",)
ELSEWHERE = ("conformity-topic", "untp/conformity-topic", "untp/conformity-topics")


@case(
    "DCC-OBJ-01",
    owns=[
        "/credentialSubject/*/*/assessedProduct/*/product/id",
        "/credentialSubject/*/*/assessedFacility/*/facility/id",
        "/credentialSubject/*/*/assessedOrganisation/id",
    ],
    when=lambda credential: credential.subjects,
)
def the_assessed_object_is_identified(credential: CredentialUnderTest) -> Findings:
    """Each assessment identifies a product, a facility or an organisation."""
    name = "assessment" if is_06(credential) else "conformityAssessment"
    if not assessments(credential):
        for subject in credential.subjects:
            yield subject.at(name).finds(
                "the attestation has no assessment, so that nothing says what was assessed",
                expected="an assessment with a product, a facility or an organisation",
                actual=None if subject[name] else "nothing",
                hint=f"Add an entry to {name} for each object and criterion.",
            )
    for assessment in assessments(credential):
        if not _identified(assessment):
            yield assessment.finds(
                "the assessment does not say which product, facility or organisation was assessed",
                expected="assessedProduct, assessedFacility or assessedOrganisation",
                hint="Name the object by its id.",
            )
    yield from credential.schema_findings("DCC-OBJ-01")


def _identified(assessment: Node) -> bool:
    if assessment.get("assessedOrganisation"):
        return True
    return any(entry.get(wrapped) or entry.get("id") for entry, wrapped in entries(assessment))


@case(
    "DCC-OBJ-02",
    owns=[
        "/credentialSubject/conformityAssessment/*/assessedProduct/*/product",
        "/credentialSubject/conformityAssessment/*/assessedFacility/*/facility",
    ],
    when=lambda credential: any(a[name] for a in assessments(credential) for name, _ in OBJECTS),
)
def the_assessed_object_is_wrapped(credential: CredentialUnderTest) -> Findings:
    """Assessed products and facilities stand in a member product or facility of their entry."""
    yield from credential.schema_findings("DCC-OBJ-02")


@case(
    "DCC-OBJ-03", when=lambda credential: any(a[name] for a in assessments(credential) for name, _ in OBJECTS)
)
def the_entry_is_written_as_in_the_release(credential: CredentialUnderTest) -> Findings:
    """0.6.x wraps assessed objects too, and each release spells the flag in its own way."""
    flag = FLAG[credential.version[:3]]
    for assessment in assessments(credential):
        for entry, wrapped in entries(assessment):
            if not isinstance(entry.value, dict):
                continue
            if is_06(credential) and wrapped not in entry.value:
                yield entry.finds(
                    "the assessed object stands in the entry itself",
                    expected=f"a member {wrapped}",
                    hint=f"Move its id and name into {wrapped}, beside {flag}.",
                )
            for name in entry.value:
                if name != flag and name.lower() == flag.lower():
                    yield entry.at(name).finds(
                        "the flag is not spelled as in this release",
                        expected=flag,
                        actual=name,
                        hint=f"Rename {name} to {flag}: no context defines the other spelling.",
                    )


@case("DCC-STD-01", when=assessments)
def a_standard_or_regulation_is_referenced(credential: CredentialUnderTest) -> Findings:
    """Each assessment names a standard, a regulation or criteria."""
    yield from credential.shape_findings(
        "DCC-STD-01",
        expected="referenceStandard, referenceRegulation or assessmentCriteria",
        hint="Name the standard or regulation that the object was assessed against.",
    )


@case(
    "DCC-STD-02",
    owns="/credentialSubject/assessment/*/assessmentCriteria/*/id",
    when=assessments,
)
def criteria_are_referenced_by_uri(credential: CredentialUnderTest) -> Findings:
    """Each assessment references well defined criteria by URI."""
    yield from credential.schema_findings("DCC-STD-02")
    yield from credential.shape_findings(
        "DCC-STD-02",
        expected="at least one criterion in assessmentCriteria",
        hint="List the criteria with the URIs that the scheme owner published.",
    )


@case("DCC-STD-03", when=assessments)
def the_list_of_criteria_is_not_empty(credential: CredentialUnderTest) -> Findings:
    """Each assessment references one or more criteria."""
    for assessment in assessments(credential):
        if assessment.get("assessmentCriteria") == []:
            yield assessment.at("assessmentCriteria").finds(
                "the assessment references no criterion",
                expected="at least one criterion",
                hint="List the criteria with the URIs that the scheme owner published.",
            )


@case("DCC-TOPIC-01", when=assessments)
def topics_are_in_the_taxonomy(credential: CredentialUnderTest) -> Findings:
    """Assessments and their criteria are classified by topics of the UN vocabulary."""
    for assessment in assessments(credential):
        holders = (assessment, *assessment.each("assessmentCriteria"))
        topics = [topic for holder in holders for topic in holder.each("conformityTopic")]
        if not topics and assessment["conformityTopic"] is not None:
            yield assessment.at("conformityTopic").finds(
                "neither the assessment nor a criterion has a topic",
                expected="a topic of the UN vocabulary",
                hint="Choose from https://vocabulary.uncefact.org/conformity-topics/.",
            )
        for topic in topics:
            yield from _known(topic if isinstance(topic.value, str) else topic.at("id"))


def _known(topic: Node) -> Findings:
    if not isinstance(topic.value, str):
        return
    if concept(topic.value, PUBLISHED + ELSEWHERE) not in TOPICS:
        yield topic.finds(
            "the topic is not in the UN vocabulary of conformity topics",
            expected="https://vocabulary.uncefact.org/conformity-topics/ and one of 101 codes",
            hint="Take the nearest topic of the vocabulary; a finer one can stand in the criterion's tag.",
        )
    elif concept(topic.value, PUBLISHED) is None:
        yield topic.finds("the vocabulary stands under another path").excused_by("CONFLICT-25")
