"""Whether a request really carries what the recording says that a verifier was asked about."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from harness.credential import parse
from harness.errors import MalformedError
from harness.exchange import Exchange
from harness.trust.encoding import decode_base64url


def carries(exchange: Exchange, body: bytes) -> bool:
    """Whether a request holds a credential, in whatever form an adapter writes it."""
    sent = exchange.request.body + b"\n" + exchange.request.url.encode()
    text = body.decode("utf-8", "replace").strip()
    forms = (
        body.strip(), json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        quote(text, safe="").encode(), base64.b64encode(body), base64.urlsafe_b64encode(body).rstrip(b"="),
    )  # fmt: skip
    if any(form in sent for form in forms):
        return True
    wanted, asked = parse(body), parse(exchange.request.body)
    return wanted.valid and asked.valid and any(value == wanted.value for value in _values(asked.value))


def replayed(exchange: Exchange) -> bool:
    """Whether a request asks for another challenge or domain than the presentation in it was made for."""
    asked = parse(exchange.request.body)
    values = [value for value in _values(asked.value) if isinstance(value, str)] if asked.valid else []
    for value in values:
        token = value.rpartition(",")[2]
        payload = parse(_payload(token)) if token.count(".") == 2 else None  # noqa: PLR2004 - a compact token
        if (
            payload is not None
            and payload.valid
            and isinstance(payload.value, dict)
            and "nonce" in payload.value
        ):
            wanted = (payload.value["nonce"], payload.value.get("aud"))
            return any(claim not in values for claim in wanted)
    return False


def _payload(token: str) -> bytes:
    try:
        return decode_base64url(token.split(".")[1])
    except MalformedError:
        return b""


def _values(value: Any) -> Iterator[Any]:
    todo = [value]
    while todo:
        item = todo.pop()
        yield item
        if isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
