"""What links lead to, for verifiers that say of themselves that they follow them."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.verifier import VerifierUnderTest


@case("IDR-TGT-02", when=lambda verifier: verifier.applies("IDR-TGT-02"))
def content_counts_not_the_link(verifier: VerifierUnderTest) -> Findings:
    """What is announced as a UNTP credential and is none is told."""
    yield from verifier.findings_of("IDR-TGT-02")


@case("IDR-TGT-03", when=lambda verifier: verifier.applies("IDR-TGT-03"))
def targets_are_verified(verifier: VerifierUnderTest) -> Findings:
    """A credential behind a link that does not verify is told."""
    yield from verifier.findings_of("IDR-TGT-03")
