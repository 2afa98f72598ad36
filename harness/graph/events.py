"""Events of both releases as one kind of value: make, move, modify, bundle.

0.7.0 has MakeEvent, MoveEvent and ModifyEvent. Of 0.6.x, a TransformationEvent is a make; an
AggregationEvent or AssociationEvent is a bundle (its parent is made of its children, or taken apart again);
a TransactionEvent is a move between parties; an ObjectEvent is a modify.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.credential import Node
from harness.graph.entities import Event, Goods, Origin, Party, Quantity, Source
from harness.graph.reading import identifier, last_part, moment, number, party, quantity, text, words

KINDS = {
    "MakeEvent": "make", "MoveEvent": "move", "ModifyEvent": "modify", "TransformationEvent": "make",
    "AggregationEvent": "bundle", "AssociationEvent": "bundle", "TransactionEvent": "move", "ObjectEvent": "modify",
}  # fmt: skip


def events_of(node: Node, source: Source) -> Iterator[Event]:
    """The event of one subject; nothing where it is of no known kind."""
    name = next((kind for kind in node.types if kind in KINDS), None)
    if name is None:
        return
    kind = KINDS[name]
    if node["eventDate"] is not None or name in ("MakeEvent", "MoveEvent", "ModifyEvent"):
        inputs, outputs = _sides(node, source, kind)
        place = node.get("madeAtFacility") or node.get("fromFacility") or node.get("modifiedAtFacility")
        destination = identifier(node.get("toFacility"))
        time = moment(node.get("eventDate"))
    else:
        inputs, outputs = _old_sides(node, source, kind)
        place, destination, time = node.get("bizLocation"), None, moment(node.get("eventTime"))
    yield Event(
        id=words(node.get("id")),
        kind=kind,
        time=time,
        place=identifier(place),
        destination=destination,
        inputs=inputs,
        outputs=outputs,
        parties=tuple(_parties(node, source)),
        consignment=identifier(node.get("consignmentId")),
        origin=Origin(source, node.pointer),
    )


def _sides(node: Node, source: Source, kind: str) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    if kind == "make":
        return tuple(_goods(node, source, "inputProduct")), tuple(_goods(node, source, "outputProduct"))
    member = "movedProduct" if kind == "move" else "modifiedProduct"
    return tuple(_goods(node, source, member)), ()


def _goods(node: Node, source: Source, member: str) -> Iterator[Goods]:
    for item in node.each(member):
        product = item["product"]
        made = identifier(product.value) if product else None
        if product is None or made is None:
            continue
        yield Goods(
            made, words(product.get("id")), words(product.get("name")),
            words(product.get("idGranularity")).lower(), quantity(item["quantity"]),
            text(item.get("disposition")), Origin(source, item.pointer),
        )  # fmt: skip


def _old_sides(node: Node, source: Source, kind: str) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    disposition = last_part(node.get("disposition")).removeprefix("disp-") or None
    if kind == "make":
        inputs = _listed(node, source, disposition, "inputEPCList", "inputQuantityList")
        return inputs, _listed(node, source, disposition, "outputEPCList", "outputQuantityList")
    if kind == "bundle":
        children = _listed(node, source, disposition, "childEPCList", "childQuantityList")
        parent = _listed(node, source, disposition, "parentEPC")
        return (parent, children) if words(node.get("action")).lower() == "delete" else (children, parent)
    return _listed(node, source, disposition, "epcList", "quantityList"), ()


def _listed(node: Node, source: Source, disposition: str | None, *members: str) -> tuple[Goods, ...]:
    """Items and quantities of 0.6.x together: an item that has a quantity is listed once, with it."""
    found: dict[str, Goods] = {}
    for member in members:
        for item in node.each(member):
            written = words(item.get("productId") or item.get("id"))
            made = identifier(written)
            if made is None:
                continue
            amount = None
            if item["productId"] is not None:
                amount = Quantity(number(item.get("quantity")), text(item.get("uom")))
            before = found.get(made)
            if before is not None and before.quantity is not None:
                continue
            name = words(item.get("productName") or item.get("name"))
            found[made] = Goods(
                made, written, name, _level(made), amount, disposition, Origin(source, item.pointer)
            )
    return tuple(found.values())


def _level(identifier_: str) -> str:
    if "/21/" in identifier_:
        return "item"
    return "batch" if "/10/" in identifier_ else ""


def _parties(node: Node, source: Source) -> Iterator[Party]:
    for related in node.each("relatedParty"):
        inner = related["party"]
        made = party(inner, words(related.get("role")), source) if inner else None
        if made is not None:
            yield made
    for role, member in (("consignor", "sourceParty"), ("consignee", "destinationParty")):
        inner = node[member]
        found = identifier(inner.value) if inner else None
        if inner is not None and found is not None:
            yield Party(role, found, "", (), None, Origin(source, inner.pointer))
