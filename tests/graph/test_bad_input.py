"""Hostile and broken bundles: bounded time, nothing lost, each said."""

from __future__ import annotations

import time
from typing import Any

import pytest

from harness.graph import State
from harness.graph.balance import Balance
from harness.graph.chains import Chains
from harness.graph.entities import Graph
from harness.graph.mass import Scales, Unweighed
from harness.graph.summary import summary

from .made import goods, graph_of, judge, make, reading

TONNE = {"value": 1, "unit": "TNE"}


def scales(graph: Graph) -> tuple[Scales, list[Any]]:
    """The scales of a graph, and what each input of its first event weighs."""
    made = Scales(graph)
    return made, [made.weigh(item) for item in graph.events[0].inputs]


def test_two_events_of_one_id_are_told() -> None:
    """Two credentials that give one id to two events are found, and both are balanced: a second hides nothing."""
    one = reading("DTE", make("1", [goods("a", TONNE)], [goods("b", TONNE)]), name="one")
    two = reading("DTE", make("1", [goods("c", TONNE)], [goods("d", TONNE)]), name="two")
    found = judge(one, two)
    assert [result.subject for result in found["DTE-ID-01"]] == ["two"]
    assert len(Balance(graph_of(one, two)).makes) == 2


def test_copies_of_one_event_are_one() -> None:
    """The same event in two deliveries is entered once, and nothing is found."""
    event = make("1", [goods("a", TONNE)], [goods("b", TONNE)])
    one, two = (
        reading("DTE", event, name="one", id="urn:x:1"),
        reading("DTE", event, name="two", id="urn:x:1"),
    )
    assert "DTE-ID-01" not in judge(one, two)
    assert len(Balance(graph_of(one, two)).makes) == 1


def test_two_credentials_of_one_id_with_other_events_are_told() -> None:
    """A second version of an event under the id of the same credential is found."""
    one = reading("DTE", make("1", [goods("a", TONNE)], [goods("b", TONNE)]), name="one", id="urn:x:1")
    more = goods("b", {"value": 3, "unit": "TNE"})
    two = reading("DTE", make("1", [goods("a", TONNE)], [more]), name="two", id="urn:x:1")
    assert [result.subject for result in judge(one, two)["DTE-ID-01"]] == ["two"]


def test_a_circle_of_events_ends() -> None:
    """Goods that are made of each other at one moment are a circle, told once."""
    found = judge(
        reading("DTE", make("1", [goods("a", TONNE)], [goods("b", TONNE)]), name="one"),
        reading("DTE", make("2", [goods("b", TONNE)], [goods("a", TONNE)]), name="two"),
    )
    findings = [finding.message for result in found["DTE-ORDER-01"] for finding in result.findings]
    assert len(findings) == 1
    assert "circle" in findings[0]


def test_a_longer_circle_without_dates_ends() -> None:
    """Undated events in a circle of fifty are found, and the walk stops."""
    events = [
        make(str(i), [goods(f"p{i}", TONNE)], [goods(f"p{(i + 1) % 50}", TONNE)], date=None)
        for i in range(50)
    ]
    found = judge(reading("DTE", *events))
    assert sum(len(result.findings) for result in found["DTE-ORDER-01"]) == 1


def test_an_event_with_fifty_thousand_items_is_judged_in_bounded_time() -> None:
    """Fifty thousand inputs are summed exactly, in seconds."""
    many = [goods(f"i{i}", {"value": 1, "unit": "KGM"}) for i in range(50_000)]
    event = make("1", many, [goods("out", {"value": 60, "unit": "TNE"})])
    began = time.process_time()
    found = judge(reading("DTE", event))
    assert time.process_time() - began < 20
    (finding,) = found["MB-CONS-01"][0].findings
    assert "120%" in finding.message


def test_thousands_of_events_on_one_product_are_judged_in_bounded_time() -> None:
    """A product that every event makes and uses at one moment does not square the work."""
    events = [make(str(i), [goods("x", TONNE)], [goods("y", TONNE), goods("x", TONNE)]) for i in range(4_000)]
    began = time.process_time()
    found = judge(reading("DTE", *events))
    assert time.process_time() - began < 20
    assert sum(len(result.findings) for result in found["DTE-ORDER-01"]) == 4_000


@pytest.mark.parametrize(
    ("quantity", "why"),
    [
        (None, Unweighed.NO_QUANTITY),
        ({"value": 1}, Unweighed.NO_UNIT),
        ({"value": 1, "unit": ""}, Unweighed.NO_UNIT),
        ({"value": 1, "unit": "XXX"}, Unweighed.UNKNOWN_UNIT),
        ({"value": "1", "unit": "KGM"}, Unweighed.NO_QUANTITY),
        ({"value": True, "unit": "KGM"}, Unweighed.NO_QUANTITY),
        ({"value": 10**400, "unit": "KGM"}, Unweighed.NO_QUANTITY),
        ({"value": -1, "unit": "KGM"}, Unweighed.NEGATIVE),
        ({"value": 1, "unit": "LTR"}, Unweighed.NO_DENSITY),
        ({"value": 1, "unit": "C62"}, Unweighed.NO_PIECE),
        ({"value": 1, "unit": 7}, Unweighed.NO_UNIT),
        ([], Unweighed.NO_QUANTITY),
    ],
)
def test_what_cannot_be_weighed_says_why(quantity: Any, why: Unweighed) -> None:
    """A quantity that is no mass is never guessed: its event stays undecided, with the reason."""
    event = make("1", [goods("a", quantity)], [goods("b", {"value": 5, "unit": "TNE"})])
    graph = graph_of(reading("DTE", event))
    assert scales(graph)[1] == [why]
    (one,) = Balance(graph).masses
    assert not one.decided
    assert not one.over


@pytest.mark.parametrize(
    "subject",
    [
        {"type": ["MakeEvent"]},
        {
            "type": ["MakeEvent"],
            "inputProduct": 7,
            "outputProduct": "x",
            "eventDate": 3,
            "madeAtFacility": [],
        },
        {
            "type": ["MakeEvent"],
            "id": [],
            "inputProduct": [None, 1, {"product": None}, {"product": {"id": 5}}],
        },
        {"type": ["MoveEvent"], "consignmentId": {"id": 1}, "movedProduct": [{"product": []}]},
        {"type": ["TransformationEvent"], "inputQuantityList": [{"productId": {}}], "eventTime": "yesterday"},
        {"type": ["AggregationEvent"], "parentEPC": "x", "childEPCList": [[]], "action": 9},
    ],
)
def test_wrong_kinds_are_read_as_nothing(subject: dict[str, Any]) -> None:
    """Members of the wrong kind are no error and support nothing."""
    assert not [
        r for results in judge(reading("DTE", subject)).values() for r in results if r.outcome == "error"
    ]


@pytest.mark.parametrize("component", ["DPP", "DCC", "DFR", "DIA", "DTE", "", "XYZ"])
def test_empty_subjects_are_read_as_nothing(component: str) -> None:
    """A credential whose subject says nothing is in the graph, and no case stumbles over it."""
    hollow = {"relatedParty": [None, {"party": 3}], "performanceClaim": [{}, 1], "conformityAssessment": [{}]}
    found = judge(
        reading(component, {}, hollow, {"id": "x", **hollow}), reading(component, {"id": "x"}, name="two")
    )
    assert not [r for results in found.values() for r in results if r.outcome == "error"]


def test_an_event_of_a_forged_credential_is_not_entered() -> None:
    """What a credential with a broken signature says of goods does not count."""
    event = make("1", [goods("a", TONNE)], [goods("b", {"value": 9, "unit": "TNE"})])
    assert "MB-CONS-01" in judge(reading("DTE", event))
    assert "MB-CONS-01" not in judge(reading("DTE", event, state=State.BROKEN))


def test_two_credentials_of_one_id_are_named() -> None:
    """The audit lists every id that more than one credential has, with their names."""
    one = reading("DTE", make("1", [goods("a", TONNE)], [goods("b", TONNE)]), name="one", id="urn:x:1")
    two = reading("DTE", make("2", [goods("c", TONNE)], [goods("d", TONNE)]), name="two", id="urn:x:1")
    graph = graph_of(one, two)
    assert summary(graph, Chains(graph), Balance(graph))["credentials"]["same_id"] == [
        {"id": "urn:x:1", "credentials": ["one", "two"]}
    ]
