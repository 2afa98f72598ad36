"""Responsible-mining attestations: a known scheme, its own criteria, the site and the commodities."""

from __future__ import annotations

from _crm import RESPONSIBLE
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.criteria import load_criteria

TSM = "https://untp-crm.example/criteria/tsm"


def scheme_of(credential: CredentialUnderTest) -> str | None:
    """The scheme of the mapping that the attestation is under."""
    for scheme in along(credential.subjects, "referenceScheme"):
        address = scheme.get("id")
        if isinstance(address, str) and (known := load_criteria().scheme(address)):
            return known
    return None


def criteria(credential: CredentialUnderTest) -> list[Node]:
    """The criteria of all assessments."""
    return along(credential.subjects, "conformityAssessment", "assessmentCriteria")


@case("CRM-RESP-01", types=(RESPONSIBLE,))
def the_scheme_is_one_of_the_four(credential: CredentialUnderTest) -> Findings:
    """The attestation is under Copper Mark, TSM, IRMA or RMAP."""
    if scheme_of(credential) is None:
        for scheme in along(credential.subjects, "referenceScheme"):
            yield scheme.at("id").finds(
                "this is no responsible-mining scheme of the profile",
                expected=" or ".join(sorted(load_criteria().schemes)),
                hint="Write the address of the scheme; another scheme belongs in a plain conformity credential.",
            )


@case(
    "CRM-RESP-02",
    types=(RESPONSIBLE,),
    owns=["/credentialSubject/commodity", "/credentialSubject/conformityAssessment"],
)
def site_and_commodities_are_named(credential: CredentialUnderTest) -> Findings:
    """The attestation names commodities, and each assessment the site."""
    yield from credential.schema_findings("CRM-RESP-02")
    for assessment in along(credential.subjects, "conformityAssessment"):
        if assessment.get("assessedFacility") == []:
            yield assessment.at("assessedFacility").finds(
                "no site is assessed", expected="one entry or more", hint="Name the mine or refinery."
            )


@case(
    "CRM-RESP-03",
    types=(RESPONSIBLE,),
    when=lambda credential: scheme_of(credential) and criteria(credential),
)
def criteria_are_those_of_the_scheme(credential: CredentialUnderTest) -> Findings:
    """Each criterion is one that the mapping has under the scheme of the attestation."""
    scheme, known = scheme_of(credential), load_criteria().criteria
    for node in criteria(credential):
        name = node.get("id")
        if not isinstance(name, str) or name not in known or known[name].scheme != scheme:
            yield node.at("id").finds(
                "this is no criterion of the scheme that the attestation is under",
                expected=f"{scheme}/ and the number or name of a criterion",
                hint="Take the identifier from schemas/untp-crm/criteria-mapping.ttl.",
            )


@case("CRM-RESP-04", types=(RESPONSIBLE,), when=lambda credential: scheme_of(credential) == TSM)
def tsm_gives_levels(credential: CredentialUnderTest) -> Findings:
    """Each performance of a TSM attestation gives the level that was reached."""
    for performance in along(credential.subjects, "conformityAssessment", "assessedPerformance"):
        if performance.get("score", "code") is None:
            yield performance.finds(
                "the level is not given",
                expected="a score with the code of the level: C, B, A, AA or AAA",
                hint="Add the level that the protocol indicator reached.",
            )


@case("CRM-RESP-05", types=(RESPONSIBLE,), when=criteria)
def each_criterion_is_assessed_once(credential: CredentialUnderTest) -> Findings:
    """No criterion is assessed twice."""
    seen: set[str] = set()
    for node in criteria(credential):
        name = node.get("id")
        if isinstance(name, str) and name in seen:
            yield node.at("id").finds(
                "this criterion is assessed twice",
                expected="one assessment for each criterion",
                hint="Put what was found for one criterion into one assessment.",
            )
        elif isinstance(name, str):
            seen.add(name)
