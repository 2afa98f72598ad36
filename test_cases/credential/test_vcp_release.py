"""One release throughout: the goods are named, objects say their class, and versions are not mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.catalogue import load_catalogue
from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.schema import SchemaFault, schema_faults

OLD = ("0.6.0", "0.6.1")
GOODS = {
    "DigitalConformityCredential": ("assessedProduct",),
    "DigitalTraceabilityEvent": (
        "inputProduct", "outputProduct", "movedProduct", "modifiedProduct", "epcList", "inputEPCList",
        "outputEPCList", "childEPCList", "parentEPC", "quantityList", "inputQuantityList",
        "outputQuantityList", "childQuantityList",
    ),
}  # fmt: skip
UNTYPED = (
    "credentialStatus",
    "credentialSchema",
    "proof",
    "renderMethod",
    "relatedResource",
    "termsOfUse",
    "evidence",
)
ENTITIES = ("performanceClaim", "conformityAssessment", "credentialSubject", "party", "issuedToParty")


def goods_of(credential: CredentialUnderTest) -> list[Node]:
    """The objects that stand for the goods that a credential speaks of."""
    if credential.type is None:
        return []
    if credential.type.name == "DigitalProductPassport":
        old = credential.version in OLD
        return [node["product"] or node if old else node for node in credential.subjects]
    names = GOODS.get(credential.type.name, ())
    return [node for name in names for node in credential.members(name) if isinstance(node.value, dict)]


def named(node: Node) -> bool:
    """Whether an object that stands for goods has their identifier."""
    return any(isinstance(node.get(*path), str) for path in (("id",), ("product", "id"), ("productId",)))


def speaks_of_goods(credential: CredentialUnderTest) -> bool:
    """Whether goods have to be named: always in passports and events, where products are assessed in the other."""
    if credential.type is None:
        return False
    return credential.type.name in ("DigitalProductPassport", "DigitalTraceabilityEvent") or bool(
        goods_of(credential)
    )


@case("VCP-ENV-19", when=speaks_of_goods)
def the_subject_names_the_goods(credential: CredentialUnderTest) -> Findings:
    """The identifier of the goods stands inside credentialSubject; VCP-ENV-11 says where there is none."""
    if not credential.subjects:
        return
    goods = goods_of(credential)
    passport = credential.type is not None and credential.type.name == "DigitalProductPassport"
    missing_product = (
        passport and credential.version in OLD and not any(s["product"] for s in credential.subjects)
    )
    if missing_product or (not any(named(node) for node in goods) and not _reported(credential)):
        yield credential.root.at("credentialSubject").finds(
            "the subject does not identify the goods that the credential speaks of",
            expected="the id of the product, as a URI",
            hint="Put the product's identifier into the subject, so that the credential can be found from the goods.",
        )


def _reported(credential: CredentialUnderTest) -> bool:
    """Whether the schema has reported a missing identifier or subject already."""
    faults = [fault for found in credential.schema_faults.values() for fault in found]
    return any(
        fault.pointer.startswith("/credentialSubject")
        and fault.keyword in ("required", "type", "oneOf", "format", "minItems")
        for fault in faults
    )


@case("VCP-CTX-09")
def identified_objects_name_their_class(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x every object with an id lists its class in type."""
    for node in credential.document.objects:
        first = node.pointer.split("/")[1] if node.pointer else ""
        if node.pointer and first not in UNTYPED and node["id"] is not None and node["type"] is None:
            yield node.finds(
                "an object with an id does not say what it is",
                expected="type with the class of the object",
                actual="no type",
                hint="Add type, an array with the class that the data model gives.",
            )


@case("VCP-CTX-10")
def entities_name_their_class(credential: CredentialUnderTest) -> Findings:
    """In 0.7.0 claims, assessments, parties and subjects state their type, on which their terms depend."""
    lost = credential.expansion.dropped
    for node in _entities(credential):
        if not node.types and not any(item.pointer.startswith(f"{node.pointer}/") for item in lost):
            yield node.finds(
                "an entity does not say what it is",
                expected="type with the class of the object",
                actual="no type",
                hint="Add type: the terms of 0.7.0 depend on the class of the object.",
            )


def _entities(credential: CredentialUnderTest) -> Iterator[Node]:
    yield from (node for node in credential.members(*ENTITIES) if isinstance(node.value, dict))


def beyond_context(faults: Iterable[SchemaFault]) -> bool:
    """Whether there is a fault that lies elsewhere than in @context."""
    return any(fault.pointer.split("/")[1:2] != ["@context"] for fault in faults)


@case("VCP-ENV-23", when=lambda credential: credential.type)
def releases_are_not_mixed(credential: CredentialUnderTest) -> Findings:
    """What does not fit the release of its context does not fit another release whole either."""
    own = credential.type
    if own is None or not beyond_context(
        fault for faults in credential.schema_faults.values() for fault in faults
    ):
        return
    classes = {kind for subject in credential.subjects for kind in subject.types}
    for profile in load_catalogue().profiles.values():
        other = profile.types.get(own.core)
        if profile.base or other is None or other.schema == own.schema or not classes & set(other.subject):
            continue
        if not beyond_context(
            schema_faults(other.schema, credential.document.value, engine=credential.engine)
        ):
            yield credential.root.at("@context").finds(
                f"the credential is written for {profile.name} and names the context of {credential.profile.name}",
                expected=other.context,
                hint=f"Name the context of {profile.name}, or bring the content up to {credential.profile.name}.",
            )
