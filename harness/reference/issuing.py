"""How one credential leaves its issuer: the payload, the JOSE header, the key, the form of delivery.

An `Issuance` says all of it as a value, so that a fault is another value and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from harness.reference.keys import DemoKey, login_key, signing_key
from harness.reference.payloads import Payload, dump
from harness.trust.encoding import encode_base64url
from harness.trust.signing import sign_bytes, sign_compact

VC2 = "https://www.w3.org/ns/credentials/v2"
MEDIA = {
    "token": "application/vc+jwt",
    "json": "application/vc",
    "enveloped": "application/vc",
    "presentation": "application/vp+jwt",
}
SUFFIX = {"token": "jwt", "json": "json", "enveloped": "json", "presentation": "jwt"}

Edit = Callable[[Any], Any]
"""A change to a JSON value or a token: gives the changed one back."""


@dataclass(frozen=True)
class Issuance:
    """One credential and how it is secured and delivered; `header` members of None are left out.

    Edits of the payload come first, then `proofs` (which embed one, and may spoil it), then edits of the text.
    """

    name: str
    payload: str
    key: DemoKey
    alg: str | None = None
    header: tuple[tuple[str, Any], ...] = ()
    delivery: str = "token"
    holder: str | None = None
    payload_edits: tuple[Edit, ...] = ()
    proofs: tuple[Edit, ...] = ()
    text_edits: tuple[Edit, ...] = ()
    token_edits: tuple[Edit, ...] = ()
    wrapper_edits: tuple[Edit, ...] = ()
    presentation_edits: tuple[Edit, ...] = ()
    revoked: bool = False

    @classmethod
    def of(cls, payload: Payload) -> Issuance:
        """The way a careful issuer issues: a compact JWS whose kid names a key of the issuer."""
        key = signing_key(payload.issuer)
        return cls(payload.name, payload.text, key, header=(("kid", key.kid), ("typ", "vc+jwt")))

    @property
    def file(self) -> str:
        """The name that the evidence has."""
        return f"{self.name}.{SUFFIX[self.delivery]}"

    @property
    def media_type(self) -> str:
        """The media type that it is delivered as."""
        return MEDIA[self.delivery]

    def with_header(self, **members: Any) -> Issuance:
        """The same with other members of the protected header."""
        return replace(self, header=tuple({**dict(self.header), **members}.items()))

    def served(self) -> bytes:
        """The bytes at the credential's own URL: the token, or the JSON where it is not enveloped."""
        text = _edited_text(self.payload, (*self.payload_edits, *self.proofs), self.text_edits)
        return text.encode() if self.delivery == "json" else _token(self, text).encode()

    def delivered(self) -> bytes:
        """The bytes that are handed over."""
        served = self.served()
        if self.delivery in ("token", "json"):
            return served
        wrapper: Any = enveloped(served.decode())
        if self.delivery == "presentation":
            wrapper = {
                "@context": [VC2],
                "type": ["VerifiablePresentation"],
                "holder": self.holder,
                "verifiableCredential": [wrapper],
            }
        for edit in self.wrapper_edits:
            wrapper = edit(wrapper)
        if self.delivery == "presentation":
            key = login_key(self.holder or self.key.did)
            token = sign_compact(dump(wrapper).encode(), key.private, kid=key.kid, typ="vp+jwt")
            for edit in self.presentation_edits:
                token = edit(token)
            return token.encode()
        return dump(wrapper).encode()


def enveloped(token: str) -> dict[str, Any]:
    """The object that carries a token in JSON (VCDM 2.0, section 4.13)."""
    return {
        "@context": [VC2],
        "type": ["EnvelopedVerifiableCredential"],
        "id": f"data:application/vc+jwt,{token}",
    }


@cache
def _edited_text(payload: str, payload_edits: tuple[Edit, ...], text_edits: tuple[Edit, ...]) -> str:
    if payload_edits:
        value = json.loads(payload)
        for edit in payload_edits:
            value = edit(value)
        payload = dump(value)
    for edit in text_edits:
        payload = edit(payload)
    return payload


def _token(issuance: Issuance, text: str) -> str:
    token = _signed(text, issuance.key, issuance.alg, json.dumps(dict(issuance.header)))
    for edit in issuance.token_edits:
        token = edit(token)
    return token


@cache
def _signed(text: str, key: DemoKey, alg: str | None, header: str) -> str:
    members = json.loads(header)
    kid, typ = members.pop("kid", None), members.pop("typ", None)
    return sign_compact(text.encode(), key.private, alg=alg, kid=kid, typ=typ, extra_header=members)


def resigned(token: str, key: DemoKey) -> str:
    """The same header and payload under a signature of another key."""
    signing_input = token.rpartition(".")[0]
    return f"{signing_input}.{encode_base64url(sign_bytes(signing_input.encode(), key.private))}"
