"""ecdsa-rdfc-2019 and ecdsa-jcs-2019 (Data Integrity ECDSA Cryptosuites 1.0, sections 3.2 and 3.3).

The key decides: P-256 goes with SHA-256, P-384 with SHA-384, in canonicalisation, hashing and signature.
"""

from __future__ import annotations

from harness.trust.cryptosuites.suite import (
    ECDSA,
    Secured,
    Suite,
    Workings,
    family_of,
    jcs_hash_data,
    proof_bytes,
    rdfc_hash_data,
)
from harness.trust.keys import P256, P384, PublicKey
from harness.trust.signatures import verify

RDFC, JCS = "ecdsa-rdfc-2019", "ecdsa-jcs-2019"


def _check_rdfc(secured: Secured, key: PublicKey, work: Workings) -> None:
    clause = f"{ECDSA}#verify-proof-{RDFC}"
    hash_name, algorithm = family_of(key, (P256, P384), RDFC, ECDSA + "#multikey")
    signature = proof_bytes(secured.proof, work.trace, f"{ECDSA}#create-proof-{RDFC}")
    hash_data = rdfc_hash_data(secured, hash_name, work, clause)
    verify(algorithm, key, signature, hash_data, step="proofBytes")


def _check_jcs(secured: Secured, key: PublicKey, work: Workings) -> None:
    clause = f"{ECDSA}#verify-proof-{JCS}"
    hash_name, algorithm = family_of(key, (P256, P384), JCS, ECDSA + "#multikey")
    signature = proof_bytes(secured.proof, work.trace, f"{ECDSA}#create-proof-{JCS}")
    hash_data = jcs_hash_data(secured, hash_name, work.trace, clause)
    verify(algorithm, key, signature, hash_data, step="proofBytes")


SUITES = (Suite(RDFC, _check_rdfc), Suite(JCS, _check_jcs))
