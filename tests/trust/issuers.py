"""Issuers with real keys, their DID documents on a web that gather could have brought, and their tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from harness.credential.did_url import document_url
from harness.evidence import Absence, Evidence, Web
from harness.trust.jose import verify_jose
from harness.trust.keys import ED25519, P256, P384, P521, RSA
from harness.trust.signing import PrivateKey, did_web_document, key_from_seed, sign_compact
from harness.trust.trace import Verification

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DID = "did:web:issuer.example.com"
OTHER = "did:web:other.example.com"
FAMILIES: Mapping[str, str] = {
    "ES256": P256,
    "ES384": P384,
    "ES512": P521,
    "EdDSA": ED25519,
    "Ed25519": ED25519,
    "PS256": RSA,
    "RS256": RSA,
}
CREDENTIAL: Mapping[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://vocabulary.uncefact.org/untp/0.7.0/context/",
    ],
    "type": ["DigitalProductPassport", "VerifiableCredential"],
    "id": "https://issuer.example.com/credentials/1",
    "issuer": {"type": ["CredentialIssuer"], "id": DID, "name": "Example Mining"},
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2030-01-01T00:00:00Z",
    "credentialSubject": {"type": ["Product"], "id": "https://id.example.com/01/09520123456788"},
}


@lru_cache(maxsize=16)
def a_key(family: str = P256, seed: str = "issuer") -> PrivateKey:
    """A key of a family; RSA keys cannot be derived from a seed, so that one is made anew for each run."""
    if family == RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key_from_seed(seed, family)


def a_document(
    did: str = DID, key: PrivateKey | None = None, relationships: Sequence[str] = ("assertionMethod",)
) -> dict[str, Any]:
    """A DID document with one key, `#key-1`."""
    return did_web_document(did, [("key-1", key or a_key(), relationships)])


def a_web(*documents: Mapping[str, Any], absent: Mapping[str, Absence] | None = None) -> Web:
    """The web as gather would bring it: each DID document at its URL."""
    answers: dict[str, Evidence | Absence] = dict(absent or {})
    for document in documents:
        url = document_url(document["id"])
        assert url is not None
        answers[url] = Evidence(url, json.dumps(document).encode(), "application/did+json", "web")
    return Web(answers)


def at_url(url: str, body: bytes | str) -> Web:
    """A web with one answer."""
    return Web({url: Evidence(url, body.encode() if isinstance(body, str) else body, origin="web")})


@dataclass(frozen=True)
class Issuing:
    """One credential on its way: every part of it can be changed before it is signed and verified."""

    key: PrivateKey = field(default_factory=a_key)
    credential: Mapping[str, Any] = field(default_factory=lambda: CREDENTIAL)
    payload: bytes | None = None
    alg: str | None = None
    kid: str | None = f"{DID}#key-1"
    typ: str | None = "vc+jwt"
    cty: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] | None = None
    web: Web | None = None

    def token(self) -> str:
        """The credential as a compact JWS."""
        payload = json.dumps(self.credential).encode() if self.payload is None else self.payload
        return sign_compact(
            payload, self.key, alg=self.alg, kid=self.kid, typ=self.typ, cty=self.cty, extra_header=self.extra
        )

    def verify(self, *, at: datetime = NOW, issuer: str | None = None) -> Verification:
        """Verify it on the web on which its issuer published the key."""
        web = self.web if self.web is not None else a_web(self.document or a_document(key=self.key))
        return verify_jose(self.token(), web=web, at=at, issuer=issuer)


def code_of(verification: Verification) -> str | None:
    """The code of the rule that a verification stopped at, None if it holds."""
    return verification.problem.code if verification.problem else None


def changed(base: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """A copy of an object with members set, or taken away where the value is None."""
    made = {name: value for name, value in {**base, **members}.items() if value is not None}
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]
