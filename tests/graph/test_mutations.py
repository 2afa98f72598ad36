"""Each mutation of the chain is caught by the requirement that it was written for, and the good chain by none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.judge import load_suite
from harness.reference.bundle_vectors import BundleVector, load_bundle_vectors

from .judging import faults, of_vector, results, told


def test_nothing_is_found_in_the_good_chain() -> None:
    """The copper chain balances, its claims are assessed, and its anchors end in trusted roots."""
    found = results()
    assert not faults(found), told(found)
    assert sum(result.outcome == "passed" for result in found) >= 38


@pytest.mark.parametrize(
    "vector", [v for v in load_bundle_vectors() if not v.crm], ids=lambda vector: vector.name
)
def test_a_mutation_is_caught_by_its_requirement_alone(
    vector: BundleVector, record_property: Callable[[str, object], None]
) -> None:
    """Exactly the requirement of the mutation, and what cannot but fail with it, says so."""
    record_property("mutation", vector.requirement.partition("-")[0])
    record_property("requirement", vector.requirement)
    record_property("requirement", vector.requirement)
    record_property("vector", vector.name)
    found = of_vector(vector)
    record_property("caught", bool(faults(found)))
    assert faults(found) == dict(vector.expects), told(found)


def test_there_are_enough_mutations() -> None:
    """At least sixty, and at least one for every requirement that a bundle case decides."""
    vectors = load_bundle_vectors()
    decided = {item.requirement for item in load_suite().cases if item.suite == "bundle"}
    assert len(vectors) >= 60
    assert decided == {vector.requirement for vector in vectors}
