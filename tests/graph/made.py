"""Graphs of credentials that are made up for one test: subjects as JSON, read as the harness reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from harness.credential import Document
from harness.credential import Source as Text
from harness.graph import Graph, Source, State, build_graph
from harness.graph.build import Reading, read
from harness.judge import Terms, load_suite
from harness.judge.bundle import bundle_of, run_bundle
from harness.model import Result
from harness.reference.chain import DEMO_CLOCK

HOST = "https://id.maker.example"


def reading(
    component: str, *subjects: Any, name: str = "", issuer: str = "did:web:maker.example", **more: Any
) -> Reading:
    """What a credential with these subjects says; verified unless another state is given."""
    value = {"credentialSubject": list(subjects)}
    node = Document(value, Text(json.dumps(value))).root
    state = more.pop("state", State.VERIFIED)
    made = Source(
        name=name or f"{component}-{id(value)}", id=more.pop("id", f"https://credentials.maker.example/{name}"),
        component=component, version="0.7.0", issuer=issuer, state=state, **more,
    )  # fmt: skip
    return read(made, [item for item in node.each("credentialSubject") if isinstance(item.value, dict)])


def goods(name: str, quantity: Any = None, level: str = "batch") -> dict[str, Any]:
    """A product in an event."""
    item: dict[str, Any] = {"product": {"id": f"{HOST}/{name}", "name": name, "idGranularity": level}}
    return {**item, "quantity": quantity} if quantity is not None else item


def make(
    name: str,
    inputs: Iterable[Mapping[str, Any]],
    outputs: Iterable[Mapping[str, Any]],
    *,
    date: Any = "2026-01-01T00:00:00Z",
) -> dict[str, Any]:
    """A make event."""
    return {
        "type": ["MakeEvent"], "id": f"https://events.maker.example/{name}", "eventDate": date,
        "inputProduct": list(inputs), "outputProduct": list(outputs), "madeAtFacility": {"id": f"{HOST}/plant"},
    }  # fmt: skip


def graph_of(*readings: Reading, roots: Iterable[str] = ()) -> Graph:
    """The graph of some readings."""
    return build_graph(readings, roots=roots)


def judge(*readings: Reading, roots: Iterable[str] = ()) -> dict[str, list[Result]]:
    """What the bundle cases find, by requirement; errors and warnings only."""
    suite = load_suite()
    found: dict[str, list[Result]] = {}
    for result in run_bundle(bundle_of(readings, suite, roots=roots), suite, Terms(DEMO_CLOCK)):
        if result.outcome not in ("passed", "not_applicable"):
            found.setdefault(result.requirement, []).append(result)
    return found
