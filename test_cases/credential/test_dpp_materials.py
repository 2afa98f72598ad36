"""What a product consists of: complete entries, fractions that add up, masses that agree, safe handling."""

from __future__ import annotations

import math

from _code_lists import country_code, is_country, kilograms
from _product import PASSPORT, RECORD, all_materials, materials, passports, products
from _ranges import beyond, not_fractions
from _reading import along, number

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

FRACTIONS = ("massFraction", "recycledMassFraction")

ROUNDING = 0.02
"""How far a sum of mass fractions may be from one."""

MASS_TOLERANCE = 0.05
"""How far a material's mass may be from fraction times weight, as a share of it."""


@case(
    "DPP-MAT-01",
    when=lambda credential: any(node["materialProvenance"] for node in passports(credential)),
    owns="/credentialSubject/materialProvenance",
)
def material_entries_are_complete(credential: CredentialUnderTest) -> Findings:
    """Each material has a name, a country of origin, a type and a mass fraction."""
    yield from credential.schema_findings("DPP-MAT-01")


@case(
    "DPP-MAT-02",
    when=all_materials,
    owns=[
        f"/credentialSubject/{place}/*/{name} {keyword}"
        for place in ("materialProvenance", "packaging/materialUsed")
        for name in FRACTIONS
        for keyword in ("minimum", "maximum")
    ],
)
def fractions_lie_between_zero_and_one(credential: CredentialUnderTest) -> Findings:
    """Mass fractions of a 0.7.0 product lie between 0 and 1."""
    yield from credential.schema_findings("DPP-MAT-02")


@case("DPP-MAT-07", when=materials)
def fractions_lie_between_zero_and_one_in_0_6(credential: CredentialUnderTest) -> Findings:
    """Mass fractions of a 0.6 product lie between 0 and 1."""
    hint = "Write the share as a decimal fraction: 0.3 for 30 percent."
    yield from not_fractions(materials(credential), *FRACTIONS, hint=hint)


def fractions(credential: CredentialUnderTest) -> list[float | None]:
    """The mass fraction of each material, None where one gives none."""
    return [number(node.get("massFraction")) for node in materials(credential)]


@case("DPP-MAT-03", when=lambda credential: any(share is not None for share in fractions(credential)))
def fractions_add_up_to_one(credential: CredentialUnderTest) -> Findings:
    """The mass fractions of all materials of a product add up to about one."""
    shares = fractions(credential)
    known = [share for share in shares if share is not None]
    if not all(0 <= share <= 1 for share in known):
        return
    total = math.fsum(known)
    short = total < 1 and len(known) == len(shares)
    if beyond(total - 1, ROUNDING) and (total > 1 or short):
        first = materials(credential)[0]
        yield first.document.finding(
            first.pointer.rpartition("/")[0],
            f"the mass fractions of the materials add up to {total:.4g}",
            expected=f"1, give or take {ROUNDING}",
            actual=" + ".join(f"{share:g}" for share in known),
            hint="List every material of the product, or put the rest into one entry of its own."
            if short
            else "State each fraction as a share of the whole product, and no material twice.",
        )


@case(
    "DPP-MAT-04",
    types=(PASSPORT, RECORD),
    when=lambda credential: any(node.get("hazardous") is True for node in all_materials(credential)),
)
def hazardous_materials_link_safety_data(credential: CredentialUnderTest) -> Findings:
    """A material that is marked hazardous has a link to safety information."""
    yield from credential.shape_findings(
        "DPP-MAT-04",
        expected="materialSafetyInformation with a linkURL",
        hint="Link the safety data sheet of the material in materialSafetyInformation.",
    )


def weight_of(credential: CredentialUnderTest) -> float | None:
    """The weight of the product in kilograms, where exactly one is given in a unit of mass."""
    weights = [kilograms_of(node) for node in along(products(credential), "dimensions", "weight")]
    return weights[0] if len(weights) == 1 else None


def kilograms_of(measure: Node) -> float | None:
    """A measure as kilograms, or None where it is no mass."""
    value = number(measure.get("value"))
    return None if value is None else kilograms(value, measure.get("unit"))


@case("DPP-MAT-05", when=lambda credential: weight_of(credential) and along(materials(credential), "mass"))
def masses_agree_with_fractions(credential: CredentialUnderTest) -> Findings:
    """The mass of a material is its fraction of the product's weight."""
    weight = weight_of(credential) or 0.0
    for material in materials(credential):
        share = number(material.get("massFraction"))
        for mass in along([material], "mass"):
            stated = kilograms_of(mass)
            if share is None or stated is None or not 0 <= share <= 1:
                continue
            if beyond(stated - share * weight, MASS_TOLERANCE * share * weight):
                yield mass.finds(
                    f"the mass is {stated:g} kg, but the fraction of the product's weight is {share * weight:g} kg",
                    expected=f"{share * weight:g} kg, give or take {MASS_TOLERANCE:.0%}",
                    hint="Correct the mass, the fraction or the weight: the mass is fraction times weight.",
                )


@case(
    "DPP-MAT-06",
    types=(PASSPORT, RECORD),
    when=lambda credential: any(node["originCountry"] for node in all_materials(credential)),
)
def origin_countries_are_iso_codes(credential: CredentialUnderTest) -> Findings:
    """The country of origin of a material is an ISO 3166-1 alpha-2 code."""
    for material in all_materials(credential):
        for country in material.each("originCountry"):
            if isinstance(country_code(country.value), str) and not is_country(country.value):
                yield country.at("countryCode").finds(
                    "this is no ISO 3166-1 alpha-2 code",
                    expected="two capital letters of the list, such as CL or CD",
                    hint="Write the two-letter code of the country where the material was extracted.",
                )
