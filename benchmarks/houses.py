"""Houses of a generated pilot: a good chain of the reference vendor under names and numbers of its own.

A house is written once as templates with gaps; a lot of it fills the gaps. What the lots share (facility records,
anchors, attestations about facilities) is issued once for the house.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.reference.crm import CHAINS, crm_chain, load_crm_payloads
from harness.reference.edits import Patch
from harness.reference.issuing import Issuance, enveloped
from harness.reference.keys import DemoKey
from harness.reference.payloads import Payload, dump, linked, linked_documents, load_payloads
from harness.reference.proofs import EmbedProof
from harness.reference.surroundings import did_document, did_url, signed_list, status_list, status_service
from harness.trust.keys import ED25519, P256
from harness.trust.signing import sign_compact

LOT, INDEX = "@@LOT@@", "@@INDEX@@"
LINK = "@@LINK:{}@@"
_LINK = re.compile(r"@@LINK:([^@]+)@@")
_GS1 = re.compile(
    r"(?<![0-9])(952[0-9]{4})([0-9]{5})[0-9](?![0-9])|(?<![0-9])(?<!/01/0)(952[0-9]{4})(?=[A-Z])"
)
_GTIN = re.compile(r"(?<![0-9])0(952[0-9]{4})([0-9]{5})[0-9](?![0-9])")
_CODES = re.compile(r"/(?:10|21)/([A-Za-z0-9._-]+)")
DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FIRST_PREFIX = 3000
"""GS1 company prefixes of houses are counted from 9523000 on."""


@dataclass(frozen=True)
class Platform:
    """A software that issues: how it secures and how it writes."""

    name: str
    host: str
    version: str
    alg: str
    delivery: str
    style: str
    proof: str | None = None

    def written(self, value: Any) -> str:
        """A credential as this platform writes JSON."""
        match self.style:
            case "compact":
                return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            case "escaped":
                return json.dumps(value, indent=1)
            case _:
                return dump(value)

    def key(self, did: str) -> DemoKey:
        """The key of an issuer on this platform."""
        return DemoKey(did, "demo-key-1", P256 if self.alg == "ES256" else ED25519)

    def software(self) -> dict[str, Any]:
        """What it puts under issuingSoftware."""
        vendor = {"id": f"did:web:{self.host}", "name": f"{self.name} (made up)"}
        return {
            "id": f"https://{self.host}/product",
            "name": self.name,
            "version": self.version,
            "vendor": vendor,
        }


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

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The credentials of the same lot whose digests it gives."""
        return tuple(dict.fromkeys(_LINK.findall(self.text)))


@cache
def pilot_data() -> dict[str, Any]:
    """benchmarks/pilot.toml."""
    return tomllib.loads(Path(__file__).with_name("pilot.toml").read_text(encoding="utf-8"))


@cache
def chain_values(chain: str) -> Mapping[str, dict[str, Any]]:
    """The good payloads of a chain by name, with the shipments that the pilot adds."""
    if chain not in CHAINS:
        return {name: p.value for name, p in load_payloads().items() if p.version == chain}
    found = {name: load_crm_payloads()[name].value for name in crm_chain(chain)}
    for row in pilot_data()["shipment"]:
        if row["chain"] == chain:
            found[f"untp-crm/{row['name']}"] = _shipment(row, found)
    return found


def _shipment(row: Mapping[str, str], chain: Mapping[str, Any]) -> dict[str, Any]:
    """The credential of a consignment from the place of one event to that of another."""
    made = deepcopy(load_payloads()["untp-0.7.0/dte-concentrate-shipment"].value)
    sender, receiver = (deepcopy(chain[f"untp-crm/{row[side]}"]) for side in ("from", "to"))
    host = sender["issuer"]["id"].removeprefix("did:web:")
    first, last = sender["credentialSubject"][0], receiver["credentialSubject"][0]
    goods = next(
        g
        for g in first["outputProduct"]
        if any(g["product"]["id"] == i["product"]["id"] for i in last["inputProduct"])
    )
    parties = {item["role"]: item["party"] for item in first["relatedParty"]}
    consignee = {item["role"]: item["party"] for item in last["relatedParty"]}
    made.update(
        id=f"https://credentials.{host}/{row['name']}", name=f"Shipment {row['number']}", issuer=sender["issuer"],
        credentialStatus=sender["credentialStatus"], issuingSoftware=sender["issuingSoftware"],
        renderMethod=sender["renderMethod"], validFrom=row["sent"],
    )  # fmt: skip
    event = made["credentialSubject"][0]
    event.update(
        id=f"https://events.{host}/{row['name']}/1", name=f"Shipment {row['number']}", description="By rail and by sea.",
        eventDate=row["sent"], movedProduct=[{**goods, "disposition": "inTransit"}],
        fromFacility=first["madeAtFacility"], toFacility=last["madeAtFacility"],
        consignmentId=f"https://id.{host}/401/{_prefix_of(first)}{row['number']}",
    )  # fmt: skip
    event.pop("relatedDocument")
    carrier = event["relatedParty"][1]
    event["relatedParty"] = [
        {"role": "consignor", "party": parties["operator"]}, carrier, {"role": "consignee", "party": consignee["operator"]},
    ]  # fmt: skip
    return made


def _prefix_of(event: Mapping[str, Any]) -> str:
    return str(event["madeAtFacility"]["id"]).rpartition("/")[2][:7]


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
    def codes(self) -> tuple[str, ...]:
        """What changes from lot to lot: batch and serial numbers, consignments, and ids of what tells of them."""
        text = "\n".join(json.dumps(value) for value in self.values.values())
        codes = set(_CODES.findall(text))
        codes |= set(re.findall(r"/401/952[0-9]{4}([A-Z0-9]+)", text))
        for name in self.lot_names(codes):
            for identifier in _ids(self.values[name]):
                if name.rpartition("/")[2] in identifier:
                    codes.add(identifier.partition("#")[0])
        return tuple(sorted(codes, key=lambda code: (-len(code), code)))

    def lot_names(self, codes: Iterable[str]) -> list[str]:
        """The credentials that speak of one lot."""
        wanted = re.compile(
            "|".join(rf"/(?:10|21|401)/(?:952[0-9]{{4}})?{re.escape(code)}\"" for code in codes)
        )
        return [name for name, value in self.values.items() if wanted.search(json.dumps(value))]

    @cached_property
    def of_lots(self) -> tuple[str, ...]:
        """Their names, in an order in which each comes after those that it links to."""
        codes = {code for code in self.codes if "://" not in code}
        names = self.lot_names(codes)
        ordered: list[str] = []

        def place(name: str) -> None:
            if name not in ordered:
                for other in self._linked(name):
                    if other in names:
                        place(other)
                ordered.append(name)

        for name in names:
            place(name)
        return tuple(ordered)

    @cached_property
    def of_house(self) -> tuple[str, ...]:
        """The credentials that all lots share, those that others link to first."""
        names = [name for name in self.values if name not in self.of_lots]
        return tuple(sorted(names, key=lambda name: ("dia" not in name, "dcc" not in name, name)))

    @property
    def consignments(self) -> int:
        """How many consignments one lot has: its events that move goods."""
        texts = (json.dumps(self.values[name]) for name in self.of_lots)
        return sum('"MoveEvent"' in text or '"TransactionEvent"' in text for text in texts)

    def _linked(self, name: str) -> list[str]:
        return [
            self._urls[link["linkURL"]] for link in linked(self.values[name]) if link["linkURL"] in self._urls
        ]

    @cached_property
    def _urls(self) -> dict[str, str]:
        return {value["id"]: name for name, value in self.values.items()}

    @cached_property
    def _served(self) -> frozenset[str]:
        return frozenset(other for name in self.values for other in self._linked(name))

    # --- names of its own ------------------------------------------------------------------------------

    @cached_property
    def _hosts(self) -> re.Pattern[str]:
        issuers = {value["issuer"]["id"].removeprefix("did:web:") for value in self.values.values()}
        issuers |= {
            host
            for value in self.values.values()
            for host in re.findall(r"did:web:([a-z0-9-]+\.example)", json.dumps(value))
        }
        names = sorted((host.removesuffix(".example") for host in issuers), key=len, reverse=True)
        return re.compile(r"(?<![A-Za-z0-9-])(" + "|".join(map(re.escape, names)) + r")(?=\.example)")

    def renamed(self, text: str) -> str:
        """A text with the hosts and GS1 numbers of this house."""
        text = self._hosts.sub(lambda match: f"{match[1]}-h{self.number}", text)
        return _GS1.sub(self._number, _GTIN.sub(lambda match: "0" + self._number(match), text))

    def _number(self, match: re.Match[str]) -> str:
        groups = match.groups()
        prefix = self._prefixes.setdefault(groups[0] or groups[-1], len(self._prefixes))
        made = f"952{FIRST_PREFIX + 20 * self.number + prefix}"
        if not groups[0]:
            return made
        body = made + groups[1]
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
        return f"{body}{-total % 10}"

    @cached_property
    def _prefixes(self) -> dict[str, int]:
        found = re.findall(r"952[0-9]{4}", "".join(json.dumps(value) for value in self.values.values()))
        return {prefix: place for place, prefix in enumerate(dict.fromkeys(found))}

    # --- templates -------------------------------------------------------------------------------------

    def template(self, name: str, *, patch: Patch | None = None) -> Template:
        """One credential as text with gaps; a patch is made before the names change."""
        known = self._compiled.get(name) if patch is None else None
        if known is not None:
            return known
        value = deepcopy(self.values[name])
        if "issuingSoftware" in value:
            value["issuingSoftware"] = self.platform.software()
        if patch is not None:
            value = patch(value)
        if isinstance(value.get("credentialStatus"), dict):
            entry = value["credentialStatus"]
            written = entry.get("statusListIndex")
            whole = str(self.values[name]["credentialStatus"]["statusListIndex"])
            if str(written) == whole:
                entry["id"] = str(entry.get("id", "")).replace(f"#{whole}", f"#{INDEX}")
                entry["statusListIndex"] = INDEX if isinstance(written, str) else f"{INDEX}#"
        of_lot = name in self.of_lots
        for link in linked(value):
            other = self._urls.get(link["linkURL"])
            if other is not None:
                for member in {"digestMultibase", "hashDigest"} & link.keys():
                    link[member] = LINK.format(f"{member}:{other}")
        text = self.platform.written(value).replace(f'"{INDEX}#"', INDEX)
        for added in {*_ids(value)} - {*_ids(self.values[name])} if of_lot else ():
            if "://events." in added:  # an event that a fault adds is of its lot too
                text = text.replace(f'"{added}"', f'"{added}{LOT}"')
        text = self.renamed(self._with_gaps(text) if of_lot else text)
        made = Template(
            name, text, self.renamed(self._with_gaps(self.values[name]["id"]) if of_lot else self.values[name]["id"]),
            self.platform.key(self.renamed(self.values[name]["issuer"]["id"])),
            self.renamed(Payload(name, json.dumps(self.values[name])).status[0]), name in self._served,
        )  # fmt: skip
        if patch is None:
            self._compiled[name] = made
        return made

    def _with_gaps(self, text: str) -> str:
        return self._gaps.sub(lambda match: match[0] if match["kept"] else f"{match[0]}{LOT}", text)

    @cached_property
    def _gaps(self) -> re.Pattern[str]:
        kept = sorted(linked_documents(), key=len, reverse=True)
        return re.compile(
            rf"(?P<kept>{'|'.join(map(re.escape, kept))})|(?:{'|'.join(map(re.escape, self.codes))})(?![A-Za-z0-9_-])"
        )

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
            yield self.renamed(url), body

    def did_documents(self) -> Iterator[tuple[str, bytes]]:
        """The DID documents of its issuers and of the services that keep their status lists."""
        payloads = [Payload(name, self.renamed(json.dumps(value))) for name, value in self.values.items()]
        issuers = {payload.issuer for payload in payloads}
        for did in sorted(issuers):
            document = did_document(did, payloads, key=self.platform.key(did))
            yield did_url(did), dump(document).encode()
        for did in sorted({status_service(payload.status[0]) for payload in payloads}):
            yield did_url(did), dump(did_document(did, [])).encode()

    def anchors(self) -> list[str]:
        """The parties that a verifier of the pilot trusts by itself: those who issue the identity anchors."""
        return sorted(
            {self.renamed(value["issuer"]["id"]) for name, value in self.values.items() if "/dia-" in name}
        )


def status_lists(used: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """The signed status lists, by how many of their indexes are taken."""
    for url, count in sorted(used.items()):
        yield url, signed_list(url, status_list(url, frozenset(range(count)), frozenset())).served()


def lot_code(number: int) -> str:
    """The short code of a lot: it fits behind the longest batch number of the chains (AI 10 has 20 characters)."""
    made = ""
    for _ in range(3):
        number, rest = divmod(number, len(DIGITS))
        made = DIGITS[rest] + made
    return f"-{made}"


def houses() -> tuple[House, ...]:
    """The houses of the pilot."""
    platforms = {row["name"]: Platform(**row) for row in pilot_data()["platform"]}
    return tuple(
        House(number, row["chain"], platforms[row["platform"]])
        for number, row in enumerate(pilot_data()["house"])
    )


def _ids(value: Any) -> Iterator[str]:
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if isinstance(item.get("id"), str):
                yield item["id"]
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


__all__ = ["House", "Issued", "Template", "houses", "lot_code", "pilot_data", "replace", "status_lists"]
