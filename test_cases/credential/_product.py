"""Where the parts of a passport stand in each release."""

from __future__ import annotations

from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, once

PASSPORT = "DigitalProductPassport"
RECORD = "DigitalFacilityRecord"

DIMENSIONS = ("weight", "length", "width", "height", "volume")


def is_wrapped(subject: Node, inner: str, wrapper: str) -> bool:
    """Whether a 0.7.0 subject is still the wrapper of 0.6, with the thing itself one level down."""
    return wrapper in subject.types or (isinstance(subject.get(inner), dict) and subject["idScheme"] is None)


@once
def passports(credential: CredentialUnderTest) -> list[Node]:
    """What holds claims and materials: the ProductPassport of 0.6, the Product of 0.7.0."""
    if credential.version.startswith("0.6"):
        return list(credential.subjects)
    return [node for node in credential.subjects if not is_wrapped(node, "product", "ProductPassport")]


@once
def products(credential: CredentialUnderTest) -> list[Node]:
    """The products that the passport is about."""
    found = passports(credential)
    return along(found, "product") if credential.version.startswith("0.6") else found


@once
def materials(credential: CredentialUnderTest) -> list[Node]:
    """The constituent materials of the product itself, not those of its packaging."""
    return along(passports(credential), "materialsProvenance") + along(
        passports(credential), "materialProvenance"
    )


@once
def all_materials(credential: CredentialUnderTest) -> list[Node]:
    """The materials of the product and of its packaging, or those that a facility consumes."""
    found = passports(credential)
    return [
        *materials(credential),
        *along(found, "packaging", "materialUsed"),
        *along(found, "materialUsage", "materialConsumed"),
    ]


@once
def dimensions(credential: CredentialUnderTest) -> list[Node]:
    """The dimensions of the product and of its packaging."""
    inside = products(credential)
    return along(inside, "dimensions") + along(inside, "packaging", "dimensions")


@once
def claims(credential: CredentialUnderTest) -> list[Node]:
    """The claims about the product and its packaging, or about the facility."""
    found = passports(credential)
    return (
        along(found, "conformityClaim")
        + along(found, "performanceClaim")
        + along(found, "packaging", "performanceClaim")
    )


@once
def sizes(credential: CredentialUnderTest) -> list[Node]:
    """The measures among the dimensions."""
    return [node for name in DIMENSIONS for node in along(dimensions(credential), name)]


@once
def measures(credential: CredentialUnderTest) -> list[Node]:
    """Every Measure of the credential; what characteristics hold is not the core's to judge."""
    claimed = claims(credential)
    return [
        *sizes(credential),
        *along(all_materials(credential), "mass"),
        *along(claimed, "claimedPerformance", "measure"),
        *along(claimed, "declaredValue", "metricValue"),
        *along(claimed, "assessmentCriteria", "thresholdValue", "metricValue"),
    ]
