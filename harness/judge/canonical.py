"""Canonical form of a document for its proofs: expanded here, canonicalised in a worker that can be killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.errors import AbsentError, MalformedError
from harness.evidence import Absence, Evidence
from harness.semantics.expansion import expand
from harness.semantics.rdf import canonical
from harness.trust.budget import within_budget


def canonicaliser(web: Mapping[str, Evidence | Absence], engine: str) -> Callable[[dict[str, Any], str], str]:
    """A function from a document and a hash algorithm to canonical N-Quads (RDFC-1.0).

    It raises MalformedError for a document that loses terms or cannot be expanded, AbsentError where a
    context was not brought, and BudgetError for a graph that takes too long.
    """

    def canonicalise(document: dict[str, Any], algorithm: str) -> str:
        expansion = expand(document, web, engine=engine)
        if expansion.fault is not None:
            if expansion.fault.absence is not None:
                raise AbsentError(f"{expansion.fault.subject}: {expansion.fault.message}")
            raise MalformedError(f"the document cannot be expanded: {expansion.fault.message}")
        lost = [item for item in expansion.dropped if item.reason != "catch-all"]
        if lost:
            raise MalformedError(f"the term '{lost[0].name}' is not defined, so the proof does not cover it")
        return within_budget(canonical, expansion.expanded, algorithm)

    return canonicalise
