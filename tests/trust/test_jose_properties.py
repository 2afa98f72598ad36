"""Whatever is signed verifies; whatever is altered afterwards does not, and nothing ever raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.credential.did_url import document_url
from harness.evidence import Evidence, Web
from harness.trust.encoding import decode_base64url, encode_base64url
from harness.trust.jose import verify_jose
from trust.issuers import DID, FAMILIES, NOW, Issuing, a_document, a_key, a_web

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ALGORITHMS = [alg for alg in FAMILIES if not alg.startswith(("RS", "PS"))]
FEW = settings(deadline=None, max_examples=60)


def flip(raw: bytes, bit: int) -> bytes:
    """The bytes with one bit flipped."""
    altered = bytearray(raw)
    altered[bit // 8] ^= 1 << bit % 8
    return bytes(altered)


@FEW
@given(
    st.sampled_from(ALGORITHMS),
    st.text(max_size=10),
    st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4),
)
def test_what_is_signed_verifies(alg: str, seed: str, members: dict[str, Any]) -> None:
    """Any credential signed with any key of any algorithm verifies."""
    key = a_key(FAMILIES[alg], seed)
    assert Issuing(key=key, alg=alg, credential={**members, "issuer": DID}).verify().holds


@pytest.mark.parametrize("alg", FAMILIES)
@pytest.mark.parametrize("part", [0, 1, 2], ids=["header", "payload", "signature"])
@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_no_bit_of_a_token_can_change(alg: str, part: int, data: st.DataObject) -> None:
    """One bit of header, payload or signature flipped, and the token is refused inside Verification."""
    key = a_key(FAMILIES[alg])
    parts = Issuing(key=key, alg=alg).token().split(".")
    raw = decode_base64url(parts[part])
    parts[part] = encode_base64url(flip(raw, data.draw(st.integers(0, len(raw) * 8 - 1))))
    assert not verify_jose(".".join(parts), web=a_web(a_document(key=key)), at=NOW, issuer=DID).holds


@FEW
@given(data=st.data())
def test_no_character_of_a_token_can_change(data: st.DataObject) -> None:
    """One character replaced by any other, and the token is refused, dots and stray bits included."""
    token = Issuing().token()
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters())
    assume(sign != token[place])
    altered = token[:place] + sign + token[place + 1 :]
    assert not verify_jose(altered, web=a_web(a_document()), at=NOW, issuer=DID).holds


@pytest.mark.parametrize("alg", ALGORITHMS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_no_bit_of_the_key_can_change(alg: str, data: st.DataObject) -> None:
    """One bit of the published key flipped, and the token is refused: another key, or none."""
    key = a_key(FAMILIES[alg])
    document = a_document(key=key)
    jwk = document["verificationMethod"][0]["publicKeyJwk"]
    name = data.draw(st.sampled_from([name for name in ("x", "y") if name in jwk]))
    raw = decode_base64url(jwk[name])
    jwk[name] = encode_base64url(flip(raw, data.draw(st.integers(0, len(raw) * 8 - 1))))
    assert not Issuing(key=key, alg=alg, document=document).verify().holds


URL = document_url(DID)
DOCUMENT = json.dumps(a_document()).encode()


@FEW
@given(st.integers(0, len(DOCUMENT) * 8 - 1))
def test_a_damaged_document_never_raises(bit: int) -> None:
    """One bit of the DID document flipped gives a verification, whatever it says."""
    assert URL is not None
    web = Web({URL: Evidence(URL, flip(DOCUMENT, bit))})
    verification = Issuing(web=web).verify()
    assert verification.holds or verification.problem is not None


@FEW
@given(st.text() | st.binary().map(lambda raw: f"{encode_base64url(raw)}.{encode_base64url(raw)}.AA"))
def test_any_text_is_a_verification(text: str) -> None:
    """Any text at all ends as a verification that does not hold."""
    assert not verify_jose(text, web=a_web(a_document()), at=NOW).holds


@FEW
@given(
    st.dictionaries(
        st.sampled_from(["alg", "kid", "crit", "b64", "typ", "jwk", "x5u"]), JSON_VALUES, max_size=5
    )
)
def test_any_header_is_a_verification(header: dict[str, Any]) -> None:
    """Any JSON in the parameters of a signed header ends as a verification."""
    verification = Issuing(extra=header).verify()
    assert verification.holds or verification.problem is not None


@FEW
@given(
    st.dictionaries(
        st.sampled_from(["id", "verificationMethod", "assertionMethod", "controller"]), JSON_VALUES
    )
)
def test_any_document_is_a_verification(document: dict[str, Any]) -> None:
    """Any JSON in place of a DID document ends as a verification that does not hold."""
    assert URL is not None
    web = Web({URL: Evidence(URL, json.dumps({"id": DID, **document}).encode())})
    assert not Issuing(web=web).verify().holds
