"""A DID document can lead to credentials like a resolver: its services are written like the targets of a link set."""

from __future__ import annotations

from typing import Any

from harness.credential import Node, parse
from harness.credential.did_url import document_url
from harness.credential.document import Document
from harness.errors import MalformedError
from harness.evidence import Evidence
from harness.judge import CredentialUnderTest, Findings, case, once

TYPES = (
    "DigitalProductPassport", "DigitalConformityCredential", "DigitalFacilityRecord", "DigitalTraceabilityEvent",
    "DigitalIdentityAnchor",
)  # fmt: skip
RELATIONS = frozenset({"dpp", "dcc", "dfr", "dte", "dia", "idr", *(name.lower() for name in TYPES)})
TARGET = ("href", "title", "type")


@once
def services(credential: CredentialUnderTest) -> list[Node]:
    """The services of the issuer's did:web document whose type is a relation of UNTP."""
    answer = credential.web[_url(credential.issuer_id)] if credential.issuer_id else None
    if not isinstance(answer, Evidence):
        return []
    parsed = parse(answer.body)
    root = Document(parsed.value, parsed.source).root if parsed.valid else None
    found = root.each("service") if root is not None and isinstance(root.value, dict) else ()
    told = [node for node in found if isinstance(node.value, dict) and node.get("serviceEndpoint")]
    named = [node for node in told if RELATIONS & set(map(_relation, node.types))]
    return [
        node
        for node in named
        if isinstance(node.get("id"), str)
        and "#" in node.get("id")
        and (root and root.get("id")) == credential.issuer_id
    ]


def _url(did: str | None) -> str:
    try:
        return document_url(did or "") or ""
    except MalformedError:
        return ""


def _relation(kind: str) -> str:
    return kind.replace("#", "/").rpartition("/")[2].rpartition(":")[2].lower()


def _targets(endpoint: Any) -> list[Any]:
    return endpoint if isinstance(endpoint, list) else [endpoint]


@case("IDR-DID-01", types=TYPES, when=services)
def services_mirror_link_targets(credential: CredentialUnderTest) -> Findings:
    """Such a service has the DID with a fragment as id, and the target object of a link set as its endpoint."""
    for service in services(credential):
        place = f"the service {service.get('id')} in the DID document of {credential.issuer_id}"
        if not str(service.get("id")).startswith((f"{credential.issuer_id}#", "#")):
            yield credential.root.at("issuer").finds(
                f"{place} has another id than the DID with a fragment", expected=f"{credential.issuer_id}#…",
                actual=str(service.get("id")), hint="Name the service by the DID and a fragment.",
            )  # fmt: skip
        wrong = [
            t
            for t in _targets(service.get("serviceEndpoint"))
            if not isinstance(t, dict) or any(n not in t for n in TARGET)
        ]
        if wrong:
            yield credential.root.at("issuer").finds(
                f"{place} does not describe where it leads", expected=f"an object with {', '.join(TARGET)}",
                actual=str(wrong[0])[:80], hint="Write the target object as in the link set of the resolver.",
            )  # fmt: skip
