"""The published vectors of Data Integrity EdDSA Cryptosuites 1.0, appendix B, read in place.

The hashes are not part of the corpus; they stand here as the standard prints them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

# `trust` is the neighbouring folder of tests
from trust.canonical import canonicalise

from harness.evidence import Web
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.encoding import decode_multibase, decode_multicodec

Record = Callable[[str, object], None]

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
CREATED: Final = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
HEADING: Final = "corpora: Data Integrity vectors, ours beside the published value"

ALUMNI: Final = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
RDFC: Final = "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
JCS_DOCUMENT: Final = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
JCS_CONFIG: Final = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
EMPLOYMENT: Final = "03f59e5b04ab575b1172cb684f22eede72f0e9033e0b5c67d0e2506768d6ce11"
ED_2020: Final = "04e14bcf5727cba0c0aa04a04d22a56fef915d5f8f7756bb92ae67cb1d0c4847"

SINGLE: Final = {
    "TestVectors_eddsa-rdfc-2022_signedDataInt.json": ("eddsa-rdfc-2022", ALUMNI, RDFC),
    "eddsa-rdfc-2022_employ_signedDataInt.json": ("eddsa-rdfc-2022", EMPLOYMENT, RDFC),
    "TestVectors_eddsa-jcs-2022_signedJCS.json": ("eddsa-jcs-2022", JCS_DOCUMENT, JCS_CONFIG),
    "TestVectors_Ed25519Signature2020_signedEdSig.json": ("Ed25519Signature2020", ALUMNI, ED_2020),
}
"""File -> suite, published hash of the document, published hash of the proof configuration (B.1 to B.4)."""

SETS_AND_CHAINS: Final = {
    "TestVectors_proof-set-chain_signedProofSet1.json": 1,
    "TestVectors_proof-set-chain_signedProofSet2.json": 2,
    "TestVectors_proof-set-chain_proofChainTempDoc1.json": 2,
    "TestVectors_proof-set-chain_signedProofChain1.json": 3,
    "TestVectors_proof-set-chain_signedProofChain2.json": 4,
}
"""File -> how many proofs it has (B.5)."""

WITHOUT_ITS_PREDECESSORS: Final = "TestVectors_proof-set-chain_proofChainTempDoc2.json"
"""An intermediate value, not a credential: the two proofs that its proof builds on were taken out."""


@pytest.fixture
def vectors(corpora: Path) -> Path:
    """The folder of the vectors."""
    return corpora / "corpora" / "vc-di-eddsa-vectors"


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text("utf-8"))


def results(document: dict[str, Any]) -> list[ProofResult]:
    """What became of each proof."""
    return verify_proofs(document, web=Web(), at=NOW, canonicalise=canonicalise)


def test_every_file_of_the_corpus_is_used(vectors: Path) -> None:
    """Each file with a proof value is a vector below; the others are its inputs and keys."""
    with_proof = {path.name for path in vectors.glob("*.json") if "proof" in read(path)}
    assert with_proof == {*SINGLE, *SETS_AND_CHAINS, WITHOUT_ITS_PREDECESSORS}


@pytest.mark.parametrize("name", list(SINGLE))
def test_vector_verifies_with_the_published_hashes(name: str, vectors: Path, record_property: Record) -> None:
    """The proof holds, and both hashes and hashData on the way are the published ones."""
    suite, document_hash, config_hash = SINGLE[name]
    (result,) = results(read(vectors / name))
    steps = {step.name: step.text for step in result.verification.steps}
    published = {
        "transformedDocumentHash": document_hash,
        "proofConfigHash": config_hash,
        "hashData": config_hash + document_hash,
    }
    for step, value in published.items():
        same = "=" if steps.get(step) == value else "DIFFERS FROM"
        record_property(HEADING, f"{name[:44]:44} {step:24} {steps.get(step, '')[:24]}… {same} {value[:24]}…")
    assert result.verification.problem is None
    assert result.suite == suite
    assert {step: steps[step] for step in published} == published


@pytest.mark.parametrize("name", list(SETS_AND_CHAINS))
def test_sets_and_chains_verify(name: str, vectors: Path, record_property: Record) -> None:
    """Every proof of the published sets and chains holds."""
    found = results(read(vectors / name))
    held = [one.verification.holds for one in found]
    record_property(HEADING, f"{name[:44]:44} {sum(held)} of {len(found)} proofs hold")
    assert held == [True] * SETS_AND_CHAINS[name]


def test_chain_without_its_beginning_does_not_hold(vectors: Path) -> None:
    """A proof whose predecessors were taken out does not hold by itself."""
    (result,) = results(read(vectors / WITHOUT_ITS_PREDECESSORS))
    assert result.verification.problem is not None
    assert result.verification.problem.code == "previous-proof-missing"


@pytest.mark.parametrize("name", list(SINGLE))
def test_vector_with_one_change_does_not_verify(name: str, vectors: Path) -> None:
    """The broken twin of each vector: another date."""
    document = {**read(vectors / name), "validFrom": "2020-01-01T00:00:00Z"}
    (result,) = results(document)
    assert result.verification.problem is not None
    assert result.verification.problem.code == "signature-mismatch"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_reference_signer_makes_the_published_proof(suite: str, vectors: Path) -> None:
    """Signing the unsigned vector with the published key gives the published proof."""
    pair = read(vectors / "TestVectors_keyPair.json")
    secret = decode_multicodec(decode_multibase(pair["privateKeyMultibase"]))[1]
    key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    method = "did:key:{0}#{0}".format(pair["publicKeyMultibase"])
    made = sign_proof(read(vectors / "TestVectors_unsigned.json"), suite, key, method, CREATED, canonicalise)
    name = next(one for one, facts in SINGLE.items() if facts[0] == suite)
    assert made["proof"] == read(vectors / name)["proof"]
