"""The parts of a link set (RFC 9264, section 4.2): contexts, relations, targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.credential import Node
from harness.credential.strict_json import unescape

PLAIN = frozenset({"anchor", "description", "itemDescription"})
"""Members of a context object that are no relations: the anchor of RFC 9264 and two texts of the UNTP schema."""


def contexts(linkset: Node) -> Iterator[Node]:
    """The context objects."""
    return (node for node in linkset.each("linkset") if isinstance(node.value, dict))


def relations(linkset: Node) -> Iterator[Node]:
    """Each relation of each context object: a node whose name is the relation."""
    for context in contexts(linkset):
        for name in context.value:
            relation = context[name]
            if name not in PLAIN and relation is not None:
                yield relation


def targets(linkset: Node) -> Iterator[Node]:
    """Each target object of each relation."""
    for relation in relations(linkset):
        yield from (target for target in relation if isinstance(target.value, dict))


def value_at(root: Any, pointer: str) -> Any:
    """The value at a JSON pointer, or None where there is none."""
    value = root
    for part in pointer.split("/")[1:]:
        name = unescape(part)
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict):
            value = value.get(name)
        else:
            return None
    return value
