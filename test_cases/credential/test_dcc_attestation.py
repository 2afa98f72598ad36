"""The attestation as a whole: its class, id, members, codes and scope."""

from __future__ import annotations

from _attestation import is_06

from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.schema import SchemaFault

ASSESSORS_OF_THE_PAGE = ("1stParty", "2ndParty")
LEVELS_OF_THE_PAGE = ("scheme-owner", "unspecified")


@case("DCC-SUBJ-01", owns="/credentialSubject/type", when=lambda credential: credential.subjects)
def the_subject_is_an_attestation(credential: CredentialUnderTest) -> Findings:
    """The subject is typed ConformityAttestation, and in 0.6.x Attestation as well."""
    yield from credential.schema_findings("DCC-SUBJ-01")


@case("DCC-SUBJ-02")
def it_is_a_whole_credential(credential: CredentialUnderTest) -> Findings:
    """The document is a credential around the attestation, not the attestation alone."""
    root = credential.root
    issued, about = root["issuer"] is not None, root["credentialSubject"] is not None
    if issued and (about or "ConformityAttestation" not in root.types):
        return
    if not issued and about and "VerifiableCredential" in root.types:
        return  # a credential that merely lacks its issuer: VCP-ENV-06
    yield root.finds(
        "the document is a bare attestation: no credential stands around it",
        expected="type, issuer and credentialSubject",
        actual=", ".join(root.value),
        hint="Put the attestation into the credentialSubject of a signed credential.",
    )


@case("DCC-ID-01", owns="/credentialSubject/id", when=lambda credential: credential.subjects)
def the_attestation_has_an_id_of_its_own(credential: CredentialUnderTest) -> Findings:
    """The attestation id is a URI that nothing else has."""
    yield from credential.schema_findings("DCC-ID-01")
    yield from credential.shape_findings(
        "DCC-ID-01",
        expected="an id for each",
        hint="Use the certificate number for the attestation and a number below it for each assessment.",
    )


@case(
    "DCC-REQ-01",
    owns=[
        "/credentialSubject/id required",
        "/credentialSubject/name",
        "/credentialSubject/assessorLevel required",
        "/credentialSubject/assessmentLevel required",
        "/credentialSubject/attestationType required",
        "/credentialSubject/issuedToParty",
        "/credentialSubject/referenceScheme",
    ],
    when=lambda credential: credential.subjects,
)
def the_core_members_are_present(credential: CredentialUnderTest) -> Findings:
    """The attestation has the members that the schema of the release demands."""
    yield from credential.schema_findings("DCC-REQ-01")


@case("DCC-ENUM-01", owns="/credentialSubject/assessorLevel", when=lambda credential: credential.subjects)
def the_assessor_level_is_a_code(credential: CredentialUnderTest) -> Findings:
    """The assessorLevel is a code of the release."""
    level = credential.value("credentialSubject", "assessorLevel")

    def excused(_fault: SchemaFault) -> str | None:
        return "CONFLICT-22" if level in ASSESSORS_OF_THE_PAGE and not is_06(credential) else None

    yield from credential.schema_findings("DCC-ENUM-01", excused=excused)


@case("DCC-ENUM-02", owns="/credentialSubject/assessmentLevel", when=lambda credential: credential.subjects)
def the_assessment_level_is_a_code(credential: CredentialUnderTest) -> Findings:
    """The assessmentLevel is a code of the release."""
    level = credential.value("credentialSubject", "assessmentLevel")

    def excused(_fault: SchemaFault) -> str | None:
        return "CONFLICT-23" if level in LEVELS_OF_THE_PAGE and not is_06(credential) else None

    yield from credential.schema_findings("DCC-ENUM-02", excused=excused)


@case("DCC-ENUM-03", owns="/credentialSubject/attestationType", when=lambda credential: credential.subjects)
def the_attestation_type_is_a_code(credential: CredentialUnderTest) -> Findings:
    """The attestationType is one of seven codes."""
    yield from credential.schema_findings("DCC-ENUM-03")


@case(
    "DCC-SCOPE-01",
    owns="/credentialSubject/scope",
    when=lambda credential: any(subject["scope"] for subject in credential.subjects),
)
def the_scope_fits_the_release(credential: CredentialUnderTest) -> Findings:
    """The scope is a ConformityAssessmentScheme in 0.6.0 and a ConformityScheme in 0.6.1."""
    yield from credential.schema_findings("DCC-SCOPE-01")
