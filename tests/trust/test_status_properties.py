"""No bit of a signed status list can change: as it is judged, through its envelope, signature and bits."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.judge.security import Security, StatusCheck
from harness.trust.bitstring import bits_of, encode_list
from harness.trust.signing import sign_compact
from trust.issuers import CREDENTIAL, DID, NOW, Issuing, a_document, a_key, a_web

LIST = "https://issuer.example.com/status/1"
INDEX = 4242


def a_list(set_indexes: tuple[int, ...] = ()) -> bytes:
    """A signed list with these bits set."""
    value: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(bits_of(set_indexes)),
        },
    }
    return sign_compact(json.dumps(value).encode(), a_key(), kid=f"{DID}#key-1").encode()


GOOD = a_list()


def judged(listed: bytes) -> StatusCheck:
    """What becomes of the one status entry of a credential with this list."""
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST,
    }
    token = Issuing(credential={**CREDENTIAL, "credentialStatus": entry}).token()
    (credential,) = read_credentials(Evidence("credential.jwt", token.encode(), "application/vc+jwt"))
    web = Web({**a_web(a_document()), LIST: Evidence(LIST, listed, "application/vc+jwt", "web")})
    (check,) = Security(credential, web, NOW, DID, "fast").statuses
    return check


def test_a_good_list_is_signed_and_says_what_it_says() -> None:
    """The twin: a list verifies, and its bit is not set or set."""
    for indexes, value in (((), 0), ((INDEX,), 1)):
        check = judged(a_list(indexes))
        assert check.signature is not None
        assert check.signature.holds
        assert check.status is not None
        assert check.status.value == value


@settings(deadline=None, max_examples=80)
@given(st.integers(0, len(GOOD) * 8 - 1))
def test_no_bit_of_a_signed_list_can_change(bit: int) -> None:
    """One bit of the list flipped: it does not verify or cannot be read, and nothing raises."""
    altered = bytearray(GOOD)
    altered[bit // 8] ^= 1 << bit % 8
    check = judged(bytes(altered))
    assert check.signature is None or not check.signature.holds
