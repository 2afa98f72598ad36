"""The rules for claims, the same for those about a product and those about a facility."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from _code_lists import DIRECTIONS, OLD_TOPICS, TOPICS, concept
from _reading import along, host, identifier, last_part, number, text

from harness.credential import Node
from harness.model import Finding

TOPIC_PATHS = ("conformity-topics", "conformity-topic", "untp/conformity-topic")
"""The vocabulary has the first; the official samples write the other two, so all three are taken."""

METRIC_PATHS = ("performance-metrics", "performance-metric", "untp/metrics")
"""The vocabulary has the first; the official samples and pages write the other two, so all three are taken."""

ARRAYS = ("referenceCriteria", "claimedPerformance", "conformityTopic")


def empty_arrays(claims: Iterable[Node]) -> Iterator[Finding]:
    """Criteria, performance and topics of a claim that are there, but hold nothing."""
    for claim in claims:
        for name in ARRAYS:
            if claim.get(name) == []:
                yield claim.at(name).finds(
                    f"the claim has no entry in {name}",
                    expected="one entry or more",
                    hint=f"Name at least one {name}: without it the claim cannot be understood or assessed.",
                )


def bare_performances(claims: Iterable[Node]) -> Iterator[Finding]:
    """Performances with neither measure nor score; a measure without a metric breaks the official schema."""
    for performance in along(claims, "claimedPerformance"):
        if performance.get("measure") in (None, {}) and performance.get("score") in (None, {}):
            yield performance.finds(
                "the performance has neither a measure nor a score",
                expected="a measure, a score or both",
                hint="Quantify the claim: a value with its unit, or a code on the scale of the scheme.",
            )


def criteria_of(claim: Node) -> list[Node]:
    """The criteria that a claim refers to, in either release."""
    return along([claim], "assessmentCriteria") + along([claim], "referenceCriteria")


def claims_without_criterion(claims: Iterable[Node]) -> Iterator[Finding]:
    """Claims of which no criterion is given by a URL; an empty referenceCriteria is another fault."""
    for claim in claims:
        member = "referenceCriteria" if claim["referenceCriteria"] else "assessmentCriteria"
        if claim.get("referenceCriteria") == [] or any(host(node.get("id")) for node in criteria_of(claim)):
            continue
        yield claim.at(member).finds(
            "the claim refers to no criterion by URL",
            expected="the URL of a criterion of a known scheme, standard or regulation",
            actual=None if claim[member] else "nothing",
            hint="Take the criterion's id from the vocabulary that its scheme publishes.",
        )


def topics_of(node: Node) -> set[str]:
    """The known topics of a claim or criterion: codes of 0.6, or the last part of the URIs of 0.7.0."""
    found = (
        item.get("id") if isinstance(item.value, dict) else item.value
        for item in node.each("conformityTopic")
    )
    return {part for part in map(last_part, found) if part in TOPICS or part in OLD_TOPICS}


def topics_beside_criteria(claims: Iterable[Node]) -> Iterator[Finding]:
    """Claims whose topics are none of the topics that their criteria state."""
    for claim in claims:
        own = topics_of(claim)
        stated = {topic for node in criteria_of(claim) for topic in topics_of(node)}
        if own and stated and not own & stated:
            yield claim.at("conformityTopic").finds(
                "the topic of the claim is none of the topics of its criteria",
                expected=" or ".join(sorted(stated)),
                hint="Refer to a criterion on this topic, or give the claim the topic of its criteria.",
            )


def repeated_ids(claims: Iterable[Node]) -> Iterator[Finding]:
    """Claims that have the id of an earlier one."""
    seen: dict[str, str] = {}
    for claim in claims:
        name = identifier(claim.get("id"))
        if name is not None and name in seen:
            yield claim.at("id").finds(
                f"the claim at {seen[name]} has the same id",
                expected="an id that only this claim has",
                hint="Give each claim an id of its own, so that an assessment can refer to it.",
            )
        elif name is not None:
            seen[name] = claim.pointer


def unknown_topics(claims: Iterable[Node]) -> Iterator[Finding]:
    """Topics of 0.7.0 claims that are no concept of the UN vocabulary."""
    for topic in along(claims, "conformityTopic"):
        if isinstance(topic.get("id"), str) and concept(topic.get("id"), TOPIC_PATHS) not in TOPICS:
            yield topic.at("id").finds(
                "this is no concept of the UN conformity topics",
                expected="https://vocabulary.uncefact.org/conformity-topics/ and the name of a concept",
                hint="Choose the nearest of the 101 topics; own topics belong to the scheme's criteria.",
            )


def unknown_metrics(claims: Iterable[Node]) -> Iterator[Finding]:
    """Metrics that are neither a concept of the UN vocabulary nor on the host of a scheme that the claim names."""
    for claim in claims:
        references = (
            criteria_of(claim) + along([claim], "referenceStandard") + along([claim], "referenceRegulation")
        )
        schemes = {host(node.get("id")) for node in references} - {None}
        for metric in along([claim], "claimedPerformance", "metric"):
            uri = metric.get("id")
            if (
                isinstance(uri, str)
                and concept(uri, METRIC_PATHS) not in DIRECTIONS
                and host(uri) not in schemes
            ):
                yield metric.at("id").finds(
                    "the metric is neither of the UN performance metrics nor of a scheme that the claim names",
                    expected="https://vocabulary.uncefact.org/performance-metrics/ and the name of a concept",
                    hint="Use the UN concept, or the metric that the scheme of the criterion defines.",
                )


def contradicted_conformance(claims: Iterable[Node]) -> Iterator[Finding]:
    """Claims whose stated conformance is not what value and threshold say, where both can be compared."""
    for claim in claims:
        stated = claim.get("conformance")
        holds = [held for held in comparisons(claim) if held is not None]
        if isinstance(stated, bool) and holds and stated != all(holds):
            yield claim.at("conformance").finds(
                "the stated conformance contradicts the declared values and the thresholds of the criteria",
                expected=str(all(holds)).lower(),
                hint="Correct the declared value, the threshold or the conformance.",
            )


def comparisons(claim: Node) -> Iterator[bool | None]:
    """For each declared value and threshold of one metric in one unit: whether the value holds."""
    for value in along([claim], "declaredValue"):
        for threshold in along([claim], "assessmentCriteria", "thresholdValue"):
            if text(value.get("metricName")) and value.get("metricName") == threshold.get("metricName"):
                yield held(value, threshold)


def held(value: Node, threshold: Node) -> bool | None:
    """Whether a declared metric holds its threshold within its accuracy; None where nobody can tell."""
    name = re.sub(r"[^a-z0-9]+", "-", str(value.get("metricName")).lower()).strip("-")
    reached, limit = (number(node.get("metricValue", "value")) for node in (value, threshold))
    units = [node.get("metricValue", "unit") for node in (value, threshold)]
    if reached is None or limit is None or units[0] != units[1]:
        return None
    leeway = abs(reached) * abs(number(value.get("accuracy")) or 0.0)
    match DIRECTIONS.get(name):
        case "lower":
            return reached - leeway <= limit
        case "higher":
            return reached + leeway >= limit
    return None
