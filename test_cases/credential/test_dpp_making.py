"""Where, when and by whom a product was made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from _code_lists import country_code, is_country
from _product import passports, products
from _reading import along, day, identifier, moment

from harness.judge import CredentialUnderTest, Findings, case

EARLIEST_ZONE = timedelta(hours=14)
"""A date without a zone may be ahead of UTC by this much."""


@case("DPP-FAC-01", when=passports, owns="/credentialSubject/producedAtFacility")
def the_producing_facility_is_identified(credential: CredentialUnderTest) -> Findings:
    """The product names the facility that made it by id and name."""
    yield from credential.schema_findings("DPP-FAC-01")


@case("DPP-FAC-03", when=lambda credential: along(products(credential), "producedAtFacility"))
def facility_and_party_have_ids_of_their_own(credential: CredentialUnderTest) -> Findings:
    """The facility and the parties of a product have different identifiers."""
    for product in products(credential):
        parties = along([product], "producedByParty") + along([product], "relatedParty", "party")
        known = {identifier(party.get("id")) for party in parties} - {None}
        for facility in along([product], "producedAtFacility"):
            if identifier(facility.get("id")) in known:
                yield facility.at("id").finds(
                    "the facility has the identifier of a party",
                    expected="an identifier of the site, not of its owner or operator",
                    hint="Register the site under a location scheme, such as GLN or a national facility register.",
                )


@case(
    "DPP-CTRY-02",
    when=products,
    owns=["/credentialSubject/countryOfProduction", "/credentialSubject/product/countryOfProduction"],
)
def country_of_production_has_the_shape_of_its_release(credential: CredentialUnderTest) -> Findings:
    """The country of production is a string in 0.6 and an object with countryCode in 0.7.0."""
    yield from credential.schema_findings("DPP-CTRY-02")


@case(
    "DPP-CTRY-01", when=lambda credential: any(node["countryOfProduction"] for node in products(credential))
)
def country_of_production_is_an_iso_code(credential: CredentialUnderTest) -> Findings:
    """The country of production is an ISO 3166-1 alpha-2 code."""
    for product in products(credential):
        for country in product.each("countryOfProduction"):
            if isinstance(country_code(country.value), str) and not is_country(country.value):
                yield country.at("countryCode").finds(
                    "this is no ISO 3166-1 alpha-2 code",
                    expected="two capital letters of the list, such as CL or DE",
                    hint="Write the two-letter code of the country, not its name and not its alpha-3 code.",
                )


@case(
    "DPP-PARTY-01",
    when=lambda credential: any(node["relatedParty"] for node in passports(credential)),
    owns="/credentialSubject/relatedParty",
)
def parties_have_roles_and_identities(credential: CredentialUnderTest) -> Findings:
    """Each related party has a role of the code list and a party with id and name."""
    yield from credential.schema_findings("DPP-PARTY-01")


@case(
    "DPP-DATE-01",
    when=lambda credential: any(day(node.get("productionDate")) for node in products(credential)),
)
def production_comes_before_issue_and_expiry(credential: CredentialUnderTest) -> Findings:
    """A product is made before its passport becomes valid, and expires after it was made."""
    valid_from = moment(credential.value("validFrom"))
    for product in products(credential):
        made, expires = day(product.get("productionDate")), day(product.get("expiryDate"))
        if made and valid_from and made > issue_day(valid_from):
            yield product.at("productionDate").finds(
                "the product is made after its passport becomes valid",
                expected=f"a date up to {credential.value('validFrom')}",
                hint="Correct the production date, or issue the passport once the product exists.",
            )
        if made and expires and expires < made:
            yield product.at("expiryDate").finds(
                "the product expires before it is made",
                expected=f"a date from {made} on",
                hint="Correct whichever of productionDate and expiryDate is wrong.",
            )


def issue_day(valid_from: datetime) -> date:
    """The latest calendar day that it is anywhere on earth at that moment."""
    try:
        return (valid_from.astimezone(UTC) + EARLIEST_ZONE).date()
    except OverflowError:
        return valid_from.date()
