"""What a lot consists of: commodity, form, assay, moisture, mining method, and the code of the goods."""

from __future__ import annotations

import math
from collections import defaultdict

from _crm import CHARACTERISTICS, LOTS, RAW, REFINED, bare, characteristics, form_of, scheme_of_goods
from _reading import along, number

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

KIND = {RAW: "raw", REFINED: "refined"}
ROUNDING = 0.001
"""How far the sum of an assay may be above one."""


@case(
    "CRM-MAT-01",
    types=LOTS,
    owns=[f"{CHARACTERISTICS} required", f"{CHARACTERISTICS}/commodity", f"{CHARACTERISTICS}/materialForm"],
)
def commodity_and_form_are_of_the_lists(credential: CredentialUnderTest) -> Findings:
    """Commodity and material form are of the code lists and fit each other and the passport."""
    unlisted = list(credential.schema_findings("CRM-MAT-01"))
    yield from unlisted
    if unlisted:
        return
    yield from credential.shape_findings(
        "CRM-MAT-01",
        expected="a material form of the commodity",
        hint="The form copperConcentrate is of Cu, spodumeneConcentrate of Li, and so on: see docs/untp-crm.md.",
    )
    form, name = form_of(credential), credential.type.name if credential.type else ""
    if form is not None and form["kind"] != KIND[name]:
        yield (
            characteristics(credential)[0]
            .at("materialForm")
            .finds(
                f"this form is not one of a {name}",
                expected=f"a {KIND[name]} form",
                hint="Use the passport of the other kind, or name the form of this lot.",
            )
        )


def assays(credential: CredentialUnderTest) -> list[Node]:
    """The assays of the lot."""
    return along(characteristics(credential), "assay")


@case("CRM-MAT-02", types=LOTS, owns=f"{CHARACTERISTICS}/assay")
def the_payable_element_is_assayed(credential: CredentialUnderTest) -> Findings:
    """Each assay gives fraction, basis and method, and one is of the commodity."""
    yield from credential.schema_findings("CRM-MAT-02")
    for node in characteristics(credential):
        elements = {entry.get("element") for entry in along([node], "assay")}
        commodity = node.get("commodity")
        if isinstance(commodity, str) and elements and commodity not in elements:
            yield node.at("assay").finds(
                f"no assay is of {commodity}, the commodity of the lot",
                expected=f"an entry with element {commodity}",
                hint="Give the assay of what the lot is traded for; by-products come on top.",
            )


@case("CRM-MAT-03", types=LOTS, when=lambda credential: form_of(credential) and assays(credential))
def grades_lie_in_the_usual_range(credential: CredentialUnderTest) -> Findings:
    """The grade of the main element lies in the range that is usual for the form."""
    form = form_of(credential) or {}
    for entry in assays(credential):
        grade = number(entry.get("massFraction"))
        if entry.get("element") != form["element"] or entry.get("basis") != "dry" or grade is None:
            continue
        if not form["low"] <= grade <= form["high"] and 0 <= grade <= 1:
            yield entry.at("massFraction").finds(
                f"{grade:.4g} {form['element']} is unusual for this form",
                expected=f"{form['low']:g} to {form['high']:g}, dry",
                hint="Check the fraction (0.285 for 28.5 percent), the element (Li, not Li2O) and the form.",
            )


@case("CRM-MAT-15", types=LOTS, when=assays)
def the_assay_is_coherent(credential: CredentialUnderTest) -> Findings:
    """Fractions on one basis add up to one at most, and each element occurs once on a basis."""
    shares: dict[str, list[float]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for entry in assays(credential):
        element, basis, grade = entry.get("element"), entry.get("basis"), number(entry.get("massFraction"))
        if not isinstance(element, str) or not isinstance(basis, str):
            continue
        if (element, basis) in seen:
            yield entry.at("element").finds(
                f"{element} is assayed twice on a {basis} basis",
                expected="one entry for each element and basis",
                hint="Leave the one that the parties settle on.",
            )
        seen.add((element, basis))
        shares[basis].append(grade if grade is not None and 0 <= grade <= 1 else 0.0)
    for basis, found in shares.items():
        if math.fsum(found) > 1 + ROUNDING:
            yield assays(credential)[0].finds(
                f"the {basis} assay adds up to {math.fsum(found):.4g}",
                expected="1 at most",
                hint="Give fractions of the whole lot, not of the mineral.",
            )


@case("CRM-MAT-13", types=LOTS, when=form_of)
def the_code_of_the_goods_fits_the_form(credential: CredentialUnderTest) -> Findings:
    """A CPC or HS code among the product categories is one of the material form."""
    form = form_of(credential) or {}
    entries = along(credential.subjects, "productCategory")
    known = [(entry, scheme) for entry in entries if (scheme := scheme_of_goods(entry.get("schemeId")))]
    if not known or any(bare(entry.get("code")).startswith(tuple(form[scheme])) for entry, scheme in known):
        return
    entry, scheme = known[0]
    yield entry.at("code").finds(
        "the code is of other goods than the material form",
        expected=f"a code that begins with {' or '.join(form[scheme])}",
        hint="Correct the code or the form; customs and statistics go by the code.",
    )


@case("CRM-MAT-16", types=(RAW,), owns=f"{CHARACTERISTICS}/moistureFraction")
def moisture_is_stated(credential: CredentialUnderTest) -> Findings:
    """Raw material states its moisture as a share of the wet mass, below one."""
    yield from credential.schema_findings("CRM-MAT-16")
    for node in characteristics(credential):
        if number(node.get("moistureFraction")) == 1:
            yield node.at("moistureFraction").finds(
                "the lot would be water", expected="less than 1", hint="Write 0.08 for eight percent."
            )


@case("CRM-MAT-17", types=(RAW,), owns=f"{CHARACTERISTICS}/miningMethod")
def the_mining_method_is_stated(credential: CredentialUnderTest) -> Findings:
    """Raw material states how it was mined, by the code list."""
    yield from credential.schema_findings("CRM-MAT-17")
