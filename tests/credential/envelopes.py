"""Credentials in every envelope in which they may come; signatures are made up, as reading verifies none."""

from __future__ import annotations

import base64
import json
from typing import Any

from harness.evidence import Evidence

V2 = "https://www.w3.org/ns/credentials/v2"


def credential(name: str = "a", **more: Any) -> dict[str, Any]:
    """A small credential."""
    return {"@context": [V2], "type": ["VerifiableCredential"], "id": f"https://x.example/{name}", **more}


def presentation(*held: Any, **more: Any) -> dict[str, Any]:
    """A presentation of these."""
    return {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": list(held), **more}


def base64url(body: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def token(payload: Any, **header: Any) -> str:
    """A compact JWS around a JSON value or around bytes."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    head = json.dumps({"alg": "ES256", "typ": "vc+jwt", **header}).encode()
    return f"{base64url(head)}.{base64url(body)}.{base64url(b'signature')}"


def enveloped(
    inner: str, kind: str = "EnvelopedVerifiableCredential", media: str = "application/vc+jwt"
) -> dict[str, Any]:
    """An enveloped credential or presentation around a token."""
    return {"@context": V2, "type": kind, "id": f"data:{media},{inner}"}


def evidence(value: Any, name: str = "a.json") -> Evidence:
    """A JSON value, a token or bytes as a file."""
    if isinstance(value, bytes):
        return Evidence(name, value)
    return Evidence(name, (value if isinstance(value, str) else json.dumps(value)).encode())
