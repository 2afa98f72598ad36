"""ecdsa-sd-2023: derived proofs, as a holder shows them (Data Integrity ECDSA Cryptosuites 1.0, 3.4 to 3.6).

The issuer signed once over proof options, a key of its own for this proof, and all mandatory statements;
that key signed each other statement by itself. A derived proof brings the signatures of what it shows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.credential.cbor import Value, decode_cbor
from harness.errors import MalformedError
from harness.trust.cryptosuites.suite import (
    ECDSA,
    Secured,
    Suite,
    Workings,
    canonical_options,
    canonical_quads,
    family_of,
    proof_bytes,
)
from harness.trust.encoding import encode_base64url, encode_multibase
from harness.trust.keys import P256, PublicKey, from_multibase
from harness.trust.signatures import ALGORITHMS, verify
from harness.trust.trace import TrustError

NAME = "ecdsa-sd-2023"
BASE_HEADER, DERIVED_HEADER = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
PARSE = ECDSA + "#parsederivedproofvalue"
VERIFY_DATA = ECDSA + "#createverifydata"
VERIFY = ECDSA + "#verify-derived-proof-ecdsa-sd-2023"
MOST_STATEMENTS = 10_000
SIGNATURE_BYTES, MAC_BYTES = 64, 32
MULTIKEY_BYTES = 35
"""Header and compressed point of P-256. The standard says 36 in one place, but no P-256 key has that."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|_:(?P<label>c14n[0-9]+)', re.ASCII)


@dataclass(frozen=True)
class DerivedProof:
    """The five parts of a derived proof value (section 3.5.8)."""

    base_signature: bytes
    public_key: bytes
    signatures: tuple[bytes, ...]
    label_map: Mapping[str, str]
    mandatory_indexes: frozenset[int]


def _check(secured: Secured, key: PublicKey, work: Workings) -> None:
    trace = work.trace
    hash_name, algorithm = family_of(key, (P256,), NAME, ECDSA + "#multikey")
    proof = read_derived_proof(proof_bytes(secured.proof, trace, PARSE, base="u"))
    trace.step("baseSignature", proof.base_signature, PARSE)
    trace.step("publicKey", proof.public_key, PARSE)
    trace.step("labelMap", json.dumps(dict(proof.label_map)), PARSE)
    trace.step("mandatoryIndexes", json.dumps(sorted(proof.mandatory_indexes)), PARSE)
    proof_hash = _hash(canonical_options(secured, hash_name, work, VERIFY_DATA))
    trace.step("proofHash", proof_hash, VERIFY_DATA)
    text = canonical_quads(dict(secured.document), hash_name, work, "unsecuredDocument", VERIFY_DATA)
    mandatory, others = _grouped(text, proof)
    trace.step("mandatory", "".join(mandatory), VERIFY_DATA)
    trace.step("nonMandatory", "".join(others), VERIFY_DATA)
    mandatory_hash = _hash("".join(mandatory))
    trace.step("mandatoryHash", mandatory_hash, VERIFY_DATA)
    if len(others) != len(proof.signatures):
        raise TrustError(
            "proof-statement-count", "The proof does not bring one signature for each statement it shows.",
            step="nonMandatory", clause=VERIFY, actual=f"{len(others):,}",
            expected=f"{len(proof.signatures):,} statements",
            hint="A statement was added or taken away after the proof was derived.",
        )  # fmt: skip
    to_verify = proof_hash + proof.public_key + mandatory_hash
    trace.step("toVerify", to_verify, VERIFY)
    verify(algorithm, key, proof.base_signature, to_verify, step="baseSignature")
    own_key = from_multibase(encode_multibase(proof.public_key))
    for place, (statement, signature) in enumerate(zip(others, proof.signatures, strict=True)):
        verify(ALGORITHMS["ES256"], own_key, signature, statement.encode(), step=f"signatures/{place}")


def read_derived_proof(raw: bytes) -> DerivedProof:
    """Take a derived proof value apart (section 3.5.8, parseDerivedProofValue); raises TrustError."""
    if raw.startswith(BASE_HEADER):
        raise TrustError(
            "proof-value-is-base-proof", "This is a base proof, which is for the holder.", step="proofValue",
            clause=PARSE, expected=DERIVED_HEADER.hex(), actual=BASE_HEADER.hex(),
            hint="Derive a proof from it, which shows what the verifier may see, and send that.",
        )  # fmt: skip
    if not raw.startswith(DERIVED_HEADER):
        raise _malformed(f"it begins with {raw[:3].hex()}")
    try:
        parts = decode_cbor(raw[len(DERIVED_HEADER) :])
    except MalformedError as error:
        raise _malformed(error.message) from error
    match parts:
        case [bytes(base), bytes(public), list(signatures), dict(labels), list(indexes)]:
            pass
        case _:
            raise _malformed("it is not an array of its five parts")
    named = _labels(labels)
    own = tuple(one for one in signatures if isinstance(one, bytes) and len(one) == SIGNATURE_BYTES)
    places = frozenset(one for one in indexes if isinstance(one, int))
    if (len(base), len(public)) != (SIGNATURE_BYTES, MULTIKEY_BYTES) or len(own) != len(signatures):
        raise _malformed("a key or signature has the wrong length")
    if len(places) != len(indexes) or len(set(named.values())) != len(labels) or len(own) > MOST_STATEMENTS:
        raise _malformed("an index or label is repeated or of the wrong type, or there are too many")
    return DerivedProof(base, public, own, named, places)


def _labels(compressed: dict[Value, Value]) -> dict[str, str]:
    """Labels of the canonical graph -> labels that the issuer signed (section 3.5.6, decompressLabelMap)."""
    named = {}
    for number, mac in compressed.items():
        if isinstance(number, int) and isinstance(mac, bytes) and len(mac) == MAC_BYTES:
            named[f"c14n{number}"] = "u" + encode_base64url(mac)
    return named


def _grouped(canonical: str, proof: DerivedProof) -> tuple[list[str], list[str]]:
    """Statements with the issuer's labels, sorted anew: the mandatory ones, and the others."""

    def relabelled(found: re.Match[str]) -> str:
        label = found["label"]
        if label is None:
            return found[0]
        if label not in proof.label_map:
            raise _malformed(f"its label map lacks {label}")
        return "_:" + proof.label_map[label]

    statements = sorted(_TOKEN.sub(relabelled, line) for line in _lines(canonical))
    mandatory = [one for place, one in enumerate(statements) if place in proof.mandatory_indexes]
    return mandatory, [one for place, one in enumerate(statements) if place not in proof.mandatory_indexes]


def _lines(canonical: str) -> list[str]:
    """Split the statements at line feeds only: literals may hold other line ends."""
    return [line + "\n" for line in canonical.split("\n") if line]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _malformed(what: str) -> TrustError:
    return TrustError(
        "proof-value-malformed",
        f"This is no derived proof of {NAME}: {what}.",
        step="proofValue",
        clause=PARSE,
    )


SUITES = (Suite(NAME, _check),)
