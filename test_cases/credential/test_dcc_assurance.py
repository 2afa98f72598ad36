"""Who stands behind the assessor: recognition, endorsements, independence."""

from __future__ import annotations

from _identity import identities

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case


@case("DCC-AUTH-01", when=lambda credential: credential.subjects)
def claimed_recognition_names_its_endorsement(credential: CredentialUnderTest) -> Findings:
    """An attestation that claims accreditation or authority names the endorsement behind it."""
    yield from credential.shape_findings(
        "DCC-AUTH-01",
        expected="an entry in authorisation",
        hint="Add the accreditation or mandate to authorisation, or state the level that holds without one.",
    )


@case(
    "DCC-AUTH-02",
    owns=[
        "/credentialSubject/authorisation/*/id",
        "/credentialSubject/authorisation/*/name",
        "/credentialSubject/authorisation/*/issuingAuthority",
    ],
    when=lambda credential: any(subject["authorisation"] for subject in credential.subjects),
)
def endorsements_name_their_authority(credential: CredentialUnderTest) -> Findings:
    """Each endorsement has a name and the authority that gave it; in 0.6.x an id too."""
    yield from credential.schema_findings("DCC-AUTH-02")


def _stated_levels(credential: CredentialUnderTest) -> list[Node]:
    return [s for s in credential.subjects if s.get("assessorLevel") in ("self", "Self", "3rdParty")]


@case("DCC-AUTH-04", when=_stated_levels)
def the_assessor_is_as_independent_as_stated(credential: CredentialUnderTest) -> Findings:
    """Issuer and assessed party coincide at level self and differ at level 3rdParty."""
    issuer = identities(credential.root["issuer"])
    for attestation in _stated_levels(credential):
        party = identities(attestation["issuedToParty"])
        level = attestation.at("assessorLevel")
        if not issuer or not party:
            continue
        if level.value == "3rdParty" and issuer & party:
            yield level.finds(
                "the issuer attests itself as a third party",
                expected="another party than the issuer in issuedToParty",
                hint="State the level self, or let an independent body issue the credential.",
            )
        elif level.value != "3rdParty" and not issuer & party:
            yield level.finds(
                "at level self nothing shows that the issuer is the assessed party",
                expected="an id that issuer and issuedToParty share",
                hint="Name the party by the DID of the issuer, or list its id in issuerAlsoKnownAs.",
            )
