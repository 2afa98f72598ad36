"""What the register says of the member: its name, number, kind of register and scope."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.schema import SchemaFault


@case("DIA-REQ-01", owns="/credentialSubject/name", when=lambda credential: credential.subjects)
def the_subject_has_a_name(credential: CredentialUnderTest) -> Findings:
    """A 0.6.x subject has a name; DIA-SUBJ-01 sees to its id."""
    yield from credential.schema_findings("DIA-REQ-01")


@case(
    "DIA-REQ-02",
    owns=[
        f"/credentialSubject/{name}"
        for name in ("registeredName", "registeredId", "registeredDate", "idScheme")
    ],
    when=lambda credential: credential.subjects,
)
def the_subject_members_are_complete(credential: CredentialUnderTest) -> Findings:
    """A 0.7.0 subject has name, number, date and scheme of its registration; DIA-TYPE-01 sees to registerType."""
    scheme = credential.value("credentialSubject", "schemeId")
    of_the_page = isinstance(scheme, dict) and all(
        isinstance(scheme.get(name), str) for name in ("id", "name")
    )

    def excused(fault: SchemaFault) -> str | None:
        missing = fault.pointer == "/credentialSubject/idScheme" and fault.keyword == "required"
        return "CONFLICT-21" if missing and of_the_page else None

    yield from credential.schema_findings("DIA-REQ-02", excused=excused)


@case(
    "DIA-REQ-03",
    owns="/credentialSubject/registeredId",
    when=lambda credential: any(subject["registeredId"] for subject in credential.subjects),
)
def the_registered_id_is_a_string(credential: CredentialUnderTest) -> Findings:
    """A registeredId that is given in 0.6.x is a string, never null."""
    yield from credential.schema_findings("DIA-REQ-03")


@case("DIA-REQ-04", when=lambda credential: credential.subjects)
def the_registered_id_is_present(credential: CredentialUnderTest) -> Findings:
    """A 0.6.x anchor states registeredId."""
    for subject in credential.subjects:
        if subject["registeredId"] is None or subject.get("registeredId") == "":
            yield subject.at("registeredId").finds(
                "the anchor does not say under which number the member is registered",
                expected="registeredId",
                actual=None if subject["registeredId"] else "nothing",
                hint="Add the number that the register gave to the member.",
            )


@case("DIA-TYPE-01", owns="/credentialSubject/registerType", when=lambda credential: credential.subjects)
def the_register_type_is_a_code(credential: CredentialUnderTest) -> Findings:
    """The registerType is given, as one of six codes."""
    yield from credential.schema_findings("DIA-TYPE-01")
    for subject in credential.subjects:
        if credential.version.startswith("0.6") and subject["registerType"] is None:
            yield subject.finds(
                "the anchor does not say of which type the register is",
                expected="registerType",
                actual="nothing",
                hint="Add registerType, such as Business or Facility.",
            )


@case(
    "DIA-SCOPE-01",
    owns=["/credentialSubject/registrationScopeList", "/credentialSubject/registrationScope"],
    when=lambda credential: credential.subjects,
)
def scope_uris_state_the_role(credential: CredentialUnderTest) -> Findings:
    """The anchor lists one or more URIs for what the member may do in the register."""
    name = "registrationScopeList" if credential.version.startswith("0.6") else "registrationScope"
    yield from credential.schema_findings("DIA-SCOPE-01")
    yield from credential.shape_findings(
        "DIA-SCOPE-01",
        expected=f"at least one URI in {name}",
        hint="List the URIs of the roles or licence types that the register grants.",
    )
