"""The published ECDSA vectors (Data Integrity ECDSA Cryptosuites 1.0, appendix A), typed in as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from harness.evidence import Web
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.data_integrity import verify_proofs
from harness.trust.encoding import decode_multibase, decode_multicodec

from .canonical import canonicalise

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
CREATED: Final = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)

ALUMNI: Final[dict[str, Any]] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}

P256_PUBLIC: Final = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
P256_SECRET: Final = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN"
P384_PUBLIC: Final = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"
P384_SECRET: Final = "z2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc"


@dataclass(frozen=True)
class Vector:
    """One published vector: the suite, the key pair, and the values that come out."""

    suite: str
    public: str
    secret: str
    document_hash: str
    config_hash: str
    proof_value: str

    @property
    def method(self) -> str:
        """The did:key URL of the key."""
        return f"did:key:{self.public}#{self.public}"

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The published secret key, which everybody knows."""
        curve: ec.EllipticCurve = ec.SECP256R1() if self.public == P256_PUBLIC else ec.SECP384R1()
        return ec.derive_private_key(
            int.from_bytes(decode_multicodec(decode_multibase(self.secret))[1], "big"), curve
        )


VECTORS: Final = {
    "A.1 ecdsa-rdfc-2019 with P-256": Vector(
        "ecdsa-rdfc-2019", P256_PUBLIC, P256_SECRET,
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
        "3a8a522f689025727fb9d1f0fa99a618da023e8494ac74f51015d009d35abc2e",
        "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw",
    ),
    "A.3 ecdsa-rdfc-2019 with P-384": Vector(
        "ecdsa-rdfc-2019", P384_PUBLIC, P384_SECRET,
        "8bf6e01df72c5b62f91b685231915ac4b8c58ea95f002c6b8f6bfafa1b251df476b56b8e01518e317dab099d3ecbff96",
        "e32805a26492eac777aa7a138f6d8da3c74e0c7be7b296dcaccf97420c3b92eaad7be6449ca565e165031567f5c7cbc1",
        "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1tE28K1vsJur9bGVJhz6jgSJsRHFSQeqgH8hhjcg8gZDFJC1b9FsR5ggNmDBqHv",
    ),
    "A.5 ecdsa-jcs-2019 with P-256": Vector(
        "ecdsa-jcs-2019", P256_PUBLIC, P256_SECRET,
        "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
        "fe5799489119c7fe3c528715e72bd39d2ec6b4ab345978df32e9a9312648ec25",
        "z5ptCet75SaEgzG4v4zJhbJtfNi74Wv7Fq15hhKouJQQjEPQvPZKaYxcMXAMLPQS2FXrkCWokNJkFVkwxNzZfD5oT",
    ),
    "A.6 ecdsa-jcs-2019 with P-384": Vector(
        "ecdsa-jcs-2019", P384_PUBLIC, P384_SECRET,
        "3e0be671cc1881035d463158c80921973dab3534d4f8dfacf4ff2725a4115eb718e49d66de0e90e7365cd6062abf2259",
        "83e5057817abb0c6872eafeaba1a9e53893c58eeb7414fb6d8aa3fa8c7917f7ad4792890b257c598baa17f4fbe6d183c",
        "zq3EuTeLiGurmB2JR5oL8oWEsT7u2tba4HT1oZbiMYWc5qzsoW2kLYcBcF4HM5vCpJyTkceULKrVXuJQkXeN5seL4uXrFNFRMm53GWy1Yrto8rTWxZi9DkNeWP7yUPs7ELAm",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(VECTORS))
def test_vector_verifies_with_the_published_hashes(name: str) -> None:
    """The published proof verifies, and both hashes on the way are the published ones."""
    vector = VECTORS[name]
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": vector.suite,
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": vector.method,
        "proofPurpose": "assertionMethod",
        "proofValue": vector.proof_value,
    }
    if "jcs" in vector.suite:
        proof["@context"] = ALUMNI["@context"]
    (result,) = verify_proofs({**ALUMNI, "proof": proof}, web=Web(), at=NOW, canonicalise=canonicalise)
    assert result.verification.problem is None
    steps = {step.name: step.text for step in result.verification.steps}
    assert steps["transformedDocumentHash"] == vector.document_hash
    assert steps["proofConfigHash"] == vector.config_hash
    assert steps["hashData"] == vector.config_hash + vector.document_hash


@pytest.mark.parametrize("name", list(VECTORS))
def test_reference_signer_makes_the_published_signature(name: str) -> None:
    """Signing deterministically with the published key gives the published proof, character by character."""
    vector = VECTORS[name]
    made = sign_proof(ALUMNI, vector.suite, vector.key, vector.method, CREATED, canonicalise)
    assert made["proof"]["proofValue"] == vector.proof_value
