"""The three example value chains of UNTP-CRM, issued: lithium, copper, cobalt with nickel.

Their payloads lie under test_cases/vectors/good/untp-crm/<chain>/ and are issued like those of the demo, but
apart from it: the demo judges UNTP alone. Names are `untp-crm/<file>`, whatever the chain.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError
from harness.evidence import Absence, Evidence, Web
from harness.model import Outcome
from harness.reference.edits import Patch
from harness.reference.issuing import Edit, Issuance
from harness.reference.payloads import FOLDER, Payload, dump
from harness.reference.surroundings import did_document, did_url, signed_list, status_list, status_service
from harness.reference.vectors import Also, Vector
from harness.resources import resource

PROFILE = "untp-crm"
CHAINS = ("lithium", "copper", "cobalt")


@cache
def load_crm_payloads() -> Mapping[str, Payload]:
    """Every good payload of the profile by name. Raises SuiteError where one is no JSON or a name occurs twice."""
    found: dict[str, Payload] = {}
    for path in sorted(resource(*FOLDER, PROFILE).glob("*/*.json")):
        payload = Payload(f"{PROFILE}/{path.stem}", path.read_text(encoding="utf-8"))
        if payload.name in found:
            raise SuiteError(f"two good payloads are called {path.stem}", where=str(path))
        try:
            payload.value["id"]
        except json.JSONDecodeError as error:
            raise SuiteError(f"this good payload is no JSON: {error}", where=str(path)) from None
        found[payload.name] = payload
    return found


@cache
def crm_chain(name: str) -> tuple[str, ...]:
    """The names of the payloads of one chain."""
    return tuple(f"{PROFILE}/{path.stem}" for path in sorted(resource(*FOLDER, PROFILE, name).glob("*.json")))


def crm_anchors() -> str:
    """Whom a verifier of the chains trusts by itself, as a file of anchors."""
    return resource(*FOLDER, PROFILE, "anchors.toml").read_text(encoding="utf-8")


def crm_evidence(name: str, *edits: Edit) -> Evidence:
    """One credential of a chain as it is handed over, with changes to its payload before it is signed."""
    issuance = replace(Issuance.of(load_crm_payloads()[name]), payload_edits=edits)
    return Evidence(issuance.file, issuance.delivered(), issuance.media_type, "demo")


@cache
def crm_web() -> Web:
    """What the web answers around the chains: credentials, DID documents, status lists."""
    payloads = load_crm_payloads()
    answers: dict[str, Evidence | Absence] = {}
    lists: dict[str, set[int]] = {}
    for name, payload in payloads.items():
        answers[payload.url] = replace(crm_evidence(name), name=payload.url)
        url, index = payload.status
        lists.setdefault(url, set()).add(index)
    for did in sorted({payload.issuer for payload in payloads.values()} | set(map(status_service, lists))):
        body = dump(did_document(did, payloads.values())).encode()
        answers[did_url(did)] = Evidence(did_url(did), body, "application/did+json", "demo")
    for url, taken in lists.items():
        signed = signed_list(url, status_list(url, frozenset(taken), frozenset()))
        answers[url] = Evidence(url, signed.served(), signed.media_type, "demo")
    return Web(answers)


@cache
def load_crm_vectors() -> tuple[Vector, ...]:
    """The mutations of the chains: test_cases/vectors/untp-crm/*.toml. Raises SuiteError where a base is unknown."""
    found: dict[str, Vector] = {}
    for path in sorted(resource("test_cases", "vectors", PROFILE).glob("*.toml")):
        for number, row in enumerate(read_toml(path, "vector")["vector"]):
            where = place_in(path, "vector", number, "name")
            if row["base"] not in load_crm_payloads():
                raise SuiteError(f"vector {row['name']} has the unknown base {row['base']}", where=where)
            if row["name"] in found:
                raise SuiteError(f"the vector {row['name']} is named twice", where=where)
            also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
            found[row["name"]] = Vector(
                row["name"],
                row["requirement"],
                row["base"],
                row["summary"],
                tuple(row["patch"]),
                also=also,
                file=str(where),
            )
    return tuple(found.values())


def broken(vector: Vector) -> Evidence:
    """The credential of a mutation: the good twin, changed, then signed."""
    return crm_evidence(vector.base, Patch.of(vector.patch, f"vector {vector.name}"))


def expected(vector: Vector) -> Mapping[str, Outcome]:
    """What each requirement concerned has to say under the profile, where proposed requirements bind."""
    requirements = load_catalogue().requirements
    names = (vector.requirement, *(other.requirement for other in vector.also))
    return {name: requirements[name].severity(proposed="binds") for name in names}
