"""The embedded reference vendor: the copper chain, issued; and the plan that a fault changes.

Mine, concentrate, smelter, cathode, foil, battery pack: made-up companies under .example. Everything is
deterministic: the same plan gives the same bytes. All keys are DEMO keys (see `keys`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from harness.evidence import Absence, Evidence, Web
from harness.reference.dates import moved
from harness.reference.issuing import Edit, Issuance
from harness.reference.payloads import Payload, dump, fill_digests, linked, linked_documents, load_payloads
from harness.reference.proofs import EmbedProof
from harness.reference.surroundings import (
    did_document,
    did_url,
    link_sets,
    signed_list,
    status_list,
    status_service,
)
from harness.trust.bitstring import MINIMUM_ENTRIES

DEMO_CLOCK = datetime(2026, 11, 1, tzinfo=UTC)
"""The moment at which the demo is judged."""

VENDOR: Mapping[str, Any] = {
    "vendor": {"name": "Cadenza Trace Oy", "website": "https://cadenza-trace.example/", "country": "FI"},
    "product": {"name": "Cadenza Trace", "version": "1.4.2", "url": "https://cadenza-trace.example/product"},
    "scope": {
        "profile": "untp-0.7.0",
        "components": ["VCP", "DPP", "DCC", "DTE", "DFR", "DIA", "GRAPH", "MB"],
        "roles": ["issuer", "registrar", "graph"],
    },
}

ENVELOPED = ("untp-0.7.0/dpp-pack-item", "untp-0.7.0/dia-smelter-business")
PROVED = ("untp-0.7.0/dte-pack-repair",)
"""Credentials that carry an embedded proof inside the token."""

PRESENTED: Mapping[str, str] = {"untp-0.7.0/dpp-foil-batch": "did:web:voltara-cells.example"}
"""Credentials that are handed over in a presentation, and the holder who signs it."""


@dataclass(frozen=True)
class Plan:
    """How the chain is issued: one issuance for each credential, and changes to what stands around them."""

    issuances: Mapping[str, Issuance]
    did_edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    list_edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    list_sizes: Mapping[str, int] = field(default_factory=dict)
    list_token_edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    unsigned_lists: frozenset[str] = frozenset()
    document_edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    added: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    at: datetime = DEMO_CLOCK
    later: int = 0
    """By how many days all dates of the chain are later than they are written."""
    payloads: Mapping[str, Payload] = field(default_factory=load_payloads, repr=False)
    documents: Mapping[str, tuple[bytes, str]] = field(default_factory=linked_documents, repr=False)
    """What the payloads link to: URL -> bytes and media type."""
    holders: frozenset[str] = frozenset(PRESENTED.values())
    """The DIDs that publish a key for presentations too."""
    others: frozenset[str] = frozenset()
    """Further DIDs that publish a document."""

    def reissued(self, issuance: Issuance) -> Plan:
        """The same plan with one credential issued in another way."""
        return replace(self, issuances={**self.issuances, issuance.name: issuance})


@dataclass(frozen=True)
class Bundle:
    """What the vendor hands over, what the web answers, who the vendor is, and when it is judged."""

    evidence: tuple[Evidence, ...]
    web: Web
    vendor: dict[str, Any]
    at: datetime
    plan: Plan = field(repr=False)

    def delivered(self, name: str) -> Evidence:
        """The evidence that holds the credential of a good payload."""
        return self.evidence[list(self.plan.issuances).index(name)]


@cache
def reference_bundle() -> Bundle:
    """The good chain."""
    return issue(good_plan())


def bundle_at(moment: datetime) -> Bundle:
    """The good chain with its dates moved to a moment; the same moment gives the same bytes."""
    return issue(replace(good_plan(), at=moment, later=(moment.date() - DEMO_CLOCK.date()).days))


def issuances_at(moment: datetime) -> Mapping[str, Issuance]:
    """How each credential of the chain is issued at a moment: payloads with their dates moved and digests filled in."""
    return _issuances((moment.date() - DEMO_CLOCK.date()).days)


@lru_cache(maxsize=4)
def _issuances(later: int) -> Mapping[str, Issuance]:
    return MappingProxyType(_with_digests(replace(good_plan(), later=later)))


@cache
def good_plan() -> Plan:
    """How the good chain is issued: mostly tokens, some in JSON and one in a presentation."""
    plan = {}
    for name, payload in load_payloads().items():
        issuance = Issuance.of(payload)
        if name in ENVELOPED:
            issuance = replace(issuance, delivery="enveloped")
        if name in PROVED:
            issuance = replace(issuance, proofs=(EmbedProof(issuance.key),))
        if name in PRESENTED:
            issuance = replace(issuance, delivery="presentation", holder=PRESENTED[name])
        plan[name] = issuance
    return Plan(plan)


def issue(plan: Plan) -> Bundle:
    """Sign everything and put it where it can be found."""
    issuances = _with_digests(plan)
    evidence = tuple(
        Evidence(one.file, one.delivered(), one.media_type, "demo") for one in issuances.values()
    )
    answers: dict[str, Evidence | Absence] = {}
    for url, body, media_type in _published(plan, issuances):
        found = body
        for edit in plan.document_edits.get(url, ()):
            found = edit(found)
        answers[url] = Evidence(url, found, media_type, "demo")
    for url in plan.gone:
        answers[url] = Absence(url, "the server answered 404 Not Found", "vendor")
    return Bundle(evidence, Web(answers), {name: dict(VENDOR[name]) for name in VENDOR}, plan.at, plan)


def _with_digests(plan: Plan) -> dict[str, Issuance]:
    """Each issuance with the digests of the credentials that it links to; what is linked to comes first."""
    payloads = plan.payloads
    by_url = {payload.url: name for name, payload in payloads.items()}
    made: dict[str, Issuance] = {}
    bodies: dict[str, bytes] = {}

    def complete(name: str) -> None:
        if name in made:
            return
        needed = {link["linkURL"] for link in linked(payloads[name].value)} & by_url.keys()
        for url in sorted(needed):
            complete(by_url[url])
        issuance = replace(plan.issuances[name], payload=moved(plan.issuances[name].payload, plan.later))
        if needed:
            value = json.loads(issuance.payload)
            fill_digests(value, bodies)
            issuance = replace(issuance, payload=dump(value))
        made[name] = issuance
        bodies[payloads[name].url] = issuance.served()

    for name in plan.issuances:
        complete(name)
    return {name: made[name] for name in plan.issuances}


def _published(plan: Plan, issuances: Mapping[str, Issuance]) -> Iterator[tuple[str, bytes, str]]:
    """Everything on the web of the chain: URL, bytes, media type."""
    payloads = plan.payloads
    lists = sorted({payload.status[0] for payload in payloads.values()})
    for url, (body, media_type) in plan.documents.items():
        yield url, body, media_type
    for name, issuance in issuances.items():
        yield (
            payloads[name].url,
            issuance.served(),
            "application/vc" if issuance.delivery == "json" else "application/vc+jwt",
        )
    for did in sorted(
        {payload.issuer for payload in payloads.values()}
        | {status_service(url) for url in lists}
        | plan.holders
        | plan.others
    ):
        document = json.loads(_did_document(plan, did))
        for edit in plan.did_edits.get(did, ()):
            document = edit(document)
        yield did_url(did), dump(document).encode(), "application/did+json"
    for url in lists:
        yield url, *_status_list(plan, url)
    for identifier, link_set in _link_sets(plan).items():
        yield identifier, link_set, "application/linkset+json"
    for url, (body, media_type) in plan.added.items():
        yield url, body, media_type


def _link_sets(plan: Plan) -> Mapping[str, bytes]:
    if plan.payloads is load_payloads():
        return _good_link_sets()
    return {
        identifier: dump(value).encode() for identifier, value in link_sets(plan.payloads.values()).items()
    }


def _did_document(plan: Plan, did: str) -> str:
    holder = did in plan.holders
    if plan.payloads is load_payloads():
        return _good_did_document(did, holder=holder)
    return dump(did_document(did, plan.payloads.values(), holder=holder))


@cache
def _good_link_sets() -> Mapping[str, bytes]:
    return {
        identifier: dump(value).encode() for identifier, value in link_sets(load_payloads().values()).items()
    }


@cache
def _good_did_document(did: str, *, holder: bool) -> str:
    return dump(did_document(did, load_payloads().values(), holder=holder))


def _status_list(plan: Plan, url: str) -> tuple[bytes, str]:
    here = {name: payload.status[1] for name, payload in plan.payloads.items() if payload.status[0] == url}
    revoked = frozenset(index for name, index in here.items() if plan.issuances[name].revoked)
    value: Any = status_list(
        url, frozenset(here.values()), revoked, size=plan.list_sizes.get(url, MINIMUM_ENTRIES)
    )
    for edit in plan.list_edits.get(url, ()):
        value = edit(value)
    text = moved(dump(value), plan.later)
    if url in plan.unsigned_lists:
        return text.encode(), "application/vc"
    edits = plan.list_token_edits.get(url, ())
    return replace(signed_list(url, json.loads(text)), token_edits=edits).served(), "application/vc+jwt"
