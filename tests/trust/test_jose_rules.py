"""Requirements on the form, header, claims and keys of a token: each with its good twin."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.trust import jose_claims, jose_rules
from harness.trust.codes import Problem
from harness.trust.did import resolve
from harness.trust.jose import Jws, read_compact
from harness.trust.signing import did_web_document
from harness.trust.trace import Trace
from trust.issuers import CREDENTIAL, DID, NOW, OTHER, Issuing, a_document, a_key, a_web, changed, code_of


def a_jws(**parts: Any) -> Jws:
    """A token made of these parts."""
    return read_compact(Issuing(**parts).token())


def with_claims(**claims: Any) -> Jws:
    """The token of a credential with JWT claims beside its members."""
    return a_jws(credential=changed(CREDENTIAL, **claims))


def seconds(text: str) -> int:
    """A moment as a NumericDate."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


RULES: list[Callable[[Jws], list[Problem]]] = [
    jose_claims.payload_is_credential,
    jose_claims.vcdm11_claims,
    jose_rules.header_typ,
    jose_rules.header_cty,
    jose_rules.kid_present,
    jose_rules.keys_in_header,
    lambda jws: jose_claims.issuer_claim(jws, CREDENTIAL),
    lambda jws: jose_claims.claims_against_credential(jws, CREDENTIAL, NOW),
    lambda jws: jose_rules.compact_form(jws.token),
    lambda jws: jose_rules.secured_with_jose(jws.token),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_good_token_breaks_no_rule(rule: Callable[[Jws], list[Problem]]) -> None:
    """The token of a plain credential breaks none of the rules."""
    assert rule(a_jws()) == []


@pytest.mark.parametrize(
    ("typ", "broken"),
    [
        ("vc+jwt", False),
        ("application/vc+jwt", False),
        ("VC+JWT", False),
        (None, True),
        ("JWT", True),
        ("vc-ld+jwt", True),
        ("vc+ld+jwt", True),
        ("vp+jwt", True),
    ],
)
def test_typ(typ: str | None, broken: bool) -> None:
    """The typ is vc+jwt, with or without the prefix of media types (RFC 7515 section 4.1.9)."""
    problems = jose_rules.header_typ(a_jws(typ=typ))
    assert bool(problems) == broken
    assert all(problem.expected == "vc+jwt" and problem.hint for problem in problems)


def test_typ_of_presentations_and_sd_jwt() -> None:
    """The same rule serves presentations and SD-JWT."""
    assert jose_rules.header_typ(a_jws(typ="vp+jwt"), "vp") == []
    assert jose_rules.header_typ(a_jws(typ="vc+sd-jwt"), form="sd-jwt") == []
    assert jose_rules.header_typ(a_jws(extra={"typ": 1}))


@pytest.mark.parametrize(("cty", "broken"), [(None, False), ("vc", False), ("json", True), ("vp", True)])
def test_cty(cty: str | None, broken: bool) -> None:
    """The cty is absent or vc."""
    assert bool(jose_rules.header_cty(a_jws(cty=cty))) == broken


def test_vcdm11_claims_are_named() -> None:
    """A vc or vp claim is named, even if it is empty."""
    assert [problem.pointer for problem in jose_claims.vcdm11_claims(with_claims(vc={}, vp={}))] == [
        "/vc",
        "/vp",
    ]


@pytest.mark.parametrize(
    ("payload", "actual"),
    [
        (b'{"vc": {"@context": [], "type": []}}', "the credential is wrapped in vc"),
        (b'{"type": []}', "no @context"),
        (b"[]", None),
        (b"{", None),
    ],
)
def test_payloads_that_are_no_credential(payload: bytes, actual: str | None) -> None:
    """A wrapped credential, a bare object and no object at all are told apart."""
    (problem,) = jose_claims.payload_is_credential(a_jws(payload=payload))
    assert problem.actual == actual


def test_a_missing_kid() -> None:
    """A token without kid, or with one that is no string, does not name its key."""
    assert [problem.code for problem in jose_rules.kid_present(a_jws(kid=None))] == ["kid-missing"]
    assert [problem.code for problem in jose_rules.kid_present(a_jws(extra={"kid": 7}))] == [
        "header-malformed"
    ]
    assert code_of(Issuing(kid=None).verify()) == "kid-missing"


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        (f"{DID}#key-1", None),
        ("key-1", "kid-not-absolute"),
        (f"{DID}#key-9", "key-not-found"),
        ("did:web:nobody.example.com#key-1", "did-document-absent"),
    ],
)
def test_kid_dereferences(kid: str, code: str | None) -> None:
    """The kid leads to a method in the document that it names."""
    assert code_of(jose_rules.kid_dereferences(a_jws(kid=kid), a_web(a_document()), at=NOW)) == code


@pytest.mark.parametrize(
    ("parts", "broken"),
    [
        ({"credential": changed(CREDENTIAL, iss=DID)}, False),
        ({"extra": {"iss": DID}}, False),
        ({"credential": changed(CREDENTIAL, iss=OTHER)}, True),
        ({"credential": changed(CREDENTIAL, iss=f"{DID}/")}, True),
        ({"credential": changed(CREDENTIAL, iss=7)}, True),
        ({"extra": {"iss": OTHER}}, True),
    ],
)
def test_iss_is_the_issuer(parts: Mapping[str, Any], broken: bool) -> None:
    """The iss in payload or header is the issuer, letter for letter."""
    assert bool(jose_claims.issuer_claim(a_jws(**parts), CREDENTIAL)) == broken


def test_iss_of_a_presentation_is_the_holder() -> None:
    """In a presentation iss names the holder."""
    presentation = {"type": ["VerifiablePresentation"], "holder": DID, "iss": OTHER}
    (problem,) = jose_claims.issuer_claim(a_jws(credential=presentation), presentation)
    assert "holder" in problem.message


@pytest.mark.parametrize(
    ("claims", "pointers"),
    [
        ({"jti": CREDENTIAL["id"], "sub": "https://id.example.com/01/09520123456788"}, []),
        ({"iat": seconds("2026-01-01"), "exp": seconds("2030-01-01"), "nbf": seconds("2026-01-01")}, []),
        ({"iat": seconds("2025-12-01"), "exp": seconds("2035-01-01")}, []),
        ({"jti": "urn:uuid:other"}, ["/jti"]),
        ({"sub": "https://id.example.com/01/other"}, ["/sub"]),
        ({"exp": seconds("2029-01-01")}, ["/exp"]),
        ({"exp": seconds("2025-06-01")}, ["/exp", "/exp"]),
        ({"iat": seconds("2031-01-01")}, ["/iat", "/iat"]),
        ({"nbf": seconds("2026-02-01")}, ["/nbf"]),
        ({"nbf": seconds("2027-02-01")}, ["/nbf", "/nbf"]),
        ({"exp": "2030-01-01"}, ["/exp"]),
        ({"exp": True}, ["/exp"]),
        ({"iat": 10**30}, ["/iat"]),
        ({"iat": -1e300}, ["/iat"]),
    ],
)
def test_claims_against_the_credential(claims: Mapping[str, Any], pointers: list[str]) -> None:
    """Claims that contradict the credential or the clock are found where they stand."""
    found = jose_claims.claims_against_credential(with_claims(**claims), CREDENTIAL, NOW)
    assert [problem.pointer for problem in found] == pointers


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ({"exp": seconds("2026-11-23"), "nbf": seconds("2026-11-22"), "iat": seconds("2026-11-22")}, []),
        ({"exp": seconds("2026-11-22")}, ["token-expired"]),
        ({"nbf": seconds("2026-11-23")}, ["token-not-yet-valid"]),
        ({"iat": seconds("2026-11-23")}, ["token-not-yet-valid"]),
        ({"exp": "soon", "nbf": None}, []),
    ],
)
def test_tokens_out_of_their_time(claims: Mapping[str, Any], codes: list[str]) -> None:
    """A token is in force between nbf and exp; the signature itself still verifies."""
    issuing = Issuing(credential=changed(CREDENTIAL, **claims))
    assert [problem.code for problem in jose_claims.token_times(read_compact(issuing.token()), NOW)] == codes
    assert issuing.verify().holds


def test_one_of_several_subjects_may_be_sub() -> None:
    """With several subjects, sub may be any of them."""
    credential = changed(CREDENTIAL, credentialSubject=[{"id": "urn:a"}, {"id": "urn:b"}], sub="urn:b")
    assert jose_claims.claims_against_credential(a_jws(credential=credential), credential) == []


def test_problems_become_findings() -> None:
    """A problem carries everything that a finding shows."""
    (problem,) = jose_rules.header_typ(a_jws(typ="JWT"))
    finding = problem.finding(line=3)
    assert (finding.pointer, finding.line, finding.expected, finding.actual) == ("/typ", 3, "vc+jwt", "JWT")
    assert problem.clause == "VC-JOSE-COSE section 3.1.1"


def test_what_is_not_enveloped() -> None:
    """An embedded proof or a JSON serialisation is no JOSE envelope; an enveloped credential is."""
    enveloped = {"type": "EnvelopedVerifiableCredential"}
    assert jose_rules.secured_with_jose(enveloped) == []
    assert jose_rules.secured_with_jose({**CREDENTIAL, "proof": {}})[0].actual == "an embedded proof"
    assert jose_rules.secured_with_jose(CREDENTIAL)[0].actual == "no proof"
    general = json.dumps({"payload": "", "signatures": []})
    assert [problem.code for problem in jose_rules.compact_form(general)] == ["token-malformed"]


def test_keys_in_the_header_are_named() -> None:
    """A key that the token brings along is reported, though never used."""
    assert [one.pointer for one in jose_rules.keys_in_header(a_jws(extra={"jwk": {}, "x5u": ""}))] == [
        "/jwk",
        "/x5u",
    ]


@pytest.mark.parametrize(
    ("form", "codes"), [("JsonWebKey", []), ("Multikey", ["method-type", "method-material"])]
)
def test_the_form_of_the_key(form: str, codes: list[str]) -> None:
    """JOSE keys are published as JsonWebKey with publicKeyJwk."""
    document = did_web_document(DID, [("key-1", a_key(), ["assertionMethod"])], form=form)
    found = jose_rules.key_is_json_web_key(resolve(DID, a_web(document), Trace()), f"{DID}#key-1")
    assert [problem.code for problem in found] == codes


ENVELOPE: Mapping[str, Any] = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "type": "EnvelopedVerifiableCredential",
    "id": "data:application/vc+jwt,e30.e30.AA",
}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://a.example/"]}, []),
        ({"id": "data:application/vc+jwt;charset=utf-8,e30"}, []),
        ({"id": "data:application/json,e30"}, ["envelope-media-type"]),
        ({"id": "data:,e30"}, ["envelope-media-type"]),
        ({"id": "https://a.example/token"}, ["envelope-data"]),
        ({"id": None}, ["envelope-data"]),
        ({"@context": None}, ["envelope-context"]),
        ({"type": "VerifiableCredential"}, ["envelope-type"]),
        ({"type": ["EnvelopedVerifiablePresentation"]}, ["envelope-media-type"]),
    ],
)
def test_enveloped_objects(change: Mapping[str, Any], codes: list[str]) -> None:
    """Context, type and data: URL of an enveloped credential are each a rule."""
    assert [problem.code for problem in jose_rules.enveloped_object(changed(ENVELOPE, **change))] == codes


@pytest.mark.parametrize(
    ("content_type", "broken"),
    [
        ("application/vc+jwt", False),
        ("Application/VC+JWT; charset=utf-8", False),
        ("text/html", True),
        ("", True),
    ],
)
def test_media_type(content_type: str, broken: bool) -> None:
    """A JOSE credential is served as application/vc+jwt, whatever parameters follow."""
    assert bool(jose_rules.served_as(content_type)) == broken
