"""What a credential refers to, and so what gather has to bring before anything can be judged."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from harness.credential.did_url import document_url, witness_url
from harness.credential.document import Document, Node
from harness.credential.envelope import Credential
from harness.credential.strict_json import parse
from harness.errors import MalformedError
from harness.evidence import Evidence

REMEMBERED = 4096
"""How many headers and DIDs are remembered with what they refer to."""
SECURE = {"digestMultibase", "hashDigest"}
"""Members that make a link a secure one."""


@dataclass(frozen=True)
class Reference:
    """One URL that is needed and what for: "did", "context", "status", "schema", "link", "render"."""

    url: str
    purpose: str


def references(credential: Credential) -> tuple[Reference, ...]:
    """Every reference of one credential, each URL once, in a stable order."""
    found: dict[str, Reference] = {}
    for reference in _all(credential):
        if reference.url.startswith(("https://", "http://")):
            found.setdefault(reference.url, reference)
    return tuple(found.values())


def _all(credential: Credential) -> Iterator[Reference]:
    for envelope in credential.envelopes:
        if envelope.token is not None:
            yield from _of_header(envelope.token.partition(".")[0])
        if envelope.kind == "presentation" and envelope.document is not None:
            yield from _of_presentation(envelope.document.root)
    document = credential.document
    if document is None:
        return
    root = document.root
    issuer = root.get("issuer")
    yield from _of_did(issuer.get("id") if isinstance(issuer, dict) else issuer)
    for node in document.members("verificationMethod"):
        yield from _of_did(node.value)
    for node in document.members("@context", "@import"):
        if isinstance(node.value, str):
            yield Reference(node.value, "context")
    for entry in root.each("credentialStatus"):
        if isinstance(url := entry.get("statusListCredential"), str):
            yield Reference(url, "status")
    for entry in root.each("credentialSchema"):
        if isinstance(url := entry.get("id"), str):
            yield Reference(url, "schema")
    for entry in root.each("relatedResource"):
        if isinstance(url := entry.get("id"), str):
            yield Reference(url, "link")
    for entry in root.each("renderMethod"):
        if isinstance(url := entry.get("url"), str):
            yield Reference(url, "render")
    for holder, _ in document.located:
        if isinstance(url := holder.get("linkURL"), str) and SECURE & holder.keys():
            yield Reference(url, "link")


def _of_presentation(root: Node) -> Iterator[Reference]:
    """What it takes to verify a presentation that is signed: its holder, its keys and its own contexts."""
    for holder in root.each("holder"):
        yield from _of_did(holder.get("id") if isinstance(holder.value, dict) else holder.value)
    for proof in root.each("proof"):
        yield from _of_did(proof.get("verificationMethod"))
    for context in root.each("@context"):
        if isinstance(context.value, str):
            yield Reference(context.value, "context")


def context_references(answer: Evidence) -> tuple[Reference, ...]:
    """The contexts that a context refers to in its turn: in arrays, scoped to terms, or by @import."""
    parsed = parse(answer.body)
    if not parsed.valid:
        return ()
    found: dict[str, Reference] = {}
    for node in Document(parsed.value, parsed.source).members("@context", "@import"):
        if isinstance(node.value, str):
            try:
                url = urljoin(answer.name, node.value)
            except ValueError:
                continue
            if url.startswith(("https://", "http://")):
                found.setdefault(url, Reference(url, "context"))
    return tuple(found.values())


@lru_cache(maxsize=REMEMBERED)
def _of_header(part: str) -> tuple[Reference, ...]:
    """The DIDs that the header of a token names; an issuer's tokens all have the same."""
    try:
        header: Any = parse(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))).value
    except (binascii.Error, ValueError):
        return ()
    return (*_of_did(header.get("kid")), *_of_did(header.get("iss"))) if isinstance(header, dict) else ()


def _of_did(value: Any) -> tuple[Reference, ...]:
    return _documents_of(value) if isinstance(value, str) and value.startswith("did:") else ()


@lru_cache(maxsize=REMEMBERED)
def _documents_of(value: str) -> tuple[Reference, ...]:
    """What it takes to resolve the DID of a DID URL."""
    did = value.partition("#")[0].partition("?")[0]
    try:
        urls = (document_url(did), witness_url(did))
    except MalformedError:
        return ()
    return tuple(Reference(url, "did") for url in urls if url is not None)
