"""The chain on another ground: re-issued below a base URL that a product under test can really reach.

Hosts of the chain become folders: `https://status.mine.example/revocation/1` is `<base>/status.mine.example/revocation/1`,
`did:web:mine.example` is `did:web:<host>%3A<port>:<folders>:mine.example`. Keys follow the DIDs, so a base with a
nonce in it gives credentials, keys and lists that nobody could prepare for. All dates move with the clock. Data of
vectors moves in the same way, so that each mutation keeps its meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from harness.errors import SuiteError
from harness.reference.chain import DEMO_CLOCK, Plan, good_plan
from harness.reference.issuing import Issuance
from harness.reference.payloads import Payload, linked, linked_documents, load_payloads
from harness.reference.proofs import EmbedProof
from harness.reference.vectors import Vector, mutated

_DID = re.compile(r"did:web:([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.example)")
_DOCUMENT = re.compile(r"https://([a-z0-9.-]+\.example)/\.well-known/did\.json")
_URL = re.compile(r"https://([a-z0-9.-]+\.example)(?![a-z0-9.:-])")


@dataclass(frozen=True)
class Ground:
    """A base URL (https, without a slash at its end) and the moment around which the chain is valid there."""

    base: str
    at: datetime

    @cached_property
    def did(self) -> str:
        """What every did:web of this ground begins with."""
        parts = urlsplit(self.base)
        if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
            raise SuiteError(f"{self.base!r} is no base URL for a did:web", hint="https://host:port/folder")
        path = parts.path.strip("/")
        return ":".join(["did:web", parts.netloc.replace(":", "%3A"), *filter(None, path.split("/"))])

    def moved(self, text: str) -> str:
        """A text with every DID and URL of the chain moved here; what is here already stays."""
        text = _DID.sub(lambda found: f"{self.did}:{found[1]}", text)
        text = _DOCUMENT.sub(lambda found: f"{self.base}/{found[1]}/did.json", text)
        return _URL.sub(
            lambda found: f"{self.base}/{found[1]}" if found[1] in served_hosts() else found[0], text
        )

    def arguments(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Data of a vector, moved."""
        moved: dict[str, Any] = json.loads(self.moved(json.dumps(dict(value), ensure_ascii=False)))
        return moved

    def plan(self, *names: str) -> Plan:
        """How the credentials of these names, and those that they link to, are issued here."""
        payloads = {name: self._payload(name) for name in sorted(_with_linked(names))}
        good = good_plan().issuances
        return Plan(
            {name: _issued(payload, good[name], self) for name, payload in payloads.items()},
            at=self.at,
            later=(self.at.date() - DEMO_CLOCK.date()).days,
            payloads=payloads,
            documents={self.moved(url): found for url, found in linked_documents().items()},
            holders=frozenset(payload.issuer for payload in payloads.values()),
        )

    def mutated(self, vector: Vector) -> Plan:
        """The plan of a vector's good twin, here, with its mutation in it."""
        here = replace(
            vector,
            patch=tuple(self.arguments(row) for row in vector.patch),
            text=tuple(self.arguments(row) for row in vector.text),
            envelope=self.arguments(vector.envelope) if vector.envelope is not None else None,
        )
        others = self.dids_in((vector.patch, vector.text, vector.envelope))
        return mutated(here, replace(self.plan(vector.base), others=others))

    def dids_in(self, data: object) -> frozenset[str]:
        """The DIDs of the chain that some data speak of, moved here: each needs a document."""
        return frozenset(f"{self.did}:{host}" for host in _DID.findall(repr(data)) if host in served_hosts())

    def _payload(self, name: str) -> Payload:
        return Payload(name, self.moved(load_payloads()[name].text))


def _issued(payload: Payload, like: Issuance, ground: Ground) -> Issuance:
    """A payload issued as in the good chain, by the keys of this ground."""
    issuance = Issuance.of(payload)
    holder = ground.moved(like.holder) if like.holder else None
    proofs = (EmbedProof(issuance.key),) if like.proofs else ()
    return replace(issuance, delivery=like.delivery, holder=holder, proofs=proofs)


def _with_linked(names: Iterable[str]) -> frozenset[str]:
    """The names, and those of every credential that they link to with a digest."""
    payloads = load_payloads()
    by_url = {payload.url: name for name, payload in payloads.items()}
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [
                by_url[link["linkURL"]] for link in linked(payloads[name].value) if link["linkURL"] in by_url
            ]
    return frozenset(found)


@cache
def served_hosts() -> frozenset[str]:
    """The hosts of the chain that answer: of credentials, status lists, linked documents and DIDs."""
    payloads = load_payloads().values()
    urls = {payload.url for payload in payloads} | {payload.status[0] for payload in payloads}
    hosts = {urlsplit(url).netloc for url in urls | set(linked_documents())}
    return frozenset(hosts | {payload.issuer.removeprefix("did:web:") for payload in payloads})
