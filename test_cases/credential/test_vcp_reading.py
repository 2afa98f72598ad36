"""What arrives is one readable, strict JSON text that fits the official schema of its type."""

from __future__ import annotations

import re

from harness.credential.kinds import CREDENTIAL, UNREADABLE
from harness.judge import CredentialUnderTest, Findings, case

REPEATED = "duplicate-name"
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")
"""A URL with its scheme: https://…, did:…, urn:…"""


@case("VCP-JSON-01")
def it_is_one_strict_json_text(credential: CredentialUnderTest) -> Findings:
    """The credential, taken out of its envelopes, is one strict JSON text."""
    if credential.type is None and credential.credential.kind not in (CREDENTIAL, UNREADABLE):
        yield credential.not_a_credential()
        return
    for fault in credential.credential.faults:
        if fault.code != REPEATED:
            yield fault.finding


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


@case("VCP-SCH-02", owns="/** additionalProperties", when=lambda credential: credential.type)
def closed_classes_take_no_extras(credential: CredentialUnderTest) -> Findings:
    """Classes that the official schema closes carry only their own members."""
    yield from credential.schema_findings("VCP-SCH-02")


@case("VCP-SCH-03", when=lambda credential: credential.root["credentialSchema"])
def schema_references_are_complete(credential: CredentialUnderTest) -> Findings:
    """Each entry of credentialSchema has a URL and a type."""
    for node in credential.root.each("credentialSchema"):
        identifier = node.get("id")
        if not isinstance(identifier, str) or not ABSOLUTE.match(identifier):
            yield node.at("id").finds(
                "an entry of credentialSchema does not say where the schema is",
                expected="a URL",
                hint="Give the URL of the schema as id.",
            )
        if not node.types:
            yield node.at("type").finds(
                "an entry of credentialSchema has no type",
                expected="JsonSchema",
                hint="Write type JsonSchema, the type that the W3C specification defines.",
            )
