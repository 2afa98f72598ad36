"""What a facility does, uses and claims."""

from __future__ import annotations

from _code_lists import in_scheme, known_scheme
from _facility import facilities, records
from _product import claims
from _reading import along, day, text

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case


@case("DFR-CAT-01", when=lambda credential: any(node["processCategory"] for node in facilities(credential)))
def process_categories_are_codes_of_a_scheme(credential: CredentialUnderTest) -> Findings:
    """A facility has a process category with a code of the scheme that it names."""
    for facility in facilities(credential):
        if facility.get("processCategory") == []:
            yield facility.at("processCategory").finds(
                "the facility has no process category",
                expected="one classification or more",
                hint="Classify what the facility does, for example by its class in UN ISIC.",
            )
        for category in along([facility], "processCategory"):
            yield from category_faults(category)


def category_faults(category: Node) -> Findings:
    """What is wrong with one process category: no scheme, or a code that its scheme does not have."""
    stated, code = category.get("schemeId") or category.get("schemeID"), category.get("code")
    scheme = known_scheme(stated)
    if not text(stated) and not text(category.get("schemeName")):
        yield category.finds(
            "the category names no classification scheme",
            expected="the URL and name of the scheme",
            hint="Name the scheme that the code is from, such as UN ISIC or UN CPC.",
        )
    elif scheme and isinstance(code, str) and not in_scheme(code, scheme):
        yield category.at("code").finds(
            f"the code does not exist in {scheme.upper()}",
            expected="a code of UN CPC 2.1" if scheme == "cpc" else "a code of ISIC revision 4",
            hint="Look the process up in the scheme, or name the scheme that the code is from.",
        )


@case(
    "DFR-CLAIM-01",
    when=lambda credential: credential.members("conformityClaim", "performanceClaim"),
    owns=["/credentialSubject/conformityClaim", "/credentialSubject/performanceClaim"],
)
def facility_claims_have_the_members_of_claims(credential: CredentialUnderTest) -> Findings:
    """Claims about a facility have the members that claims about a product must have."""
    yield from credential.schema_findings("DFR-CLAIM-01")


def totals(credential: CredentialUnderTest) -> list[Node]:
    """What is a total over time: material usage, and 0.7.0 claims with a measure."""
    measured = [node for node in claims(credential) if along([node], "claimedPerformance", "measure")]
    return along(records(credential), "materialUsage") + measured


@case("DFR-CLAIM-02", when=totals)
def totals_name_their_period(credential: CredentialUnderTest) -> Findings:
    """Measured claims and material usage name the period that they are totals of."""
    for total in totals(credential):
        period = total["applicablePeriod"]
        if period is None:
            yield total.finds(
                "the total does not say of which period",
                expected="applicablePeriod with startDate and endDate",
                actual="nothing",
                hint="Add the reporting period, such as the calendar year.",
            )
            continue
        start, end = day(period.get("startDate")), day(period.get("endDate"))
        if start and end and end < start:
            yield period.at("endDate").finds(
                "the period ends before it begins",
                expected=f"a date from {start} on",
                hint="Correct startDate or endDate.",
            )


@case(
    "DFR-MAT-01",
    when=lambda credential: any(node["materialUsage"] for node in records(credential)),
    owns="/credentialSubject/materialUsage",
)
def material_usage_is_complete(credential: CredentialUnderTest) -> Findings:
    """Material usage lists the materials consumed, each with all its members."""
    yield from credential.schema_findings("DFR-MAT-01")
