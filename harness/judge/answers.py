"""What can be read off an answer: where it sends on, and the value at a JSON pointer of its body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from jsonpointer import JsonPointerException, resolve_pointer

from harness.credential import Credential, read_credentials
from harness.credential.kinds import CREDENTIAL
from harness.evidence import Evidence, Web
from harness.exchange import Exchange
from harness.judge.endpoint import body_of

OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Status codes that send on, by Location."""


def redirect_target(exchange: Exchange) -> str | None:
    """Where the first redirect leads, made absolute; None where the answer is none."""
    answer = exchange.answer
    if answer is None:
        return None
    if answer.hops:
        return urljoin(exchange.request.url, answer.hops[0].location)
    location = answer.header("location")
    return urljoin(exchange.request.url, location) if location and answer.status in REDIRECTS else None


def value_at(exchange: Exchange, pointer: str, default: Any = None) -> Any:
    """The value at a JSON pointer of the body; the default where the body is no JSON or has none there."""
    document = body_of(exchange.answer) if exchange.answer is not None else None
    if document is None:
        return default
    try:
        return resolve_pointer(document.value, pointer, default)
    except (JsonPointerException, TypeError):
        return default


def credential_in(exchange: Exchange) -> Credential | None:
    """The credential in an answer of status 200, None where there is none."""
    answer = exchange.answer
    if answer is None or answer.status != OK:
        return None
    evidence = Evidence(answer.url or exchange.request.url, answer.body, answer.media_type, "live")
    return next((found for found in read_credentials(evidence) if found.kind == CREDENTIAL), None)


def web_of(exchanges: Iterable[Exchange]) -> Web:
    """What was answered with 200, by the URL that was asked for: what signatures and statuses are judged with."""
    return Web(
        {
            exchange.request.url: Evidence(
                exchange.request.url, exchange.answer.body, exchange.answer.media_type, "live"
            )
            for exchange in exchanges
            if exchange.answer is not None
            and exchange.answer.status == OK
            and exchange.request.method == "GET"
        }
    )
