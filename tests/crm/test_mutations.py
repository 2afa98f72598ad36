"""Each mutation of the example chains is caught by the requirement that it was written for, and by no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.judge import load_suite
from harness.reference.crm import broken, expected, load_crm_vectors
from harness.reference.vectors import Vector

from .judging import faults_of, good_report, judged, told


@pytest.mark.parametrize("vector", load_crm_vectors(), ids=lambda vector: vector.name)
def test_a_mutation_is_caught_by_its_requirement_alone(
    vector: Vector, record_property: Callable[[str, object], None]
) -> None:
    """Exactly the requirement of the mutation fails or warns, under the profile."""
    record_property("mutation", vector.component)
    record_property("requirement", vector.requirement)
    record_property("vector", vector.name)
    found = judged(broken(vector)).results
    record_property("caught", bool(faults_of(found)))
    assert not faults_of(good_report(vector.base).results)
    assert faults_of(found) == dict(expected(vector)), told(found)


def test_every_case_of_the_profile_has_a_mutation() -> None:
    """No CRM requirement that has a case is without a mutation, and there are at least 60 of them."""
    caught = {vector.requirement for vector in load_crm_vectors()}
    decided = {
        item.requirement
        for item in load_suite().cases
        if item.requirement.startswith("CRM-") and item.suite != "bundle"
    }
    assert decided - caught == set()
    assert sum(vector.component == "CRM" for vector in load_crm_vectors()) >= 60


def test_names_of_mutations_are_told_apart() -> None:
    """No mutation of the profile has the name of one of UNTP."""
    names = [vector.name for vector in load_crm_vectors()]
    assert all(name.startswith("crm-") for name in names)
