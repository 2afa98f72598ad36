"""Numbers that have to lie between two others.

In Python and not in SHACL: the 0.6.0 contexts type fractions as xsd:decimal, for which JSON-LD writes
"5.0E-1", which is no decimal: one SHACL engine compares it, the other does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from _reading import number

from harness.credential import Node
from harness.model import Finding

ROUNDING_ERROR = 1e-9
"""What doubles lose: 0.62 - 0.6 is a little more than 0.02."""


def beyond(difference: float, tolerance: float) -> bool:
    """Whether a difference is above a tolerance by more than the rounding of doubles."""
    return abs(difference) > tolerance + ROUNDING_ERROR


def not_fractions(nodes: Iterable[Node], *names: str, hint: str) -> Iterator[Finding]:
    """A finding for each of these members that is a number, but not from 0 to 1."""
    for node in nodes:
        for name in names:
            value = number(node.get(name))
            if value is not None and not 0 <= value <= 1:
                yield node.at(name).finds(
                    f"{name} is not between 0 and 1", expected="a number from 0 to 1", hint=hint
                )
