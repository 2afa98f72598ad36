"""Mine sites and refineries: where they are, what they handle, how, and who runs them."""

from __future__ import annotations

from _crm import MINE, REFINERY

from harness.judge import CredentialUnderTest, Findings, case

WORKS = [
    "/credentialSubject/commodity",
    "/credentialSubject/locationInformation",
    "/credentialSubject/relatedParty",
]


@case(
    "CRM-FAC-01",
    types=(MINE,),
    owns=[*WORKS, "/credentialSubject/miningMethod", "/credentialSubject/permitReference"],
)
def the_mine_site_is_located(credential: CredentialUnderTest) -> Findings:
    """A mine record gives point and boundary, commodities, mining method, operator and permit."""
    yield from credential.schema_findings("CRM-FAC-01")
    yield from credential.shape_findings(
        "CRM-FAC-01",
        expected="a relatedParty with the role operator",
        hint="Name who runs the mine, also where that is the owner.",
    )


@case(
    "CRM-FAC-02",
    types=(REFINERY,),
    owns=[
        *WORKS,
        "/credentialSubject/processRoute",
        "/credentialSubject/annualCapacity",
        "/credentialSubject/materialUsage",
    ],
)
def the_refinery_shows_what_it_uses(credential: CredentialUnderTest) -> Findings:
    """A refinery record gives point, commodities, route, capacity, operator and the use of material in a period."""
    yield from credential.schema_findings("CRM-FAC-02")
    yield from credential.shape_findings(
        "CRM-FAC-02",
        expected="a relatedParty with the role operator",
        hint="Name who runs the works, also where that is the owner.",
    )
