"""What stands around a good credential is signed too: a presentation, an outer message, a status list."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from harness.evidence import Evidence, Web
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.judge.canonical import canonicaliser
from harness.reference.chain import reference_bundle
from harness.reference.issuing import VC2, enveloped
from harness.reference.keys import DemoKey, did_key, login_key
from harness.run import Bench
from harness.trust.cose import sig_structure
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.encoding import decode_base64url
from harness.trust.signing import sign_bytes, sign_compact

HOLDER = "did:web:voltara-cells.example"
STRANGER = did_key("stranger")
BUNDLE = reference_bundle()
GOOD = BUNDLE.plan.issuances["untp-0.7.0/dfr-mine"]
TOKEN = GOOD.served().decode()
LIST = json.loads(GOOD.payload)["credentialStatus"]["statusListCredential"]


def failures(body: bytes, *, web: Web = BUNDLE.web) -> set[str]:
    """The requirements that fail for the credentials in some bytes."""
    bench = Bench(Terms(BUNDLE.at, None, "fast"), (HeldWeb(web),))
    judged = bench.judge(Evidence("handed-over", body, "application/vp+jwt", "test"))
    return {one.requirement for each in judged for one in each.report.results if str(one.outcome) == "failed"}


def presentation(*held: Any, holder: Any = HOLDER) -> dict[str, Any]:
    return {
        "@context": [VC2], "type": ["VerifiablePresentation"], "holder": holder, "verifiableCredential": list(held),
    }  # fmt: skip


def signed(payload: Any, key: DemoKey) -> str:
    return sign_compact(json.dumps(payload).encode(), key.private, kid=key.kid, typ="vp+jwt")


def proved(value: dict[str, Any], key: DemoKey, purpose: str) -> dict[str, Any]:
    suite, canonicalise = "ecdsa-jcs-2019", canonicaliser({}, "fast")
    private = key.private
    assert not isinstance(private, rsa.RSAPrivateKey)
    return sign_proof(value, suite, private, key.kid, BUNDLE.at, canonicalise, proofPurpose=purpose)


def spoiled(token: str) -> bytes:
    return token[:-8].encode() + b"AAAAAAAA"


def in_cose(payload: Any, key: DemoKey, signature: Callable[[bytes], bytes] = lambda good: good) -> bytes:
    protected, raw = cbor2.dumps({1: -7, 4: key.kid.encode()}), json.dumps(payload).encode()
    made = signature(sign_bytes(sig_structure(protected, raw), key.private))
    return bytes(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, raw, made])))


@pytest.mark.parametrize("before", [None, "no token", [], {}, 1], ids=repr)
def test_a_forged_presentation_is_told_whatever_stands_before_the_credential(before: object) -> None:
    assert "VCP-PUB-05" in failures(
        spoiled(signed(presentation(before, enveloped(TOKEN)), login_key(HOLDER)))
    )


@pytest.mark.parametrize("holder", [HOLDER, [HOLDER], {"id": HOLDER}, [{"id": HOLDER}], {}, 5], ids=repr)
def test_a_presentation_by_another_than_its_holder_is_told(holder: object) -> None:
    mine = presentation(enveloped(TOKEN), holder=holder)
    assert failures(signed(mine, STRANGER).encode()) == {"VCP-PUB-05"}
    assert failures(json.dumps(proved(mine, STRANGER, "authentication")).encode()) == {"VCP-PUB-05"}


def test_a_presentation_that_its_holder_proved_is_good() -> None:
    mine = presentation(enveloped(TOKEN), holder=STRANGER.did)
    assert failures(json.dumps(proved(mine, STRANGER, "authentication")).encode()) == set()


def test_a_presentation_in_cose_is_verified() -> None:
    held = presentation(enveloped(TOKEN))
    assert failures(in_cose(held, login_key(HOLDER))) == set()
    assert failures(in_cose(held, login_key(HOLDER), lambda good: good[::-1])) == {"VCP-PUB-05"}
    assert failures(in_cose(held, STRANGER)) == {"VCP-PUB-05"}


@pytest.mark.parametrize("held", [enveloped(TOKEN), [enveloped(TOKEN)]], ids=["object", "array"])
def test_a_message_around_a_token_is_no_credential(held: object) -> None:
    for outer in (spoiled(signed(held, STRANGER)), in_cose(held, STRANGER)):
        assert failures(outer) == {"VCP-JSON-01"}


def with_list(body: str | bytes) -> Web:
    raw = body if isinstance(body, bytes) else body.encode()
    return Web({**dict(BUNDLE.web), LIST: Evidence(LIST, raw, "application/vc+jwt", "test")})


def listed() -> Any:
    answer = BUNDLE.web[LIST]
    assert isinstance(answer, Evidence)
    return json.loads(decode_base64url(answer.body.decode().split(".")[1]))


def failures_by_list(body: str | bytes) -> Iterable[str]:
    return failures(TOKEN.encode(), web=with_list(body))


def test_a_list_that_two_readers_read_differently_has_no_answer() -> None:
    text = json.dumps(listed()).replace('"encodedList"', '"encodedList": "uH4sI", "encodedList"', 1)
    assert "VCP-STAT-06" in failures_by_list(sign_compact(text.encode(), STRANGER.private, kid=STRANGER.kid))


def test_a_list_is_proved_by_its_own_issuer() -> None:
    bare = listed()
    assert failures_by_list(json.dumps(proved(bare, STRANGER, "assertionMethod"))) == {"VCP-STAT-08"}
    own = {**bare, "issuer": STRANGER.did}
    assert failures_by_list(json.dumps(proved(own, STRANGER, "assertionMethod"))) == set()
    good = proved(own, STRANGER, "assertionMethod")
    twice = {**good, "proof": [good["proof"], {**good["proof"], "proofValue": "z1"}]}
    assert failures_by_list(json.dumps(twice)) == {"VCP-STAT-08"}
