"""A graph as plain data: entities, states, chains, sums and stock, for `untp-crm audit`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harness.graph.balance import Balance, Sum
from harness.graph.chains import Chains, Strength
from harness.graph.claims import Support, out_of_time
from harness.graph.entities import Claim, Graph, State
from harness.graph.mass import sum_told, total


def summary(graph: Graph, chains: Chains, balance: Balance) -> dict[str, Any]:
    """Everything that the audit shows besides its findings, in a stable order."""
    return {
        "credentials": {
            "total": len(graph.sources),
            "states": {str(state): sum(s.state is state for s in graph.sources) for state in State},
            "components": dict(sorted(Counter(s.component or "other" for s in graph.sources).items())),
            "same_id": [
                {"id": name, "credentials": [s.name for s in twins]}
                for name, twins in graph.sources_by_id.items() if len(twins) > 1
            ],
            "not_verified": [{"credential": s.name, "state": str(s.state), "why": s.why} for s in graph.sources if not s.verified],
        },
        "entities": entities(graph),
        "claims": claims(graph, chains),
        "anchors": [
            {
                "subject": identity.subject,
                "issuer": identity.origin.source.issuer,
                "register": identity.register,
                "state": str(identity.origin.source.state),
                "reaches_root": chains.roots.reached_from(identity) if graph.roots else None,
            }
            for identity in graph.identities
        ],
        "balance": [_sum(one) for one in (*balance.masses, *balance.metals, *balance.recycled)],
        "stock": [
            {"facility": place, "lot": lot, "kilograms": sum(entry.kilograms for entry in entries), "entries": len(entries)}
            for (place, lot), entries in sorted(balance.stock.ledgers.items())
        ],
    }  # fmt: skip


def entities(graph: Graph) -> dict[str, int]:
    """How many different entities of each kind there are after joining."""
    criteria = {c.id for claim in graph.claims for c in claim.criteria} | set(graph.attestations_by_criterion)
    parties = {source.issuer for source in graph.sources} | {i.subject for i in graph.identities}
    parties |= {party.id for product in graph.products for party in product.parties}
    parties |= {party.id for facility in graph.facilities for party in facility.parties}
    parties |= {party.id for event in graph.events for party in event.parties}
    goods = {g.product for event in graph.events for g in (*event.inputs, *event.outputs)}
    places = {place for event in graph.events for place in (event.place, event.destination) if place}
    places |= {facility.id for facility in graph.facilities} | {
        p.facility for p in graph.products if p.facility
    }
    return {
        "products": len(goods | set(graph.products_by_id)),
        "facilities": len(places),
        "parties": len(parties - {""}),
        "claims": sum(1 for _ in graph.claims),
        "assessments": sum(len(a.assessments) for a in graph.attestations),
        "criteria": len(criteria - {""}),
        "schemes": len({a.scheme for a in graph.attestations if a.scheme}),
        "identities": len(graph.identities),
        "events": len(graph.events),
    }


def claims(graph: Graph, chains: Chains) -> dict[str, Any]:
    """How the claims are borne out: those that hold, those that do not, and those whose evidence is protected."""
    rows = [
        {
            "credential": c.origin.source.name,
            "pointer": c.origin.pointer,
            "standing": standing(c, chains),
            "by": chains.strength(c),
        }
        for c in graph.claims
    ]
    return {
        "counts": dict(sorted(Counter(row["standing"] for row in rows).items())),
        "held_by": {str(name): sum(row["by"] is name for row in rows) for name in reversed(list(Strength))},
        "claims": rows,
    }


def standing(claim: Claim, chains: Chains) -> str:
    """held, partial, refuted, void (by what is not verified), elsewhere (also in time), protected or unassessed."""
    backing = chains.claims.backing(claim)
    supports = {Support.ELSEWHERE if out_of_time(claim, one) else one.support for one in backing}
    if Support.REFUTED in supports:
        return "refuted"
    if backing and supports == {Support.HELD}:
        return "held"
    if Support.HELD in supports:
        return "partial"
    if Support.VOID in supports:
        return "void"
    if Support.ELSEWHERE in supports:
        return "elsewhere"
    return "protected" if any(link.protected for link in claim.evidence) else "unassessed"


def _sum(one: Sum) -> dict[str, Any]:
    decided = "over" if one.over else "even" if one.decided else "undecided"
    return {
        "event": one.event.id,
        "credential": one.event.origin.source.name,
        "state": str(one.event.origin.source.state),
        "of": one.about,
        "result": decided,
        "in_kilograms": total(one.inputs),
        "out_kilograms": total(one.outputs),
        "in": sum_told(one.inputs),
        "out": sum_told(one.outputs),
        "share": one.ratio,
        "missing": [f"{goods.name or goods.written}: {why}" for goods, why in one.missing],
    }
