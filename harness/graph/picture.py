"""What the pictures of an audit are drawn from: the transparency graph and the flow of materials, as plain data.

Nothing is placed here. Large graphs are gathered: lots of one facility, tier and material become one node, and of
each column only the most frequent nodes are kept apart; every node says how many things it stands for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from harness.graph.chains import Chains
from harness.graph.entities import Graph, Source, State
from harness.graph.limits import chains_in, limits
from harness.graph.summary import standing

APART = "pictures"
"""The table of test_cases/limits.toml that says how much is drawn apart."""

WORST = (State.BROKEN, State.WITHDRAWN, State.EXPIRED, State.UNVERIFIED, State.VERIFIED)
KINDS = ("authority", "party", "attestation", "facility", "product")


@dataclass
class Node:
    """One node: what it stands for, and what is known of the credentials behind it."""

    kind: str
    label: str
    tier: int | None = None
    states: Counter[State] = field(default_factory=Counter)
    things: set[str] = field(default_factory=set)
    credentials: dict[str, None] = field(default_factory=dict)
    claims: Counter[str] = field(default_factory=Counter)
    root: bool = False

    def tell(self, source: Source) -> None:
        """Add a credential that speaks of it."""
        if source.name not in self.credentials:
            self.states[source.state] += 1
            self.credentials[source.name] = None

    @property
    def state(self) -> State | None:
        """The worst state of the credentials that speak of it; None where none does."""
        return next((state for state in WORST if self.states[state]), None)


@dataclass(frozen=True)
class Picture:
    """The pictures of a graph, worked out when first asked for."""

    graph: Graph
    chains: Chains

    def as_json(self) -> dict[str, Any]:
        """Members: gathered, nodes and edges."""
        nodes, edges = self._kept()
        order = {key: f"n{number}" for number, key in enumerate(nodes)}
        return {
            "gathered": self.gathered,
            "nodes": [{"id": order[key], **_node_json(node)} for key, node in nodes.items()],
            "edges": [
                {
                    "from": order[one],
                    "to": order[two],
                    "kind": kind,
                    "state": str(next(state for state in WORST if states[state])),
                    "count": states.total(),
                }
                for (one, two, kind), states in edges.items()
            ],
        }

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Every product of a passport or an event."""
        named = [product.id for product in self.graph.products]
        named += [g.product for event in self.graph.events for g in (*event.inputs, *event.outputs)]
        return tuple(dict.fromkeys(named))

    @cached_property
    def gathered(self) -> bool:
        """Whether lots are drawn together."""
        things = len(self.products) + len(self.graph.facilities_by_id) + len(self.graph.attestations)
        return things > int(limits(APART)["apart"])

    @cached_property
    def tiers(self) -> Mapping[str, int]:
        """How many make events lead to each product at most; what is in a circle stands where the circle begins."""
        events = [event for event in self.graph.ledger if event.kind in ("make", "bundle")]
        waiting = [len({goods.product for goods in event.inputs}) for event in events]
        users: dict[str, list[int]] = defaultdict(list)
        makers: Counter[str] = Counter()
        for number, event in enumerate(events):
            for name in {goods.product for goods in event.inputs}:
                users[name].append(number)
            makers.update({goods.product for goods in event.outputs})
        tier = dict.fromkeys(self.products, 0)
        level = [0] * len(events)
        ready = [name for name in self.products if not makers[name]]
        done = [number for number, count in enumerate(waiting) if not count]
        while ready or done:
            if done:
                number = done.pop()
                for name in {goods.product for goods in events[number].outputs}:
                    tier[name] = max(tier[name], level[number] + 1)
                    makers[name] -= 1
                    if not makers[name]:
                        ready.append(name)
                continue
            name = ready.pop()
            for number in users[name]:
                level[number] = max(level[number], tier[name])
                waiting[number] -= 1
                if not waiting[number]:
                    done.append(number)
        return tier

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """The facility at which each product was made: by its event, or by its passport."""
        found = {product.id: product.facility for product in self.graph.products if product.facility}
        for event in self.graph.ledger:
            if event.kind in ("make", "bundle") and event.place is not None:
                for goods in event.outputs:
                    found.setdefault(goods.product, event.place)
        return {name: self.facility(place) for name, place in found.items()}

    def facility(self, name: str) -> str:
        """A facility by the id of its record."""
        records = self.graph.facilities_by_id.get(name, ())
        return name if not records or any(r.id == name for r in records) else records[0].id

    @cached_property
    def names(self) -> Mapping[str, str]:
        """A name for people of each product, facility and party."""
        found: dict[str, str] = {}
        for source in self.graph.sources:
            if source.issued_by:
                found.setdefault(source.issuer, source.issued_by)
        for product in self.graph.products:
            found.setdefault(product.id, product.name)
        for facility in self.graph.facilities:
            found.setdefault(facility.id, facility.name)
        parties = [party for product in self.graph.products for party in product.parties]
        parties += [party for facility in self.graph.facilities for party in facility.parties]
        for party in (*parties, *(party for event in self.graph.events for party in event.parties)):
            if party.name:
                found.setdefault(party.id, party.name)
        for event in self.graph.events:
            for goods in (*event.inputs, *event.outputs):
                if goods.name:
                    found.setdefault(goods.product, goods.name)
        return {name: label for name, label in found.items() if label}

    def product_key(self, product: str) -> tuple[Hashable, ...]:
        """The node of a product: its own, or that of its facility, tier and material."""
        if not self.gathered:
            return ("product", product)
        return "product", self._homes.get(product, ""), self.tiers.get(product, 0), self._stuff(product)

    def _stuff(self, product: str) -> str:
        name = self.names.get(product, "")
        return ", ".join(sorted(chains_in(name))) or "other goods"

    # --- nodes and edges ------------------------------------------------------------------------------

    def _kept(self) -> tuple[dict[Hashable, Node], dict[tuple[Hashable, Hashable, str], Counter[State]]]:
        """The nodes that are drawn, in columns, and the edges between them; what is left over in one node a column."""
        nodes, edges = self._whole()
        most = int(limits(APART)["column"])
        columns: dict[tuple[str, int | None], list[Hashable]] = defaultdict(list)
        for key, node in nodes.items():
            columns[node.kind, node.tier].append(key)
        merged: dict[Hashable, Hashable] = {}
        kept: dict[Hashable, Node] = {}
        for (kind, tier), keys in sorted(columns.items(), key=lambda c: (KINDS.index(c[0][0]), c[0][1] or 0)):
            ranked = sorted(keys, key=lambda key: (-len(nodes[key].things), nodes[key].label, str(key)))
            apart = ranked if len(ranked) <= most else ranked[: most - 1]
            for key in sorted(apart, key=lambda key: (nodes[key].label, str(key))):
                kept[key] = nodes[key]
            rest = ranked[len(apart) :]
            if rest:
                more = Node(kind, "", tier)
                for key in rest:
                    node = nodes[key]
                    merged[key] = ("more", kind, tier)
                    more.states.update(node.states)
                    more.things |= node.things
                    more.claims.update(node.claims)
                    more.credentials |= node.credentials
                kept["more", kind, tier] = more
        joined: dict[tuple[Hashable, Hashable, str], Counter[State]] = defaultdict(Counter)
        for (one, two, what), states in edges.items():
            joined[merged.get(one, one), merged.get(two, two), what].update(states)
        return kept, dict(joined)

    def _whole(self) -> tuple[dict[Hashable, Node], dict[tuple[Hashable, Hashable, str], Counter[State]]]:
        nodes: dict[Hashable, Node] = {}
        edges: dict[tuple[Hashable, Hashable, str], Counter[State]] = defaultdict(Counter)

        def node(kind: str, key: Hashable, label: str, thing: str, tier: int | None = None) -> Node:
            made = nodes.setdefault(key, Node(kind, label, tier))
            made.things.add(thing)
            return made

        def party(name: str) -> Hashable:
            kind = "authority" if name in self._authorities else "party"
            made = node(kind, (kind, name), self.names.get(name, name), name)
            made.root = name in self.graph.roots
            return (kind, name)

        def place(name: str) -> Hashable:
            own = self.facility(name)
            node("facility", ("facility", own), self.names.get(own, own), own)
            return ("facility", own)

        def goods(name: str) -> Hashable:
            key = self.product_key(name)
            label = self.names.get(name, name)
            if self.gathered:
                home = self._homes.get(name, "")
                label = ", ".join(filter(None, (self._stuff(name), self.names.get(home, home))))
            node("product", key, label, name, self.tiers.get(name, 0))
            return key

        for identity in self.graph.identities:
            source = identity.origin.source
            key = party(identity.subject)
            nodes[key].tell(source)
            what = "accredits" if identity.accredits else "anchors"
            edges[party(source.issuer), key, what][source.state] += 1
        for facility in self.graph.facilities:
            source = facility.origin.source
            key = place(facility.id)
            nodes[key].tell(source)
            nodes[key].claims.update(standing(claim, self.chains) for claim in facility.claims)
            for operator in facility.parties:
                if operator.role == "operator":
                    edges[party(operator.id), key, "operates"][source.state] += 1
        for product in self.graph.products:
            source = product.origin.source
            key = goods(product.id)
            nodes[key].tell(source)
            nodes[key].claims.update(standing(claim, self.chains) for claim in product.claims)
            if product.facility is not None:
                edges[place(product.facility), key, "made at"][source.state] += 1
        for attestation in self.graph.attestations:
            source = attestation.origin.source
            about = (source.issuer, attestation.scheme) if self.gathered else (attestation.id, source.name)
            scheme = attestation.scheme or "no scheme"
            key = ("attestation", *about)
            node("attestation", key, scheme, attestation.id or source.name).tell(source)
            edges[party(source.issuer), key, "attests"][source.state] += 1
            for assessment in attestation.assessments:
                for name in assessment.products:
                    edges[key, goods(name), "is about"][source.state] += 1
                for name in assessment.facilities:
                    edges[key, place(name), "is about"][source.state] += 1
        for event in self.graph.ledger:
            if event.kind in ("make", "bundle"):
                state = event.origin.source.state
                outputs = list(dict.fromkeys(goods(item.product) for item in event.outputs))
                for one in dict.fromkeys(goods(item.product) for item in event.inputs):
                    for two in outputs:
                        if one != two:
                            edges[one, two, "becomes"][state] += 1
        return nodes, edges

    @cached_property
    def _authorities(self) -> frozenset[str]:
        """Who issues anchors: registers and accreditation bodies."""
        return frozenset(i.origin.source.issuer for i in self.graph.identities) | self.graph.roots


def _node_json(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "label": node.label,
        "tier": node.tier,
        "count": len(node.things),
        "names": sorted(node.things)[:3],
        "state": str(node.state) if node.state is not None else None,
        "states": {str(state): node.states[state] for state in State if node.states[state]},
        "root": node.root,
        "claims": dict(sorted(node.claims.items())),
        "credentials": list(node.credentials)[:5],
        "told_by": len(node.credentials),
    }
