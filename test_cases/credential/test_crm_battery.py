"""Battery passports: what kind of battery, what it gives, and the critical materials in it."""

from __future__ import annotations

from collections import Counter

from _crm import BATTERY, CHARACTERISTICS, bare, characteristics, codes
from _reading import along, number, text

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

LEEWAY = 1.05
"""How far usable energy may be above capacity times voltage."""


def implied(credential: CredentialUnderTest, member: str) -> list[str]:
    """What the chemistry of the battery implies: materials or recycled."""
    table = codes("crm_batteries")["chemistry"]
    stated = [node.get("batteryChemistry") for node in characteristics(credential)]
    return [
        name for code in stated if isinstance(code, str) and code in table for name in table[code][member]
    ]


def entries(credential: CredentialUnderTest) -> list[Node]:
    """The materials of the battery."""
    return along(credential.subjects, "materialProvenance")


@case("CRM-BAT-01", types=(BATTERY,), owns="/credentialSubject/materialProvenance")
def critical_materials_are_listed_once(credential: CredentialUnderTest) -> Findings:
    """Each critical material of the chemistry is listed, and no material twice from one origin."""
    yield from credential.schema_findings("CRM-BAT-01")
    table = codes("crm_batteries")["materials"]
    found = [bare(entry.get("materialType", "code")) for entry in entries(credential)]
    for element in implied(credential, "materials") if found else ():
        if not any(code.startswith(tuple(table[element])) for code in found):
            yield (
                credential.subjects[0]
                .at("materialProvenance")
                .finds(
                    f"no material is listed that holds {element}, which the chemistry implies",
                    expected=f"an entry with an HS code that begins with {', '.join(table[element])}",
                    actual=", ".join(found),
                    hint="List each critical raw material with its origin and mass fraction.",
                )
            )
    told: Counter[tuple[str, str]] = Counter()
    for entry in entries(credential):
        key = (bare(entry.get("materialType", "code")), str(entry.get("originCountry", "countryCode")))
        told[key] += 1
        if key[0] and told[key] == 2:  # noqa: PLR2004
            yield entry.finds(
                "this material is listed twice from one origin",
                expected="one entry for each material and origin",
                hint="Add the masses up in one entry.",
            )


@case(
    "CRM-BAT-02",
    types=(BATTERY,),
    owns=[
        "/credentialSubject/idGranularity",
        f"{CHARACTERISTICS} required",
        f"{CHARACTERISTICS}/batteryChemistry",
        f"{CHARACTERISTICS}/batteryCategory",
        f"{CHARACTERISTICS}/ratedCapacity",
        f"{CHARACTERISTICS}/certifiedUsableEnergy",
        f"{CHARACTERISTICS}/nominalVoltage",
    ],
)
def battery_characteristics_are_complete(credential: CredentialUnderTest) -> Findings:
    """A battery passport is of one item, with chemistry, category, capacity, energy and voltage in their units."""
    yield from credential.schema_findings("CRM-BAT-02")


@case(
    "CRM-BAT-03",
    types=(BATTERY,),
    owns=f"{CHARACTERISTICS}/recycledShare",
    when=lambda credential: implied(credential, "recycled") or credential.members("recycledShare"),
)
def recycled_shares_are_given_per_metal(credential: CredentialUnderTest) -> Findings:
    """The recycled share of each metal that the chemistry implies is given."""
    yield from credential.schema_findings("CRM-BAT-03")
    for node in characteristics(credential):
        given = [entry.get("element") for entry in along([node], "recycledShare")]
        missing = [element for element in implied(credential, "recycled") if element not in given]
        if missing:
            yield node.at("recycledShare").finds(
                f"the recycled share of {', '.join(missing)} is not given",
                expected="an entry for each of cobalt, lithium, nickel and lead that the battery holds",
                hint="Give 0 where nothing is recycled: that is an answer, too.",
            )


@case("CRM-BAT-04", types=(BATTERY,))
def the_due_diligence_report_is_linked(credential: CredentialUnderTest) -> Findings:
    """A related document is the due diligence report of the maker."""
    yield from credential.shape_findings(
        "CRM-BAT-04",
        expected="a link with linkType dueDiligenceReport in relatedDocument",
        hint="Publish the report, and link it.",
    )


def measured(node: Node, member: str) -> float | None:
    """The number of a measure above zero."""
    value = number(node.get(member, "value"))
    return value if value is not None and value > 0 else None


@case("CRM-BAT-05", types=(BATTERY,))
def energy_agrees_with_capacity(credential: CredentialUnderTest) -> Findings:
    """Usable energy is not above rated capacity times nominal voltage."""
    for node in characteristics(credential):
        charge, volts, energy = (
            measured(node, name) for name in ("ratedCapacity", "nominalVoltage", "certifiedUsableEnergy")
        )
        if (
            charge is None
            or volts is None
            or energy is None
            or not text(node.get("certifiedUsableEnergy", "unit"))
        ):
            continue
        if energy > LEEWAY * charge * volts / 1000:
            yield node.at("certifiedUsableEnergy").finds(
                f"{energy:g} kWh is more than {charge:g} Ah at {volts:g} V hold",
                expected=f"{charge * volts / 1000:.4g} kWh at most",
                hint="Check the units: AMH, VLT and KWH.",
            )
