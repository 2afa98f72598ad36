"""The poison test of the RDF canonicalisation suite ends as a budget that was exceeded."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

# `trust` is the neighbouring folder of tests
from trust.canonical import canonical_from_quads

from harness.errors import BudgetError
from harness.trust.budget import within_budget


def test_poison_graph_of_the_suite_is_given_up_within_five_seconds(
    corpora: Path, record_property: Callable[[str, object], None]
) -> None:
    """Test 074 is given up in time, and the graph that comes next is canonicalised."""
    folder = corpora / "suites" / "rdf-canon" / "rdfc10"
    started = time.monotonic()
    with pytest.raises(BudgetError, match="budget exceeded") as caught:
        within_budget(canonical_from_quads, (folder / "test074-in.nq").read_text("utf-8"), "sha256")
    took = time.monotonic() - started
    record_property(
        "corpora: RDF canonicalisation, poison", f"test074: {caught.value.message}, after {took:.1f} s"
    )
    assert took < 5
    good = (folder / "test001-in.nq").read_text("utf-8")
    assert within_budget(canonical_from_quads, good, "sha256") == (folder / "test001-rdfc10.nq").read_text(
        "utf-8"
    )
