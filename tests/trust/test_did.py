"""DID documents: resolved, refused, searched, and judged rule by rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.evidence import Web
from harness.trust import did_rules, keys
from harness.trust.did import DidDocument, find_method, resolve
from harness.trust.encoding import encode_base64url
from harness.trust.signing import did_key_of, jwk_of, key_from_seed
from harness.trust.trace import Trace, TrustError
from trust.issuers import DID, NOW, OTHER, a_document, a_key, a_web, at_url, changed, code_of

URL = "https://issuer.example.com/.well-known/did.json"
JWK_DID = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAi"
    "LCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)
ENCRYPTION_DID = (
    "did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVH"
    "ZE5yZngtRkctSUswOCJ9"
)


def resolved(document: dict[str, Any]) -> DidDocument:
    """A DID document as the web would serve it."""
    return resolve(document["id"], a_web(document), Trace())


def refused(act: Callable[[], object]) -> TrustError:
    """The error with which something is refused."""
    with pytest.raises(TrustError) as caught:
        act()
    return caught.value


def test_did_web_resolves_with_its_steps() -> None:
    """A did:web resolves to the document at its URL, and the trace shows both."""
    trace = Trace()
    document = resolve(DID, a_web(a_document()), trace)
    assert (document.did, document.url) == (DID, URL)
    assert [step.name for step in trace.steps] == ["DID document URL", "DID resolution result"]
    assert json.loads(trace.steps[1].text)["id"] == DID


def test_did_jwk_examples_resolve() -> None:
    """The two examples of the did:jwk method: a signing key for everything, an encryption key for agreement."""
    signing = resolve(JWK_DID, Web(), Trace())
    assert signing.relationships_of(f"{JWK_DID}#0") == (
        "authentication",
        "assertionMethod",
        "keyAgreement",
        "capabilityInvocation",
        "capabilityDelegation",
    )
    assert find_method(signing, "#0", "assertionMethod", Trace()).key.family == keys.P256
    agreement = resolve(ENCRYPTION_DID, Web(), Trace())
    assert agreement.relationships_of(f"{ENCRYPTION_DID}#0") == ("keyAgreement",)


@pytest.mark.parametrize(
    ("did", "family"),
    [
        ("did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP", keys.ED25519),
        ("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", keys.P256),
        ("did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54", keys.P384),
        (did_key_of(key_from_seed("p521", keys.P521)), keys.P521),
    ],
)
def test_did_key_examples_resolve(did: str, family: str) -> None:
    """The test vectors of the did:key method resolve to one method, named by the key itself."""
    document = resolve(did, Web(), Trace())
    assert find_method(document, f"#{did[8:]}", "assertionMethod", Trace()).key.family == family


@pytest.mark.parametrize(
    ("did", "code"),
    [
        ("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "key-unsupported"),
        ("did:key:f00", "did-malformed"),
        ("did:key:z", "key-malformed"),
        ("did:jwk:AAAA", "did-malformed"),
        ("did:jwk:A", "did-malformed"),
        ("did:ethr:0x00", "did-method-unsupported"),
        ("did:web:127.0.0.1", "did-malformed"),
        ("urn:uuid:1", "did-malformed"),
        ("", "did-malformed"),
        ("did:web:" + "a" * 1_000_000, "did-malformed"),
        ("https://issuer.example.com/ids/1", "did-document-absent"),
    ],
)
def test_identifiers_that_do_not_resolve(did: str, code: str) -> None:
    """What cannot be resolved says why, and is undetermined where nobody can say."""
    error = refused(lambda: resolve(did, Web(), Trace()))
    assert error.code == code
    assert error.undetermined == (
        code in {"key-unsupported", "did-method-unsupported", "did-document-absent"}
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "did-document-malformed"),
        (b"<html>", "did-document-malformed"),
        (b"[]", "did-document-malformed"),
        (b"{}", "did-document-malformed"),
        (b'{"id": 1}', "did-document-malformed"),
        (b'{"id": "%s", "id": "%s"}' % (DID.encode(), DID.encode()), "did-document-malformed"),
        (b'{"id": "%s", "assertionMethod": "x"}' % DID.encode(), "did-document-malformed"),
        (b'{"id": "%s", "a": %s%s}' % (DID.encode(), b"[" * 50_000, b"]" * 50_000), "did-document-malformed"),
        (b'{"id": "%s", "a": "%s"}' % (DID.encode(), b"x" * 2_000_000), "did-document-malformed"),
        (b'{"id": "%s"}' % OTHER.encode(), "did-document-for-another-did"),
        (b'{"id": "%s"}' % DID.upper().encode(), "did-document-for-another-did"),
    ],
)
def test_documents_that_are_refused(body: bytes, code: str) -> None:
    """Bytes that are no DID document, or that of somebody else, are refused."""
    error = refused(lambda: resolve(DID, at_url(URL, body), Trace()))
    assert error.code == code
    assert not error.undetermined


def test_a_document_without_keys() -> None:
    """A document without any verification method resolves, but has a code of its own for that."""
    document = resolved({"id": DID})
    assert (
        refused(lambda: find_method(document, "#key-1", "assertionMethod", Trace())).code
        == "no-keys-in-document"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"assertionMethod": None}, "key-not-in-relationship"),
        ({"assertionMethod": None, "authentication": [f"{DID}#key-1"]}, "key-not-in-relationship"),
        ({"verificationMethod": [{"id": f"{DID}#key-1", "type": "JsonWebKey"}]}, "method-malformed"),
        ({"verificationMethod": [{"id": f"{DID}#key-1", "controller": DID}]}, "method-malformed"),
        (
            {"verificationMethod": [{"id": f"{DID}#key-1", "type": "JsonWebKey", "controller": OTHER}]},
            "issuer-does-not-control-key",
        ),
        (
            {"verificationMethod": [{"id": f"{DID}#key-1", "type": "JsonWebKey", "controller": DID}]},
            "key-malformed",
        ),
        ({"verificationMethod": [{"id": f"{DID}#key-2"}]}, "key-not-found"),
        ({"verificationMethod": [{"id": 1}, "x", None]}, "key-not-found"),
        ({"verificationMethod": [{"id": f"{DID}#key-1"}, {"id": "#key-1"}]}, "key-ambiguous"),
    ],
)
def test_keys_that_may_not_be_used(change: dict[str, Any], code: str) -> None:
    """A key that is unknown, unauthorised, ambiguous, incomplete or somebody else's is refused by its own rule."""
    document = resolved(changed(a_document(), **change))
    error = refused(lambda: find_method(document, f"{DID}#key-1", "assertionMethod", Trace()))
    assert error.code == code


def test_the_error_shows_the_keys_that_there_are() -> None:
    """Who names a key that is not there sees those that are."""
    error = refused(lambda: find_method(resolved(a_document()), "#key-9", "assertionMethod", Trace()))
    assert (error.expected, error.actual) == (f"{DID}#key-9", f"{DID}#key-1")


def test_a_key_listed_twice_alike_is_one_key() -> None:
    """The same method listed and embedded is no contradiction."""
    document = a_document()
    document["assertionMethod"] = [document["verificationMethod"][0]]
    assert find_method(resolved(document), "#key-1", "assertionMethod", Trace()).controller == DID


def test_a_good_document_breaks_no_rule() -> None:
    """The document of a plain issuer breaks none of the rules."""
    document = resolved(
        changed(a_document(), service=[{"id": "#s", "type": "x", "serviceEndpoint": "https://a.b"}])
    )
    for rule in (did_rules.method_problems, did_rules.private_members, did_rules.service_problems):
        assert rule(document) == []
    assert did_rules.signing_key_problems(document, f"{DID}#key-1") == []
    assert did_rules.did_resolves(DID, a_web(a_document()), at=NOW).holds


@pytest.mark.parametrize(
    ("method", "pointers"),
    [
        ("x", [""]),
        ({"id": None}, ["/id"]),
        ({"id": "key-1"}, ["/id"]),
        ({"type": None}, ["/type"]),
        ({"controller": None}, ["/controller"]),
        ({"controller": f"{DID}#a"}, ["/controller"]),
        ({"publicKeyJwk": None}, [""]),
        ({"publicKeyJwk": {"kty": "EC"}}, [""]),
        ({"publicKeyJwk": {"kty": "OKP", "crv": "X25519", "x": "AAAA"}}, []),
    ],
)
def test_incomplete_methods(method: Any, pointers: list[str]) -> None:
    """VCP-DID-05: each member that a method lacks is found where it should stand."""
    document = a_document()
    if isinstance(method, dict):
        method = changed(document["verificationMethod"][0], **method)
    document["verificationMethod"][0] = method
    found = did_rules.method_problems(resolved(document))
    assert [problem.pointer for problem in found] == [
        f"/verificationMethod/0{pointer}" for pointer in pointers
    ]


def test_published_private_keys() -> None:
    """VCP-DID-07: every private member is found, in each form that documents have."""
    document = a_document()
    document["verificationMethod"][0]["publicKeyJwk"]["d"] = "AAAA"
    document["authentication"] = [{"id": "#a", "privateKeyMultibase": "z", "secretKeyJwk": {}}]
    assert [problem.pointer for problem in did_rules.private_members(resolved(document))] == [
        "/verificationMethod/0/publicKeyJwk/d",
        "/authentication/0/privateKeyMultibase",
        "/authentication/0/secretKeyJwk",
    ]


def test_a_signing_key_for_login_only() -> None:
    """VCP-DID-06: a key that stands only under authentication may not sign credentials."""
    document = resolved(a_document(relationships=("authentication",)))
    (problem,) = did_rules.signing_key_problems(document, f"{DID}#key-1")
    assert problem.actual == "it is under authentication"


@pytest.mark.parametrize(
    ("did", "version", "broken"),
    [
        (DID, "0.6.0", False),
        (DID, "0.7.0", False),
        ("did:webvh:x:a.b", "0.7.0", False),
        ("did:webvh:x:a.b", "0.6.1", True),
        ("did:key:z6Mk", "0.7.0", True),
        ("did:key:z6Mk", "0.6.0", True),
        ("nonsense", "0.7.0", True),
    ],
)
def test_acknowledged_methods(did: str, version: str, broken: bool) -> None:
    """VCP-DID-10 and 11: 0.6 knows did:web, 0.7 also did:webvh."""
    assert bool(did_rules.acknowledged_method(did, version)) == broken


@pytest.mark.parametrize(
    ("services", "codes"),
    [
        ({}, ["service"]),
        ([1], ["service"]),
        ([{"id": "x", "type": "t", "serviceEndpoint": "https://a.b"}], ["service-id"]),
        ([{"id": "#x", "serviceEndpoint": "https://a.b"}], ["service-type"]),
        ([{"id": "#x", "type": ["t"]}], ["service-endpoint"]),
        (
            [
                {"id": "#x", "type": "t", "serviceEndpoint": "https://a.b"},
                {"id": f"{DID}#x", "type": "t", "serviceEndpoint": {"a": "b"}},
            ],
            ["service-id"],
        ),
    ],
)
def test_services(services: Any, codes: list[str]) -> None:
    """VCP-DID-14: services have an id of their own, a type and an endpoint."""
    document = resolved(changed(a_document(), service=services))
    assert [problem.code for problem in did_rules.service_problems(document)] == codes


def test_resolution_as_a_requirement() -> None:
    """VCP-DID-01, 03 and 04 are told apart by the code of one verification."""
    assert code_of(did_rules.did_resolves(DID, Web())) == "did-document-absent"
    assert code_of(did_rules.did_resolves("did:web:a.b:80:", Web())) == "did-malformed"
    assert code_of(did_rules.did_resolves(DID, at_url(URL, '{"id": "x"}'))) == "did-document-for-another-did"


def test_private_did_jwk_is_flagged() -> None:
    """A did:jwk made of a private key still resolves, and is flagged."""
    did = f"did:jwk:{encode_base64url(json.dumps({**jwk_of(a_key()), 'd': 'AAAA'}).encode())}"
    assert did_rules.private_members(resolve(did, Web(), Trace()))
