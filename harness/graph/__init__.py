"""Many credentials as one graph: entities joined by identifier, chains of trust, mass balance, the pilot measure."""

from harness.graph.build import build_graph
from harness.graph.entities import Graph, Origin, Source, State

__all__ = ["Graph", "Origin", "Source", "State", "build_graph"]
