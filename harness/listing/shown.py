"""What a record shows, component by component: a claim without evidence is shown by nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from harness.listing.rules import load_rules


def shown_components(record: Mapping[str, Any]) -> frozenset[str]:
    """Components with a MUST that passed; where no MUST of a component speaks of the evidence, with anything that passed.

    Of a service only what passed in its own role counts: identifiers in credentials are no resolver.
    """
    served = load_rules().window.served
    about = record["requirements"]
    must: dict[str, set[str]] = defaultdict(set)
    every: dict[str, set[str]] = defaultdict(set)
    for row in record["results"]:
        component = about[row["requirement"]]["component"]
        if row["role"] not in served.get(component, (row["role"],)):
            continue
        every[component].add(row["outcome"])
        if row["level"] == "MUST" and row["outcome"] != "not_applicable":
            must[component].add(row["outcome"])
    return frozenset(name for name in every if "passed" in (must[name] or every[name]))


def failed_components(record: Mapping[str, Any]) -> frozenset[str]:
    """Components with something that failed."""
    about = record["requirements"]
    return frozenset(
        about[row["requirement"]]["component"] for row in record["results"] if row["outcome"] == "failed"
    )
