"""Bulk mixing, smelting and refining: what goes in, what comes out, and that mass does not grow."""

from __future__ import annotations

import math

from _code_lists import kilograms
from _crm import ACTIVITIES, MIXING, SMELTING
from _reading import along, number

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

MEMBERS = [f"/credentialSubject/*/{name}" for name in ("activityType", "inputProduct", "outputProduct")]
MIXING_LEEWAY = 0.01
SMELTING_LEEWAY = 0.02
SEVERAL = 2


def other_scheme(credential: CredentialUnderTest) -> Findings:
    """Activities under another scheme than the list of the profile."""
    for activity in along(credential.subjects, "activityType"):
        if activity.get("schemeId") != ACTIVITIES:
            yield activity.at("schemeId").finds(
                "the activity is not of the list of the profile",
                expected=ACTIVITIES,
                hint="Use the activity list of UNTP-CRM, so that a mixing is told from a smelting.",
            )


@case("CRM-EVT-01", types=(MIXING,), owns=MEMBERS)
def mixing_makes_one_lot_of_several(credential: CredentialUnderTest) -> Findings:
    """Bulk mixing has two or more different inputs and one output, all with quantities."""
    yield from credential.schema_findings("CRM-EVT-01")
    yield from other_scheme(credential)
    for event in credential.subjects:
        inputs = [entry.get("product", "id") for entry in along([event], "inputProduct")]
        if len(inputs) >= SEVERAL and len(set(map(str, inputs))) < len(inputs):
            yield event.at("inputProduct").finds(
                "one lot goes in twice",
                expected="different lots",
                hint="Give each lot once, with the quantity that was taken from it.",
            )


@case("CRM-EVT-04", types=(SMELTING,), owns=MEMBERS)
def smelting_lists_what_goes_in_and_out(credential: CredentialUnderTest) -> Findings:
    """Smelting and refining have an activity of the list, and quantity and disposition of all that goes in and out."""
    yield from credential.schema_findings("CRM-EVT-04")
    yield from other_scheme(credential)


def mass(event: Node, member: str) -> float | None:
    """The mass of all goods of a list in kilograms, or None where one of them is no mass."""
    masses = []
    for quantity in (entry["quantity"] for entry in along([event], member)):
        value = number(quantity.get("value")) if quantity else None
        found = None if quantity is None or value is None else kilograms(value, quantity.get("unit"))
        if found is None:
            return None
        masses.append(found)
    return math.fsum(masses) if masses else None


def weighed(credential: CredentialUnderTest) -> list[tuple[Node, float, float]]:
    """Events whose goods are all given as masses: the event, the mass that goes in, the mass that comes out."""
    found = []
    for event in credential.subjects:
        before, after = mass(event, "inputProduct"), mass(event, "outputProduct")
        if before is not None and after is not None:
            found.append((event, before, after))
    return found


@case("CRM-EVT-05", types=(MIXING,), when=weighed)
def mixing_conserves_mass(credential: CredentialUnderTest) -> Findings:
    """The mixed lot weighs what went in, within one percent."""
    for event, before, after in weighed(credential):
        several = len(along([event], "inputProduct")) >= SEVERAL
        if several and abs(after - before) > MIXING_LEEWAY * before:
            yield event.at("outputProduct").finds(
                f"{before:g} kg go in, {after:g} kg come out",
                expected=f"{before:g} kg, give or take {MIXING_LEEWAY:.0%}",
                hint="Give all quantities on one basis, dry or wet; list losses as a second event.",
            )


@case("CRM-EVT-06", types=(SMELTING,), when=weighed)
def no_more_comes_out_than_goes_in(credential: CredentialUnderTest) -> Findings:
    """The outputs weigh no more than the inputs, air and water included."""
    for event, before, after in weighed(credential):
        if after > (1 + SMELTING_LEEWAY) * before:
            yield event.at("outputProduct").finds(
                f"{before:g} kg go in, but {after:g} kg come out",
                expected=f"{before:g} kg at most",
                hint="List scrap, fluxes, oxygen and water among the inputs.",
            )
