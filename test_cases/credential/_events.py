"""What the cases on traceability events share: events of a class, the goods in them, their quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.credential import Node
from harness.judge import CredentialUnderTest, once

GOODS = ("inputProduct", "outputProduct", "movedProduct", "modifiedProduct")
"""The lists of goods of 0.7.0 events."""

QUANTITIES = ("inputQuantityList", "outputQuantityList", "childQuantityList", "quantityList")
"""The lists of measured goods of 0.6.x events."""


@once
def events(credential: CredentialUnderTest, *classes: str) -> list[Node]:
    """The events of the credential: all, or those of some classes."""
    return [node for node in credential.subjects if not classes or set(classes) & set(node.types)]


def of(*classes: str) -> Callable[[CredentialUnderTest], list[Node]]:
    """The condition that there is an event of one of these classes."""
    return lambda credential: events(credential, *classes)


def goods(event: Node, *lists: str) -> Iterator[Node]:
    """The entries of the lists of goods of a 0.7.0 event."""
    for name in lists or GOODS:
        yield from event.each(name)


def has_goods(credential: CredentialUnderTest) -> bool:
    """Whether some event lists goods."""
    return any(True for event in events(credential) for _ in goods(event))


def measures(event: Node) -> Iterator[tuple[Node, str, str]]:
    """Each quantity of an event, with the names of its number and its unit, in the form of either release."""
    for entry in goods(event):
        quantity = entry["quantity"]
        if quantity is not None:
            yield quantity, "value", "unit"
    for name in QUANTITIES:
        for entry in event.each(name):
            yield entry, "quantity", "uom"
