"""Answers that every role gives: JSON, refusals as Problem Details (RFC 9457), and choosing by Accept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

OPEN = {"access-control-allow-origin": "*"}
"""What UNTP publishes can be read from any web page."""

PROBLEM = "https://www.w3.org/TR/vc-data-model#"
"""The vocabulary of VCDM 2.0 section 7.6, problem details."""


def json_answer(
    value: Any, status: int = 200, *, media_type: str = "application/json", headers: Mapping[str, str] = OPEN
) -> Response:
    """A JSON document."""
    body = json.dumps(value, indent=2, ensure_ascii=False).encode()
    return Response(body, status, {**OPEN, **headers, "content-type": media_type})


def document(
    request: Request, body: bytes, media_type: str, *, seconds: int = 60, headers: Mapping[str, str] = OPEN
) -> Response:
    """A published document with its ETag; 304 where the client has it already (RFC 9110 section 13)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**OPEN, **headers, "content-type": media_type, "etag": tag}
    told.setdefault("cache-control", f"public, max-age={seconds}")
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=told)
    return Response(body, 200, told)


def problem(status: int, title: str, detail: str, *, kind: str | None = None, **more: Any) -> Response:
    """A refusal that says what is wrong (RFC 9457)."""
    value = problem_detail(title, detail, kind=kind, **more) | {"status": status}
    return json_answer(value, status, media_type="application/problem+json")


def problem_detail(title: str, detail: str, *, kind: str | None = None, **more: Any) -> dict[str, Any]:
    """One problem as an object; `kind` is a code of VCDM 2.0 such as MALFORMED_VALUE_ERROR."""
    return {"type": f"{PROBLEM}{kind}" if kind else "about:blank", "title": title, "detail": detail, **more}


def preferred(request: Request, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best (RFC 9110 section 12.5.1); None where it accepts none."""
    wanted = request.headers.get("accept") or "*/*"
    ranges = [_range(part) for part in wanted.split(",") if part.strip()]
    best: tuple[float, int, str] | None = None
    for place, media_type in enumerate(offered):
        fits = [(exact, weight) for name, weight in ranges if (exact := _fit(name, media_type))]
        weight = max(fits)[1] if fits else 0.0
        if weight > 0 and (best is None or (weight, -place) > best[:2]):
            best = (weight, -place, media_type)
    return best[2] if best else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def _fit(name: str, media_type: str) -> int:
    """How exactly a media range names a type: 3 the type itself, 2 its family, 1 anything, 0 not at all."""
    if name == media_type:
        return 3
    if name.endswith("/*") and name != "*/*":
        return 2 if media_type.startswith(name[:-1]) else 0
    return 1 if name == "*/*" else 0
