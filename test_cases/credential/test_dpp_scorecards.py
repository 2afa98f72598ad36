"""The scorecards of a 0.6 passport: emissions, circularity, traceability."""

from __future__ import annotations

import math

from _product import materials, passports
from _ranges import beyond, not_fractions
from _reading import along, number

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

INDEX_ROUNDING = 0.02
CONTENT_ROUNDING = 0.05
WHOLE = 1.02
"""Above this sum mass fractions overlap, and nothing follows from them."""


def emissions(credential: CredentialUnderTest) -> list[Node]:
    """The emissions scorecard."""
    return along(passports(credential), "emissionsScorecard")


def circularity(credential: CredentialUnderTest) -> list[Node]:
    """The circularity scorecard."""
    return along(passports(credential), "circularityScorecard")


def steps(credential: CredentialUnderTest) -> list[Node]:
    """The steps of the traceability information."""
    return along(passports(credential), "traceabilityInformation")


@case("DPP-EMIS-01", when=emissions, owns="/credentialSubject/emissionsScorecard")
def the_emissions_scorecard_is_complete(credential: CredentialUnderTest) -> Findings:
    """The scorecard gives footprint, declared unit, operational scope and primary ratio."""
    yield from credential.schema_findings("DPP-EMIS-01")


@case("DPP-EMIS-02", when=emissions, owns="/credentialSubject/emissionsScorecard/operationalScope enum")
def the_operational_scope_is_a_known_code(credential: CredentialUnderTest) -> Findings:
    """The operational scope is None, CradleToGate or CradleToGrave."""
    yield from credential.schema_findings("DPP-EMIS-02")


@case("DPP-EMIS-03", when=emissions)
def the_primary_ratio_is_a_fraction(credential: CredentialUnderTest) -> Findings:
    """The share of primary data lies between 0 and 1."""
    hint = "Write the share of primary data as a fraction: 0.3 for 30 percent."
    yield from not_fractions(emissions(credential), "primarySourcedRatio", hint=hint)


@case("DPP-EMIS-04", when=emissions)
def the_footprint_has_a_boundary_and_a_standard(credential: CredentialUnderTest) -> Findings:
    """A footprint reaches from the cradle at least to the gate and names its reporting standard."""
    for card in emissions(credential):
        if card.get("operationalScope") == "None":
            yield card.at("operationalScope").finds(
                "the footprint leaves out the supply chain",
                expected="CradleToGate",
                hint="Add the upstream emissions; a buyer counts them as scope 3.",
            )
        if card["reportingStandard"] is None:
            yield card.finds(
                "the footprint names no reporting standard",
                expected="reportingStandard with id, name and issuing party",
                actual="nothing",
                hint="Name the standard of the calculation, such as ISO 14067 or the GHG Protocol.",
            )


@case("DPP-CIRC-01", when=circularity)
def circularity_figures_are_in_range(credential: CredentialUnderTest) -> Findings:
    """Shares and index lie between 0 and 1, and the utility factor is above 0."""
    shares = ("recyclableContent", "recycledContent", "materialCircularityIndicator")
    yield from not_fractions(
        circularity(credential), *shares, hint="Write the share as a fraction: 0.3 for 30 percent."
    )
    for card in circularity(credential):
        utility = number(card.get("utilityFactor"))
        if utility is not None and utility <= 0:
            yield card.at("utilityFactor").finds(
                "the utility factor is not above 0",
                expected="a number above 0",
                hint="Divide the product's lifetime by that of the industry's average: 1 is the average.",
            )


@case(
    "DPP-CIRC-02", when=lambda credential: any(index_of(card) is not None for card in circularity(credential))
)
def the_circularity_index_follows_its_formula(credential: CredentialUnderTest) -> Findings:
    """The circularity index is 1 - (V + W) / (2 D) of the stated shares and utility factor."""
    for card in circularity(credential):
        stated, index = number(card.get("materialCircularityIndicator")), index_of(card)
        if stated is None or index is None:
            continue
        if beyond(stated - index, INDEX_ROUNDING) and beyond(stated - max(index, 0.0), INDEX_ROUNDING):
            yield card.at("materialCircularityIndicator").finds(
                "the index is not what its formula gives",
                expected=f"{max(index, 0.0):.2f}, give or take {INDEX_ROUNDING}",
                hint="Take V = 1 - recycledContent, W = 1 - recyclableContent and D = utilityFactor.",
            )


def index_of(card: Node) -> float | None:
    """What the formula gives for the figures of a scorecard, or None where one is missing or out of range."""
    recycled, recyclable, utility = (
        number(card.get(name)) for name in ("recycledContent", "recyclableContent", "utilityFactor")
    )
    if recycled is None or recyclable is None or utility is None:
        return None
    if not (0 <= recycled <= 1 and 0 <= recyclable <= 1 and utility > 0):
        return None
    return 1 - ((1 - recycled) + (1 - recyclable)) / (2 * utility)


@case(
    "DPP-CIRC-03",
    when=lambda credential: (
        known_content(credential)
        and any(number(card.get("recycledContent")) is not None for card in circularity(credential))
    ),
)
def recycled_content_agrees_with_the_materials(credential: CredentialUnderTest) -> Findings:
    """The recycled content is the weighted mean of the recycled fractions of the materials."""
    least, most = known_content(credential) or (0.0, 1.0)
    for card in circularity(credential):
        stated = number(card.get("recycledContent"))
        if stated is not None and beyond(stated - min(max(stated, least), most), CONTENT_ROUNDING):
            yield card.at("recycledContent").finds(
                "the recycled content is not what the materials add up to",
                expected=f"{least:.2f}" if math.isclose(least, most) else f"{least:.2f} to {most:.2f}",
                hint="Sum massFraction times recycledMassFraction over all materials.",
            )


def known_content(credential: CredentialUnderTest) -> tuple[float, float] | None:
    """Bounds of the recycled content: what the materials show, and that plus what they leave open."""
    rows = [
        (number(node.get("massFraction")), number(node.get("recycledMassFraction")))
        for node in materials(credential)
    ]
    known = [(share, recycled) for share, recycled in rows if share is not None and recycled is not None]
    if not known or any(not (0 <= share <= 1 and 0 <= recycled <= 1) for share, recycled in known):
        return None
    covered = math.fsum(share for share, _ in known)
    least = math.fsum(share * recycled for share, recycled in known)
    return (least, least + max(0.0, 1 - covered)) if covered <= WHOLE else None


@case(
    "DPP-TRACE-01",
    when=lambda credential: any(node["traceabilityInformation"] for node in passports(credential)),
    owns="/credentialSubject/traceabilityInformation",
)
def traceability_is_an_array_of_steps(credential: CredentialUnderTest) -> Findings:
    """The traceability information is an array of steps."""
    yield from credential.schema_findings("DPP-TRACE-01")


@case("DPP-TRACE-02", when=steps)
def each_step_states_its_verified_ratio(credential: CredentialUnderTest) -> Findings:
    """Each traceability step gives the share that is verified, from 0 to 1."""
    hint = "Write the share of materials that verifiable events trace: 0.5 for half of them."
    yield from not_fractions(steps(credential), "verifiedRatio", hint=hint)
    for step in steps(credential):
        if step["verifiedRatio"] is None:
            yield step.finds(
                "the step does not state its verified ratio",
                expected="verifiedRatio from 0 to 1",
                actual="nothing",
                hint=hint,
            )
