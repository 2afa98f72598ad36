"""Which secret addresses can be guessed, as far as a sample shows it."""

from __future__ import annotations

import importlib.util
import random
import uuid
from types import ModuleType

import pytest

from harness.resources import resource


def _module() -> ModuleType:
    path = resource("test_cases", "access_control", "_guessing.py")
    spec = importlib.util.spec_from_file_location("guessing_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


GUESSING = _module()
CHANCE = random.Random(7)


def drawn(count: int, letters: str, length: int) -> list[str]:
    """Texts drawn at random."""
    return ["".join(CHANCE.choices(letters, k=length)) for _ in range(count)]


@pytest.mark.parametrize(
    "parts",
    [
        drawn(50, "0123456789ABCDEF", 32),
        drawn(50, "0123456789abcdefghijklmnopqrstuvwxyz", 25),
        drawn(50, "0123456789", 20),
        [f"lot-{text}" for text in drawn(10, "0123456789abcdef", 32)],
        [str(uuid.UUID(int=CHANCE.getrandbits(128), version=4)) for _ in range(20)],
        ["44FDB2AFC91B898893CF36CB18863D26", "419A2845FD8050A0DD56"],
    ],
)
def test_random_ones_pass(parts: list[str]) -> None:
    """Of whichever alphabet, with whichever beginning in common; also those that the page prints."""
    assert GUESSING.weakness(parts) is None


@pytest.mark.parametrize(
    "parts",
    [
        ["44556", "44557"],
        ["00044556", "00051234"],
        ["A10000000000000000000000000000FE", "A10000000000000000000000000000FF"],
        ["lot-7f3a", "lot-91bc"],
        ["c232ab00-9414-11ec-b3c8-9f6bdeced846", "d9428888-122b-11e1-b85c-61cd3cbb3210"],
        drawn(5, "0123456789", 9),
    ],
)
def test_others_do_not(parts: list[str]) -> None:
    """Consecutive, short, or made of time."""
    assert GUESSING.weakness(parts) is not None


@pytest.mark.parametrize(
    ("text", "bits"),
    [("E05778C659733E222758AC5179AE4611", 128), ("AB12CD", 24), ("Xy9-Z", 23), ("1234567890", 33)],
)
def test_what_an_address_can_hold(text: str, bits: int) -> None:
    """At most so many bits, by length and alphabet."""
    assert int(GUESSING.bits(text)) == bits


def test_the_part_that_is_secret() -> None:
    """The last segment, without what comes after a dot."""
    assert GUESSING.last_part("https://a.example/items/44FD.json?x=1") == "44FD"
    assert GUESSING.last_part("HTTPS://GO.EXAMPLE/AB12/") == "AB12"
