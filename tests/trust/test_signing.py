"""Signing: deterministic, and equal to what the RFCs print."""

from __future__ import annotations

import pytest

from harness.trust import keys
from harness.trust.encoding import decode_base64url
from harness.trust.signing import (
    did_web_document,
    jwk_of,
    key_from_seed,
    private_bytes,
    public_of,
    sign_bytes,
    sign_compact,
    thumbprint,
)
from trust import rfc_vectors
from trust.issuers import DID, FAMILIES, a_key


def test_rfc8037_key_signature_and_thumbprint() -> None:
    """RFC 8037 A.1 to A.4: key, thumbprint and token come out as printed."""
    key = key_from_seed(decode_base64url(rfc_vectors.RFC8037_SEED), keys.ED25519)
    assert jwk_of(key) == rfc_vectors.RFC8037_KEY
    assert thumbprint(jwk_of(key)) == rfc_vectors.RFC8037_THUMBPRINT
    token = sign_compact(b"Example of Ed25519 signing", key, alg="EdDSA", kid=None, typ=None)
    assert token == rfc_vectors.RFC8037_EDDSA


def test_rfc7638_thumbprint() -> None:
    """RFC 7638 section 3.1: optional members do not count."""
    assert thumbprint(rfc_vectors.RFC7638_KEY) == rfc_vectors.RFC7638_THUMBPRINT


@pytest.mark.parametrize("alg", [alg for alg in FAMILIES if FAMILIES[alg] != keys.RSA])
def test_the_same_seed_and_text_give_the_same_token(alg: str) -> None:
    """Keys and signatures are a function of their input (RFC 6979, RFC 8032)."""
    first, again = (key_from_seed("one seed", FAMILIES[alg]) for _ in range(2))
    assert jwk_of(first) == jwk_of(again)
    assert sign_bytes(b"text", first, alg=alg) == sign_bytes(b"text", again, alg=alg)
    assert jwk_of(key_from_seed("another seed", FAMILIES[alg])) != jwk_of(first)


def test_rsa_keys_sign_too() -> None:
    """An RSA key has a JWK and is read back."""
    assert public_of(a_key(keys.RSA)).family == keys.RSA


def test_documents_hold_public_keys_only() -> None:
    """A DID document made for a demo has no private member, in either form."""
    for form in ("JsonWebKey", "Multikey"):
        document = did_web_document(DID, [("k", a_key(), ["assertionMethod", "authentication"])], form=form)
        assert document["assertionMethod"] == document["authentication"] == [f"{DID}#k"]
        assert "d" not in document["verificationMethod"][0].get("publicKeyJwk", {})


def test_private_keys_are_written_as_pem() -> None:
    """A demo key can be kept in a file."""
    assert private_bytes(a_key()).startswith(b"-----BEGIN PRIVATE KEY-----")
