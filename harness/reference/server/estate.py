"""What the live vendor owns: its address, its issuers and their keys, the credentials, the status lists, the clock."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

from harness.credential.did_url import document_url
from harness.evidence import Absence, Evidence
from harness.reference.issuing import VC2, Issuance
from harness.reference.keys import DemoKey, signing_key
from harness.reference.payloads import Payload, dump, fill_digests, linked
from harness.reference.server.faults import Switchboard
from harness.reference.server.further import CONFIDENTIAL, ENDED, OLDER, VERSION
from harness.reference.server.rehosting import HOSTS, Address, moved_documents, moved_payloads
from harness.reference.surroundings import did_document
from harness.trust.bitstring import MINIMUM_ENTRIES, bits_of, encode_list

TOKEN = "application/vc+jwt"
TTL = 60_000
"""Milliseconds before a verifier should ask for a list again."""
PURPOSES = ("revocation", "suspension")
NUMBERS = (1, 2)
"""The lists of a purpose: the second for passports, the first for all else."""
STATUS_SERVICE = "status.cadenza-trace.example"
"""Who keeps the lists: a service with a DID and keys of its own."""


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class StatusBook:
    """Which index of which list is given to a credential, and whether its bit is set."""

    given: dict[str, dict[int, bool]] = field(default_factory=dict)

    def give(self, url: str, *, in_order: bool = False) -> int:
        """A free index, at random (Bitstring Status List 1.0, section 2.1); a careless issuer counts instead."""
        taken = self.given.setdefault(url, {})
        indexes = count(len(taken)) if in_order else (secrets.randbelow(MINIMUM_ENTRIES) for _ in count())
        index = next(index for index in indexes if index not in taken)
        taken[index] = False
        return index

    def set(self, url: str, index: int, *, value: bool) -> bool:
        """Set or clear the bit of a given index; False where nobody was given it."""
        taken = self.given.get(url, {})
        if index not in taken:
            return False
        taken[index] = value
        return True

    def set_in(self, url: str, spared: Container[int] = ()) -> tuple[int, ...]:
        """The indexes whose bits are set: those of withdrawn credentials, and some of nobody, as in a list in use."""
        given = {index: is_set and index not in spared for index, is_set in self.given[url].items()}
        herd = {
            int(hashlib.sha256(f"{url} {n}".encode()).hexdigest()[:8], 16) % MINIMUM_ENTRIES
            for n in range(24)
        }
        return tuple(sorted((herd - given.keys()) | {index for index, is_set in given.items() if is_set}))


@dataclass
class Estate:
    """Everything behind the address. Roles read it; the issuer adds to it."""

    base: str
    faults: Switchboard = field(default_factory=Switchboard)
    clock: Callable[[], datetime] = _now
    issued: dict[str, bytes] = field(default_factory=dict)
    """The tokens that the API has issued, by the id of the credential."""
    statuses: StatusBook = field(default_factory=StatusBook)

    def __post_init__(self) -> None:
        for payload in self.payloads.values():
            url, index = payload.status
            ended = payload.name == f"{VERSION}/{ENDED.name}"
            self.statuses.given.setdefault(url, {})[index] = ended
        for purpose in PURPOSES:
            for number in NUMBERS:
                self.statuses.given.setdefault(self.list_url(purpose, number), {})

    @cached_property
    def address(self) -> Address:
        """The address and what follows from it."""
        return Address(self.base)

    @property
    def did(self) -> str:
        """The DID of the vendor itself."""
        return self.address.did

    @cached_property
    def payloads(self) -> Mapping[str, Payload]:
        """The credentials of the chain and the further ones before they are signed, by name."""
        return moved_payloads(self.address, self.clock().date())

    @cached_property
    def current(self) -> tuple[Payload, ...]:
        """The credentials that stand in link sets and DID documents: neither confidential, nor superseded, nor ended."""
        apart = {f"{VERSION}/{one.name}" for one in (OLDER, ENDED, *CONFIDENTIAL)}
        return tuple(payload for name, payload in self.payloads.items() if name not in apart)

    @cached_property
    def confidential(self) -> frozenset[str]:
        """The URLs of credentials that are published encrypted alone."""
        return frozenset(self.payloads[f"{VERSION}/{one.name}"].url for one in CONFIDENTIAL)

    @cached_property
    def by_url(self) -> Mapping[str, Payload]:
        """The same by the URL where each is served."""
        return {payload.url: payload for payload in self.payloads.values()}

    @cached_property
    def documents(self) -> Mapping[str, tuple[bytes, str]]:
        """What the credentials link to: URL -> bytes and media type."""
        return moved_documents(self.address)

    @cached_property
    def dids(self) -> frozenset[str]:
        """Every DID whose keys this server holds."""
        services = {self.address.did_of(url) for url in self.statuses.given}
        return frozenset({self.did} | {payload.issuer for payload in self.payloads.values()} | services)

    @cached_property
    def did_urls(self) -> Mapping[str, str]:
        """Where the document of each DID stands."""
        return {url: did for did in self.dids if (url := document_url(did)) is not None}

    def list_url(self, purpose: str, number: int) -> str:
        """Where a status list of the API's own credentials stands."""
        return f"{self.base}/{HOSTS}/{STATUS_SERVICE}/{purpose}/{number}"

    @property
    def second_lists(self) -> frozenset[str]:
        """The status lists for passports."""
        return frozenset(self.list_url(purpose, NUMBERS[1]) for purpose in PURPOSES)

    def key(self, did: str) -> DemoKey:
        """The key that signs for a DID."""
        return signing_key(did)

    def did_document(self, did: str) -> dict[str, Any]:
        """The document of a DID of ours, with a key to log in with."""
        return did_document(did, self.current, holder=True)

    def signed(self, value: Mapping[str, Any], did: str) -> Issuance:
        """A credential as an issuer of ours secures it: JOSE, with a key of its DID document."""
        key = self.key(did)
        header = (("kid", key.kid), ("typ", "vc+jwt"), ("cty", "vc"))
        return Issuance("credential", dump(value), key, header=header)

    @cached_property
    def tokens(self) -> Mapping[str, bytes]:
        """The chain, signed, by URL: what is linked to is signed first, and its digest is filled in."""
        made: dict[str, bytes] = {}
        for url in self.by_url:
            self._sign(url, made)
        return made

    def _sign(self, url: str, made: dict[str, bytes]) -> None:
        if url in made:
            return
        value = json.loads(self.by_url[url].text)
        for target in sorted({link["linkURL"] for link in linked(value)} & self.by_url.keys()):
            self._sign(target, made)
        fill_digests(value, made)
        made[url] = self.signed(value, self.by_url[url].issuer).served()

    def status_list(self, url: str) -> dict[str, Any]:
        """The unsigned status list at a URL, of today."""
        purpose = "suspension" if "/suspension/" in url else "revocation"
        day = self.clock().replace(hour=0, minute=0, second=0)
        return {
            "@context": [VC2],
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "id": url,
            "name": f"{purpose.capitalize()} list",
            "issuer": {"id": self.address.did_of(url), "name": "Status service of Cadenza Trace"},
            "validFrom": written(day - timedelta(days=1)),
            "validUntil": written(day + timedelta(days=2)),
            "credentialSubject": {
                "id": f"{url}#list",
                "type": "BitstringStatusList",
                "statusPurpose": purpose,
                "encodedList": encode_list(
                    bits_of(self.statuses.set_in(url, self._spared(url)), size=MINIMUM_ENTRIES)
                ),
                "ttl": TTL,
            },
        }

    def _spared(self, url: str) -> tuple[int, ...]:
        """The indexes that stay clear although their credentials have ended, which only a fault leaves so."""
        ended_in, index = self.payloads[f"{VERSION}/{ENDED.name}"].status
        return (index,) if self.faults.has("dia-stale") and ended_in == url else ()

    def signed_list(self, url: str) -> bytes:
        """The status list credential at a URL."""
        return self.signed(self.status_list(url), self.address.did_of(url)).served()

    def fetch(self, url: str) -> Evidence | Absence:
        """What this server itself answers for a URL: the vendor judges what it issues without asking the network."""
        if url in self.did_urls:
            body = dump(self.did_document(self.did_urls[url])).encode()
            return Evidence(url, body, "application/did+json", "web")
        if url in self.statuses.given:
            return Evidence(url, self.signed_list(url), TOKEN, "web")
        if url in self.tokens or url in self.issued:
            return Evidence(url, self.issued.get(url) or self.tokens[url], TOKEN, "web")
        if url in self.documents:
            return Evidence(url, *self.documents[url], "web")
        return Absence(url, "the reference vendor does not publish it")


def written(moment: datetime) -> str:
    """A moment as credentials write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
