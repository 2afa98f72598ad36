"""What issuers are given: the good payloads as credentials of this vendor, with fresh ids, and their mutations."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from harness.errors import SuiteError
from harness.exchange import nonce_text
from harness.live import LiveTerms
from harness.model import Outcome
from harness.reference.chain import issuances_at
from harness.reference.edits import Patch
from harness.reference.issuing import VC2
from harness.reference.vectors import Vector, load_vectors
from harness.vendor import Endpoint, Vendor

EACH = 2
"""So many credentials of each type are issued."""
CHOSEN = 24
"""So many mutations are drawn by the nonce, beside those that are always sent."""
ALWAYS = ("VCP-CTX-04", "VCP-ENV-01", "VCP-ENV-13")
"""Requirements of which one mutation is always sent: undefined terms, contexts in the wrong order, dates reversed."""
OURS = ("/issuer", "/credentialStatus", "/id", "/proof", "/renderMethod")
"""Members that the input has from the vendor or from nobody: mutations of them are not sent."""

TEMPLATE = "<article><h1>{{name}}</h1><p>{{credentialSubject.name}}</p></article>"


@dataclass(frozen=True)
class Input:
    """One unsigned credential to be issued: its name (`untp-0.7.0/dpp-pack-item`) and its value."""

    name: str
    value: Mapping[str, Any]

    @property
    def type(self) -> str:
        """The UNTP type: the one beside VerifiableCredential."""
        return next(str(kind) for kind in self.value["type"] if kind != "VerifiableCredential")


@dataclass(frozen=True)
class Refusal:
    """An input that no conforming credential can be made of: its name, what it breaks, and the value or raw body."""

    name: str
    requirement: str
    value: Any


@dataclass(frozen=True)
class Inputs:
    """The inputs for one issuer under the terms of a run."""

    vendor: Vendor
    endpoint: Endpoint
    terms: LiveTerms

    @cached_property
    def good(self) -> tuple[Input, ...]:
        """Of each type that is claimed and issued here, some payloads, drawn by the nonce."""
        found: list[Input] = []
        for component, names in self._names.items():
            left = list(names)
            for number in range(min(EACH, len(left))):
                name = self.terms.choice(left, "input", self.endpoint.name, component, str(number))
                left.remove(name)
                found.append(self.input(name, "issue"))
        return tuple(found)

    def input(self, name: str, purpose: str) -> Input:
        """A payload as a credential of this vendor, under an id that is fresh for the purpose."""
        value = self._mine(name)
        if value is None:
            raise SuiteError(f"there is no payload {name}")
        if "id" not in self.endpoint.row.get("assigns", ()):
            value["id"] = f"{self._base}/{self.terms.fresh(self.endpoint.name, purpose, name)}"
        return Input(name, value)

    def refusals(self) -> Iterator[Refusal]:
        """Mutations of the inputs that break a requirement that binds: some always, the rest drawn by the nonce."""
        fitting = [vector for vector in load_vectors() if self._fits(vector)]
        always = [next((v for v in fitting if v.requirement == name), None) for name in ALWAYS]
        chosen = [vector for vector in always if vector is not None]
        left = [vector for vector in fitting if vector not in chosen]
        for number in range(min(CHOSEN, len(left))):
            vector = self.terms.choice(left, "mutation", self.endpoint.name, str(number))
            left.remove(vector)
            chosen.append(vector)
        for vector in chosen:
            value = dict(self.input(vector.base, f"refuse {vector.name}").value)
            mutated = Patch.of(vector.patch, f"vector {vector.name}")(copy.deepcopy(value))
            if mutated != value:
                yield Refusal(vector.name, vector.requirement, mutated)

    def stranger(self) -> Refusal | None:
        """A good input whose issuer is somebody else; None where vendor.toml does not say as whom the endpoint issues."""
        if not self.good or "id" not in self.endpoint.row:
            return None
        mine = self.endpoint.row.get("id")
        value = self.input(self.good[0].name, "refuse foreign-issuer").value
        did = stranger_did(self.terms.nonce, self.endpoint)
        return Refusal("foreign-issuer", "VCP-JOSE-15", json.loads(json.dumps(value).replace(str(mine), did)))

    @property
    def _base(self) -> str:
        named = self.endpoint.row.get("ids")
        if named:
            return str(named).rstrip("/")
        if self.endpoint.url.startswith("http"):
            parts = urlsplit(self.endpoint.url)
            return f"{parts.scheme}://{parts.netloc}/credentials"
        return str(self.vendor.product.get("url") or "https://issuer.example/credentials").rstrip("/")

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The payloads of the profile's version by component, of the types that are claimed and issued here."""
        kinds = self.terms.profile.types
        wanted = self.endpoint.row.get("types")
        folder = f"untp-{self.terms.profile.model or self.terms.profile.version}/"
        names: dict[str, list[str]] = {}
        for name, issuance in issuances_at(self.terms.at).items():
            if not name.startswith(folder):
                continue
            value = json.loads(issuance.payload)
            kind = next((k for k in value["type"] if k in kinds), None)
            if kind is None or kinds[kind].component not in self.terms.components:
                continue
            if not set(map(str, value["@context"])) <= {VC2, kinds[kind].context}:
                continue  # an issuer could not fetch the others: they stand under .example
            if wanted is None and kinds[kind].component == "DIA" and "registrar" not in self.terms.roles:
                continue
            if wanted is None or kind in wanted:
                names.setdefault(kinds[kind].component, []).append(name)
        return names

    def _mine(self, name: str) -> dict[str, Any] | None:
        issuance = issuances_at(self.terms.at).get(name)
        if issuance is None:
            return None
        value: dict[str, Any] = json.loads(issuance.payload)
        did = self.endpoint.row.get("id")
        theirs = value["issuer"]["id"]
        value.pop("credentialStatus", None)
        value["renderMethod"] = [_inline(method) for method in value.get("renderMethod", ())]
        if not value["renderMethod"]:
            del value["renderMethod"]
        if did is None:
            del value["issuer"]
            return value
        value = json.loads(json.dumps(value).replace(theirs, did))
        issuer = {key: inner for key, inner in value["issuer"].items() if key != "issuerAlsoKnownAs"}
        value["issuer"] = {**issuer, "name": self.vendor.vendor["name"]}
        return value

    def _fits(self, vector: Vector) -> bool:
        """Whether a mutation says the same of this vendor's input as of the good payload."""
        if not vector.patch or vector.expected is not Outcome.FAILED:
            return False
        if not any(vector.base in names for names in self._names.values()):
            return False
        places = [str(row[key]) for row in vector.patch for key in ("path", "from") if key in row]
        return not any(place == ours or place.startswith(f"{ours}/") for place in places for ours in OURS)


def _inline(method: Mapping[str, Any]) -> dict[str, Any]:
    """A render method with its template in it: an issuer could not fetch one that stands under `.example`."""
    kept = {name: value for name, value in method.items() if name not in ("url", "digestMultibase")}
    return {**kept, "template": TEMPLATE} if "url" in method else dict(method)


def stranger_did(nonce: str, endpoint: Endpoint) -> str:
    """The DID of somebody else, whose credentials an issuer is asked to issue."""
    return f"did:web:{nonce_text(nonce, 'stranger', endpoint.name)}.example"
