"""JWS: the examples of the RFCs, every algorithm, every header rule, keys in all the wrong places."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from harness.evidence import Absence
from harness.trust import keys
from harness.trust.did import VerificationMethod
from harness.trust.encoding import decode_base64url, encode_base64url
from harness.trust.jose import (
    Jws,
    check_header,
    check_signature,
    claimed_controller,
    read_compact,
    verify_jose,
)
from harness.trust.keys import from_jwk
from harness.trust.signing import did_key_of, did_web_document, jwk_of, key_from_seed, multikey_of
from harness.trust.trace import Trace, TrustError
from trust import rfc_vectors
from trust.issuers import (
    CREDENTIAL,
    DID,
    FAMILIES,
    NOW,
    OTHER,
    Issuing,
    a_document,
    a_key,
    a_web,
    at_url,
    changed,
    code_of,
)


def check(token: str, jwk: dict[str, str]) -> Jws:
    """Verify a bare JWS with a bare key."""
    jws = read_compact(token)
    check_signature(jws, check_header(jws), VerificationMethod("", "", "", from_jwk(jwk)), Trace())
    return jws


def with_header(header: bytes) -> str:
    """A token with these bytes as header."""
    return f"{encode_base64url(header)}.e30.AA"


@pytest.mark.parametrize(
    ("token", "key"),
    [
        (rfc_vectors.A2_RS256, rfc_vectors.A2_KEY),
        (rfc_vectors.A3_ES256, rfc_vectors.A3_KEY),
        (rfc_vectors.A4_ES512, rfc_vectors.A4_KEY),
        (rfc_vectors.RFC8037_EDDSA, rfc_vectors.RFC8037_KEY),
    ],
)
def test_rfc_examples_verify(token: str, key: dict[str, str]) -> None:
    """RFC 7515 A.2, A.3 and A.4 and RFC 8037 A.4 verify with their keys."""
    assert check(token, key).token == token


@pytest.mark.parametrize(
    ("token", "code"), [(rfc_vectors.A1_HS256, "alg-symmetric"), (rfc_vectors.A5_NONE, "alg-none")]
)
def test_rfc_examples_that_prove_nothing(token: str, code: str) -> None:
    """RFC 7515 A.1 (HMAC) and A.5 (none) are read and refused with the reason."""
    verification = verify_jose(token, web=a_web(), at=NOW, issuer=DID)
    assert code_of(verification) == code
    assert [step.name for step in verification.steps] == ["JOSE Header", "JWS Signing Input", "JWS Payload"]


@pytest.mark.parametrize("alg", FAMILIES)
def test_every_algorithm_verifies(alg: str) -> None:
    """A credential signed with each algorithm verifies, with every step under its standard name."""
    verification = Issuing(key=a_key(FAMILIES[alg]), alg=alg).verify()
    assert verification.holds, verification.problem
    assert [step.name for step in verification.steps] == [
        "JOSE Header",
        "JWS Signing Input",
        "JWS Payload",
        "DID document URL",
        "DID resolution result",
        "verification method",
        "JWS Signature",
    ]


@pytest.mark.parametrize("alg", FAMILIES)
def test_the_signature_of_another_key_is_refused(alg: str) -> None:
    """A signature by another key of the same family is a mismatch, for each algorithm."""
    family = FAMILIES[alg]
    published = rfc_vectors.A2_KEY if family == keys.RSA else jwk_of(key_from_seed("another", family))
    document = a_document()
    document["verificationMethod"][0]["publicKeyJwk"] = published
    assert code_of(Issuing(key=a_key(family), alg=alg, document=document).verify()) == "signature-mismatch"


@pytest.mark.parametrize("form", ["JsonWebKey", "Multikey"])
def test_keys_in_both_forms(form: str) -> None:
    """The key may be published as JsonWebKey or as Multikey."""
    document = did_web_document(DID, [("key-1", a_key(), ["assertionMethod"])], form=form)
    assert Issuing(document=document).verify().holds


def test_a_key_embedded_in_the_relationship_is_found() -> None:
    """A method embedded under assertionMethod is as good as one that is referred to (DID Core 5.3)."""
    document = a_document()
    document["assertionMethod"] = document.pop("verificationMethod")
    assert Issuing(document=document).verify().holds


def test_relative_ids_in_the_document_are_resolved() -> None:
    """`#key-1` in the document is the absolute id that kid names (DID Core 3.2.2)."""
    document = a_document()
    document["verificationMethod"][0]["id"] = "#key-1"
    document["assertionMethod"] = ["#key-1"]
    assert Issuing(document=document).verify().holds


def test_did_key_and_did_jwk_issuers_need_no_web() -> None:
    """Issuers that are their own key verify without any document."""
    key = a_key(keys.ED25519)
    by_key = did_key_of(key)
    by_jwk = f"did:jwk:{encode_base64url(json.dumps(jwk_of(key)).encode())}"
    for issuer, kid in ((by_key, f"{by_key}#{multikey_of(key)}"), (by_jwk, f"{by_jwk}#0")):
        credential = changed(CREDENTIAL, issuer=issuer)
        assert Issuing(key=key, credential=credential, kid=kid, web=a_web()).verify().holds


def test_an_https_issuer_with_a_controlled_identifier_document() -> None:
    """An https issuer publishes a controlled identifier document at its own URL (CID 1.0 section 3.3)."""
    issuer = "https://issuer.example.com/ids/1"
    document = did_web_document(issuer, [("key-1", a_key(), ["assertionMethod"])])
    issuing = Issuing(
        credential=changed(CREDENTIAL, issuer=issuer),
        kid=f"{issuer}#key-1",
        web=at_url(issuer, json.dumps(document)),
    )
    assert issuing.verify().holds


def test_a_foreign_key_that_the_issuer_lists_is_accepted() -> None:
    """A key in another DID signs for the issuer if the issuer lists it and the other DID agrees."""
    delegate = a_key(seed="delegate")
    own = changed(a_document(), assertionMethod=[f"{OTHER}#key-1"])
    web = a_web(own, a_document(OTHER, delegate))
    assert Issuing(key=delegate, kid=f"{OTHER}#key-1", web=web).verify().holds


def test_a_foreign_key_that_nobody_lists_is_refused() -> None:
    """A valid signature by somebody else does not become the issuer's."""
    thief = a_key(seed="thief")
    web = a_web(a_document(), a_document(OTHER, thief))
    assert (
        code_of(Issuing(key=thief, kid=f"{OTHER}#key-1", web=web).verify()) == "issuer-does-not-control-key"
    )


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": jwk_of(key_from_seed("thief"))},
        {"jku": "https://thief.example/keys.json"},
        {"x5u": "https://thief.example/cert.pem"},
        {"x5c": ["MIIB"]},
    ],
)
def test_keys_in_the_header_are_never_used(header: dict[str, object]) -> None:
    """A thief who brings his own key along gets a mismatch with the issuer's (RFC 8725 section 3.10)."""
    thief = key_from_seed("thief")
    stolen = Issuing(key=thief, extra=header, document=a_document())
    assert code_of(stolen.verify()) == "signature-mismatch"
    assert Issuing(extra=header).verify().holds


def test_a_public_key_is_no_hmac_secret() -> None:
    """HS256 keyed with the public key (algorithm confusion) stops at the header."""
    assert code_of(Issuing(extra={"alg": "HS256"}).verify()) == "alg-symmetric"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "alg-none"),
        ({"alg": "nOnE"}, "alg-none"),
        ({"alg": "HS512"}, "alg-symmetric"),
        ({"alg": "ES256K"}, "alg-not-allowed"),
        ({"alg": "A256GCM"}, "alg-not-allowed"),
        ({"alg": 256}, "alg-missing"),
        ({"alg": "ES384"}, "alg-does-not-fit-key"),
        ({"alg": "EdDSA"}, "alg-does-not-fit-key"),
        ({"crit": []}, "crit-not-understood"),
        ({"crit": "exp"}, "crit-not-understood"),
        ({"crit": ["exp-ext"], "exp-ext": 1}, "crit-not-understood"),
        ({"crit": ["exp-ext"]}, "crit-not-understood"),
        ({"crit": ["b64", "b64"], "b64": True}, "crit-not-understood"),
        ({"crit": ["b64"], "b64": False}, "payload-not-encoded"),
        ({"b64": "true"}, "payload-not-encoded"),
        ({"kid": 1}, "header-malformed"),
        ({"kid": "key-1"}, "kid-not-absolute"),
        ({"kid": "#key-1"}, "kid-not-absolute"),
        ({"kid": DID}, "kid-not-absolute"),
        ({"kid": "k" * 40_000}, "kid-not-absolute"),
        ({"kid": "x" * 1_000_000}, "header-malformed"),
        ({"kid": f"{DID}#key-2"}, "key-not-found"),
        ({"kid": f"{OTHER}#key-1"}, "issuer-does-not-control-key"),
    ],
)
def test_header_rules(header: dict[str, object], code: str) -> None:
    """Each fault of the header stops at its own rule, with a hint and a clause."""
    verification = Issuing(extra=header).verify()
    assert code_of(verification) == code
    assert verification.problem is not None
    assert verification.problem.step
    assert len(str(verification.problem)) < 2_000


def test_b64_true_is_lawful() -> None:
    """RFC 7797 lets a token say that its payload is encoded, as it always is."""
    assert Issuing(extra={"crit": ["b64"], "b64": True}).verify().holds


def test_unsupported_algorithms_are_undetermined() -> None:
    """What the harness cannot verify neither passes nor fails; what is no algorithm fails."""
    unsupported = Issuing(extra={"alg": "ES256K"}).verify().problem
    nonsense = Issuing(extra={"alg": "ROT13"}).verify().problem
    assert unsupported is not None
    assert nonsense is not None
    assert unsupported.undetermined
    assert not nonsense.undetermined


def test_the_algorithm_of_the_jwk_binds() -> None:
    """A JWK that says alg is used with that algorithm only; EdDSA and Ed25519 are one."""
    key = a_key(keys.ED25519)
    document = a_document(key=key)
    document["verificationMethod"][0]["publicKeyJwk"]["alg"] = "Ed25519"
    assert Issuing(key=key, alg="EdDSA", document=document).verify().holds
    document["verificationMethod"][0]["publicKeyJwk"]["alg"] = "ES256"
    assert code_of(Issuing(key=key, alg="EdDSA", document=document).verify()) == "alg-does-not-fit-key"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "token-malformed"),
        ("a.b", "token-malformed"),
        ("a.b.c.d.e", "token-malformed"),
        ('{"payload": "", "signatures": []}', "token-malformed"),
        ("." * 1_000_000, "token-malformed"),
        ("e30=.e30.AA", "token-malformed"),
        ("e30.e3\n0.AA", "token-malformed"),
        ("e30.e30.A", "token-malformed"),
        (with_header(b"[]"), "header-malformed"),
        (with_header(b"{"), "header-malformed"),
        (with_header(b"\xff"), "header-malformed"),
        (with_header(b'{"alg":"ES256","alg":"none"}'), "header-malformed"),
        (with_header(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"), "header-malformed"),
        ("e30.e30.AA", "alg-missing"),
        ("x" * (24 * 1024 * 1024 + 1), "token-malformed"),
    ],
    ids=range(15),
)
def test_texts_that_are_no_token(token: str, code: str) -> None:
    """Whatever is handed in, the answer is a verification that says what is wrong."""
    assert code_of(verify_jose(token, web=a_web(), at=NOW, issuer=DID)) == code


@pytest.mark.parametrize("size", [0, 1, 63, 65, 96])
def test_signatures_of_the_wrong_length(size: int) -> None:
    """A signature that is cut off or padded is malformed, not just wrong."""
    head, _, signature = Issuing().token().rpartition(".")
    altered = (decode_base64url(signature) + bytes(64))[:size]
    verification = verify_jose(f"{head}.{encode_base64url(altered)}", web=a_web(a_document()), at=NOW)
    assert code_of(verification) == "signature-malformed"


def test_der_signatures_are_named() -> None:
    """An ECDSA signature in DER gets a hint that says so."""
    head = Issuing().token().rpartition(".")[0]
    key = a_key()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    der = key.sign(head.encode(), ec.ECDSA(hashes.SHA256()))
    problem = verify_jose(f"{head}.{encode_base64url(der)}", web=a_web(a_document()), at=NOW).problem
    assert problem is not None
    assert "DER" in str(problem.hint)


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b'{"issuer": 1}', b"\xff"])
def test_payloads_without_an_issuer(payload: bytes) -> None:
    """Where nobody is named as issuer, there is nobody whose key it has to be; with one it verifies."""
    issuing = Issuing(payload=payload)
    assert code_of(issuing.verify()) in ("payload-malformed", "issuer-missing")
    assert issuing.verify(issuer=DID).holds


def test_presentations_are_signed_by_their_holder() -> None:
    """Purpose authentication looks for the holder and for a key under authentication."""
    document = a_document(relationships=("authentication",))
    token = Issuing(payload=json.dumps({"holder": {"id": DID}}).encode()).token()
    assert verify_jose(token, web=a_web(document), at=NOW, purpose="authentication").holds
    assert code_of(verify_jose(token, web=a_web(document), at=NOW, issuer=DID)) == "key-not-in-relationship"
    assert claimed_controller(read_compact(token), "authentication") == DID


def test_evidence_that_was_not_brought_is_undetermined() -> None:
    """Without the DID document nobody can say; a document that its site does not have is the issuer's fault."""
    url = "https://issuer.example.com/.well-known/did.json"
    for fault, code in (("line", "did-document-absent"), ("vendor", "did-document-not-found")):
        web = a_web(absent={url: Absence(url, "404", fault)})
        problem = Issuing(web=web).verify().problem
        assert problem is not None
        assert (problem.code, problem.undetermined, problem.expected) == (code, fault == "line", url)


def test_revoked_and_expired_methods() -> None:
    """A key does not verify after it was revoked or has expired (CID 1.0 section 2.2)."""
    for member, code in (("revoked", "key-revoked"), ("expires", "key-expired")):
        document = a_document()
        document["verificationMethod"][0][member] = "2026-11-01T00:00:00Z"
        issuing = Issuing(document=document)
        assert code_of(issuing.verify()) == code
        assert issuing.verify(at=NOW - timedelta(days=60)).holds
        document["verificationMethod"][0][member] = "yesterday"
        assert code_of(replace(issuing, document=document).verify()) == "method-malformed"


def test_a_version_in_kid_brings_no_old_key_back() -> None:
    """A kid with ?versionId= is looked for in the document as it is now."""
    assert Issuing(kid=f"{DID}?versionId=1#key-1").verify().holds
    assert code_of(Issuing(kid=f"{DID}?versionId=1#old").verify()) == "key-not-found"


def test_claims_are_read_once_and_strictly() -> None:
    """A payload with a repeated name is no JWT claims set."""
    token = Issuing(payload=b'{"issuer": "did:web:a.b", "issuer": "did:web:c.d"}').token()
    with pytest.raises(TrustError, match="occurs twice"):
        _ = read_compact(token).claims
