"""Embedded proofs: they verify, and with a key of the issuer."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of, proof_objects, settle

NOT_THE_ISSUER = frozenset({"key-not-in-relationship", "issuer-does-not-control-key"})


def has_proof(credential: CredentialUnderTest) -> bool:
    """Whether the credential carries an embedded proof."""
    return any(True for _ in proof_objects(credential.document.value))


@case("VCP-DI-01", when=has_proof)
def embedded_proofs_verify(credential: CredentialUnderTest) -> Findings:
    """Each embedded proof verifies under the cryptosuite that it names."""
    for result in credential.security.proofs:
        problem = settle(result.verification)
        if problem is not None and problem.code not in NOT_THE_ISSUER:
            yield finding_of(problem, result.verification.steps, credential.root.at("proof").finds(""))


@case("VCP-DI-02", when=has_proof)
def the_proof_key_belongs_to_the_issuer(credential: CredentialUnderTest) -> Findings:
    """The key of each proof is the issuer's and stands under assertionMethod."""
    for index, result in enumerate(credential.security.proofs):
        problem = settle(result.verification)
        if problem is not None and problem.code in NOT_THE_ISSUER:
            yield finding_of(problem, result.verification.steps, credential.root.at("proof").finds(""))
        elif result.method_controller is not None and result.method_controller != credential.issuer_id:
            yield credential.root.at("proof").finds(
                f"proof {index} was made with a key of somebody else than the issuer",
                expected=credential.issuer_id or "the issuer's DID",
                actual=result.method_controller,
                hint="Sign with a key that stands under assertionMethod in the issuer's own DID document.",
            )
