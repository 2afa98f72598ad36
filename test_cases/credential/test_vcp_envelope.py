"""The envelope of a UNTP credential: context, type, id, issuer, subject, validity."""

from __future__ import annotations

import re
from collections import Counter

from _instants import instant, is_rfc_3339
from _terms import BASE_CONTEXT, EXTENSION_POINTS, OLD_DATES

from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.schema import SchemaFault

ABSOLUTE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")


@case(
    "VCP-ENV-01",
    owns=["/@context/0", "/@context/1", "/@context type", "/@context required", "/@context minItems"],
)
def the_base_context_comes_first(credential: CredentialUnderTest) -> Findings:
    """The first context is exactly the one of VCDM 2.0."""
    contexts = credential.root["@context"]
    first = next(iter(contexts), None) if contexts else None
    if (
        contexts is None
        or not isinstance(contexts.value, list)
        or first is None
        or first.value != BASE_CONTEXT
    ):
        yield (first or credential.root.at("@context")).finds(
            "the list of contexts does not begin with the base context",
            expected=BASE_CONTEXT,
            actual=None if contexts else "nothing",
            hint="Make @context an array whose first entry is the VCDM 2.0 context, before any other.",
        )


@case("VCP-ENV-02", owns=["/type type", "/type required", "/type contains"])
def type_lists_verifiable_credential(credential: CredentialUnderTest) -> Findings:
    """The type array contains VerifiableCredential."""
    if "VerifiableCredential" not in credential.root.types or not isinstance(credential.value("type"), list):
        yield credential.root.at("type").finds(
            "the credential is not typed VerifiableCredential",
            expected="an array that contains VerifiableCredential",
            actual=None if credential.root["type"] else "nothing",
            hint="Write type as an array with VerifiableCredential and the UNTP credential type.",
        )


@case("VCP-ENV-03", owns=["/type contains", "/type/*"])
def type_lists_one_untp_type(credential: CredentialUnderTest) -> Findings:
    """The type array contains exactly one UNTP credential type of the release."""
    if credential.root["type"] is None:
        return
    types = credential.profile.types
    known = [name for name in credential.root.types if name in types and types[name].extends is None]
    if len(known) != 1:
        meant = credential.type.core if credential.type else "DigitalProductPassport or another of the five"
        yield credential.root.at("type").finds(
            "the credential names no UNTP credential type"
            if not known
            else "the credential names several UNTP types",
            expected=meant,
            hint=f"Add '{meant}' to type." if not known else "One credential is of one UNTP type: split it.",
        )


@case("VCP-ENV-04", owns="/id")
def the_credential_has_an_id(credential: CredentialUnderTest) -> Findings:
    """UNTP makes the credential id compulsory."""
    yield from credential.schema_findings("VCP-ENV-04")


@case("VCP-ENV-05", owns=["/*/**/id format", "/*/**/id type"])
def ids_are_single_absolute_urls(credential: CredentialUnderTest) -> Findings:
    """Every id below the credential is one absolute URL; an id that its class speaks of is reported there."""
    yield from credential.schema_findings("VCP-ENV-05")
    reported = {fault.pointer for faults in credential.schema_faults.values() for fault in faults}
    for holder in credential.document.objects:
        node = holder["id"]
        if node is None or (isinstance(node.value, str) and ABSOLUTE.match(node.value)):
            continue
        if holder.pointer and not holder.pointer.startswith("/proof") and node.pointer not in reported:
            yield node.finds(
                "an id is not one absolute URL",
                expected="one URL with its scheme",
                hint="Write the whole identifier, as in https://… or did:web:…; leave id out where there is none.",
            )


@case("VCP-ENV-06", owns=["/issuer", "/issuer/id", "/issuer/type"])
def the_issuer_is_an_object_with_id(credential: CredentialUnderTest) -> Findings:
    """The issuer is an object that holds at least a URI id."""
    yield from credential.schema_findings("VCP-ENV-06")


@case("VCP-ENV-07", owns="/issuer/name")
def the_issuer_has_a_name(credential: CredentialUnderTest) -> Findings:
    """The issuer object states a human readable name."""
    yield from credential.schema_findings("VCP-ENV-07")


@case("VCP-ENV-08", owns="/issuer/* additionalProperties")
def the_issuer_object_is_closed(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x the issuer object holds only the members of its class."""
    yield from credential.schema_findings("VCP-ENV-08")


@case("VCP-ENV-09", when=lambda credential: credential.issuer_id)
def the_issuer_is_a_did(credential: CredentialUnderTest) -> Findings:
    """The issuer identifier is a decentralised identifier."""
    if not (credential.issuer_id or "").startswith("did:"):
        yield (
            credential.root.at("issuer")
            .at("id")
            .finds(
                "the issuer is not identified by a DID",
                expected="did:web:…",
                hint="Publish a did:web document and use its DID as issuer.id.",
            )
        )


@case(
    "VCP-ENV-10",
    owns="/issuer/issuerAlsoKnownAs",
    when=lambda credential: credential.root.at("issuer")["issuerAlsoKnownAs"],
)
def issuer_aliases_are_well_formed(credential: CredentialUnderTest) -> Findings:
    """Every alias of the issuer has an id and a name."""
    yield from credential.schema_findings("VCP-ENV-10")


@case("VCP-ENV-11", owns=["/credentialSubject required", "/credentialSubject type"])
def there_is_a_subject(credential: CredentialUnderTest) -> Findings:
    """The credential has at least one non-empty subject object."""
    subject = credential.root["credentialSubject"]
    values = [node.value for node in subject] if subject else []
    if not values or not all(isinstance(value, dict) and value for value in values):
        yield credential.root.at("credentialSubject").finds(
            "there is no credentialSubject"
            if subject is None
            else "credentialSubject holds no object with members",
            expected="an object, or an array of objects",
            actual=None if subject else "nothing",
            hint="Put what the credential says about its subject into credentialSubject.",
        )
    else:
        yield from credential.schema_findings("VCP-ENV-11")


@case(
    "VCP-ENV-12",
    owns=["/validFrom", "/validUntil"],
    when=lambda c: c.root["validFrom"] or c.root["validUntil"],
)
def validity_dates_carry_a_zone(credential: CredentialUnderTest) -> Findings:
    """ValidFrom and validUntil are dateTimeStamp values."""
    for name in ("validFrom", "validUntil"):
        node = credential.root[name]
        if node is not None and instant(node.value) is None:
            yield node.finds(
                f"{name} is no date and time with a zone",
                expected="dateTimeStamp, as in 2026-03-01T00:00:00Z",
                hint="Write date, T, time to the second, and Z or an offset such as +02:00.",
            )

    def excused(fault: SchemaFault) -> str | None:
        """The 24th hour and years beyond four digits are no date-time of RFC 3339, which the schema names."""
        value = credential.value(fault.pointer.removeprefix("/"))
        stamp = isinstance(value, str) and instant(value) is not None and not is_rfc_3339(value)
        return "CONFLICT-34" if stamp and fault.keyword == "format" else None

    for finding in credential.schema_findings("VCP-ENV-12", excused=excused):
        if finding.conflict is not None:
            yield finding


@case(
    "VCP-ENV-13",
    when=lambda c: None not in (instant(c.value("validFrom")), instant(c.value("validUntil"))),
)
def the_validity_does_not_end_before_it_begins(credential: CredentialUnderTest) -> Findings:
    """ValidUntil is not before validFrom."""
    begin, end = instant(credential.value("validFrom")), instant(credential.value("validUntil"))
    if begin is not None and end is not None and end < begin:
        yield credential.root.at("validUntil").finds(
            "the credential ends before it begins",
            expected=f"an end after {credential.value('validFrom')}",
            hint="Exchange or correct the two dates.",
        )


@case("VCP-ENV-14")
def valid_from_states_the_issue_time(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x the credential gives validFrom."""
    if credential.root["validFrom"] is None:
        yield credential.root.finds(
            "validFrom is missing",
            expected="a date and time",
            actual="nothing",
            hint="Add the moment of issue as validFrom.",
        )


@case("VCP-ENV-15", owns="/validFrom required")
def valid_from_is_required(credential: CredentialUnderTest) -> Findings:
    """From 0.7.0 on, validFrom is compulsory."""
    yield from credential.schema_findings("VCP-ENV-15")


@case("VCP-ENV-16", owns="/name")
def the_credential_has_a_name(credential: CredentialUnderTest) -> Findings:
    """From 0.7.0 on, the credential has a name."""
    yield from credential.schema_findings("VCP-ENV-16")


@case("VCP-ENV-17")
def there_are_no_vcdm_11_dates(credential: CredentialUnderTest) -> Findings:
    """IssuanceDate and expirationDate belong to VCDM 1.1."""
    for name, now in OLD_DATES.items():
        node = credential.root[name]
        if node is not None:
            yield node.finds(
                f"{name} is a term of VCDM 1.1", expected=now, hint=f"Rename {name} to {now}.", actual=name
            )


@case("VCP-ENV-18", owns=["/credentialStatus/type required", "/credentialStatus/*/type required"])
def extension_points_are_typed(credential: CredentialUnderTest) -> Findings:
    """What stands under an extension point of VCDM are objects, and each states its type."""
    for name in ("evidence", "termsOfUse", "refreshService"):
        for node in credential.root.each(name):
            if not isinstance(node.value, dict):
                yield node.finds(
                    f"what stands under {name} is no object",
                    expected="an object with a type",
                    hint="Write an object with id and type.",
                )
    for name in EXTENSION_POINTS:
        for node in credential.root.each(name):
            if isinstance(node.value, dict) and not node.types:
                yield node.at("type").finds(
                    f"an object under {name} has no type",
                    expected="a type",
                    actual=None if node["type"] else "nothing",
                    hint="Name its type, so that software knows how to treat it.",
                )


@case("VCP-ENV-20", owns="/issuingSoftware", when=lambda credential: credential.root["issuingSoftware"])
def the_issuing_software_is_complete(credential: CredentialUnderTest) -> Findings:
    """IssuingSoftware has id, name, version and vendor, and nothing else."""
    yield from credential.schema_findings("VCP-ENV-20")


@case("VCP-ENV-22", when=lambda credential: credential.root["relatedResource"])
def related_resources_are_protected(credential: CredentialUnderTest) -> Findings:
    """Each related resource has a distinct URL and a digest."""
    entries = list(credential.root.each("relatedResource"))
    ids = Counter(node.get("id") for node in entries if isinstance(node.get("id"), str))
    for node in entries:
        identifier = node.get("id")
        if not isinstance(identifier, str) or not ABSOLUTE.match(identifier) or ids[identifier] > 1:
            yield node.at("id").finds(
                "a related resource has no id of its own", expected="a URL that no other entry has",
                hint="Name each resource once, by its URL.",
            )  # fmt: skip
        elif not node.get("digestSRI") and not node.get("digestMultibase"):
            yield node.finds(
                "a related resource has no digest", expected="digestSRI or digestMultibase", actual="neither",
                hint="Hash the bytes behind the URL and state the digest.",
            )  # fmt: skip
