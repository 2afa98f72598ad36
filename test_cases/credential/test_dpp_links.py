"""Links from a passport to other documents."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case

SECURE_LINKS = (
    "/credentialSubject/conformityClaim/*/conformityEvidence",
    "/credentialSubject/traceabilityInformation/*/traceabilityEvent/*",
)


@case(
    "DPP-LINK-02",
    when=lambda credential: credential.members("hashMethod", "encryptionMethod"),
    owns=[f"{link}/{member}" for link in SECURE_LINKS for member in ("hashMethod", "encryptionMethod")],
)
def link_methods_are_known_codes(credential: CredentialUnderTest) -> Findings:
    """A secure link is hashed by SHA-256 or SHA-1 and encrypted by none or AES."""
    yield from credential.schema_findings("DPP-LINK-02")


@case(
    "DPP-LINK-03",
    when=lambda credential: credential.members(
        "relatedDocument", "productImage", "evidence", "materialSafetyInformation"
    ),
    owns=[
        "/credentialSubject/relatedDocument",
        "/credentialSubject/productImage",
        "/credentialSubject/materialProvenance/*/materialSafetyInformation",
        "/credentialSubject/packaging/materialUsed/*/materialSafetyInformation",
        "/credentialSubject/performanceClaim/*/evidence",
        "/credentialSubject/packaging/performanceClaim/*/evidence",
    ],
)
def links_have_a_url_and_a_name(credential: CredentialUnderTest) -> Findings:
    """A link has linkURL and linkName, and only the members of its class."""
    yield from credential.schema_findings("DPP-LINK-03")
