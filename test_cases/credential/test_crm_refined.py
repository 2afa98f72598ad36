"""Refined material: its purity, the standard of its grade, its custody model and its recycled share."""

from __future__ import annotations

from _crm import CHARACTERISTICS, REFINED, characteristics, form_of
from _reading import along, number

from harness.judge import CredentialUnderTest, Findings, case


@case(
    "CRM-REF-01",
    types=(REFINED,),
    owns=[
        f"{CHARACTERISTICS}/purity",
        f"{CHARACTERISTICS}/gradeStandard",
        f"{CHARACTERISTICS}/chainOfCustodyModel",
        "/credentialSubject/materialProvenance/*/recycledMassFraction",
    ],
)
def purity_grade_custody_and_recycled_share_are_stated(credential: CredentialUnderTest) -> Findings:
    """Refined material states purity, grade standard, custody model and the recycled share of each input."""
    yield from credential.schema_findings("CRM-REF-01")


@case(
    "CRM-REF-03",
    types=(REFINED,),
    when=lambda credential: form_of(credential) and along(characteristics(credential), "purity"),
)
def the_purity_is_that_of_the_form(credential: CredentialUnderTest) -> Findings:
    """The purity is of the substance that the form is sold as, and not below what is usual."""
    form = form_of(credential) or {}
    for purity in along(characteristics(credential), "purity"):
        share = number(purity.get("massFraction"))
        if "substance" not in form or share is None:
            continue
        if purity.get("substance") != form["substance"]:
            yield purity.at("substance").finds(
                "the purity is of another substance than the form is sold as",
                expected=form["substance"],
                hint="State the purity for this substance; other figures belong to the assay.",
            )
        elif share < form["purity"]:
            yield purity.at("massFraction").finds(
                "the purity is below what is usual for the form",
                expected=f"{form['purity']:g} or more",
                hint="Check the fraction (0.9999 for 99.99 percent) and the form.",
            )
