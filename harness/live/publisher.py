"""The dialogue with a publisher: credentials, what they name, what is frozen, and how their subjects are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.credential import Document, Node
from harness.credential.did_url import document_url
from harness.errors import MalformedError
from harness.exchange import Exchange, Line
from harness.judge.answers import credential_in
from harness.judge.linkset import TYPES
from harness.judge.publisher import FACILITY_OF, PRODUCT_OF, SUBJECT_OF, WALLET_OF
from harness.live import LiveTerms
from harness.live.asking import CREDENTIALS, DATA, MOST, READER, Asking, checks_of
from harness.semantics.artefacts import registry
from harness.vendor import Endpoint, Vendor

GOODS = frozenset({"Product", "Item"})
AGAIN = "contexts-again"
"""The probe that asks for each context a second time."""
GROUPS = ("contexts", "schemas", "templates", "presentations")
ACCEPTED = {
    "contexts": "application/ld+json, application/json;q=0.9",
    "schemas": "application/schema+json, application/json;q=0.9",
    "templates": "text/html, */*;q=0.1",
    "presentations": "application/vp+jwt, application/vp, */*;q=0.1",
}


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask for everything that one publisher publishes."""
    del vendor, terms
    asking, row = Asking.to(line, endpoint.role, endpoint.name), endpoint.row
    resolved: dict[str, dict[str, str]] = {}
    yield from asking.smoke(first_address(row))
    for url in row.get("credentials", ()):
        for exchange in asking.ask(url, "credential", headers={"accept": CREDENTIALS}, redirects=3):
            yield exchange
            credential = credential_in(exchange)
            if credential is not None and credential.document is not None:
                yield from _named(asking, credential.document.root)
                for identifier, why in identifiers_of(credential.document):
                    resolved.setdefault(identifier, {}).setdefault(why, url)
                    if why == SUBJECT_OF and row.get("wallet"):
                        resolved[identifier].setdefault(WALLET_OF, url)
    for identifier, reasons in list(resolved.items())[:MOST]:
        yield from ask_did(asking, identifier)
        yield from asking.listing(identifier, "identifier", identifier, reasons)
    for group in GROUPS:
        for url in row.get(group, ()):
            yield from asking.ask(url, group, headers={"accept": ACCEPTED[group]}, redirects=3)
    for url in row.get("contexts", ()):  # by now it may have changed; no cache in between
        fresh = {"accept": ACCEPTED["contexts"], "cache-control": "no-cache"}
        yield from asking.ask(url, AGAIN, headers=fresh, redirects=3)
    if "register" in row:
        yield from asking.ask(row["register"], "register", headers={"accept": DATA}, redirects=3)
    yield from asking.checks(prepared(row), checks_of(endpoint.role))


def first_address(row: Mapping[str, Any]) -> str:
    """An address of a row that lists some: whether anybody is there."""
    for value in row.values():
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value:
            return str(value[0]["url"] if isinstance(value[0], Mapping) else value[0])
    return ""


def prepared(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its frozen documents by kind, for the checks that are written as data."""
    frozen = list(row.get("frozen", ()))
    kinds = {
        f"frozen_{group}": [f for f in frozen if f["url"] in row.get(group, ())]
        for group in ("credentials", *GROUPS)
    }
    return dict(row) | kinds


def _named(asking: Asking, root: Node) -> Iterator[Exchange]:
    """What a credential names: the document of its issuer, its status lists, and schemas that are not those of UNTP."""
    issuer = root.get("issuer")
    yield from ask_did(asking, issuer.get("id") if isinstance(issuer, dict) else issuer)
    for entry in root.each("credentialStatus"):
        yield from _ask_text(asking, entry.get("statusListCredential"), "status", CREDENTIALS)
    for entry in root.each("credentialSchema"):
        if entry.get("id") not in registry().artefacts:
            yield from _ask_text(asking, entry.get("id"), "schemas", ACCEPTED["schemas"])


def _ask_text(asking: Asking, url: Any, probe: str, accept: str) -> Iterator[Exchange]:
    if isinstance(url, str):
        yield from asking.ask(url, probe, headers={"accept": accept}, redirects=3)


def ask_did(asking: Asking, did: Any) -> Iterator[Exchange]:
    """The document or log of a DID that stands on the web."""
    if not isinstance(did, str) or not did.startswith("did:"):
        return
    try:
        url = document_url(did.partition("#")[0])
    except MalformedError:
        return
    if url is not None:
        yield from asking.ask(url, "did", headers={"origin": READER}, redirects=3, about={"did": did})


def identifiers_of(document: Document) -> Iterator[tuple[str, str]]:
    """The identifiers that a credential is about, and those of its facility and goods, each with why it is resolved."""
    root = document.root
    kind = next((short for short, name in TYPES.items() if name in root.types), "")
    for subject in root.each("credentialSubject"):
        about = subject["product"] or subject["facility"] or subject
        if kind in ("dpp", "dfr"):
            yield from _text(about.get("id"), SUBJECT_OF)
        for node in document.objects:
            if not node.pointer.startswith(subject.pointer):
                continue
            if kind == "dpp" and node.name in ("producedAtFacility", "facility"):
                yield from _text(node.get("id"), FACILITY_OF)
            if kind == "dte" and GOODS & set(node.types):
                yield from _text(node.get("id"), PRODUCT_OF)


def _text(value: Any, why: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value:
        yield value, why
