"""Signatures, headers and keys: what a verifier refuses, whatever the payload says."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.verifier import VerifierUnderTest


@case("VCP-JOSE-07")
def unsigned_tokens_are_refused(verifier: VerifierUnderTest) -> Findings:
    """A token with alg none, in whatever letters, or without a signature is refused."""
    yield from verifier.findings_of("VCP-JOSE-07")


@case("VCP-JOSE-08")
def the_algorithm_fits_the_key(verifier: VerifierUnderTest) -> Findings:
    """An algorithm of another type than the resolved key is refused, HMAC with the public key above all."""
    yield from verifier.findings_of("VCP-JOSE-08")


@case("VCP-JOSE-12")
def the_key_is_the_issuers(verifier: VerifierUnderTest) -> Findings:
    """A credential that another DID signed is refused, although the signature is good."""
    yield from verifier.findings_of("VCP-JOSE-12")


@case("VCP-JOSE-16")
def tampering_is_detected(verifier: VerifierUnderTest) -> Findings:
    """Header, payload or signature changed by one byte: refused."""
    yield from verifier.findings_of("VCP-JOSE-16")


@case("VCP-JOSE-17")
def unknown_critical_headers_are_refused(verifier: VerifierUnderTest) -> Findings:
    """A token that demands a header which nobody understands is refused."""
    yield from verifier.findings_of("VCP-JOSE-17")


@case("VCP-JOSE-18")
def keys_in_the_token_are_not_trusted(verifier: VerifierUnderTest) -> Findings:
    """Keys that the header brings along, or points to, count only where the issuer published them."""
    yield from verifier.findings_of("VCP-JOSE-18")


@case("VCP-JOSE-21")
def the_payload_is_a_credential(verifier: VerifierUnderTest) -> Findings:
    """A good signature around what is no credential is refused."""
    yield from verifier.findings_of("VCP-JOSE-21")


@case("VCP-DI-03", when=lambda verifier: verifier.applies("VCP-DI-03"))
def large_graphs_canonicalise(verifier: VerifierUnderTest) -> Findings:
    """Credentials as large as the official samples verify under a proof over RDF."""
    yield from verifier.findings_of("VCP-DI-03")


@case("VCP-DI-04", when=lambda verifier: verifier.applies("VCP-DI-04"))
def embedded_proofs_that_fail_are_refused(verifier: VerifierUnderTest) -> Findings:
    """Whoever accepts an embedded proof refuses one that fails, that it does not know, or that is another's."""
    yield from verifier.findings_of("VCP-DI-04")
