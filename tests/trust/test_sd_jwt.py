"""SD-JWT: the examples of RFC 9901, our own with every form of disclosure, and what has to be refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.disclosures import digest_of
from harness.evidence import Web
from harness.trust.did import VerificationMethod
from harness.trust.encoding import encode_base64url
from harness.trust.jose import check_header, check_signature
from harness.trust.keys import ED25519, from_jwk
from harness.trust.sd_jwt import (
    KeyBinding,
    check_key_binding,
    processed_payload,
    read_sd_jwt,
    verify_sd_jwt,
)
from harness.trust.signing import jwk_of, sign_compact
from harness.trust.trace import Trace, TrustError, Verification
from trust import rfc9901
from trust.issuers import CREDENTIAL, DID, NOW, a_document, a_key, a_web, changed, code_of

HOLDER = a_key(ED25519, "holder")
DEMANDED = KeyBinding("https://verifier.example.org", "1234567890")


def disclosure(*parts: Any) -> str:
    """A disclosure of salt, perhaps name, and value."""
    return encode_base64url(json.dumps(parts).encode())


def issued(payload: Mapping[str, Any], *disclosures: str) -> str:
    """An SD-JWT by our issuer."""
    token = sign_compact(json.dumps(payload).encode(), a_key(), kid=f"{DID}#key-1", typ="vc+sd-jwt")
    return "~".join([token, *disclosures, ""])


def verified(text: str, **options: Any) -> Verification:
    """The verification of a text on our issuer's web."""
    return verify_sd_jwt(text, web=a_web(a_document()), at=NOW, **options)


def revealed(payload: Mapping[str, Any], *disclosures: str) -> dict[str, Any]:
    """The processed payload."""
    return processed_payload(read_sd_jwt(issued(payload, *disclosures)))


def refused(payload: Mapping[str, Any], *disclosures: str) -> str:
    """The code with which disclosures are refused."""
    with pytest.raises(TrustError) as caught:
        revealed(payload, *disclosures)
    assert code_of(verified(issued(changed(CREDENTIAL, **payload), *disclosures))) == caught.value.code
    return caught.value.code


def bound(text: str, **changes: Any) -> str:
    """A presentation with a key binding JWT by the holder."""
    header = {"typ": changes.pop("typ", "kb+jwt"), "alg": changes.pop("alg", "EdDSA")}
    key = changes.pop("key", HOLDER)
    claims = {
        "nonce": DEMANDED.nonce,
        "aud": DEMANDED.audience,
        "iat": int(NOW.timestamp()),
        "sd_hash": digest_of(text),
    }
    payload = json.dumps({**claims, **changes}).encode()
    return text + sign_compact(payload, key, alg="EdDSA", kid=None, typ=None, extra_header=header)


@pytest.mark.parametrize("text", [rfc9901.ISSUANCE, rfc9901.PRESENTATION, rfc9901.A1_PRESENTATION])
def test_rfc_signatures_verify(text: str) -> None:
    """The issuer's signature on each RFC example verifies with the key of appendix A.5."""
    jws = read_sd_jwt(text).jws
    check_signature(
        jws, check_header(jws), VerificationMethod("", "", "", from_jwk(rfc9901.ISSUER_KEY)), Trace()
    )
    assert jws.header["typ"] == "example+sd-jwt"


def test_rfc_digests() -> None:
    """Every disclosure of sections 4.2 and 5.1 has the digest that the RFC prints."""
    for digest, text in rfc9901.DISCLOSURES.items():
        assert digest_of(text) == digest
    for text, digest in rfc9901.SPELLINGS.items():
        assert digest_of(text) == digest


def test_rfc_presentation_is_processed() -> None:
    """Section 5.2: the processed payload is the one that the RFC prints."""
    assert processed_payload(read_sd_jwt(rfc9901.PRESENTATION)) == rfc9901.PROCESSED


def test_rfc_issuance_discloses_everything() -> None:
    """Section 5.1: with all disclosures, all claims are there and nothing of SD-JWT is left."""
    payload = processed_payload(read_sd_jwt(rfc9901.ISSUANCE))
    assert payload["nationalities"] == ["US", "DE"]
    assert payload["updated_at"] == 1570000000
    assert "_sd" not in json.dumps(payload)


def test_rfc_decoys_disappear() -> None:
    """Appendix A.1: decoy digests and what was not disclosed leave no trace."""
    assert processed_payload(read_sd_jwt(rfc9901.A1_PRESENTATION)) == rfc9901.A1_PROCESSED


def test_rfc_key_binding_verifies() -> None:
    """Section 5.2: the key binding JWT verifies with the holder's key in cnf, and covers the presentation."""
    presented = read_sd_jwt(rfc9901.PRESENTATION)
    at = datetime.fromtimestamp(rfc9901.ISSUED_AT, UTC)
    assert check_key_binding(presented, rfc9901.PROCESSED, DEMANDED, at).name == "KB-JWT Signing Input"
    assert digest_of(presented.bound) == rfc9901.SD_HASH


def test_a_token_without_kid_is_refused_under_our_profile() -> None:
    """The RFC's example names no key; as a credential of a resolvable issuer it would have to."""
    assert code_of(verify_sd_jwt(rfc9901.PRESENTATION, web=Web(), at=NOW)) == "kid-missing"


def test_every_kind_of_disclosure() -> None:
    """Members, array elements, nested objects, recursion and decoys in one payload."""
    colour = disclosure("s1", "colour", "red")
    parts = disclosure("s2", "parts", [{"...": digest_of(disclosure("s3", "bolt"))}, {"...": "decoy"}, "nut"])
    bolt = disclosure("s3", "bolt")
    size = disclosure("s4", "size", {"_sd": [digest_of(disclosure("s5", "height", 2))], "width": 1})
    height = disclosure("s5", "height", 2)
    payload = {
        "_sd": [digest_of(colour), "another-decoy"],
        "body": {"_sd": [digest_of(parts), digest_of(size)]},
        "list": [{"...": digest_of(disclosure("s6", {"a": 1}))}, {"b": 2}],
        "_sd_alg": "sha-256",
    }
    element = disclosure("s6", {"a": 1})
    assert revealed(payload, colour, parts, bolt, size, height, element) == {
        "colour": "red",
        "body": {"parts": ["bolt", "nut"], "size": {"width": 1, "height": 2}},
        "list": [{"a": 1}, {"b": 2}],
    }
    assert revealed(payload) == {"body": {}, "list": [{"b": 2}]}


@pytest.mark.parametrize("algorithm", ["sha-384", "sha-512", "sha3-256"])
def test_other_hash_functions(algorithm: str) -> None:
    """_sd_alg names the hash function."""
    text = disclosure("s", "a", 1)
    assert revealed({"_sd": [digest_of(text, algorithm)], "_sd_alg": algorithm}, text) == {"a": 1}


SEEN = disclosure("s", "a", 1)


@pytest.mark.parametrize(
    ("payload", "disclosures", "code"),
    [
        ({"_sd_alg": "md5"}, [], "sd-jwt-alg"),
        ({"_sd_alg": 1}, [], "sd-jwt-alg"),
        ({}, [SEEN], "sd-jwt-disclosure"),
        ({"_sd": [digest_of(SEEN)]}, [SEEN, SEEN], "sd-jwt-disclosure"),
        ({"_sd": [digest_of(SEEN)], "b": {"_sd": [digest_of(SEEN)]}}, [SEEN], "sd-jwt-digest"),
        ({"_sd": ["x", "x"]}, [], "sd-jwt-digest"),
        ({"_sd": "x"}, [], "sd-jwt-digest"),
        ({"_sd": [1]}, [], "sd-jwt-digest"),
        ({"_sd": [digest_of(SEEN)], "a": 2}, [SEEN], "sd-jwt-claim"),
        ({"_sd": [digest_of(disclosure("s", "_sd", []))]}, [disclosure("s", "_sd", [])], "sd-jwt-claim"),
        ({"_sd": [digest_of(disclosure("s", "...", 1))]}, [disclosure("s", "...", 1)], "sd-jwt-claim"),
        ({"_sd": [digest_of(disclosure("s", 1, 1))]}, [disclosure("s", 1, 1)], "sd-jwt-claim"),
        ({"_sd": [digest_of(disclosure("s", "a"))]}, [disclosure("s", "a")], "sd-jwt-disclosure"),
        ({"_sd": [digest_of(disclosure(1, "a", 1))]}, [disclosure(1, "a", 1)], "sd-jwt-disclosure"),
        ({"l": [{"...": digest_of(SEEN)}]}, [SEEN], "sd-jwt-disclosure"),
        ({"_sd": [digest_of("e30")]}, ["e30"], "sd-jwt-disclosure"),
        ({"_sd": [digest_of("A")]}, ["A"], "sd-jwt-disclosure"),
        ({"_sd": [digest_of("")]}, [""], "sd-jwt-disclosure"),
    ],
)
def test_disclosures_that_are_refused(payload: dict[str, Any], disclosures: list[str], code: str) -> None:
    """Each rule of RFC 9901 section 7.1 stops what breaks it."""
    assert refused(payload, *disclosures) == code


def test_endless_disclosures_are_refused() -> None:
    """Disclosures within disclosures end at a depth, and their number has a limit."""
    inner = disclosure("s", "a", 1)
    chain = [inner]
    for _ in range(120):
        inner = disclosure("s", "a", {"_sd": [digest_of(inner)]})
        chain.append(inner)
    assert refused({"_sd": [digest_of(inner)]}, *chain) == "sd-jwt-malformed"
    assert code_of(verified("e30.e30.AA" + "~" * 10_000)) == "sd-jwt-malformed"


@pytest.mark.parametrize(
    ("text", "code"), [("", "sd-jwt-malformed"), ("e30.e30.AA", "sd-jwt-malformed"), ("~", "token-malformed")]
)
def test_texts_that_are_no_sd_jwt(text: str, code: str) -> None:
    """A bare JWS is no SD-JWT, nor is an empty text."""
    assert code_of(verified(text)) == code


def credential_with_holder() -> str:
    """A credential that names its holder's key, with one disclosure."""
    text = disclosure("s", "name", "Example")
    return issued({**CREDENTIAL, "_sd": [digest_of(text)], "cnf": {"jwk": jwk_of(HOLDER)}}, text)


def test_a_credential_with_key_binding_verifies() -> None:
    """A credential enveloped as SD-JWT verifies, with and without its holder."""
    text = credential_with_holder()
    verification = verified(bound(text), key_binding=DEMANDED)
    assert verification.holds, verification.problem
    assert verification.steps[-2].name == "Processed SD-JWT Payload"
    assert verified(text).holds
    assert verified(bound(text)).holds


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "other"},
        {"aud": "https://thief.example"},
        {"aud": ["https://verifier.example.org"]},
        {"sd_hash": "x"},
        {"typ": "JWT"},
        {"iat": None},
        {"iat": "now"},
        {"iat": int((NOW - timedelta(hours=1)).timestamp())},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
    ],
)
def test_key_bindings_for_another_occasion(changes: dict[str, Any]) -> None:
    """Another nonce, audience, presentation, type or time is refused."""
    assert (
        code_of(verified(bound(credential_with_holder(), **changes), key_binding=DEMANDED)) == "key-binding"
    )


def test_key_bindings_that_prove_nothing() -> None:
    """No binding, one by a stranger, an unsigned one, and a credential without a holder are refused."""
    text = credential_with_holder()
    assert code_of(verified(text, key_binding=DEMANDED)) == "key-binding-missing"
    stranger = bound(text, key=a_key(ED25519, "stranger"))
    assert code_of(verified(stranger, key_binding=DEMANDED)) == "signature-mismatch"
    assert code_of(verified(bound(text, alg="none"), key_binding=DEMANDED)) == "alg-none"
    assert code_of(verified(bound(issued(CREDENTIAL)), key_binding=DEMANDED)) == "key-binding"
    stolen = text.rpartition("~")[0].rpartition("~")[0] + "~"
    assert code_of(verified(bound(stolen, sd_hash=digest_of(text)), key_binding=DEMANDED)) == "key-binding"


def test_a_broken_signature_is_found_first() -> None:
    """Disclosures are not even looked at where the issuer's signature does not hold."""
    text = credential_with_holder()
    assert code_of(verify_sd_jwt(text, web=Web(), at=NOW)) == "did-document-absent"


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_bit_of_a_presentation_can_change(data: st.DataObject) -> None:
    """A presentation with one bit flipped is refused, and only ever inside Verification."""
    text = bytearray(bound(credential_with_holder()).encode())
    bit = data.draw(st.integers(0, len(text) * 8 - 1))
    text[bit // 8] ^= 1 << bit % 8
    assert not verified(text.decode("latin-1"), key_binding=DEMANDED).holds
