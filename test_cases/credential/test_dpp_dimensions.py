"""Measures are numbers with units of one code list, and the units fit what is measured."""

from __future__ import annotations

from collections.abc import Iterable

from _code_lists import KINDS
from _product import DIMENSIONS, PASSPORT, RECORD, dimensions, measures, passports, sizes
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

KIND_OF = {"weight": "mass", "length": "length", "width": "length", "height": "length", "volume": "volume"}
EXAMPLES = {"mass": "KGM or TNE", "length": "MTR or MMT", "volume": "MTQ or LTR"}


@case(
    "DPP-DIM-01",
    when=lambda credential: measures(credential) or credential.members("dimensions"),
    owns=[
        "/credentialSubject/dimensions",
        "/credentialSubject/product/dimensions",
        "/credentialSubject/packaging/dimensions/*",
        "/credentialSubject/materialProvenance/*/mass",
        "/credentialSubject/materialsProvenance/*/mass",
        "/credentialSubject/packaging/materialUsed/*/mass",
        "/credentialSubject/performanceClaim/*/claimedPerformance/*/measure/*",
        "/credentialSubject/packaging/performanceClaim/*/claimedPerformance/*/measure/*",
        "/credentialSubject/conformityClaim/*/declaredValue/*/metricValue/*",
        "/credentialSubject/conformityClaim/*/assessmentCriteria/**/thresholdValue/metricValue/*",
    ],
)
def measures_are_numbers_with_units(credential: CredentialUnderTest) -> Findings:
    """A measure has a JSON number as its value, and a unit."""
    yield from credential.schema_findings("DPP-DIM-01")


@case("DPP-DIM-02", when=sizes)
def units_of_dimensions_are_codes(credential: CredentialUnderTest) -> Findings:
    """Units of the dimensions of a 0.6 product are codes of UNECE Recommendation 20."""
    yield from unknown_units(node["unit"] for node in sizes(credential))


@case("DPP-DIM-04", types=(PASSPORT, RECORD), when=measures)
def units_of_measures_are_codes(credential: CredentialUnderTest) -> Findings:
    """Units of measures are codes of UNECE Recommendation 20; those of 0.6 dimensions have a rule of their own."""
    left = {node.pointer for node in sizes(credential)} if credential.version.startswith("0.6") else set()
    yield from unknown_units(node["unit"] for node in measures(credential) if node.pointer not in left)
    yield from unknown_units(
        node["declaredUnit"] for node in along(passports(credential), "emissionsScorecard")
    )


def unknown_units(places: Iterable[Node | None]) -> Findings:
    """A finding for each unit that the list does not have."""
    for unit in places:
        if unit is not None and isinstance(unit.value, str) and unit.value not in KINDS:
            yield unit.finds(
                "this is no code of UNECE Recommendation 20",
                expected="a code such as KGM, TNE, MTR, LTR, KWH or P1",
                hint="Replace the symbol or name of the unit by its common code in Recommendation 20.",
            )


@case("DPP-DIM-03", when=dimensions)
def units_fit_the_dimension(credential: CredentialUnderTest) -> Findings:
    """Weights have units of mass, lengths units of length, volumes units of volume."""
    for dimension in dimensions(credential):
        for name in DIMENSIONS:
            unit = dimension.get(name, "unit")
            kind = KINDS.get(unit) if isinstance(unit, str) else None
            if kind not in (None, "loose", KIND_OF[name]):
                yield (
                    dimension.at(name)
                    .at("unit")
                    .finds(
                        f"{unit} is no unit of {KIND_OF[name]}",
                        expected=f"a unit of {KIND_OF[name]}, such as {EXAMPLES[KIND_OF[name]]}",
                        hint=f"Give the {name} in a unit that measures {KIND_OF[name]}.",
                    )
                )
