"""Houses of a generated pilot: a good chain of the reference vendor under names and numbers of its own.

A house is written once as templates with gaps; a lot of it fills the gaps. What the lots share (facility records,
anchors, accreditations, attestations about facilities and products) is issued once for the house.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.reference.crm import CHAINS, crm_chain, load_crm_payloads
from harness.reference.issuing import Edit, Issuance, enveloped
from harness.reference.keys import DemoKey
from harness.reference.payloads import Payload, dump, linked, linked_documents, load_payloads
from harness.reference.proofs import EmbedProof
from harness.reference.surroundings import did_document, did_url, signed_list, status_list, status_service
from harness.trust.signing import sign_compact

sys.path.insert(0, str(Path(__file__).parent))
from gaps import LOT, Gaps, ids_in
from names import Names
from platforms import Platform, pilot_data, platforms

INDEX = "@@INDEX@@"
LINK = "@@LINK:{}@@"
_LINK = re.compile(r"@@LINK:([^@]+)@@")


@dataclass(frozen=True)
class Issued:
    """One credential of a pilot: its name, the token as it is served, and the line that is handed over."""

    name: str
    url: str
    token: bytes
    line: bytes
    served: bool
    """Whether another credential links to it, so that the web has to answer its URL."""


@dataclass(frozen=True)
class Template:
    """One credential of a house as text with gaps: for the lot, the status index, digests of what it links to."""

    name: str
    text: str
    url: str
    key: DemoKey
    status: str
    served: bool


@cache
def chain_values(chain: str) -> Mapping[str, dict[str, Any]]:
    """The good payloads of a chain by name, with those of another release that pilot.toml adds to it."""
    if chain in CHAINS:
        return {name: load_crm_payloads()[name].value for name in crm_chain(chain)}
    added = {name for row in pilot_data()["added"] if row["chain"] == chain for name in row["names"]}
    return {name: p.value for name, p in load_payloads().items() if p.version == chain or name in added}


@dataclass(frozen=True)
class House:
    """One cast of actors around a chain on one platform; `number` keeps its names apart from those of others."""

    number: int
    chain: str
    platform: Platform
    _compiled: dict[str, Template] = field(default_factory=dict, repr=False, compare=False)

    @property
    def values(self) -> Mapping[str, dict[str, Any]]:
        """The good payloads that it is written after."""
        return chain_values(self.chain)

    @cached_property
    def gaps(self) -> Gaps:
        """What changes from lot to lot."""
        return Gaps(self.values)

    @cached_property
    def names(self) -> Names:
        """Its hosts and numbers."""
        return Names(self.number, self.values)

    @property
    def of_lots(self) -> tuple[str, ...]:
        """The credentials that each lot has, in an order in which each comes after those that it links to."""
        return self.gaps.of_lots

    @property
    def of_house(self) -> tuple[str, ...]:
        """The credentials that all lots share, those that others link to first."""
        return self.gaps.of_house

    @property
    def consignments(self) -> int:
        """How many consignments one lot has: its events that move goods."""
        texts = (json.dumps(self.values[name]) for name in self.of_lots)
        return sum('"MoveEvent"' in text or '"TransactionEvent"' in text for text in texts)

    # --- templates -------------------------------------------------------------------------------------

    def template(self, name: str, *, patch: Edit | None = None) -> Template:
        """One credential as text with gaps; a patch is made before the names change."""
        known = self._compiled.get(name) if patch is None else None
        if known is not None:
            return known
        good = self.values[name]
        value = deepcopy(good)
        if "issuingSoftware" in value:
            value["issuingSoftware"] = self.platform.software()
        if patch is not None:
            value = patch(value)
        self._open_status(value, good)
        self._open_links(value)
        text = self.platform.written(value).replace(f'"{INDEX}#"', INDEX)
        url = good["id"]
        if name in self.of_lots:
            for added in {*ids_in(value)} - {*ids_in(good)}:
                if "://events." in added:  # an event that a fault adds is of its lot too
                    text = text.replace(f'"{added}"', f'"{added}{LOT}"')
            text, url = self.gaps.opened(text), self.gaps.opened(url)
        renamed = self.names.renamed
        made = Template(
            name, renamed(text), renamed(url), self.platform.key(renamed(good["issuer"]["id"])),
            renamed(Payload(name, json.dumps(good)).status[0]), name in self.gaps.served,
        )  # fmt: skip
        if patch is None:
            self._compiled[name] = made
        return made

    @staticmethod
    def _open_status(value: dict[str, Any], good: Mapping[str, Any]) -> None:
        """A gap for the status index, unless a fault has changed it."""
        entry = value.get("credentialStatus")
        if isinstance(entry, dict):
            written = entry.get("statusListIndex")
            whole = str(good["credentialStatus"]["statusListIndex"])
            if str(written) == whole:
                entry["id"] = str(entry.get("id", "")).replace(f"#{whole}", f"#{INDEX}")
                entry["statusListIndex"] = INDEX if isinstance(written, str) else f"{INDEX}#"

    def _open_links(self, value: dict[str, Any]) -> None:
        """Gaps for the digests of the credentials that it links to."""
        for link in linked(value):
            other = self.gaps.urls.get(link["linkURL"])
            if other is not None:
                for member in {"digestMultibase", "hashDigest"} & link.keys():
                    link[member] = LINK.format(f"{member}:{other}")

    def issue(
        self, template: Template, lot: str, index: int, digests: Mapping[str, str], *, change: Any = None
    ) -> Issued:
        """One credential signed: the gaps filled, the proof embedded, the envelope closed.

        `change` is a change to the way in which it is issued, from an issuance to another.
        """
        text = template.text.replace(LOT, lot).replace(INDEX, str(index))
        text = _LINK.sub(lambda match: digests[match[1]], text)
        platform = self.platform
        if platform.proof is not None and self.proves(template.name):
            proved = EmbedProof(template.key, platform.proof)(json.loads(text))
            text = platform.written(proved)
        if change is not None:
            issuance = Issuance(
                template.name, text, template.key, header=(("kid", template.key.kid), ("typ", "vc+jwt"))
            )
            token = change(issuance).served()
        else:
            token = sign_compact(text.encode(), template.key.private, kid=template.key.kid).encode()
        line = token
        if platform.delivery == "enveloped":
            line = json.dumps(enveloped(token.decode()), separators=(",", ":")).encode()
        return Issued(template.name, template.url.replace(LOT, lot), token, line, template.served)

    def proves(self, name: str) -> bool:
        """Whether this credential has an embedded proof: suites over RDF for what is issued once, as they are slow."""
        return self.chain != "untp-0.6.1" and (
            "rdfc" not in (self.platform.proof or "") or name in self.of_house
        )

    # --- the web around it -----------------------------------------------------------------------------

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """What its credentials link to on the web, under the hosts of the house where they are its own."""
        for url, (body, _) in linked_documents().items():
            yield self.names.renamed(url), body

    def did_documents(self) -> Iterator[tuple[str, bytes]]:
        """The DID documents of its issuers and of the services that keep their status lists."""
        payloads = [
            Payload(name, self.names.renamed(json.dumps(value))) for name, value in self.values.items()
        ]
        for did in sorted({payload.issuer for payload in payloads}):
            document = did_document(did, payloads, key=self.platform.key(did))
            yield did_url(did), dump(document).encode()
        for did in sorted({status_service(payload.status[0]) for payload in payloads}):
            yield did_url(did), dump(did_document(did, [])).encode()

    def anchors(self) -> list[str]:
        """The parties that a verifier of the pilot trusts by itself: those who issue the identity anchors."""
        issuers = {value["issuer"]["id"] for name, value in self.values.items() if "/dia-" in name}
        return sorted(map(self.names.renamed, issuers))


def status_lists(used: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """The signed status lists, by how many of their indexes are taken."""
    for url, count in sorted(used.items()):
        yield url, signed_list(url, status_list(url, frozenset(range(count)), frozenset())).served()


def houses() -> tuple[House, ...]:
    """The houses of the pilot."""
    known = platforms()
    return tuple(
        House(number, row["chain"], known[row["platform"]])
        for number, row in enumerate(pilot_data()["house"])
    )
