"""DEMO KEYS of the embedded vendor. They are derived from published seeds: whoever trusts them trusts everybody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from harness.trust.encoding import encode_base64url
from harness.trust.keys import ED25519, P256
from harness.trust.signing import PrivateKey, did_key_of, jwk_of, key_from_seed

SEED = "untp-crm-harness DEMO KEY, for tests only, never to be trusted"


FOLDERS = {"es256": P256, "eddsa": ED25519}
"""Folders of a did:web that say which keys everybody below them has."""


@dataclass(frozen=True)
class DemoKey:
    """A demo key: whose it is, what it is called in the DID document, its family, and its seed if not these."""

    did: str
    fragment: str
    family: str
    seed: str = ""

    @property
    def kid(self) -> str:
        """The DID URL of the key."""
        return f"{self.did}#{self.fragment}"

    @property
    def private(self) -> PrivateKey:
        """The private key, always the same."""
        return _derived(self.seed or self.kid, self.family)


def signing_key(did: str) -> DemoKey:
    """The key that an issuer signs credentials with: ES256 for about half of them, EdDSA for the rest.

    Its family goes by the last part of the DID, so that it stays the same where the chain is issued elsewhere;
    a folder named `es256` or `eddsa` in the DID decides instead.
    """
    for folder in did.split(":")[3:-1]:
        if folder in FOLDERS:
            return DemoKey(did, "demo-key-1", FOLDERS[folder])
    even = hashlib.sha256(f"did:web:{did.rpartition(':')[2]}".encode()).digest()[0] % 2 == 0
    return DemoKey(did, "demo-key-1", P256 if even else ED25519)


def login_key(did: str) -> DemoKey:
    """The key that a holder signs presentations with."""
    return DemoKey(did, "demo-login-1", P256)


def did_jwk(seed: str) -> DemoKey:
    """The only key of a did:jwk: a DID that is its own document."""
    jwk = json.dumps(jwk_of(_derived(seed, P256)), separators=(",", ":"))
    return DemoKey(f"did:jwk:{encode_base64url(jwk.encode())}", "0", P256, seed)


def did_key(seed: str) -> DemoKey:
    """The only key of a did:key."""
    did = did_key_of(_derived(seed, P256))
    return DemoKey(did, did.rpartition(":")[2], P256, seed)


@cache
def _derived(seed: str, family: str) -> PrivateKey:
    return key_from_seed(f"{SEED}: {seed}", family)
