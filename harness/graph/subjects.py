"""Passports, facility records, attestations and identity anchors of 0.6.x and 0.7.0 as entities."""

from __future__ import annotations

from collections.abc import Iterator

from harness.credential import Node
from harness.graph.entities import (
    Assessment,
    Attestation,
    Claim,
    Facility,
    Identity,
    Material,
    Origin,
    Party,
    Product,
    Source,
)
from harness.graph.reading import (
    along,
    country,
    criterion,
    day,
    identifier,
    last_part,
    link,
    number,
    party,
    performance,
    period,
    quantity,
    text,
    words,
)


def product_of(node: Node, source: Source) -> Product | None:
    """A product: the subject itself in 0.7.0, its member `product` in 0.6.x. None where it has no id."""
    subject = node["product"] or node
    made = identifier(subject.value)
    if made is None:
        return None
    place = identifier(subject.get("producedAtFacility"))
    kind = subject.get("idGranularity") or node.get("granularityLevel")
    dimensions = subject["dimensions"]
    return Product(
        id=made,
        written=words(subject.get("id")),
        name=words(subject.get("name")),
        granularity=words(kind).lower(),
        model=text(subject.get("modelNumber")),
        batch=text(subject.get("batchNumber")),
        item=text(subject.get("itemNumber") or subject.get("serialNumber")),
        facility=place,
        country=country(subject.get("countryOfProduction")),
        made_on=day(subject.get("productionDate")),
        parties=tuple(_parties(subject, source, producer="producedByParty")),
        materials=tuple(_materials(node, source, "materialProvenance", "materialsProvenance")),
        weight=quantity(dimensions["weight"]) if dimensions else None,
        volume=quantity(dimensions["volume"]) if dimensions else None,
        categories=tuple(words(item.get("code")) for item in along(subject, "productCategory")),
        claims=tuple(_claims(node, source, made, "product", place)),
        origin=Origin(source, subject.pointer),
        assay=_assay(subject),
    )


def _assay(subject: Node) -> dict[str, float]:
    """What the assay in the characteristics of UNTP-CRM says of each element."""
    found = {}
    for row in along(subject, "characteristics", "assay"):
        element, share = text(row.get("element")), number(row.get("massFraction"))
        if element is not None and share is not None and 0 <= share <= 1:
            found[element] = share
    return found


def facility_of(node: Node, source: Source) -> Facility | None:
    """A facility: the subject itself in 0.7.0, its member `facility` in 0.6.x. None where it has no id."""
    subject = node["facility"] or node
    made = identifier(subject.value)
    if made is None:
        return None
    usage = subject["materialUsage"]
    return Facility(
        id=made,
        name=words(subject.get("name")),
        aliases=tuple(filter(None, (identifier(o.value) for o in subject.each("facilityAlsoKnownAs")))),
        country=country(subject.get("countryOfOperation")),
        parties=tuple(_parties(subject, source, operator="operatedByParty")),
        period=period(usage["applicablePeriod"]) if usage else None,
        consumed=tuple(_materials(usage, source, "materialConsumed")) if usage else (),
        claims=tuple(_claims(node, source, made, "facility", made)),
        origin=Origin(source, subject.pointer),
    )


def attestation_of(node: Node, source: Source) -> Attestation:
    """An attestation with its assessments: `assessment` and `scope` in 0.6.x, other names in 0.7.0."""
    found = [*along(node, "conformityAssessment"), *along(node, "assessment")]
    return Attestation(
        id=identifier(node.value) or "",
        issued_to=identifier(node.get("issuedToParty")) or "",
        assessor_level=words(node.get("assessorLevel")),
        assessment_level=words(node.get("assessmentLevel")),
        scheme=identifier(node.get("referenceScheme") or node.get("scope")),
        profile=identifier(node.get("referenceProfile")),
        topics=_topics(found),
        assessments=tuple(_assessment(item, source) for item in found),
        origin=Origin(source, node.pointer),
    )


def _topics(nodes: list[Node]) -> frozenset[str]:
    """The conformity topics of claims or assessments, by their last path part."""
    found = {
        last_part(topic.get("id") if isinstance(topic.value, dict) else topic.value)
        for node in nodes
        for topic in node.each("conformityTopic")
    }
    return frozenset(found - {""})


def identity_of(node: Node, source: Source) -> Identity | None:
    """A register entry; None where its subject has no id."""
    made = identifier(node.value)
    if made is None:
        return None
    scopes = [*node.each("registrationScope"), *node.each("registrationScopeList")]
    scheme = text(node.get("idScheme", "id"))
    registered = words(node.get("registeredId"))
    entry = identifier(node.get("publicInformation")) or (identifier(scheme + registered) if scheme else None)
    return Identity(
        subject=made,
        register=words(node.get("registerType")).lower(),
        entry=entry,
        registered_id=registered,
        scheme=identifier(scheme),
        scopes=frozenset(filter(None, (identifier(scope.value) for scope in scopes))),
        origin=Origin(source, node.pointer),
    )


def _parties(subject: Node, source: Source, **old: str) -> Iterator[Party]:
    for related in subject.each("relatedParty"):
        inner = related["party"]
        made = party(inner, words(related.get("role")), source) if inner else None
        if made is not None:
            yield made
    for role, member in old.items():
        inner = subject[member]
        made = party(inner, role, source) if inner else None
        if made is not None:
            yield made


def _materials(node: Node, source: Source, *members: str) -> Iterator[Material]:
    for member in members:
        for item in node.each(member):
            if isinstance(item.value, dict):
                yield Material(
                    name=words(item.get("name")),
                    fraction=number(item.get("massFraction")),
                    mass=quantity(item["mass"]),
                    recycled=number(item.get("recycledMassFraction")),
                    code=text(item.get("materialType", "code")),
                    origin=Origin(source, item.pointer),
                )


def _references(node: Node) -> frozenset[str]:
    found = [
        identifier(item.value)
        for member in ("referenceStandard", "referenceRegulation")
        for item in node.each(member)
    ]
    return frozenset(filter(None, found))


def _claims(node: Node, source: Source, about: str, of: str, place: str | None) -> Iterator[Claim]:
    for item in (*along(node, "performanceClaim"), *along(node, "conformityClaim")):
        criteria = (*along(item, "referenceCriteria"), *along(item, "assessmentCriteria"))
        values = (*along(item, "claimedPerformance"), *along(item, "declaredValue"))
        evidence = (*along(item, "evidence"), *along(item, "conformityEvidence"))
        yield Claim(
            id=words(item.get("id")),
            about=about,
            of=of,
            facility=place,
            criteria=tuple(criterion(c) for c in criteria),
            references=_references(item),
            date=day(item.get("claimDate") or item.get("assessmentDate")),
            period=period(item["applicablePeriod"]),
            values=tuple(performance(v) for v in values),
            evidence=tuple(filter(None, (link(e) for e in evidence))),
            origin=Origin(source, item.pointer),
            topics=_topics([item]),
        )


def _assessment(item: Node, source: Source) -> Assessment:
    conforms = item.get("conformance")
    values = (*along(item, "assessedPerformance"), *along(item, "declaredValue"))
    return Assessment(
        id=words(item.get("id")),
        criteria=tuple(criterion(c) for c in along(item, "assessmentCriteria")),
        references=_references(item),
        date=day(item.get("assessmentDate")),
        period=period(item["applicablePeriod"]),
        values=tuple(performance(v) for v in values),
        conforms=conforms if isinstance(conforms, bool) else None if conforms is None else False,
        products=_assessed(item, "assessedProduct", "product"),
        facilities=_assessed(item, "assessedFacility", "facility"),
        organisation=identifier(item.get("assessedOrganisation")),
        origin=Origin(source, item.pointer),
    )


def _assessed(item: Node, member: str, inner: str) -> tuple[str, ...]:
    found = (identifier(o.get(inner) or o.value) for o in item.each(member))
    return tuple(filter(None, found))
