"""A credential of UNTP-CRM is of one kind, inside and outside, and valid against the schema of that kind."""

from __future__ import annotations

from _crm import CONTEXT, KINDS

from harness.judge import CredentialUnderTest, Findings, case


@case("CRM-SCH-01", types=KINDS, owns="/**")
def the_schema_of_the_extension_holds(credential: CredentialUnderTest) -> Findings:
    """The credential is valid against the schema of its UNTP-CRM type."""
    yield from credential.schema_findings("CRM-SCH-01")


@case(
    "CRM-TYPE-01",
    types=KINDS,
    owns=["/type", "/credentialSubject/type", "/credentialSubject/*/type", "/@context"],
)
def credential_and_subject_are_of_one_kind(credential: CredentialUnderTest) -> Findings:
    """The types of credential and subject belong together, and the context that defines them is listed."""
    kind = credential.type
    if kind is None:
        return
    if kind.name not in credential.root.types:
        yield credential.root.at("type").finds(
            "the subject is of UNTP-CRM, the credential is not",
            expected=f"'{kind.name}' in type",
            hint=f"Add '{kind.name}' next to '{kind.core}'.",
        )
    for subject in credential.subjects:
        if not set(kind.subject) & set(subject.types):
            yield subject.at("type").finds(
                f"the subject of a {kind.name} is of another class",
                expected=" or ".join(kind.subject),
                hint="Add the class of the profile next to the class of UNTP.",
            )
    if CONTEXT not in [node.value for node in credential.root.each("@context")]:
        yield credential.root.at("@context").finds(
            "the context of UNTP-CRM is not listed",
            expected=CONTEXT,
            hint="Add the context after the UNTP context; without it the types mean nothing.",
        )
