"""COSE_Sign1, signed by an independent library (cwt): it verifies, and nothing in it can change."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cwt import COSE, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential import read_credentials
from harness.credential.cose import read_cose
from harness.errors import MalformedError
from harness.evidence import Evidence
from harness.judge import Terms, judge_credential, load_suite
from harness.model import Outcome
from harness.trust.cose import verify_cose
from harness.trust.keys import ED25519, P256, P384, P521, RSA
from harness.trust.signing import PrivateKey
from trust.issuers import CREDENTIAL, DID, NOW, OTHER, a_document, a_key, a_web, code_of

ALGORITHMS = {-7: P256, -35: P384, -36: P521, -8: ED25519, -37: RSA, -257: RSA}
KID = f"{DID}#key-1".encode()


@dataclass(frozen=True)
class Signing:
    """One message before it is signed by cwt: every part of it can be changed."""

    alg: int = -7
    protected: dict[int, Any] = field(
        default_factory=lambda: {16: "application/vc+cose", 3: "application/vc", 4: KID}
    )
    unprotected: dict[int, Any] = field(default_factory=dict)
    payload: bytes = field(default_factory=lambda: json.dumps(CREDENTIAL).encode())
    seed: str = "issuer"

    @property
    def key(self) -> PrivateKey:
        """The key that signs."""
        return a_key(ALGORITHMS[self.alg], self.seed)

    def message(self) -> bytes:
        """The COSE_Sign1 message."""
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signer = COSEKey.from_pem(pem, alg=self.alg)
        return bytes(
            COSE.new().encode(self.payload, signer, {1: self.alg, **self.protected}, self.unprotected)
        )


def told(message: bytes, key: PrivateKey) -> str | None:
    """The code at which a message stops, None where it holds."""
    return code_of(verify_cose(message, web=a_web(a_document(key=key)), at=NOW, issuer=DID))


def repacked(message: bytes, **parts: Any) -> bytes:
    """The message with parts replaced and nothing signed again."""
    names = ("protected", "unprotected", "payload", "signature")
    value = dict(zip(names, cbor2.loads(message).value, strict=True)) | parts
    return cbor2.dumps(cbor2.CBORTag(18, [value[name] for name in names]))


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_what_another_library_signs_verifies(alg: int) -> None:
    """Every algorithm, and the steps are named as RFC 9052 names them."""
    signing = Signing(alg)
    found = verify_cose(signing.message(), web=a_web(a_document(key=signing.key)), at=NOW, issuer=DID)
    assert code_of(found) is None
    assert {"protected header", "payload", "Sig_structure", "signature"} <= {
        step.name for step in found.steps
    }


@pytest.mark.parametrize("part", ["protected", "payload", "signature"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_no_bit_of_a_message_can_change(part: str, data: st.DataObject) -> None:
    """One bit of protected header, payload or signature flipped: refused, and nothing raises."""
    signing = Signing()
    message = signing.message()
    names = ("protected", "unprotected", "payload", "signature")
    raw = bytearray(dict(zip(names, cbor2.loads(message).value, strict=True))[part])
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert told(repacked(message, **{part: bytes(raw)}), signing.key) is not None


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but MalformedError comes out of reading, and verification never raises."""
    try:
        read_cose(raw)
    except MalformedError:
        assert told(raw, a_key()) == "token-malformed"


REFUSED: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "alg outside of the protected header": (
        lambda m: repacked(m, protected=cbor2.dumps({4: KID}), unprotected={1: -7}), "alg-missing"),
    "HMAC": (lambda m: repacked(m, protected=cbor2.dumps({1: 5, 4: KID})), "alg-symmetric"),
    "an unknown algorithm": (lambda m: repacked(m, protected=cbor2.dumps({1: -4711, 4: KID})), "alg-not-allowed"),
    "critical and unknown": (lambda m: repacked(m, protected=cbor2.dumps({1: -7, 2: [99], 99: 1, 4: KID})), "crit-not-understood"),
    "critical outside of the protected header": (lambda m: repacked(m, unprotected={2: [1]}), "crit-not-understood"),
    "one label in both headers": (lambda m: repacked(m, unprotected={4: KID}), "token-malformed"),
    "a detached payload": (lambda m: repacked(m, payload=None), "token-malformed"),
    "three parts": (lambda m: cbor2.dumps(cbor2.CBORTag(18, cbor2.loads(m).value[:3])), "token-malformed"),
    "another tag": (lambda m: cbor2.dumps(cbor2.CBORTag(17, cbor2.loads(m).value)), "token-malformed"),
    "a signature cut short": (lambda m: repacked(m, signature=cbor2.loads(m).value[3][:-1]), "signature-malformed"),
    "a byte after its end": (lambda m: m + b"\x00", "token-malformed"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_message_is_refused_with_the_rule(name: str) -> None:
    """Each trick stops at the rule that it breaks."""
    change, code = REFUSED[name]
    signing = Signing()
    assert told(change(signing.message()), signing.key) == code


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        (Signing(protected={3: "application/vc"}), "kid-missing"),
        (Signing(protected={4: b"key-1"}), "kid-not-absolute"),
        (Signing(protected={4: f"{OTHER}#key-1".encode()}), "issuer-does-not-control-key"),
        (Signing(protected={4: KID, 16: "application/cwt"}), "header-malformed"),
        (Signing(protected={4: f"{DID}#key-9".encode()}), "key-not-found"),
    ],
    ids=["no kid", "a relative kid", "a key of another DID", "typ of another message", "a key not published"],
)  # fmt: skip
def test_signed_header_is_refused_with_the_rule(signing: Signing, code: str) -> None:
    """What the signer himself wrote wrong stops at its rule."""
    assert told(signing.message(), signing.key) == code


def test_a_key_of_another_issuer_does_not_verify() -> None:
    """Signed by a stranger under the name of the issuer's key."""
    assert told(Signing(seed="stranger").message(), a_key()) == "signature-mismatch"


def judged(evidence: Evidence) -> dict[str, Outcome]:
    """The outcome of each requirement for the one credential in the evidence."""
    (credential,) = read_credentials(evidence)
    report = judge_credential(credential, load_suite(), Terms(NOW), a_web(a_document(key=a_key())))
    return {result.requirement: result.outcome for result in report.results}


def test_a_file_is_judged_by_its_signature_and_by_what_untp_demands() -> None:
    """A .cose file: its signature verifies; UNTP still demands JOSE, so that it is not conformant."""
    found = judged(Evidence("dpp.cose", Signing().message(), "application/vc+cose"))
    assert found["VCP-JOSE-15"] is Outcome.PASSED
    assert found["VCP-JOSE-01"] is Outcome.FAILED


def test_an_altered_file_fails_for_its_signature() -> None:
    """The payload says something else than what was signed."""
    altered = json.dumps({**CREDENTIAL, "name": "another"}).encode()
    found = judged(
        Evidence("dpp.cose", repacked(Signing().message(), payload=altered), "application/vc+cose")
    )
    assert found["VCP-JOSE-15"] is Outcome.FAILED


def test_an_enveloped_credential_holds_a_message() -> None:
    """EnvelopedVerifiableCredential with a data: URL of application/vc+cose (VCDM 2.0, section 4.13)."""
    data = base64.b64encode(Signing().message()).decode()
    value = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+cose;base64,{data}",
    }
    found = judged(Evidence("enveloped.json", json.dumps(value).encode(), "application/json"))
    assert found["VCP-JOSE-15"] is Outcome.PASSED


def test_what_is_no_message_is_unreadable_with_its_place() -> None:
    """The tag of COSE_Sign1 before something else."""
    (credential,) = read_credentials(Evidence("x.cose", b"\xd2\x84\x00\x00", "application/vc+cose"))
    assert credential.kind == "unreadable"
    assert credential.faults[0].code == "not-a-cose-message"
