"""A passport of material is of one lot: its number, weight, origin, parties, and the event that made it."""

from __future__ import annotations

from _code_lists import kilograms
from _crm import CHARACTERISTICS, LOTS
from _reading import along, number, text

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

NUMBERS = {"batch": ("batchNumber", "itemNumber"), "item": ("itemNumber",)}


@case(
    "CRM-MAT-04",
    types=LOTS,
    owns=[
        "/credentialSubject/idGranularity",
        "/credentialSubject/productionDate",
        "/credentialSubject/dimensions",
    ],
)
def the_passport_is_of_a_lot(credential: CredentialUnderTest) -> Findings:
    """The passport is at batch or item level, with number, production date and weight."""
    yield from credential.schema_findings("CRM-MAT-04")
    for subject in credential.subjects:
        level = subject.get("idGranularity")
        wanted = NUMBERS.get(level, ()) if isinstance(level, str) else ()
        if wanted and not any(text(subject.get(name)) for name in wanted):
            yield subject.at("idGranularity").finds(
                f"a passport at {level} level has no number of what it is about",
                expected=" or ".join(wanted),
                hint="Give the number of the lot; by it events and deliveries find the passport.",
            )


@case(
    "CRM-MAT-05",
    types=LOTS,
    owns=["/credentialSubject/materialProvenance required", f"{CHARACTERISTICS}/extractionFacility"],
)
def origin_goes_back_to_extraction(credential: CredentialUnderTest) -> Findings:
    """Each material states the country of its extraction; raw material names its mine site too."""
    yield from credential.schema_findings("CRM-MAT-05")
    for subject in credential.subjects:
        if subject.get("materialProvenance") == []:
            yield subject.at("materialProvenance").finds(
                "no origin is stated",
                expected="an entry for each payable material",
                hint="Name the country where each material was extracted.",
            )


@case("CRM-MAT-10", types=LOTS, owns="/credentialSubject/relatedParty")
def the_parties_are_named(credential: CredentialUnderTest) -> Findings:
    """A producer or manufacturer and an operator or owner are named."""
    unnamed = list(credential.schema_findings("CRM-MAT-10"))
    yield from unnamed or credential.shape_findings(
        "CRM-MAT-10",
        expected="a producer, manufacturer or processor, and an operator or owner",
        hint="Name the party in each role, also where both are the same.",
    )


@case("CRM-MAT-12", types=LOTS)
def the_event_of_the_lot_is_linked(credential: CredentialUnderTest) -> Findings:
    """A related document is the event that made the lot."""
    yield from credential.shape_findings(
        "CRM-MAT-12",
        expected="a link with linkType dte in relatedDocument",
        hint="Link the traceability event, unless your identity resolver lists it.",
    )


def weights(credential: CredentialUnderTest) -> list[Node]:
    """The weight of the lot."""
    return along(credential.subjects, "dimensions", "weight")


@case("CRM-MAT-14", types=LOTS, when=weights)
def the_weight_is_a_mass(credential: CredentialUnderTest) -> Findings:
    """The weight of the lot is above zero, in a unit of mass."""
    for weight in weights(credential):
        value = number(weight.get("value"))
        mass = None if value is None else kilograms(value, weight.get("unit"))
        if value is not None and (mass is None or mass <= 0):
            yield weight.finds(
                "this is no weight of a lot" if mass is None else "the lot weighs nothing",
                expected="a number above zero in a unit of mass, such as TNE or KGM",
                hint="State the dry or wet mass of the whole lot.",
            )
