"""When two parties are the same: by an id, or by the number that they have in a register."""

from __future__ import annotations

from _reading import identifier

from harness.credential import Node

Identity = tuple[str, ...]
"""An id in a form to compare, or a register with the number in it."""


def same(one: object, other: object) -> bool:
    """Whether two values are one identifier; never where one of them is none."""
    known = identifier(one)
    return known is not None and known == identifier(other)


def identities(party: Node | None) -> frozenset[Identity]:
    """What a party is known by: its own id and number, and those of its aliases."""
    if party is None:
        return frozenset()
    aliases = (alias for name in ("issuerAlsoKnownAs", "partyAlsoKnownAs") for alias in party.each(name))
    return frozenset(found for node in (party, *aliases) for found in _own(node))


def _own(node: Node) -> list[Identity]:
    stated = identifier(node.value if isinstance(node.value, str) else node.get("id"))
    scheme, number = identifier(node.get("idScheme", "id")), node.get("registeredId")
    found: list[Identity] = [] if stated is None else [(stated,)]
    if scheme is not None and isinstance(number, str) and number:
        found.append((scheme, number))
    return found
