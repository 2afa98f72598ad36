"""What a record shows, component by component: a claim without evidence is shown by nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from harness.judge import Suite
from harness.judge.grounds import CLAIM
from harness.listing.rules import load_rules
from harness.model import Finding, Level, Outcome, Result

SPOKEN = frozenset({"failed", "warning", "error", "review"})
"""Outcomes that tell something of a component although nothing of it passed."""

Row = tuple[str, str, str, str]
"""What is known of one result: its component, role, level and outcome."""


def shown_components(record: Mapping[str, Any]) -> frozenset[str]:
    """The components that a record shows, as `shown` tells."""
    about = record["requirements"]
    return shown(
        (about[row["requirement"]]["component"], row["role"], row["level"], row["outcome"])
        for row in record["results"]
    )


def shown(rows: Iterable[Row]) -> frozenset[str]:
    """Components with a MUST that passed; where no MUST of a component speaks of the evidence, with anything that passed.

    Of a service only what passed in its own role counts: identifiers in credentials are no resolver.
    """
    served = load_rules().window.served
    must: dict[str, set[str]] = defaultdict(set)
    every: dict[str, set[str]] = defaultdict(set)
    for component, role, level, outcome in rows:
        if role not in served.get(component, (role,)):
            continue
        every[component].add(outcome)
        if level == "MUST" and outcome != "not_applicable":
            must[component].add(outcome)
    return frozenset(name for name in every if "passed" in (must[name] or every[name]))


def unshown_claims(
    components: Collection[str], suite: Suite, profile: str, results: Collection[Result]
) -> Iterator[Result]:
    """A result not run for each MUST of a claimed component that nothing in a run speaks of.

    So a claim without evidence is never conformant.
    """
    about = suite.catalogue.requirements
    served = load_rules().window.served
    rows = [(about[r.requirement].component, r.role, str(r.level), str(r.outcome)) for r in results]
    spoken = {
        name for name, role, _, outcome in rows if role in served.get(name, (role,)) and outcome in SPOKEN
    }
    settled = shown(rows) | spoken
    tested = {item.requirement for item in suite.cases}
    heard = {result.requirement for result in results if result.outcome is Outcome.NOT_RUN}
    for requirement in suite.catalogue.of(suite.profile(profile)):
        component = requirement.component
        if component not in components or component in settled or requirement.id not in tested - heard:
            continue
        if requirement.level is Level.MUST:
            reason = f"{component} is claimed, and nothing that was given shows it"
            hint = "Give credentials or endpoints that show it, or leave it out of components in [scope]."
            yield Result(
                requirement.id, requirement.id, requirement.level, requirement.role, CLAIM, Outcome.NOT_RUN,
                (Finding(reason, hint=hint, source=requirement.source),), reason,
            )  # fmt: skip


def failed_components(record: Mapping[str, Any]) -> frozenset[str]:
    """Components with something that failed."""
    about = record["requirements"]
    return frozenset(
        about[row["requirement"]]["component"] for row in record["results"] if row["outcome"] == "failed"
    )
