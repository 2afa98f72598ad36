"""Keys: the same key in every form is one key; what is wrong with a key is named."""

from __future__ import annotations

from typing import Any

import pytest

from harness.trust import keys
from harness.trust.encoding import encode_base58, encode_base64url, encode_multibase, encode_multicodec
from harness.trust.keys import from_base58, from_jwk, from_method, from_multibase
from harness.trust.signing import did_key_of, jwk_of, multikey_of, public_of
from harness.trust.trace import TrustError
from trust import rfc_vectors
from trust.issuers import a_key, changed

EC_JWK = jwk_of(a_key(keys.P256))
OKP_JWK = jwk_of(a_key(keys.ED25519))


@pytest.mark.parametrize("family", [keys.P256, keys.P384, keys.P521, keys.ED25519])
def test_one_key_in_two_forms(family: str) -> None:
    """A key read from a JWK equals the same key read from a Multikey, byte for byte."""
    key = a_key(family)
    as_jwk, as_multikey = from_jwk(jwk_of(key)), from_multibase(multikey_of(key))
    assert as_jwk.family == as_multikey.family == family
    assert as_jwk.material == as_multikey.material


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", keys.ED25519),
        ("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu", keys.ED25519),
        ("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", keys.P256),
        ("z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54", keys.P384),
    ],
)
def test_published_multikeys(text: str, family: str) -> None:
    """The examples of did:key and of CID 1.0 section 2.2.2 are read, and written as they were."""
    key = from_multibase(text)
    code = next(code for code, name in keys.MULTICODECS.items() if name == family)
    assert key.family == family
    assert encode_multibase(encode_multicodec(code, key.material)) == text


def test_legacy_base58_key() -> None:
    """Ed25519VerificationKey2018 holds the 32 bare bytes in base58."""
    public = public_of(a_key(keys.ED25519))
    method = {"type": "Ed25519VerificationKey2018", "publicKeyBase58": encode_base58(public.material)}
    assert from_method(method).material == public.material
    assert from_base58(encode_base58(public.material)).form == "publicKeyBase58"


def test_keys_are_kept_by_content() -> None:
    """The same JWK with its members in another order is the very same object."""
    assert from_jwk(EC_JWK) is from_jwk(dict(reversed(EC_JWK.items())))


def test_private_members_are_flagged() -> None:
    """A JWK with a private part is read, and says so."""
    assert from_jwk({**OKP_JWK, "d": "AAAA"}).private_members == ("d",)
    assert from_jwk(OKP_JWK).private_members == ()


def test_rfc_keys_are_read() -> None:
    """The RSA and EC keys of the RFCs are read."""
    assert from_jwk(rfc_vectors.A2_KEY).family == keys.RSA
    assert from_jwk(rfc_vectors.A4_KEY).family == keys.P521
    assert from_jwk(rfc_vectors.RFC7638_KEY).alg == "RS256"


BAD_JWKS: list[tuple[dict[str, Any], str]] = [
    ({}, "key-malformed"),
    ({"kty": 1}, "key-malformed"),
    ({"kty": "oct", "k": "AAAA"}, "key-symmetric"),
    ({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"}, "key-unsupported"),
    (changed(EC_JWK, crv="secp256k1"), "key-unsupported"),
    (changed(EC_JWK, crv="P-384"), "key-malformed"),
    (changed(EC_JWK, crv=None), "key-malformed"),
    (changed(EC_JWK, x=None), "key-malformed"),
    (changed(EC_JWK, x=EC_JWK["x"] + "="), "key-malformed"),
    (changed(EC_JWK, x=EC_JWK["x"][:-4]), "key-malformed"),
    (changed(EC_JWK, y=EC_JWK["x"]), "key-off-curve"),
    (changed(EC_JWK, x=encode_base64url(bytes(32)), y=encode_base64url(bytes(32))), "key-off-curve"),
    (changed(EC_JWK, alg=256), "key-malformed"),
    (changed(EC_JWK, use="enc"), "key-not-for-signatures"),
    (changed(EC_JWK, key_ops=["sign"]), "key-not-for-signatures"),
    (changed(EC_JWK, key_ops="verify"), "key-not-for-signatures"),
    (changed(OKP_JWK, crv="X25519"), "key-not-for-signatures"),
    (changed(OKP_JWK, crv="Ed448"), "key-unsupported"),
    (changed(OKP_JWK, x=encode_base64url(bytes(31))), "key-malformed"),
    (changed(OKP_JWK, x=encode_base64url(bytes(32))), "key-malformed"),
    (changed(OKP_JWK, x=encode_base64url(b"\x01" + bytes(30) + b"\x80")), "key-malformed"),
    (changed(OKP_JWK, x=encode_base64url(b"\xee" + b"\xff" * 31)), "key-malformed"),
    (changed(OKP_JWK, x="xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o"), "key-malformed"),
    (changed(rfc_vectors.A2_KEY, n=encode_base64url(b"\xff" * 128)), "key-too-weak"),
    (changed(rfc_vectors.A2_KEY, n=encode_base64url(b"\xff" * 2048)), "key-unsupported"),
    (changed(rfc_vectors.A2_KEY, e=encode_base64url(b"\xff" * 9)), "key-unsupported"),
    (changed(rfc_vectors.A2_KEY, e=encode_base64url(b"\x02")), "key-malformed"),
    (changed(rfc_vectors.A2_KEY, e="AAAB"), "key-malformed"),
    (changed(EC_JWK, kid="x" * 20_000), "key-malformed"),
]


@pytest.mark.parametrize(("jwk", "code"), BAD_JWKS)
def test_jwks_that_are_refused(jwk: dict[str, Any], code: str) -> None:
    """Each fault of a JWK has its code, a clause, and leaves undetermined only what we cannot judge."""
    with pytest.raises(TrustError) as caught:
        from_jwk(jwk)
    assert caught.value.code == code
    assert caught.value.clause
    assert caught.value.undetermined == (code == "key-unsupported")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("z6Mk0", "key-malformed"),
        ("z", "key-malformed"),
        (encode_multibase(encode_multicodec(0xED, bytes(31))), "key-malformed"),
        (encode_multibase(encode_multicodec(0x1200, bytes(32))), "key-malformed"),
        (encode_multibase(encode_multicodec(0x1200, b"\x04" + bytes(32))), "key-malformed"),
        (encode_multibase(encode_multicodec(0x1200, b"\x02" + b"\xff" * 32)), "key-off-curve"),
        (encode_multibase(encode_multicodec(0x1300, bytes(32))), "key-malformed"),
        ("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "key-not-for-signatures"),
        ("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "key-unsupported"),
        (
            (
                "zUC7EK3ZakmukHhuncwkbySmomv3FmrkmS36E4Ks5rsb6VQSRpoCrx6Hb8e2Nk6UvJFSdyw9NK1scFXJp21gNNYFjVWNgaqy"
                "GnkyhtagagCpQb5B7tagJu3HDbjQ8h5ypoHjwBb"
            ),
            "key-unsupported",
        ),
    ],
)
def test_multikeys_that_are_refused(text: str, code: str) -> None:
    """Short, secret, agreement and unknown Multikeys are told apart."""
    with pytest.raises(TrustError) as caught:
        from_multibase(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ({"type": "JsonWebKey"}, "key-malformed"),
        ({"type": "Multikey", "publicKeyJwk": EC_JWK}, "key-malformed"),
        ({"type": "JsonWebKey", "publicKeyJwk": "x"}, "key-malformed"),
        ({"type": "Multikey", "publicKeyMultibase": "z" * 20_000}, "key-malformed"),
        ({"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": "00"}, "key-unsupported"),
        ({"type": "JsonWebKey", "publicKeyJwk": EC_JWK, "publicKeyMultibase": "z"}, "key-ambiguous-material"),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": multikey_of(a_key())}, "key-malformed"),
        ({"type": "Ed25519VerificationKey2018", "publicKeyBase58": "0"}, "key-malformed"),
    ],
)
def test_methods_that_hold_no_usable_key(method: dict[str, Any], code: str) -> None:
    """A method without, with two, or with the wrong key material is refused."""
    with pytest.raises(TrustError) as caught:
        from_method(method)
    assert caught.value.code == code


def test_unknown_method_types_still_yield_their_key() -> None:
    """The type of a method is a rule of its own: the key is read whatever it is called."""
    assert from_method({"type": "P256Key2021", "publicKeyJwk": EC_JWK}).family == keys.P256
    assert did_key_of(a_key()).startswith("did:key:zDn")
