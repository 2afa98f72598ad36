"""Data Integrity proofs: every suite, option, set and chain, each with a good and a broken twin."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import AbsentError, BudgetError, EngineError, UsageError
from harness.evidence import Absence, Evidence, Web
from harness.trust.cryptosuites.create import PrivateKey, sign_proof
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.encoding import encode_multibase, encode_multicodec
from harness.trust.trace import TrustError

from .canonical import canonicalise

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)

ED: Final = ed25519.Ed25519PrivateKey.from_private_bytes(b"test key, worth nothing, never u")
OTHER_ED: Final = ed25519.Ed25519PrivateKey.from_private_bytes(b"another test key, worth nothing!")
P256: Final = ec.derive_private_key(1_234_567_890_123, ec.SECP256R1())
P384: Final = ec.derive_private_key(9_876_543_210_987, ec.SECP384R1())

SUITES: Final[dict[str, tuple[str, PrivateKey]]] = {
    "eddsa-rdfc-2022": ("eddsa-rdfc-2022", ED),
    "eddsa-jcs-2022": ("eddsa-jcs-2022", ED),
    "ecdsa-rdfc-2019 with P-256": ("ecdsa-rdfc-2019", P256),
    "ecdsa-rdfc-2019 with P-384": ("ecdsa-rdfc-2019", P384),
    "ecdsa-jcs-2019 with P-256": ("ecdsa-jcs-2019", P256),
    "ecdsa-jcs-2019 with P-384": ("ecdsa-jcs-2019", P384),
}
EVERY_SUITE: Final = pytest.mark.parametrize("case", list(SUITES))

CREDENTIAL: Final[dict[str, Any]] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential"],
    "issuer": "did:web:mine.example",
    "validFrom": "2026-01-01T00:00:00Z",
    "name": "Copper concentrate",
    "credentialSubject": {"id": "did:web:mine.example:lot:7", "name": "Lot 7"},
}


def multikey(key: PrivateKey) -> str:
    """The public half as publicKeyMultibase."""
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return encode_multibase(encode_multicodec(0xED, public.public_bytes_raw()))
    numbers = public.public_numbers()
    point = bytes([2 + numbers.y % 2]) + numbers.x.to_bytes(public.key_size // 8, "big")
    return encode_multibase(encode_multicodec(0x1200 if public.key_size == 256 else 0x1201, point))


def method_of(key: PrivateKey) -> str:
    """The verification method of a did:key."""
    return f"did:key:{multikey(key)}#{multikey(key)}"


def signed(case: str, document: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """A credential signed by a suite, with further proof options."""
    suite, key = SUITES[case]
    created = options.pop("created", CREATED)
    return sign_proof(document or CREDENTIAL, suite, key, method_of(key), created, canonicalise, **options)


def results(document: dict[str, Any], **expectations: Any) -> list[ProofResult]:
    """What became of each proof, now."""
    members: dict[str, Any] = {"web": Web(), "at": NOW, "canonicalise": canonicalise, **expectations}
    return verify_proofs(document, **members)


def problem(document: dict[str, Any], **expectations: Any) -> str | None:
    """The code at which the last proof stopped, or None where it holds."""
    stopped = results(document, **expectations)[-1].verification.problem
    return None if stopped is None else stopped.code


def changed(document: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    """A copy with one value changed; None takes it away."""
    copied: dict[str, Any] = copy.deepcopy(document)
    at: Any = copied
    for name in path[:-1]:
        at = at[name]
    if to is None:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return copied


# --- every suite


@EVERY_SUITE
def test_what_the_reference_signer_signs_verifies(case: str) -> None:
    """A good proof holds, is of its suite, not legacy, without notes, and names who controls the key."""
    (result,) = results(signed(case))
    assert result.verification.problem is None
    assert (result.suite, result.index, result.legacy) == (SUITES[case][0], 0, False)
    assert result.notes == ()
    assert result.method_controller == method_of(SUITES[case][1]).partition("#")[0]


@EVERY_SUITE
@pytest.mark.parametrize(
    "path",
    [("name",), ("issuer",), ("credentialSubject", "name"), ("validFrom",), ("proof", "created")],
)
def test_no_value_can_be_changed(case: str, path: tuple[str, ...]) -> None:
    """A change to any value of document or proof options breaks the signature."""
    broken = changed(signed(case), *path, to="2026-01-02T00:00:00Z")
    assert problem(broken) == "signature-mismatch"


@EVERY_SUITE
def test_proof_of_another_key_does_not_verify(case: str) -> None:
    """The key that verificationMethod names has to be the one that signed."""
    key = {"eddsa": OTHER_ED}.get(case[:5], P256 if "P-384" in case else P384)
    assert problem(changed(signed(case), "proof", "verificationMethod", to=method_of(key))) == (
        "signature-mismatch" if case.startswith("eddsa") else "signature-malformed"
    )


@EVERY_SUITE
def test_key_of_another_kind_does_not_fit(case: str) -> None:
    """A suite takes keys of its own kind alone."""
    key = P256 if case.startswith("eddsa") else ED
    broken = changed(signed(case), "proof", "verificationMethod", to=method_of(key))
    assert problem(broken) == "key-does-not-fit-suite"


@EVERY_SUITE
def test_trace_has_every_step_under_its_name(case: str) -> None:
    """The trace shows the intermediate values of the suite in order, and hashData is made of the hashes."""
    (result,) = results(signed(case))
    steps = {step.name: step for step in result.verification.steps}
    assert list(steps) == [
        "verificationMethod", "DID resolution result", "verification method", "proofBytes", "unsecuredDocument",
        *(
            ["transformedDocument", "proofConfig", "canonicalProofConfig", "transformedDocumentHash"]
        ),
        "proofConfigHash", "hashData",
    ]  # fmt: skip
    assert steps["hashData"].text == steps["proofConfigHash"].text + steps["transformedDocumentHash"].text
    length = 96 if "P-384" in case else 64
    assert len(steps["transformedDocumentHash"].text) == length
    if length == 64:
        assert steps["transformedDocument"].sha256 == steps["transformedDocumentHash"].text
    assert json.loads(steps["unsecuredDocument"].text) == CREDENTIAL
    assert "proofValue" not in json.loads(steps["proofConfig"].text)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "proof-value-missing"),
        (7, "proof-value-missing"),
        ("", "proof-value-encoding"),
        ("uAAAA", "proof-value-encoding"),
        ("z0OIl", "proof-value-malformed"),
        pytest.param("z" + "1" * 5_000, "proof-value-malformed", id="too long"),
        (encode_multibase(bytes(63)), "signature-malformed"),
        (encode_multibase(bytes(64)), "signature-mismatch"),
    ],
)
def test_broken_proof_value_names_the_rule(value: Any, code: str) -> None:
    """What is not a signature in base58btc says what it is instead."""
    assert problem(changed(signed("eddsa-jcs-2022"), "proof", "proofValue", to=value)) == code


def test_proof_is_truncated() -> None:
    """A signature that was cut off is malformed, not merely wrong."""
    value = signed("ecdsa-jcs-2019 with P-256")["proof"]["proofValue"]
    assert problem(changed(signed("ecdsa-jcs-2019 with P-256"), "proof", "proofValue", to=value[:-4])) == (
        "signature-malformed"
    )


# --- kinds of proof that are not known


@pytest.mark.parametrize(
    ("member", "value", "code", "undetermined"),
    [
        ("cryptosuite", "bbs-2023", "cryptosuite-unsupported", True),
        ("cryptosuite", "mldsa44-rdfc-2024", "cryptosuite-unsupported", True),
        ("type", "BbsBlsSignature2020", "proof-type-unsupported", True),
        ("cryptosuite", None, "cryptosuite-missing", False),
        ("cryptosuite", 7, "cryptosuite-missing", False),
        ("type", None, "proof-type-missing", False),
        ("type", ["DataIntegrityProof"], "proof-type-missing", False),
    ],
)
def test_unknown_suite_is_undetermined_and_no_suite_is_a_fault(
    member: str, value: Any, code: str, undetermined: bool
) -> None:
    """A suite that the harness does not know neither passes nor fails; a proof without one fails."""
    stopped = results(changed(signed("eddsa-jcs-2022"), "proof", member, to=value))[0].verification.problem
    assert stopped is not None
    assert (stopped.code, stopped.undetermined) == (code, undetermined)


# --- the document as a whole


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (None, "proof-missing"),
        ([], "proof-missing"),
        ([{}] * 33, "proof-too-many"),
        ({"created": float("nan")}, "document-malformed"),
        ({"created": "\ud800"}, "document-malformed"),
        ({"nonce": 10**5_000}, "document-malformed"),
    ],
)
def test_document_without_anything_to_verify(proof: Any, code: str) -> None:
    """Where there is nothing to verify, that is an error of its own."""
    with pytest.raises(TrustError) as caught:
        results({**CREDENTIAL, "proof": proof})
    assert caught.value.code == code


@pytest.mark.parametrize("proof", ["signed", 7, [["a"]], True])
def test_proof_that_is_no_object(proof: Any) -> None:
    """Anything else than an object is a malformed proof."""
    assert problem({**CREDENTIAL, "proof": proof}) == "proof-malformed"


def test_document_that_is_deeply_nested() -> None:
    """Nesting without end is refused, and nothing overflows."""
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]
    with pytest.raises(TrustError) as caught:
        results({**signed("eddsa-jcs-2022"), "name": deep})
    assert caught.value.code == "document-malformed"


def test_integer_without_canonical_form() -> None:
    """An integer beyond 2^53 has no canonical form in RFC 8785."""
    assert problem({**signed("eddsa-jcs-2022"), "amount": 2**60}) == "document-not-canonicalisable"


# --- options


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("verificationMethod", None, "proof-method-missing"),
        ("verificationMethod", {"id": "x"}, "proof-method-missing"),
        ("proofPurpose", None, "proof-purpose-missing"),
        ("proofPurpose", ["assertionMethod"], "proof-purpose-missing"),
        ("proofPurpose", "authentication", "proof-purpose"),
        ("created", "yesterday", "proof-created-malformed"),
        ("created", 7, "proof-created-malformed"),
        ("expires", "never", "proof-expires-malformed"),
        ("verificationMethod", "key-1", "did-malformed"),
        ("verificationMethod", "did:example:123#key-1", "did-method-unsupported"),
    ],
)
def test_broken_option_names_the_rule(member: str, value: Any, code: str) -> None:
    """Each proof option that breaks a rule stops verification there, before any arithmetic."""
    assert problem(changed(signed("eddsa-jcs-2022"), "proof", member, to=value)) == code


def test_purpose_is_compared_with_the_one_that_is_expected() -> None:
    """A proof made to log in does not assert; asked for what it is, it holds."""
    document = signed("eddsa-rdfc-2022", purpose="authentication")
    assert problem(document) == "proof-purpose"
    assert problem(document, expected_purpose="authentication") is None
    assert problem(document, expected_purpose=None) is None


def test_purpose_that_is_no_relationship() -> None:
    """A purpose that no DID document can authorise is refused even if nobody expects another."""
    assert problem(signed("eddsa-jcs-2022", purpose="decoration"), expected_purpose=None) == "proof-purpose"


@EVERY_SUITE
def test_expired_proof_does_not_hold(case: str) -> None:
    """After `expires` the proof no longer holds; until then it does."""
    assert problem(signed(case, expires="2026-11-22T00:00:01Z")) is None
    assert problem(signed(case, expires="2026-11-22T00:00:00Z")) == "proof-expired"


def test_domain_and_challenge_have_to_be_those_expected() -> None:
    """A proof for one verifier is not accepted by another, nor twice."""
    document = signed("eddsa-rdfc-2022", domain=["a.example", "b.example"], challenge="1235abcd6789")
    assert problem(document) is None
    assert problem(document, domain=["b.example", "a.example"], challenge="1235abcd6789") is None
    assert problem(document, domain="a.example") == "proof-domain"
    assert problem(document, challenge="6789") == "proof-challenge"
    assert problem(signed("eddsa-rdfc-2022"), domain="a.example") == "proof-domain"
    assert problem(signed("eddsa-rdfc-2022"), challenge="6789") == "proof-challenge"


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({"created": None, "expires": "2027-01-01T00:00:00"}, "proof-time-without-zone"),
        ({"created": datetime(2027, 1, 1, tzinfo=UTC)}, "proof-created-in-future"),
        ({"id": "proof-1"}, "proof-id-malformed"),
        ({"domain": "a.example"}, "proof-domain-without-challenge"),
    ],
)
def test_lesser_faults_are_notes(options: dict[str, Any], note: str) -> None:
    """What is wrong with a proof but leaves the signature good is a note."""
    (result,) = results(signed("eddsa-jcs-2022", **options))
    assert result.verification.problem is None
    assert [one.code for one in result.notes] == [note]


# --- keys in DID documents

DID: Final = "did:web:mine.example"
DID_URL: Final = "https://mine.example/.well-known/did.json"


def a_did_document(**changes: Any) -> dict[str, Any]:
    """The DID document of a mine, with one Multikey for assertions."""
    key = {"id": f"{DID}#key-1", "type": "Multikey", "controller": DID, "publicKeyMultibase": multikey(ED)}
    return {"id": DID, "verificationMethod": [key], "assertionMethod": [f"{DID}#key-1"], **changes}


def web_with(document: dict[str, Any]) -> Web:
    """The web with this DID document in it."""
    return Web({DID_URL: Evidence(DID_URL, json.dumps(document).encode(), "application/did+json")})


def a_web_signed_credential(method: str = f"{DID}#key-1") -> dict[str, Any]:
    """A credential signed with a key of the mine's DID document."""
    return sign_proof(CREDENTIAL, "eddsa-rdfc-2022", ED, method, CREATED, canonicalise)


def test_key_of_a_did_document_verifies() -> None:
    """The key is found in the DID document that was brought, and its controller is told."""
    (result,) = results(a_web_signed_credential(), web=web_with(a_did_document()))
    assert result.verification.problem is None
    assert result.method_controller == DID


@pytest.mark.parametrize(
    ("web", "code", "undetermined"),
    [
        (Web(), "did-document-absent", True),
        (Web({DID_URL: Absence(DID_URL, "no answer")}), "did-document-absent", True),
        (web_with(a_did_document(id="did:web:other.example")), "did-document-for-another-did", False),
        (web_with(a_did_document(verificationMethod=[])), "no-keys-in-document", False),
        (web_with(a_did_document(assertionMethod=[])), "key-not-in-relationship", False),
    ],
)
def test_key_that_cannot_be_had_or_used(web: Web, code: str, undetermined: bool) -> None:
    """The document of the key is missing, another's, empty, or does not authorise assertions."""
    stopped = results(a_web_signed_credential(), web=web)[0].verification.problem
    assert stopped is not None
    assert (stopped.code, stopped.undetermined) == (code, undetermined)


def test_older_type_of_method_is_a_note() -> None:
    """Any form of the key verifies; that it is no Multikey is noted."""
    document = a_did_document()
    document["verificationMethod"][0]["type"] = "Ed25519VerificationKey2020"
    (result,) = results(a_web_signed_credential(), web=web_with(document))
    assert result.verification.problem is None
    assert [one.code for one in result.notes] == ["proof-method-type"]


# --- contexts


def test_options_that_no_context_defines_are_not_signed() -> None:
    """Under VCDM 1.1 alone a DataIntegrityProof loses its options, and anybody could change them."""
    bare = {**CREDENTIAL, "@context": ["https://www.w3.org/2018/credentials/v1"]}
    proof = {**signed("eddsa-rdfc-2022")["proof"]}
    stopped = results({**bare, "proof": proof})[0].verification.problem
    assert stopped is not None
    assert stopped.code == "proof-options-not-secured"
    assert stopped.clause.endswith("#context-injection")


def test_data_integrity_context_defines_the_options() -> None:
    """The good twin: with the Data Integrity context the options are signed."""
    contexts = ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2"]
    document = {**CREDENTIAL, "@context": contexts}
    del document["name"], document["validFrom"]
    assert problem(signed("eddsa-rdfc-2022", document)) is None


def test_unsecured_option_is_named() -> None:
    """An option that a context renames is not signed as what it says."""
    proof = signed("eddsa-rdfc-2022")["proof"]
    inline = {"proofPurpose": "https://attacker.example/purpose"}
    stopped = results({"@context": [inline], "name": "x", "proof": proof})[0].verification.problem
    assert stopped is not None
    assert stopped.actual is not None
    assert "proofPurpose" in stopped.actual


@pytest.mark.parametrize("case", ["eddsa-jcs-2022", "ecdsa-jcs-2019 with P-384"])
def test_jcs_contexts_may_be_added_behind_and_not_before(case: str) -> None:
    """A JCS proof carries the contexts that were signed: more may follow, none may come before."""
    document = signed(case)
    more = "https://www.w3.org/ns/credentials/examples/v2"
    assert problem(changed(document, "@context", to=[*CREDENTIAL["@context"], more])) is None
    assert (
        problem(changed(document, "@context", to=[more, *CREDENTIAL["@context"]])) == "proof-context-mismatch"
    )
    assert problem(changed(document, "@context", to=None)) == "proof-context-mismatch"
    assert (
        problem(changed(document, "proof", "@context", to=["https://attacker.example/v1"]))
        == "proof-context-mismatch"
    )
    assert problem(changed(document, "proof", "@context", to=None)) == "signature-mismatch"


def test_jcs_document_needs_no_context() -> None:
    """A JCS suite signs plain JSON."""
    assert problem(signed("eddsa-jcs-2022", {"myWebsite": "https://hello.world.example/"})) is None


@pytest.mark.parametrize(
    ("error", "code", "undetermined"),
    [
        (BudgetError("canonicalisation budget exceeded"), "canonicalisation-over-budget", True),
        (AbsentError("the context was not brought"), "context-absent", True),
        (EngineError("two engines disagree"), "canonicalisation-failed", True),
    ],
)
def test_canonicaliser_that_cannot_say_leaves_the_proof_undetermined(
    error: Exception, code: str, undetermined: bool
) -> None:
    """A budget that ended or a context that is absent neither passes nor fails a proof."""

    def fails(_document: dict[str, Any], _hash_name: str) -> str:
        raise error

    stopped = results(signed("eddsa-rdfc-2022"), canonicalise=fails)[0].verification.problem
    assert stopped is not None
    assert (stopped.code, stopped.undetermined) == (code, undetermined)


def test_document_that_is_no_json_ld_fails() -> None:
    """A document whose context cannot be processed has no canonical form: that is the issuer's fault."""
    broken = changed(signed("eddsa-rdfc-2022"), "@context", to=[{"name": {"@id": 7}}])
    stopped = results(broken)[0].verification.problem
    assert stopped is not None
    assert (stopped.code, stopped.undetermined) == ("document-not-canonicalisable", False)


# --- sets and chains


def a_set(first: str = "eddsa-rdfc-2022", second: str = "ecdsa-rdfc-2019 with P-256") -> dict[str, Any]:
    """Two proofs beside each other, each over the bare document."""
    return signed(second, signed(first, id="urn:proof:1"), id="urn:proof:2")


def a_chain(case: str, **options: Any) -> dict[str, Any]:
    """A set of two, and a third proof that builds on both."""
    previous = {"previousProof": ["urn:proof:1", "urn:proof:2"]}
    return signed(case, a_set(case, case), id="urn:proof:3", **{**previous, **options})


@EVERY_SUITE
def test_proofs_of_a_set_do_not_need_each_other(case: str) -> None:
    """Any proof of a set may be taken away or broken, and the others hold."""
    document = a_set(case, case)
    assert [one.verification.holds for one in results(document)] == [True, True]
    assert problem({**document, "proof": document["proof"][1]}) is None
    broken = changed(document, "proof", 0, "created", to="2026-05-05T00:00:00Z")
    assert [one.verification.holds for one in results(broken)] == [False, True]


@EVERY_SUITE
def test_proof_of_a_chain_holds_only_with_all_before_it(case: str) -> None:
    """A chain holds as a whole; without, or with a broken, earlier proof the later one does not hold."""
    document = a_chain(case)
    assert [one.verification.problem for one in results(document)] == [None, None, None]
    assert problem({**document, "proof": document["proof"][1:]}) == "previous-proof-missing"
    broken = changed(document, "proof", 0, "created", to="2026-05-05T00:00:00Z")
    assert [one.verification.holds for one in results(broken)] == [False, True, False]


def test_proof_needs_the_proofs_before_those_before_it() -> None:
    """A chain of three breaks at the end when its first proof does not hold for anybody."""
    document = signed("eddsa-rdfc-2022", id="urn:proof:1", expires="2026-02-01T00:00:00Z")
    document = signed("eddsa-rdfc-2022", document, id="urn:proof:2", previousProof="urn:proof:1")
    document = signed("eddsa-rdfc-2022", document, id="urn:proof:3", previousProof="urn:proof:2")
    stopped = [one.verification.problem for one in results(document)]
    assert [one and one.code for one in stopped] == [
        "proof-expired", "previous-proof-does-not-hold", "previous-proof-does-not-hold",
    ]  # fmt: skip
    assert problem(document, at=datetime(2026, 1, 2, tzinfo=UTC)) is None


def test_undetermined_predecessor_leaves_the_next_proof_undetermined() -> None:
    """Nobody can say of a proof that builds on one of an unknown suite."""
    unknown = {**signed("eddsa-rdfc-2022")["proof"], "id": "urn:proof:1", "cryptosuite": "bbs-2023"}
    document = signed("eddsa-rdfc-2022", {**CREDENTIAL, "proof": unknown}, previousProof="urn:proof:1")
    stopped = results(document)[1].verification.problem
    assert stopped is not None
    assert (stopped.code, stopped.undetermined) == ("previous-proof-does-not-hold", True)


@pytest.mark.parametrize(
    ("previous", "code"),
    [
        ("urn:proof:9", "previous-proof-missing"),
        (["urn:proof:1", "urn:proof:9"], "previous-proof-missing"),
        ("urn:proof:3", "proof-chain-cycle"),
        ([], "previous-proof-malformed"),
        ([7], "previous-proof-malformed"),
        ({"id": "urn:proof:1"}, "previous-proof-malformed"),
    ],
)
def test_broken_reference_to_an_earlier_proof(previous: Any, code: str) -> None:
    """A previousProof names one or more other proofs of the document, or else it is a fault."""
    assert problem(changed(a_chain("eddsa-rdfc-2022"), "proof", 2, "previousProof", to=previous)) == code


def test_two_proofs_of_one_name_are_ambiguous() -> None:
    """A name that two proofs bear names neither."""
    document = changed(a_chain("eddsa-jcs-2022"), "proof", 1, "id", to="urn:proof:1")
    assert problem(document) == "previous-proof-ambiguous"


def test_proofs_that_name_each_other_end() -> None:
    """Proofs that build on each other do not verify, and verification ends."""
    document = changed(a_chain("eddsa-rdfc-2022"), "proof", 0, "previousProof", to="urn:proof:3")
    assert [one.verification.holds for one in results(document)] == [False, True, False]


# --- the reference signer


def test_signer_refuses_what_it_cannot_sign() -> None:
    """A suite that is not signed here, or a key of another kind, is a usage error."""
    for suite, key in (("bbs-2023", ED), ("eddsa-jcs-2022", P256), ("ecdsa-jcs-2019", ED)):
        with pytest.raises(UsageError):
            sign_proof(CREDENTIAL, suite, key, "did:example:1#1", CREATED, canonicalise)


# --- properties


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all texts in a JSON value."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    elif isinstance(value, str):
        yield path


SIGNED: Final = {case: signed(case) for case in SUITES}
PATHS: Final = list(leaves(SIGNED["eddsa-jcs-2022"]))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(SUITES)), st.sampled_from(PATHS), st.integers(0))
def test_any_flipped_bit_of_any_value_is_found(case: str, path: tuple[Any, ...], place: int) -> None:
    """Change one bit of any text in document or proof: the proof no longer holds, and nothing crashes."""
    text: Any = SIGNED[case]
    for name in path:
        text = text.get(name) if isinstance(text, dict) else text[name]
        if text is None:
            return
    points = [ord(sign) for sign in text]
    points[place // 7 % len(points)] ^= 1 << place % 7
    broken = changed(SIGNED[case], *path, to="".join(map(chr, points)))
    assert not results(broken)[0].verification.holds


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["proof", *SIGNED["eddsa-jcs-2022"]["proof"]]), st.sampled_from(list(SUITES)), JSON)
def test_any_value_of_any_option_is_judged(member: str, case: str, value: Any) -> None:
    """Whatever JSON stands in a proof, it does not hold unless it is what was signed, and nothing crashes."""
    document = copy.deepcopy(SIGNED[case])
    if member == "proof":
        document["proof"] = value
    elif document["proof"].get(member) == value:
        return
    else:
        document["proof"][member] = value
    try:
        found = results(document)
    except TrustError:
        return
    assert not any(one.verification.holds for one in found) or (member == "@context" and "rdfc" in case)
