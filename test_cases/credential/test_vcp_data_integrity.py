"""Embedded proofs: they verify, and with a key of the issuer."""

from __future__ import annotations

from harness.errors import AbsentError
from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of, proof_objects, settle
from harness.trust.codes import DECIDES
from harness.trust.data_integrity import ProofResult

NOT_THE_ISSUER = frozenset({"key-not-in-relationship", "issuer-does-not-control-key", "key-not-found"})
"""Codes that say that the key is not one with which the issuer signs."""


def has_proof(credential: CredentialUnderTest) -> bool:
    """Whether the credential carries an embedded proof."""
    return any(True for _ in proof_objects(credential.document.value))


def has_proof_member(credential: CredentialUnderTest) -> bool:
    """Whether the credential says anything under proof."""
    return any(True for _ in credential.root.each("proof"))


def decided_elsewhere(credential: CredentialUnderTest, result: ProofResult) -> str | None:
    """The requirement that answers for the issuer's DID document, where a proof stopped in it."""
    problem = result.verification.problem
    owner = DECIDES.get(problem.code, "") if problem is not None else ""
    named = str(result.proof.get("verificationMethod", "")).partition("#")[0]
    return owner if owner.startswith("VCP-DID") and named == credential.issuer_id else None


@case("VCP-DI-01", when=has_proof_member)
def embedded_proofs_verify(credential: CredentialUnderTest) -> Findings:
    """Each embedded proof verifies under the cryptosuite that it names."""
    for node in credential.root.each("proof"):
        if not isinstance(node.value, dict):
            yield node.finds(
                "the proof is no object, so that it proves nothing",
                expected="an object with type, cryptosuite and proofValue",
                hint="Sign again, or leave the member out: the JOSE envelope is what UNTP demands.",
            )
    for result in credential.security.proofs:
        problem = settle(result.verification)
        if problem is None or problem.code in NOT_THE_ISSUER:
            continue
        owner = decided_elsewhere(credential, result)
        if owner is not None:
            raise AbsentError(f"the verification stopped before the proof, at {owner}: {problem.message}")
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
