"""ecdsa-sd-2023: the published derived proof, and every way to break it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.cbor import decode_cbor
from harness.errors import MalformedError
from harness.evidence import Web
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.encoding import decode_multibase, encode_multibase

from .canonical import CITIZENSHIP, canonicalise

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
METHOD: Final = "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"

REVEALED: Final[dict[str, Any]] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", CITIZENSHIP],
    "type": ["VerifiableCredential", "PermanentResidentCardCredential"],
    "issuer": {
        "id": "did:key:zDnaeTHxNEBZoKaEo6PdA83fq98ebiFvo3X273Ydu4YmV96rg",
        "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVQIW2P4z/DiPwAG0ALnwgz64QAAAABJRU5ErkJggg==",
    },
    "validFrom": "2024-12-16T00:00:00Z",
    "validUntil": "2025-12-16T23:59:59Z",
    "credentialSubject": {"type": ["PermanentResident", "Person"], "birthCountry": "Arcadia"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "created": "2023-08-15T23:36:38Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": (
            "u2V0BhVhAHADSALdqTIftV6rg8JpqBetOJUiYhCp1jTsAaVF-qJd_mhGLTcwXvsM-n570G4Pc3glX3AhkP1RsjKI2DRsfL1gjgCQCKnLOGbY"
            "_FuM-ASpSkkOxsIR2E8n7Ml2q1UQ6tEwzi5OGWED9kexIs1JJZfehRT6f-gZwVOym99YzioRSXrMoi7DK96llHwL-4U1tM-4WeaqIKDSMzFdO"
            "GU1_V_yovjVMGzD3WEA1aOFAKvZyyxpMNg7XAwyosadE7tPEVyd06W0j46iQ2xSN6NvQZZQkSig_RiR6VA540UeJ4ODGTulrblOGNwe8WEDdy"
            "EMKG_jNu7boweLctDTcDbWasMVQG9fazuniwCNOI5ntlXZdYu9Mq_D-gRfuMvJLj4xk0ZVd3UNiJp2UkwNeWEDVTQBWsnmhfFkb2FgAFPicj"
            "Nq-IMgNhPfBN8Sjb5eFDdCAP9bx1wgUoLWNzp1Q8wGSyYDVvEUd6pplafkOtdi4WECmeKxixUFtDpO529Pvqa3UweGnnmcHuj2DH_wRn2g3wY"
            "SnZSNAy4piAE9FnJBQZ7nMA_Q7PGd6Ai7qsdfXJDwFWEBjcwxCAQrKwyOR1y1PdVsIWI4cKJq5PiosLZpdhabT0G_es5k59hTvtLMZGWa65vU"
            "A7kQmeuRJkPMLRObJKUO0ogBYINy79kKRYKPmAHoHNXEECliRVtrBI0BehX7mdFRKDCh4AVggVkUuBrlOaELGVQWJD4M_qW5bcKEHWGNbOrPA"
            "_qAOKKyEAAQFBw"
        ),
    },
}  # fmt: skip
"""The derived credential of Data Integrity ECDSA Cryptosuites 1.0, appendix A.7.2."""

PUBLISHED: Final = {
    "proofHash": "9c5c9b189f06cfa9d9f21a838ccb9b04316f07ad1a517bfd4955ee28c6a8229c",
    "mandatoryHash": "b76d8d5bf67d27f51597519d19d95809c75e35212cc65291bd71bbe36007f979",
    "baseSignature": (
        "1c00d200b76a4c87ed57aae0f09a6a05eb4e254898842a758d3b0069517ea8977f9a118b4dcc17bec33e9f9ef41b83dc"
        "de0957dc08643f546c8ca2360d1b1f2f"
    ),
}


def result_of(document: dict[str, Any]) -> ProofResult:
    """What became of the one proof."""
    (result,) = verify_proofs(document, web=Web(), at=NOW, canonicalise=canonicalise)
    return result


def stopped(document: dict[str, Any]) -> tuple[str, str] | None:
    """Code and step at which the one proof stopped."""
    problem = result_of(document).verification.problem
    return None if problem is None else (problem.code, problem.step)


def with_value(raw: bytes) -> dict[str, Any]:
    """The published credential with another proof value."""
    return {**REVEALED, "proof": {**REVEALED["proof"], "proofValue": encode_multibase(raw, base="u")}}


RAW: Final = decode_multibase(REVEALED["proof"]["proofValue"])


def test_published_derived_proof_verifies_with_the_published_values() -> None:
    """The vector holds, and the hashes and the signature on the way are the published ones."""
    result = result_of(REVEALED)
    assert result.verification.problem is None
    steps = {step.name: step.text for step in result.verification.steps}
    assert {name: steps[name] for name in PUBLISHED} == PUBLISHED
    assert steps["nonMandatory"].count("\n") == 6
    assert steps["nonMandatory"].splitlines()[2] == (
        '_:u3Lv2QpFgo-YAegc1cQQKWJFW2sEjQF6FfuZ0VEoMKHg <https://w3id.org/citizenship#birthCountry> "Arcadia" .'
    )


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("credentialSubject", "birthCountry"), "Utopia", ("signature-mismatch", "signatures/2")),
        (("validUntil",), "2035-12-16T23:59:59Z", ("signature-mismatch", "baseSignature")),
        (("issuer", "id"), "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP", ("signature-mismatch", "baseSignature")),
        (("proof", "created"), "2024-08-15T23:36:38Z", ("signature-mismatch", "baseSignature")),
        (("name",), "One more statement", ("proof-statement-count", "nonMandatory")),
        (("credentialSubject", "gender"), "F", ("proof-statement-count", "nonMandatory")),
        (("validUntil",), None, ("proof-statement-count", "nonMandatory")),
    ],
)  # fmt: skip
def test_no_statement_can_be_changed_added_or_taken_away(
    path: tuple[str, ...], value: str | None, expected: tuple[str, str]
) -> None:
    """Each statement that is shown is signed, and the step says which signature it broke.

    Another validUntil gives the blank nodes other labels, and so breaks the base signature too.
    """
    document = copy.deepcopy(REVEALED)
    at = document
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    if value is None:
        del at[path[-1]]
    assert stopped(document) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xd9\x5d\x00" + RAW[3:], "proof-value-is-base-proof"),
        (b"\xd9\x5d\x02" + RAW[3:], "proof-value-malformed"),
        (b"", "proof-value-malformed"),
        (RAW[:3], "proof-value-malformed"),
        (RAW[:-1], "proof-value-malformed"),
        (RAW + b"\0", "proof-value-malformed"),
        (b"\xd9\x5d\x01" + b"\x80", "proof-value-malformed"),
        (b"\xd9\x5d\x01" + b"\x85\x40\x40\x80\xa0\x80", "proof-value-malformed"),
        (RAW.replace(b"\x84\x00\x04\x05", b"\x84\x00\x00\x05"), "proof-value-malformed"),
        (RAW[:3] + b"\x9f" + RAW[4:], "proof-value-malformed"),
    ],
)
def test_broken_proof_value_names_the_rule(raw: bytes, code: str) -> None:
    """A base proof, a damaged value and anything else that is no derived proof say what they are."""
    assert stopped(with_value(raw)) == (code, "proofValue")


def test_proof_value_in_the_wrong_base() -> None:
    """A derived proof is base64url, not base58btc."""
    proof = {**REVEALED["proof"], "proofValue": encode_multibase(RAW)}
    assert stopped({**REVEALED, "proof": proof}) == ("proof-value-encoding", "proofValue")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 8 * len(RAW) - 1))
def test_any_flipped_bit_of_the_proof_is_found(place: int) -> None:
    """Change one bit of the proof value: the proof no longer holds, and nothing crashes."""
    raw = bytearray(RAW)
    raw[place // 8] ^= 1 << place % 8
    assert not result_of(with_value(bytes(raw))).verification.holds


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7 * len(REVEALED["proof"]["proofValue"]) - 1))
def test_any_flipped_bit_of_the_text_is_found(place: int) -> None:
    """Change one bit of the text of the proof value: it does not even decode to the same bytes."""
    points = [ord(sign) for sign in REVEALED["proof"]["proofValue"]]
    points[place // 7] ^= 1 << place % 7
    proof = {**REVEALED["proof"], "proofValue": "".join(map(chr, points))}
    assert not result_of({**REVEALED, "proof": proof}).verification.holds


# --- CBOR


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("190100", 256),
        ("1a00010000", 65_536),
        ("1b0000000100000000", 2**32),
        ("43010203", b"\1\2\3"),
        ("6161", "a"),
        ("820102", [1, 2]),
        ("a20041ff0180", {0: b"\xff", 1: []}),
    ],
)
def test_cbor_is_read(raw: str, value: Any) -> None:
    """The kinds of value that a derived proof is made of (RFC 8949 appendix A)."""
    assert decode_cbor(bytes.fromhex(raw)) == value


@pytest.mark.parametrize(
    "raw",
    [
        "", "18", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1f", "4401", "5f4101ff", "61ff", "8201", "9a00010000",
        "9bffffffffffffffff", "a2000000", "a10000ff", "a18000", "20", "c100", "f5", "f93c00", "818181818181818100", "0000",
    ],
)  # fmt: skip
def test_cbor_that_is_damaged_long_winded_or_of_another_kind_is_refused(raw: str) -> None:
    """Nothing is read twice in two spellings, and nothing of another kind."""
    with pytest.raises(MalformedError):
        decode_cbor(bytes.fromhex(raw))


@given(st.binary(max_size=64))
def test_cbor_never_crashes(raw: bytes) -> None:
    """Any bytes are read or refused; what is read is one of the kinds."""
    try:
        value = decode_cbor(raw)
    except MalformedError:
        return
    assert isinstance(value, int | bytes | str | list | dict)
