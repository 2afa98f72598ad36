"""The subject of a passport is the product in the form of its release, with an identity."""

from __future__ import annotations

import re
from urllib.parse import unquote

from _product import is_wrapped, products
from _reading import host

from harness.judge import CredentialUnderTest, Findings, case

ANY_DOMAIN = ("gs1.org",)
"""Schemes whose identifiers may stand on any domain: a GS1 Digital Link needs no GS1 host."""


@case("DPP-SUBJ-01", when=lambda credential: credential.subjects, owns="/credentialSubject/type")
def the_subject_is_a_passport_around_the_product(credential: CredentialUnderTest) -> Findings:
    """The subject of a 0.6 passport is a ProductPassport, and its type says so."""
    yield from credential.schema_findings("DPP-SUBJ-01")


@case("DPP-SUBJ-02", when=lambda credential: credential.subjects, owns="/credentialSubject/type")
def the_subject_is_the_product(credential: CredentialUnderTest) -> Findings:
    """The subject of a 0.7.0 passport is the Product itself, without the wrapper of 0.6."""
    faults = tuple(credential.schema_findings("DPP-SUBJ-02"))
    yield from faults
    for subject in credential.subjects:
        if not faults and is_wrapped(subject, "product", "ProductPassport"):
            yield subject.at("product").finds(
                "the product stands one level down, in the wrapper of 0.6",
                expected="the members of Product directly in credentialSubject",
                hint="Move the members of product up into credentialSubject and name its class Product.",
            )


@case(
    "DPP-ID-01",
    when=products,
    owns=[
        "/credentialSubject/id required",
        "/credentialSubject/name",
        "/credentialSubject/product/id",
        "/credentialSubject/product/name",
    ],
)
def the_product_has_id_and_name(credential: CredentialUnderTest) -> Findings:
    """The product has a URI as its id, and a name."""
    yield from credential.schema_findings("DPP-ID-01")


@case("DPP-ID-03", when=products, owns="/credentialSubject/idScheme")
def the_scheme_of_the_id_is_named(credential: CredentialUnderTest) -> Findings:
    """The product names the scheme of its identifier by id and name."""
    yield from credential.schema_findings("DPP-ID-03")


@case("DPP-ID-04", when=lambda credential: any(node["registeredId"] for node in products(credential)))
def registered_id_agrees_with_id(credential: CredentialUnderTest) -> Findings:
    """The registered id, the id and its scheme speak of the same identifier."""
    for product in products(credential):
        stated, registered = product.get("id"), product.get("registeredId")
        if not isinstance(stated, str) or not isinstance(registered, str):
            continue
        if not occurs_in(registered, stated):
            yield product.at("registeredId").finds(
                "the registered id does not occur in the product's id",
                expected=f"the key that {stated} carries",
                hint="Write the same key in id and registeredId, in the same scheme.",
            )
        elif not hosts_agree(product.get("idScheme", "id"), stated):
            yield product.at("idScheme").finds(
                "the scheme of the id is of another host than the id",
                expected=f"the scheme that {host(stated)} belongs to",
                actual=str(host(product.get("idScheme", "id"))),
                hint="Name the scheme under which the id was registered.",
            )


def occurs_in(registered: str, stated: str) -> bool:
    """Whether all parts of a registered id occur in an id, whatever stands between them."""
    inside = unquote(stated).casefold()
    parts = [part for part in re.split(r"[^0-9a-z]+", registered.casefold()) if part]
    squeezed = re.sub(r"[^0-9a-z]", "", inside)
    return all(part in inside for part in parts) or "".join(parts) in squeezed


def hosts_agree(scheme: object, stated: str) -> bool:
    """Whether scheme and id are of one host, or of one that lies under the other; true where unknown."""
    one, other = host(scheme), host(stated)
    if one is None or other is None or one.endswith(ANY_DOMAIN):
        return True
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")
