"""A passport says whether it is about a model, a batch or an item, and identifies what it says."""

from __future__ import annotations

from _product import passports

from harness.judge import CredentialUnderTest, Findings, case


@case(
    "DPP-GRAN-01",
    when=passports,
    owns=["/credentialSubject/granularityLevel", "/credentialSubject/idGranularity"],
)
def granularity_is_a_known_code(credential: CredentialUnderTest) -> Findings:
    """The granularity is model, batch or item."""
    yield from credential.schema_findings("DPP-GRAN-01")


def levels(credential: CredentialUnderTest) -> set[str]:
    """The levels that the passport states."""
    stated = [
        node.get(name) for node in passports(credential) for name in ("granularityLevel", "idGranularity")
    ]
    return {level for level in stated if isinstance(level, str)}


@case("DPP-GRAN-02", when=lambda credential: "item" in levels(credential))
def an_item_passport_names_its_item(credential: CredentialUnderTest) -> Findings:
    """A 0.6 passport at item level gives a serial number or a batch number."""
    yield from credential.shape_findings(
        "DPP-GRAN-02",
        expected="product.serialNumber or product.batchNumber",
        hint="Add the serial number of the item, or set the granularity to the level that is identified.",
    )


@case("DPP-GRAN-04", when=lambda credential: "item" in levels(credential))
def an_item_passport_gives_the_item_number(credential: CredentialUnderTest) -> Findings:
    """A 0.7.0 passport at item level gives the item number."""
    yield from credential.shape_findings(
        "DPP-GRAN-04",
        expected="itemNumber",
        hint="Add the number of the item, or set idGranularity to the level that is identified.",
    )


@case("DPP-GRAN-03", when=lambda credential: levels(credential) & {"batch", "model"})
def batch_and_model_levels_are_coherent(credential: CredentialUnderTest) -> Findings:
    """A passport at batch level names its batch; one at model level names no item."""
    yield from credential.shape_findings(
        "DPP-GRAN-03",
        expected="batchNumber at batch level, no number of an item at model level",
        hint="Let the granularity say what the identifiers identify.",
    )
