"""What is posted to an endpoint: read whole, within limits, as strict JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from harness.credential import parse
from harness.reference.server.answers import problem

MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """A JSON object that was posted."""

    value: dict[str, Any]


def read_posted(body: bytes) -> Asked | Response:
    """The object in a body, or the refusal to send back: 413 where it is too large, 400 where it is no strict JSON."""
    if len(body) > MOST_BYTES:
        return problem(413, "Too large", f"The body has more than {MOST_BYTES:,} bytes.")
    parsed = parse(body)
    if parsed.faults:
        return problem(400, "Not strict JSON", parsed.faults[0].message, kind="PARSING_ERROR")
    if not isinstance(parsed.value, dict):
        return problem(400, "Not an object", "The body has to be a JSON object.", kind="PARSING_ERROR")
    return Asked(parsed.value)


async def body_of(request: Request) -> bytes:
    """The body, given up as soon as it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            break
    return bytes(body)
