"""What stands around the credentials on the web: DID documents, status lists, link sets, linked documents."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from harness.credential.did_url import document_url
from harness.errors import SuiteError
from harness.reference.issuing import VC2, Issuance
from harness.reference.keys import DemoKey, login_key, signing_key
from harness.reference.payloads import Payload, dump
from harness.trust.bitstring import MINIMUM_ENTRIES, bits_of, encode_list
from harness.trust.signing import did_web_document

LIST_FROM, LIST_UNTIL = "2026-10-31T00:00:00Z", "2026-11-30T23:59:59Z"
DAY = 86_400_000
"""Milliseconds before a verifier should ask again."""


def did_document(
    did: str, payloads: Iterable[Payload], *, holder: bool = False, key: DemoKey | None = None
) -> dict[str, Any]:
    """The DID document of an issuer: its key, its register entries, and the anchors that confirm them."""
    key = key or signing_key(did)
    keys = [(key.fragment, key.private, ["assertionMethod"])]
    if holder:
        keys.append((login_key(did).fragment, login_key(did).private, ["authentication"]))
    document = did_web_document(did, keys)
    known: set[str] = set()
    services = []
    for payload in payloads:
        if payload.issuer == did:
            known.update(alias["id"] for alias in payload.value["issuer"].get("issuerAlsoKnownAs", ()))
        if payload.kind == "dia" and payload.value["credentialSubject"]["id"] == did:
            known.add(_register_entry(payload.value["credentialSubject"]))
            services.append(
                {
                    "id": f"{did}#{payload.name.replace('/', '-').replace('.', '-')}",
                    "type": "untp:dia",
                    "serviceEndpoint": {
                        "href": payload.url,
                        "title": payload.value["name"],
                        "type": "application/vc+jwt",
                    },
                }
            )
    if known:
        document["alsoKnownAs"] = sorted(known)
    if services:
        document["service"] = services
    return document


def did_url(did: str) -> str:
    """Where the DID document of an issuer stands; every issuer of the chain has a did:web."""
    url = document_url(did)
    if url is None:
        raise SuiteError(f"{did} has no document on the web")
    return url


def _register_entry(subject: Mapping[str, Any]) -> str:
    return str(subject.get("publicInformation") or subject["idScheme"]["id"] + subject["registeredId"])


def status_service(url: str) -> str:
    """The DID of the service that keeps a list: its own, so that a list stands when an issuer's key falls."""
    host = re.match(r"https://(.*\.example|[^/]*)/", url)
    if host is None:
        raise SuiteError(f"{url} is no URL of a status list")
    return "did:web:" + host[1].replace(":", "%3A").replace("/", ":")


def status_list(
    url: str, taken: frozenset[int], revoked: frozenset[int], *, size: int = MINIMUM_ENTRIES
) -> dict[str, Any]:
    """The unsigned revocation list at a URL; a few entries that nobody has are set, as in a list in use."""
    herd = {int(hashlib.sha256(f"{url} {n}".encode()).hexdigest()[:8], 16) % size for n in range(24)}
    return {
        "@context": [VC2],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": url,
        "name": "Revocation list",
        "issuer": {"id": status_service(url), "name": f"Status service {url.split('/')[2]}"},
        "validFrom": LIST_FROM,
        "validUntil": LIST_UNTIL,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encoded(frozenset((herd - taken) | revoked), size),
            "ttl": DAY,
        },
    }


@cache
def _encoded(indexes: frozenset[int], size: int) -> str:
    return encode_list(bits_of((index for index in indexes if index < size), size=size))


def signed_list(url: str, value: Mapping[str, Any]) -> Issuance:
    """A status list as its service issues it."""
    key = signing_key(status_service(url))
    return Issuance("status-list", dump(value), key, header=(("kid", key.kid), ("typ", "vc+jwt")))


def link_sets(payloads: Iterable[Payload]) -> dict[str, dict[str, Any]]:
    """What an identity resolver answers for each identifier that the credentials speak of (RFC 9264)."""
    links: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for payload in payloads:
        for identifier in _identifiers(payload):
            target = {
                "href": payload.url,
                "title": payload.value["name"],
                "type": "application/vc+jwt",
                "hreflang": ["en"],
            }
            links[identifier][payload.kind][payload.url] = target
    return {
        identifier: {
            "linkset": [
                {
                    "anchor": identifier,
                    **{kind: list(found.values()) for kind, found in sorted(kinds.items())},
                }
            ]
        }
        for identifier, kinds in sorted(links.items())
    }


def _identifiers(payload: Payload) -> Iterator[str]:
    """Resolvable identifiers inside one credential: those on a host id.*, and the entry of an anchor."""
    if payload.kind == "dia":
        yield _register_entry(payload.value["credentialSubject"])
    todo: list[Any] = [payload.value["credentialSubject"]]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            identifier = item.get("id")
            if (
                isinstance(identifier, str)
                and identifier.startswith("https://id.")
                and ".example/" in identifier
            ):
                yield identifier
            todo.extend(reversed(item.values()))
        elif isinstance(item, list):
            todo.extend(reversed(item))
