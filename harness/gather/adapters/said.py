"""What an answer says: issued or refused, accepted or rejected, or nothing that can be read as either.

Pure: an exchange is enough. A status of 5xx, an answer that cannot be read and silence are never a refusal or
a rejection, for those are deliberate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.credential import parse
from harness.credential.strict_json import unescape
from harness.exchange import Answer, Exchange

CREDENTIAL, VERIFIED, ACCEPTS, ERRORS, WARNINGS = (
    "pick.credential",
    "pick.verified",
    "pick.accepts",
    "pick.errors",
    "pick.warnings",
)
"""Members of `about` that say where an answer holds what: JSON pointers, and the value that means accepted as JSON."""
GUESSED = "guessed"
"""Member of `about`: the address is the one that the interface gives, vendor.toml does not name it."""
ADAPTER, OPERATION = "adapter", "operation"
GIVEN, INPUT = "given", "input"
"""Where the credential that was given stands: a JSON pointer into the body of the question, or the text itself."""
NO_REFUSAL = frozenset({408, 425, 429})
"""Statuses of 4xx that say nothing about the input: too slow, too early, too often."""
MISSING = object()

_TOKEN = re.compile(rb"[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){2}(?:~.*)?", re.DOTALL)


class Kind(StrEnum):
    """What an answer says, as a whole."""

    ISSUED = "issued"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BROKEN = "broken"
    """It answered, but neither one nor the other: 5xx, or an answer that cannot be read."""
    SILENT = "silent"
    """There was no answer."""


@dataclass(frozen=True)
class Issued:
    """What an answer to `issue` says: the bytes of the credential where there is one, and the reasons where not."""

    kind: Kind
    body: bytes = field(default=b"", repr=False)
    media_type: str = ""
    pointer: str = ""
    errors: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Verified:
    """What an answer to `verify` or `present` says, with its errors and warnings as text."""

    kind: Kind
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pointer: str | None = None
    why: str = ""
    value: Any = field(default=None, repr=False)
    """The JSON body of the answer, for what else it may tell; None where it is no JSON."""

    @property
    def accepted(self) -> bool:
        """Whether it was accepted, deliberately."""
        return self.kind is Kind.ACCEPTED

    @property
    def rejected(self) -> bool:
        """Whether it was rejected, deliberately."""
        return self.kind is Kind.REJECTED


def issued_in(exchange: Exchange) -> Issued:
    """Read the answer to `issue`: any adapter, any of the shapes that issuers use.

    A credential is the body itself (JSON with a proof or an envelope, or a compact token), a JSON string, or
    what stands under `verifiableCredential` or the pointer of the adapter.
    """
    answer = exchange.answer
    if answer is None:
        return Issued(Kind.SILENT, why=exchange.reason)
    value = _value(answer)
    if 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110: success
        found = _credential(answer, value, exchange.about.get(CREDENTIAL))
        return found or Issued(Kind.BROKEN, why=f"the answer {answer.status} holds no credential")
    errors = tuple(_reasons(value, exchange.about.get(ERRORS)))
    if 400 <= answer.status < 500 and answer.status not in NO_REFUSAL:  # noqa: PLR2004 - RFC 9110: the client erred
        return Issued(Kind.REFUSED, errors=errors, why=f"refused with {answer.status}")
    return Issued(Kind.BROKEN, errors=errors, why=f"the answer is {answer.status}, which refuses nothing")


def _credential(answer: Answer, value: Any, pointer: str | None) -> Issued | None:
    if value is MISSING:
        token = answer.body.strip()
        return (
            Issued(Kind.ISSUED, token, answer.media_type or "application/vc+jwt")
            if _TOKEN.fullmatch(token)
            else None
        )
    places = [pointer] if pointer is not None else ["/verifiableCredential", "/credential", "/vc", ""]
    for place in places:
        found = at(value, place)
        if isinstance(found, str) and _TOKEN.fullmatch(found.strip().encode()):
            return Issued(Kind.ISSUED, found.strip().encode(), "application/vc+jwt", place)
        if isinstance(found, dict) and _is_secured(found):
            whole = place == "" and isinstance(value, dict)
            body = answer.body if whole else json.dumps(found, ensure_ascii=False, indent=2).encode()
            return Issued(Kind.ISSUED, body, "application/vc", place)
    return None


def _is_secured(value: dict[str, Any]) -> bool:
    kinds = value.get("type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    return "@context" in value and bool(
        {"VerifiableCredential", "EnvelopedVerifiableCredential"} & set(map(str, names))
    )


def given_in(exchange: Exchange) -> Any:
    """The credential that a question gave: JSON, or text for a token; None where it gave none."""
    if INPUT in exchange.about:
        return json.loads(exchange.about[INPUT])
    parsed = parse(exchange.request.body)
    found = at(parsed.value, exchange.about.get(GIVEN, "/credential")) if parsed.valid else MISSING
    return None if found is MISSING else found


def verified_in(exchange: Exchange) -> Verified:
    """Read the answer to `verify` or `present`.

    Accepted: 2xx with `verified: true` (or what the adapter was told), or 2xx with lists of errors and warnings
    of which the former is empty. Rejected: 2xx with `verified: false` or with errors; 400 or 422.
    """
    answer = exchange.answer
    if answer is None:
        return Verified(Kind.SILENT, why=exchange.reason)
    value = _value(answer)
    about = exchange.about
    body = None if value is MISSING else value
    errors = tuple(_reasons(value, about.get(ERRORS)))
    warnings = tuple(_texts(at(value, about.get(WARNINGS, "/warnings"))))
    pointer = about.get(VERIFIED, "/verified")
    said = at(value, pointer)
    place = None if said is MISSING else pointer

    def verdict(kind: Kind, why: str) -> Verified:
        return Verified(kind, errors, warnings, place, why, body)

    if answer.status in (400, 422):
        return verdict(Kind.REJECTED, f"the answer is {answer.status}")
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110: success
        return verdict(Kind.BROKEN, f"the answer is {answer.status}, which says neither yes nor no")
    if said is not MISSING:
        accepts = json.loads(about.get(ACCEPTS, "true"))
        if said == accepts and type(said) is type(accepts):
            return verdict(Kind.ACCEPTED, f"{pointer} is {json.dumps(said)}")
        if ACCEPTS in about or said is False:
            return verdict(Kind.REJECTED, f"{pointer} is {json.dumps(said)}")
        return verdict(Kind.BROKEN, f"{pointer} is {json.dumps(said)[:80]}, neither true nor false")
    if VERIFIED not in about and isinstance(body, dict) and isinstance(body.get("errors"), list):
        kind = Kind.REJECTED if body["errors"] else Kind.ACCEPTED
        return verdict(kind, f"/errors has {len(body['errors'])} entries")
    return verdict(Kind.BROKEN, f"the answer {answer.status} does not say whether it verified")


def at(value: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901); MISSING where there is none."""
    for step in pointer.split("/")[1:]:
        name = unescape(step)
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value


def _value(answer: Answer) -> Any:
    parsed = parse(answer.body)
    return parsed.value if parsed.valid else MISSING


def _reasons(value: Any, pointer: str | None) -> Iterator[str]:
    """The reasons in an answer: where the adapter was told, or wherever VC-API and RFC 9457 put them."""
    if pointer is not None:
        yield from _texts(at(value, pointer))
        return
    for place in (
        "/errors",
        "/problemDetails",
        "/error",
        "/credentialResults",
        "/presentationResult",
        "/checks",
    ):
        yield from _texts(at(value, place))
    if isinstance(value, dict):
        yield from _texts({key: value[key] for key in ("type", "title", "detail", "message") if key in value})


def _texts(value: Any, depth: int = 4) -> Iterator[str]:
    """Every reason in a value as one text each: strings as they are, problem objects as their texts joined."""
    if value is MISSING or value is None or isinstance(value, bool) or depth == 0:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _texts(item, depth - 1)
    elif isinstance(value, dict):
        words = [
            str(item)
            for item in value.values()
            if isinstance(item, str | int | float) and not isinstance(item, bool)
        ]
        if words:
            yield ": ".join(words)[:1000]
        for item in value.values():
            if isinstance(item, list | dict):
                yield from _texts(item, depth - 1)
    else:
        yield str(value)[:1000]
