"""Mining permits: an authority states them, for a site, with their number and whether they are in force."""

from __future__ import annotations

from _crm import PERMIT
from _reading import along, identifier, number

from harness.judge import CredentialUnderTest, Findings, case

CORNERS = 3


@case("CRM-PERM-01", types=(PERMIT,), owns="/credentialSubject/assessmentLevel")
def the_regulator_issues_the_permit(credential: CredentialUnderTest) -> Findings:
    """A permit is mandated by an authority and issued by another than the permittee."""
    yield from credential.schema_findings("CRM-PERM-01")
    for subject in credential.subjects:
        party = identifier(subject.get("issuedToParty", "id"))
        if party is not None and party == identifier(credential.issuer_id):
            yield (
                subject.at("issuedToParty")
                .at("id")
                .finds(
                    "the permittee issued the permit to itself",
                    expected="a permit issued by the regulator",
                    hint="Let the authority issue the credential; what the permittee says is a claim in its passport.",
                )
            )


@case(
    "CRM-PERM-02",
    types=(PERMIT,),
    owns=[
        "/credentialSubject/permitNumber",
        "/credentialSubject/permitStatus",
        "/credentialSubject/commodity",
        "/credentialSubject/conformityAssessment",
    ],
)
def number_site_law_and_validity_are_given(credential: CredentialUnderTest) -> Findings:
    """A permit gives number, status, commodities, site, regulation and the end of its validity."""
    yield from credential.schema_findings("CRM-PERM-02")
    if credential.root["validUntil"] is None:
        yield credential.root.finds(
            "the permit has no end",
            expected="validUntil",
            actual="nothing",
            hint="State until when the permit, or this statement of it, holds.",
        )
    for assessment in along(credential.subjects, "conformityAssessment"):
        for name in ("assessedFacility", "referenceRegulation"):
            if assessment.get(name) == []:
                yield assessment.at(name).finds(
                    f"{name} is empty", expected="one entry or more", hint="Name the mine site and the law."
                )


@case("CRM-PERM-04", types=(PERMIT,))
def only_a_permit_in_force_conforms(credential: CredentialUnderTest) -> Findings:
    """A permit that is not active does not state conformance."""
    yield from credential.shape_findings(
        "CRM-PERM-04",
        expected="conformance false, or permitStatus active",
        hint="Issue the credential again with conformance false, and revoke the old one.",
    )


@case(
    "CRM-PERM-05",
    types=(PERMIT,),
    owns="/credentialSubject/permittedArea",
    when=lambda credential: any(subject["permittedArea"] for subject in credential.subjects),
)
def the_permitted_area_is_an_area(credential: CredentialUnderTest) -> Findings:
    """A permitted area has three or more different corners."""
    faults = list(credential.schema_findings("CRM-PERM-05"))
    yield from faults
    for subject in credential.subjects:
        corners = [
            (number(c.get("latitude")), number(c.get("longitude"))) for c in along([subject], "permittedArea")
        ]
        if subject["permittedArea"] and not faults and len(set(corners)) < CORNERS:
            yield subject.at("permittedArea").finds(
                f"the area has {len(set(corners))} different corners",
                expected=f"{CORNERS} or more",
                hint="List the corners in order; the first need not be repeated.",
            )
