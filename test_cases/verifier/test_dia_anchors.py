"""Anchors of an issuer's identity, for verifiers that say of themselves that they look at them."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.verifier import VerifierUnderTest


@case("DIA-VER-01", when=lambda verifier: verifier.applies("DIA-VER-01"))
def the_anchor_binds_the_issuer(verifier: VerifierUnderTest) -> Findings:
    """An anchor that is none, names another DID or does not verify is told."""
    yield from verifier.findings_of("DIA-VER-01")


@case("DIA-DISC-03", when=lambda verifier: verifier.applies("DIA-DISC-03"))
def aliases_need_an_anchor(verifier: VerifierUnderTest) -> Findings:
    """What an issuer says that it is also known as counts only where an anchor confirms it."""
    yield from verifier.findings_of("DIA-DISC-03")
