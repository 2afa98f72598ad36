"""A product is classified by codes of a scheme that others know."""

from __future__ import annotations

from _code_lists import in_scheme, known_scheme
from _product import passports, products
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case


@case("DPP-CAT-01", when=passports, owns="/credentialSubject/productCategory")
def the_product_has_a_category(credential: CredentialUnderTest) -> Findings:
    """A 0.7.0 product has productCategory."""
    yield from credential.schema_findings("DPP-CAT-01")


@case("DPP-CAT-04", when=lambda credential: any(node["productCategory"] for node in products(credential)))
def the_category_is_not_empty(credential: CredentialUnderTest) -> Findings:
    """The productCategory holds at least one classification."""
    for product in products(credential):
        if product.get("productCategory") == []:
            yield product.at("productCategory").finds(
                "the product has no classification",
                expected="one classification or more",
                hint="Classify the product, for example by its subclass in the UN Central Product Classification.",
            )


@case(
    "DPP-CAT-02",
    when=lambda credential: credential.members("productCategory", "materialType", "industryCategory"),
    owns=[
        "/credentialSubject/productCategory/*",
        "/credentialSubject/materialProvenance/*/materialType/*",
        "/credentialSubject/packaging/materialUsed/*/materialType/*",
        "/credentialSubject/relatedParty/*/party/industryCategory/*",
    ],
)
def classifications_are_complete(credential: CredentialUnderTest) -> Findings:
    """Each classification gives code, name, schemeId and schemeName, and nothing that its class lacks."""
    yield from credential.schema_findings("DPP-CAT-02")


def in_known_schemes(nodes: list[Node]) -> list[tuple[Node, str]]:
    """Classifications with the name of their scheme, where it is one that we hold the codes of."""
    found = ((node, known_scheme(node.get("schemeId") or node.get("schemeID"))) for node in nodes)
    return [(node, scheme) for node, scheme in found if scheme]


@case("DPP-CAT-03", when=lambda credential: in_known_schemes(along(products(credential), "productCategory")))
def category_codes_exist(credential: CredentialUnderTest) -> Findings:
    """The code of a category exists in the scheme that it names."""
    for node, scheme in in_known_schemes(along(products(credential), "productCategory")):
        code = node.get("code")
        if isinstance(code, str) and not in_scheme(code, scheme):
            yield node.at("code").finds(
                f"the code does not exist in {scheme.upper()}",
                expected="a code of UN CPC 2.1" if scheme == "cpc" else "a code of ISIC revision 4",
                hint="Look the product up in the scheme, or name the scheme that the code is from.",
            )
