"""Every requirement of credentials that has a case has a mutation too, or a reason in test_cases/vectors/unmutated.toml."""

from __future__ import annotations

import pytest

from harness.judge import load_suite
from harness.reference.crm import load_crm_vectors
from harness.reference.vectors import load_unmutated, load_vectors

DECIDED = frozenset(item.requirement for item in load_suite().cases if item.suite == "credential")
MUTATED = frozenset(vector.requirement for vector in (*load_vectors(), *load_crm_vectors()))


@pytest.mark.parametrize("requirement", sorted(DECIDED))
def test_a_requirement_with_a_case_has_a_mutation_or_a_reason(requirement: str) -> None:
    """A case that no mutation was ever caught by proves nothing: each has one, or says why it cannot."""
    assert requirement in MUTATED or requirement in load_unmutated()


@pytest.mark.parametrize("requirement", load_unmutated())
def test_a_requirement_without_a_mutation_has_a_case(requirement: str) -> None:
    """The list of exceptions holds no requirement that has a mutation, and none that has no case."""
    assert requirement in DECIDED - MUTATED


def test_the_envelope_is_broken_in_every_way() -> None:
    """Requirements of the envelope, the contexts and the rendering have at least two mutations each."""
    named = [vector.requirement for vector in load_vectors()]
    groups = ("VCP-ENV-", "VCP-CTX-", "VCP-RND-0", "VCP-SCH-", "VCP-JSON-")
    wanted = {name for name in DECIDED if name.startswith(groups)} - ONCE
    assert {name for name in wanted if named.count(name) < 2} == set()


ONCE = frozenset({"VCP-ENV-21", "VCP-RND-04"})
"""One way to break it is all there is: a name occurs twice; a digest belongs to other bytes."""
