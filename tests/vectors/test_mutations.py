"""Each mutation is caught, by the requirement that it was written for and by no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.reference.chain import reference_bundle
from harness.reference.vectors import Vector, apply, load_vectors

from .judging import altered, faults_of, good_reports, results, told


@pytest.mark.parametrize("vector", load_vectors(), ids=lambda vector: vector.name)
def test_a_mutation_is_caught_by_its_requirement_alone(
    vector: Vector, record_property: Callable[[str, object], None]
) -> None:
    """Against the good twin, exactly the requirement of the mutation says failed or warning."""
    record_property("mutation", vector.component)
    record_property("requirement", vector.requirement)
    record_property("vector", vector.name)
    broken = apply(vector, reference_bundle())
    found = results(broken, vector.base)
    twin = faults_of([result for report in good_reports(vector.base) for result in report.results])
    new = {name: outcome for name, outcome in faults_of(found).items() if twin.get(name) is not outcome}
    record_property("caught", bool(new))
    record_property("by", " ".join(sorted(new)))
    assert new == dict(vector.expects), told(found)
    for other in altered(broken):
        if other != vector.base:
            assert not faults_of(results(broken, other)), (
                f"{other} suffers from it:\n{told(results(broken, other))}"
            )
