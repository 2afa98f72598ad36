"""The presentation that a credential came in: where it is signed, the signature is that of its holder."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of, settle


@case("VCP-PUB-05", when=lambda credential: credential.security.presentations)
def a_signed_presentation_verifies(credential: CredentialUnderTest) -> Findings:
    """The signature of a presentation verifies with a key that its holder uses for authentication."""
    for check in credential.security.presentations:
        problem = settle(check.verification)
        if problem is not None:
            at = "/proof" if check.kind == "proof" else ""
            yield finding_of(problem, check.verification.steps, check.document.finding(at, ""))
