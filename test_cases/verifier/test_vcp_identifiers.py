"""Issuers, their DID documents and keys."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.verifier import VerifierUnderTest


@case("VCP-DID-15")
def embedded_methods_are_found(verifier: VerifierUnderTest) -> Findings:
    """A key that stands inside assertionMethod is as good as one that is referred to."""
    yield from verifier.findings_of("VCP-DID-15")


@case("VCP-DID-16")
def keys_come_from_the_resolved_document(verifier: VerifierUnderTest) -> Findings:
    """An issuer that cannot be resolved, or whose document is another's or lacks the key, is not believed."""
    yield from verifier.findings_of("VCP-DID-16")


@case("VCP-DID-17")
def only_keys_for_assertion_count(verifier: VerifierUnderTest) -> Findings:
    """A key for another purpose, of another controller, or withdrawn, signs no credential."""
    yield from verifier.findings_of("VCP-DID-17")
