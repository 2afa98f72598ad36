"""Rules about a DID and its document that are requirements of their own and stop no verification.

Sources: DID Core 1.0 sections 5.2 to 5.4; CID 1.0 section 2; UNTP VerifiableCredentials, "VCDM profile"
and "Acknowledged DID methods".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from harness.credential.did_url import parse_did_url
from harness.errors import MalformedError
from harness.evidence import Web
from harness.trust.codes import Problem
from harness.trust.did import RELATIONSHIPS, DidDocument, resolve
from harness.trust.keys import PRIVATE_JWK, from_method
from harness.trust.trace import Trace, TrustError, Verification

ACKNOWLEDGED: Mapping[str, tuple[str, ...]] = {"0.6": ("web",), "0.7": ("web", "webvh")}
"""DID methods that UNTP allows an issuer, by the first two numbers of the version."""

_PRIVATE_MEMBER = re.compile(r"(?:private|secret)Key.*")
_METHOD_CLAUSE = "DID Core 1.0 section 5.2"


def did_resolves(did: str, web: Web, *, at: datetime | None = None) -> Verification:
    """VCP-DID-01, 03, 04 and 12: the DID leads to its document; `problem.code` says which rule is broken.

    03: did-malformed. 04: did-document-for-another-did. 12: the webvh codes. 01: every other code; of the
    undetermined ones only did-document-not-found is the issuer's fault.
    """
    trace = Trace()
    try:
        _check_alive(resolve(did, web, trace, at=at))
    except TrustError as problem:
        return Verification(tuple(trace.steps), problem)
    return Verification(tuple(trace.steps))


def method_problems(document: DidDocument) -> list[Problem]:
    """VCP-DID-05: each method has a DID URL as id, a type, a controller and a key that can be read."""
    memory: dict[str, Any] = document.__dict__  # resolving remembers documents, and so what is said of them
    known: list[Problem] | None = memory.get("method_problems")
    if known is None:
        known = memory["method_problems"] = [
            problem for place, entry in _methods(document) for problem in _method(document, place, entry)
        ]
    return known


def signing_key_problems(document: DidDocument, kid: str) -> list[Problem]:
    """VCP-DID-06: the key that signs is listed or embedded under assertionMethod (DID Core 5.3.2)."""
    identifier = document.absolute(kid)
    stands_under = document.relationships_of(identifier)
    if identifier not in document.methods or "assertionMethod" in stands_under:
        return []
    return [
        Problem(
            "key-not-in-relationship",
            "the key that signs is not listed under assertionMethod",
            "/assertionMethod",
            "DID Core 1.0 section 5.3.2",
            expected=identifier,
            actual=f"it is under {', '.join(stands_under)}"
            if stands_under
            else "it is under no relationship",
            hint="Add the id of the key to assertionMethod.",
        )
    ]


def private_members(document: DidDocument) -> list[Problem]:
    """VCP-DID-07: no private or secret part of a key is published (CID 1.0 sections 2.2.2 and 2.2.3)."""
    return [
        Problem(
            "private-key-published",
            f"{pointer.rpartition('/')[2]} is the private part of a key",
            pointer,
            "CID 1.0 section 2.2.3",
            expected="public members only",
            actual=pointer.rpartition("/")[2],
            hint="Withdraw this key at once: whoever read the document can sign in your name.",
        )
        for place, entry in _methods(document)
        for pointer in _private(place, entry)
    ]


def acknowledged_method(did: str, version: str) -> list[Problem]:
    """VCP-DID-10 (0.7) and VCP-DID-11 (0.6): the DID method is one that UNTP acknowledges."""
    allowed = ACKNOWLEDGED.get(".".join(version.split(".")[:2]), ACKNOWLEDGED["0.7"])
    try:
        method = parse_did_url(did).method
    except MalformedError as error:
        return [
            Problem(
                "did-malformed",
                error.message,
                None,
                "DID Core 1.0 section 3.1",
                actual=did[:160],
                hint=error.hint,
            )
        ]
    if method in allowed:
        return []
    return [
        Problem(
            "did-method",
            f"did:{method} is not acknowledged by UNTP {version}",
            None,
            "UNTP VerifiableCredentials, Acknowledged DID methods",
            expected=" or ".join(f"did:{one}" for one in allowed),
            actual=did[:160],
            hint="Issue under a did:web of your own domain.",
        )
    ]


def service_problems(document: DidDocument) -> list[Problem]:
    """VCP-DID-14: each service has a URI of its own as id, a type and a serviceEndpoint (DID Core 5.4)."""
    clause = "DID Core 1.0 section 5.4"
    services = document.body.get("service", [])
    if not isinstance(services, list):
        return [Problem("service", "service is not an array", "/service", clause, hint="Put it in brackets.")]
    found: list[Problem] = []
    seen: set[str] = set()
    for index, service in enumerate(services):
        place = f"/service/{index}"
        if not isinstance(service, Mapping):
            found.append(Problem("service", "a service is not an object", place, clause))
            continue
        identifier = service.get("id")
        if not isinstance(identifier, str) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.|[#?/].", identifier):
            found.append(
                Problem(
                    "service-id",
                    "the id of the service is not a URI",
                    f"{place}/id",
                    clause,
                    actual=str(identifier)[:160],
                )
            )
        elif document.absolute(identifier) in seen:
            found.append(
                Problem(
                    "service-id", "two services have one id", f"{place}/id", clause, actual=identifier[:160]
                )
            )
        else:
            seen.add(document.absolute(identifier))
        kinds = service.get("type")
        if not kinds or not all(
            isinstance(kind, str) for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            found.append(Problem("service-type", "the service has no type", f"{place}/type", clause))
        if (
            not isinstance(service.get("serviceEndpoint"), str | Mapping | list)
            or not service["serviceEndpoint"]
        ):
            found.append(
                Problem("service-endpoint", "the service has no endpoint", f"{place}/serviceEndpoint", clause)
            )
    return found


def _check_alive(document: DidDocument) -> None:
    if document.deactivated:
        raise TrustError(
            "did-deactivated",
            f"{document.did} has been deactivated",
            step="DID resolution result",
            clause="DID Core 1.0 section 7.1.3",
        )


def _methods(document: DidDocument) -> Iterator[tuple[str, Any]]:
    for name in ("verificationMethod", *RELATIONSHIPS):
        entries = document.body.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if name == "verificationMethod" or not isinstance(entry, str):
                yield f"/{name}/{index}", entry


def _method(document: DidDocument, place: str, entry: Any) -> Iterator[Problem]:
    if not isinstance(entry, Mapping):
        yield Problem("method-malformed", "a verification method is not an object", place, _METHOD_CLAUSE)
        return
    identifier, kind, controller = (entry.get(name) for name in ("id", "type", "controller"))
    if not isinstance(identifier, str) or not _is_key_url(document.absolute(identifier)):
        yield Problem(
            "method-malformed",
            "the id of the method is not a DID URL",
            f"{place}/id",
            _METHOD_CLAUSE,
            expected=f"{document.did}#key-1",
            actual=str(identifier)[:160],
        )
    if not isinstance(kind, str) or not kind:
        yield Problem(
            "method-malformed",
            "the method has no type",
            f"{place}/type",
            _METHOD_CLAUSE,
            expected="JsonWebKey",
        )
    if not isinstance(controller, str) or not _is_did(controller):
        yield Problem(
            "method-malformed",
            "the controller of the method is not a DID",
            f"{place}/controller",
            _METHOD_CLAUSE,
            expected=document.did,
            actual=str(controller)[:160],
        )
    try:
        from_method(entry)
    except TrustError as error:
        if error.code not in ("key-unsupported", "key-not-for-signatures"):
            yield Problem(
                error.code, error.message, place, error.clause, error.expected, error.actual, error.hint
            )


def _private(place: str, entry: Any) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        return
    for name in entry:
        if _PRIVATE_MEMBER.fullmatch(name):
            yield f"{place}/{name}"
    jwk = entry.get("publicKeyJwk")
    for name in sorted(PRIVATE_JWK & jwk.keys()) if isinstance(jwk, Mapping) else ():
        yield f"{place}/publicKeyJwk/{name}"


def _is_key_url(text: str) -> bool:
    try:
        return parse_did_url(text).fragment is not None
    except MalformedError:
        return text.startswith("https://") and "#" in text


def _is_did(text: str) -> bool:
    try:
        return parse_did_url(text).is_did
    except MalformedError:
        return text.startswith("https://")
