"""What the pictures are drawn from: tiers, states, gathering, and the flow of materials, circles and all."""

from __future__ import annotations

from typing import Any

from harness.graph import State
from harness.graph.balance import Balance
from harness.graph.build import Reading
from harness.graph.chains import Chains
from harness.graph.flow import flow
from harness.graph.limits import limits
from harness.graph.picture import Picture

from .judging import judged
from .made import goods, graph_of, make, reading

TONNE = {"value": 1, "unit": "TNE"}


def picture(*readings: Reading) -> Picture:
    """The pictures of some credentials."""
    graph = graph_of(*readings)
    return Picture(graph, Chains(graph))


def chain(length: int) -> list[dict[str, Any]]:
    """Events that make each thing of the one before."""
    return [
        make(
            str(i), [goods(f"p{i}", TONNE)], [goods(f"p{i + 1}", TONNE)], date=f"2026-01-{i + 1:02}T00:00:00Z"
        )
        for i in range(length)
    ]


def test_tiers_count_the_makings() -> None:
    """What nobody makes is tier 0, and every event adds one, whatever the order of the events."""
    made = picture(reading("DTE", *reversed(chain(5))))
    assert [made.tiers[name] for name in sorted(made.tiers)] == [0, 1, 2, 3, 4, 5]


def test_a_circle_has_tiers_too() -> None:
    """Goods that are made of each other are drawn, and nothing hangs."""
    circle = [
        make("1", [goods("a", TONNE)], [goods("b", TONNE)]),
        make("2", [goods("b", TONNE)], [goods("a", TONNE)]),
    ]
    data = picture(reading("DTE", *circle)).as_json()
    assert len(data["nodes"]) == 2
    assert {edge["kind"] for edge in data["edges"]} == {"becomes"}


def test_the_worst_state_is_shown() -> None:
    """A product that a verified and an expired passport speak of is drawn as expired, with both counted."""
    one = {"type": ["Product"], "id": "https://id.maker.example/a", "name": "a", "idGranularity": "batch"}
    made = picture(
        reading("DPP", one, name="good"), reading("DPP", one, name="old", state=State.EXPIRED)
    ).as_json()
    (node,) = made["nodes"]
    assert node["state"] == "expired"
    assert node["states"] == {"verified": 1, "expired": 1}


def test_the_good_chain_is_drawn_whole() -> None:
    """Every anchor, attestation, facility and product of the chain is a node, and every edge has two ends."""
    bundle = judged()
    data = Picture(bundle.graph, bundle.chains).as_json()
    kinds = [node["kind"] for node in data["nodes"]]
    names = {node["id"] for node in data["nodes"]}
    assert not data["gathered"]
    assert kinds.count("facility") == 3
    assert kinds.count("attestation") == len(bundle.graph.attestations)
    assert sum(node["root"] for node in data["nodes"]) == len(bundle.graph.roots)
    assert {edge[end] for edge in data["edges"] for end in ("from", "to")} <= names


def test_a_large_graph_is_gathered_and_counted() -> None:
    """Thousands of lots become few nodes, and none of them is lost from the counts."""
    events = [
        make(f"{i}", [goods(f"copper ore {i}", TONNE)], [goods(f"copper cathode {i}", TONNE)])
        for i in range(3000)
    ]
    data = picture(reading("DTE", *events)).as_json()
    assert data["gathered"]
    assert len(data["nodes"]) <= 4
    assert sum(node["count"] for node in data["nodes"]) == 6000


def test_a_column_has_an_end() -> None:
    """Of very many parties the last node stands for all that are not drawn apart."""
    anchors = [{"id": f"did:web:p{i}.example", "registerType": "business"} for i in range(500)]
    data = picture(*(reading("DIA", one, issuer="did:web:register.example") for one in anchors)).as_json()
    parties = [node for node in data["nodes"] if node["kind"] == "party"]
    assert len(parties) == limits("pictures")["column"]
    assert sum(node["count"] for node in parties) == 500
    assert len({edge["to"] for edge in data["edges"]}) == len(parties)


def test_the_flow_keeps_the_mass() -> None:
    """At every facility what flows in is what its bar says, and so is what flows out."""
    bundle = judged()
    made = flow(bundle.graph, bundle.balance, Picture(bundle.graph, bundle.chains))
    for process in made["processes"]:
        into = sum(one["kilograms"] for one in made["flows"] if one["to"] == process["id"])
        out = sum(one["kilograms"] for one in made["flows"] if one["from"] == process["id"])
        assert abs(into - process["in_kilograms"]) < 1e-6
        assert abs(out - process["out_kilograms"]) < 1e-6


def test_a_facility_that_gives_too_much_says_so() -> None:
    """The process of an event that does not balance names the sum."""
    graph = graph_of(
        reading("DTE", make("1", [goods("a", TONNE)], [goods("b", {"value": 3, "unit": "TNE"})]))
    )
    made = flow(graph, Balance(graph), Picture(graph, Chains(graph)))
    assert made["processes"][0]["over"] == ["mass: 300%"]
