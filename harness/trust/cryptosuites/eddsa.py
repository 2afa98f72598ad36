"""eddsa-rdfc-2022 and eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3)."""

from __future__ import annotations

from harness.trust.cryptosuites.suite import (
    EDDSA,
    Secured,
    Suite,
    Workings,
    family_of,
    jcs_hash_data,
    proof_bytes,
    rdfc_hash_data,
)
from harness.trust.keys import ED25519, PublicKey
from harness.trust.signatures import verify

RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"


def _check_rdfc(secured: Secured, key: PublicKey, work: Workings) -> None:
    clause = f"{EDDSA}#verify-proof-{RDFC}"
    hash_name, algorithm = family_of(key, (ED25519,), RDFC, EDDSA + "#multikey")
    signature = proof_bytes(secured.proof, work.trace, EDDSA + "#dataintegrityproof")
    hash_data = rdfc_hash_data(secured, hash_name, work, clause)
    verify(algorithm, key, signature, hash_data, step="proofBytes")


def _check_jcs(secured: Secured, key: PublicKey, work: Workings) -> None:
    clause = f"{EDDSA}#verify-proof-{JCS}"
    hash_name, algorithm = family_of(key, (ED25519,), JCS, EDDSA + "#multikey")
    signature = proof_bytes(secured.proof, work.trace, EDDSA + "#dataintegrityproof")
    hash_data = jcs_hash_data(secured, hash_name, work.trace, clause)
    verify(algorithm, key, signature, hash_data, step="proofBytes")


SUITES = (Suite(RDFC, _check_rdfc), Suite(JCS, _check_jcs))
