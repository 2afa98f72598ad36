"""What arrives is one readable, strict JSON text that fits the official schema of its type."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case

REPEATED = "duplicate-name"


@case("VCP-JSON-01")
def it_is_one_strict_json_text(credential: CredentialUnderTest) -> Findings:
    """The credential, taken out of its envelopes, is one strict JSON text."""
    for fault in credential.credential.faults:
        if fault.code != REPEATED:
            yield fault.finding
    if not credential.credential.faults and credential.credential.kind != "credential":
        yield credential.not_a_credential()


@case("VCP-ENV-21")
def member_names_are_unique(credential: CredentialUnderTest) -> Findings:
    """No object repeats a member name."""
    for fault in credential.credential.faults:
        if fault.code == REPEATED:
            yield fault.finding


@case("VCP-SCH-01", when=lambda credential: credential.type)
def it_fits_the_official_schema(credential: CredentialUnderTest) -> Findings:
    """The payload validates against the official schema; faults that a requirement owns are reported there."""
    yield from credential.schema_findings(None)
    yield from credential.schema_findings("VCP-SCH-01")


@case("VCP-ENV-07", owns="/issuer/name")
def the_issuer_has_a_name(credential: CredentialUnderTest) -> Findings:
    """The issuer object states a human readable name."""
    yield from credential.schema_findings("VCP-ENV-07")
