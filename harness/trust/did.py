"""From a DID to its document, and from a DID URL to the key that it names.

`resolve` reads what gather brought; it never asks the network. Sources: DID Core 1.0; CID 1.0
section 3.3 (Retrieve Verification Method); the methods did:web, did:key, did:jwk and did:webvh v1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from harness.credential.did_url import DidUrl, absolute, document_url, parse_did_url, witness_url
from harness.errors import MalformedError
from harness.evidence import Absence, Web
from harness.trust import did_local, webvh
from harness.trust.codes import shown
from harness.trust.did_local import jwk_document, key_document
from harness.trust.encoding import read_object
from harness.trust.keys import PublicKey, from_method
from harness.trust.moments import moment, utc
from harness.trust.trace import Step, Trace, TrustError

RELATIONSHIPS = did_local.RELATIONSHIPS
METHODS = ("web", "webvh", "key", "jwk")
"""DID methods that can be resolved."""

STEP, METHOD = "DID resolution result", "verification method"
RETRIEVE = "CID 1.0 section 3.3"
MAX_DOCUMENT = 1024 * 1024


@dataclass(frozen=True, eq=False)
class DidDocument:
    """A DID document that belongs to its DID, and where it was read: a URL, or "" for did:key and did:jwk."""

    did: str
    body: Mapping[str, Any] = field(repr=False)
    url: str = ""
    deactivated: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """did:webvh: versionId, versionTime, created, scid, portable … of the version that was read."""

    @cached_property
    def step(self) -> Step:
        """The document as a step of a trace."""
        return Step.of(STEP, _text(self.body), "DID Core 1.0 section 7.1")

    @cached_property
    def methods(self) -> Mapping[str, list[tuple[str, Mapping[str, Any]]]]:
        """Verification methods, listed or embedded, by absolute id: JSON pointers and values."""
        named: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for identifier, pointer, entry in self._each_method():
            named.setdefault(identifier, []).append((pointer, entry))
        return named

    def _each_method(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for name in ("verificationMethod", *RELATIONSHIPS):
            entries = self.body.get(name)
            for index, entry in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(entry, Mapping):
                    identifier = entry.get("id")
                    yield (
                        self.absolute(identifier) if isinstance(identifier, str) else "",
                        f"/{name}/{index}",
                        entry,
                    )

    def relationships_of(self, identifier: str) -> tuple[str, ...]:
        """The relationships under which a method stands, by reference or embedded (DID Core 5.3)."""
        found = []
        for name in RELATIONSHIPS:
            entries = self.body.get(name)
            for entry in entries if isinstance(entries, list) else []:
                named = entry.get("id") if isinstance(entry, Mapping) else entry
                if isinstance(named, str) and self.absolute(named) == identifier:
                    found.append(name)
                    break
        return tuple(found)

    def absolute(self, reference: str) -> str:
        """Resolve a relative DID URL against this document (DID Core 3.2.2)."""
        return absolute(reference, self.did)


@dataclass(frozen=True)
class VerificationMethod:
    """A verification method that may be used for the purpose that was asked for."""

    id: str
    type: str
    controller: str
    key: PublicKey


def resolve(did: str, web: Web, trace: Trace, *, at: datetime | None = None) -> DidDocument:
    """Resolve a DID, or the https URL of a controlled identifier document, from what gather brought.

    A did:webvh may carry `?versionId=`, `?versionNumber=` or `?versionTime=`. Raises TrustError: did-malformed,
    did-method-unsupported, did-document-absent, did-document-not-found, did-document-malformed,
    did-document-for-another-did, and the webvh codes. A deactivated DID resolves; `find_method` refuses it.
    """
    if did.startswith("https://"):
        document = _read_document(did, did, _fetch(did, web))
        trace.steps.append(document.step)
        return document
    parsed, url = _parse(did)
    if parsed.method == "key":
        document = DidDocument(parsed.did, key_document(parsed))
    elif parsed.method == "jwk":
        document = DidDocument(parsed.did, jwk_document(parsed))
    elif url is None:
        raise TrustError(
            "did-method-unsupported",
            f"the harness has no resolver for did:{parsed.method}",
            step=STEP,
            clause="DID Core 1.0 section 7.1",
            undetermined=True,
            actual=shown(did),
            hint="UNTP acknowledges did:web and did:webvh.",
        )
    elif parsed.method == "web":
        trace.step("DID document URL", url, "did:web method, Read (Resolve)")
        document = _read_document(parsed.did, url, _fetch(url, web))
    else:
        trace.step("DID log URL", url, "did:webvh v1.0, The DID to HTTPS Transformation")
        document = _webvh_document(parsed, url, web, trace, at)
    trace.steps.append(document.step)
    return document


def find_method(
    document: DidDocument, did_url: str, relationship: str, trace: Trace, *, at: datetime | None = None
) -> VerificationMethod:
    """Find the key that a DID URL names, authorised for a purpose (CID 1.0 section 3.3).

    Raises TrustError: did-deactivated, no-keys-in-document, key-not-found, key-ambiguous,
    key-not-in-relationship, method-malformed, issuer-does-not-control-key, key-revoked, key-expired and the
    codes of keys. Without `at`, expiry and revocation are not looked at.
    """
    found = _find(document, _without_query(document.absolute(did_url)), relationship)
    if at is not None:
        _check_lifetime(found.entry, at, found.pointer)
    trace.steps.append(found.step)
    return found.method


@dataclass(frozen=True)
class _Found:
    method: VerificationMethod
    entry: Mapping[str, Any]
    pointer: str
    step: Step


@lru_cache(maxsize=1024)
def _find(document: DidDocument, identifier: str, relationship: str) -> _Found:
    if document.deactivated:
        raise TrustError(
            "did-deactivated",
            f"{document.did} has been deactivated",
            step=METHOD,
            clause="DID Core 1.0 section 7.1.3",
            hint="Its keys prove nothing any more: issue again under a live DID.",
        )
    pointer, entry = _only(document, identifier)
    stands_under = document.relationships_of(identifier)
    if relationship not in stands_under:
        raise TrustError(
            "key-not-in-relationship",
            f"{shown(identifier)} is not authorised under {relationship}",
            step=METHOD,
            clause="DID Core 1.0 section 5.3",
            expected=relationship,
            actual=", ".join(stands_under) or "no relationship",
            hint=f"Add the id of the key to {relationship} in the DID document.",
        )
    kind, controller = (_text_member(entry, name, pointer) for name in ("type", "controller"))
    if document.absolute(controller) != document.did:
        raise TrustError(
            "issuer-does-not-control-key",
            f"{shown(identifier)} is controlled by somebody else",
            step=METHOD,
            clause=RETRIEVE,
            expected=document.did,
            actual=shown(controller),
            hint="The controller of a key is the DID whose document it is in.",
        )
    method = VerificationMethod(identifier, kind, controller, from_method(entry))
    return _Found(method, entry, pointer, Step.of(METHOD, _text(entry), RETRIEVE))


def _only(document: DidDocument, identifier: str) -> tuple[str, Mapping[str, Any]]:
    if not document.methods:
        raise TrustError(
            "no-keys-in-document",
            f"the document of {document.did} has no verification method",
            step=METHOD,
            clause="DID Core 1.0 section 5.2",
            expected=f"a key with the id {shown(identifier)}",
            actual="no verification method, listed or embedded",
            hint="Publish the signing key in the document.",
        )
    found = document.methods.get(identifier)
    if found is None:
        raise TrustError(
            "key-not-found",
            f"the document of {document.did} has no verification method {shown(identifier)}",
            step=METHOD,
            clause=RETRIEVE,
            expected=shown(identifier),
            actual=", ".join(shown(one) for one in list(document.methods)[:8]),
            hint="Publish the key under the id that the signature names; keep retired keys in the document.",
        )
    if any(entry != found[0][1] for _pointer, entry in found[1:]):
        raise TrustError(
            "key-ambiguous",
            f"two different verification methods have the id {shown(identifier)}",
            step=METHOD,
            clause="DID Core 1.0 section 5.2",
            actual=", ".join(pointer for pointer, _entry in found),
            hint="Give each method an id of its own.",
        )
    return found[0]


def _parse(did: str) -> tuple[DidUrl, str | None]:
    try:
        parsed = parse_did_url(did)
        return parsed, document_url(parsed.did)
    except MalformedError as error:
        raise TrustError(
            "did-malformed",
            error.message,
            step="DID",
            clause="DID Core 1.0 section 3.1",
            actual=shown(did),
            hint=error.hint,
        ) from error


def _fetch(url: str, web: Web) -> bytes:
    answer = web[url]
    if isinstance(answer, Absence):
        missing = answer.fault == "vendor"
        raise TrustError(
            "did-document-not-found" if missing else "did-document-absent",
            f"the document at {url} could not be had: {answer.reason}",
            step=STEP,
            clause="DID Core 1.0 section 7.1",
            expected=url,
            actual=answer.reason,
            undetermined=not missing,
            hint="Publish the document at this URL."
            if missing
            else "Bring the document along, or allow the network.",
        )
    return answer.body


@lru_cache(maxsize=512)
def _read_document(did: str, url: str, body: bytes) -> DidDocument:
    try:
        read = read_object(body, "the DID document", max_bytes=MAX_DOCUMENT)
    except MalformedError as error:
        raise _malformed(error.message, actual=url, hint=error.hint) from error
    _check_document(read, did, url)
    return DidDocument(did, read, url)


def _check_document(body: Mapping[str, Any], did: str, url: str) -> None:
    named = body.get("id")
    if not isinstance(named, str):
        raise _malformed("the document has no id", actual=url, hint=f"Its id is {did}.")
    if named != did:
        raise TrustError(
            "did-document-for-another-did",
            f"the document at {url} belongs to {shown(named)}",
            step=STEP,
            clause="DID Core 1.0 section 5.1.1",
            expected=did,
            actual=shown(named),
            hint="The id of the document is the DID, letter for letter.",
        )
    for name in ("verificationMethod", *RELATIONSHIPS):
        if name in body and not isinstance(body[name], list):
            raise _malformed(
                f"{name} is not an array", actual=url, hint="Put it in brackets, also when it is one."
            )


def _webvh_document(parsed: DidUrl, url: str, web: Web, trace: Trace, at: datetime | None) -> DidDocument:
    place = witness_url(parsed.did) or ""
    answer = web[place]
    proofs = None if isinstance(answer, Absence) else answer.body
    state = webvh.replay(parsed.did, _fetch(url, web), proofs, witness_url=place, query=parsed.query)
    if at is not None:
        webvh.check_not_ahead(state, at)
    trace.steps.extend(state.steps)
    _check_document(state.document, parsed.did, url)
    return DidDocument(parsed.did, state.document, url, state.deactivated, state.metadata)


def _check_lifetime(entry: Mapping[str, Any], at: datetime, pointer: str) -> None:
    for name, code in (("revoked", "key-revoked"), ("expires", "key-expired")):
        if name not in entry:
            continue
        clause = "CID 1.0 section 2.2"
        end = moment(entry[name])
        if end is None:
            raise TrustError(
                "method-malformed",
                f"{name} of the verification method is no moment",
                step=METHOD,
                clause=clause,
                actual=f"{pointer}/{name}: {shown(str(entry[name]))}",
                hint="For example 2026-01-31T00:00:00Z.",
            )
        if end <= at:
            raise TrustError(
                code,
                f"the key was {name.replace('expires', 'expired')} at {entry[name]}",
                step=METHOD,
                clause=clause,
                expected=f"after {utc(at)}",
                actual=str(entry[name]),
                hint="Issue with a live key.",
            )


def _text_member(entry: Mapping[str, Any], name: str, pointer: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise TrustError(
            "method-malformed",
            f"the verification method has no {name}",
            step=METHOD,
            clause="DID Core 1.0 section 5.2",
            expected=f"{name}: a string",
            actual=pointer,
            hint="A method has id, type, controller and key material.",
        )
    return value


def _without_query(did_url: str) -> str:
    head, sign, fragment = did_url.partition("#")
    return head.partition("?")[0] + sign + fragment if "?" in head else did_url


def _malformed(what: str, *, actual: str, hint: str | None) -> TrustError:
    return TrustError(
        "did-document-malformed", what, step=STEP, clause="DID Core 1.0 section 6.2", actual=actual, hint=hint
    )


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
