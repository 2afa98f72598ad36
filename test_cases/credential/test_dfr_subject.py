"""The subject of a facility record is the facility in the form of its release, with identities and parties."""

from __future__ import annotations

from _facility import facilities, records
from _product import is_wrapped
from _reading import along, identifier, is_resolvable

from harness.judge import CredentialUnderTest, Findings, case


@case("DFR-SUBJ-01", when=lambda credential: credential.subjects, owns="/credentialSubject/type")
def the_subject_has_the_form_of_its_release(credential: CredentialUnderTest) -> Findings:
    """A 0.6 record wraps the facility in a FacilityRecord; in 0.7.0 the subject is the Facility itself."""
    faults = tuple(credential.schema_findings("DFR-SUBJ-01"))
    yield from faults
    if faults or credential.version.startswith("0.6"):
        return
    for subject in credential.subjects:
        if is_wrapped(subject, "facility", "FacilityRecord"):
            yield subject.at("facility").finds(
                "the facility stands one level down, in the wrapper of 0.6",
                expected="the members of Facility directly in credentialSubject",
                hint="Move the members of facility up into credentialSubject and name its class Facility.",
            )


@case(
    "DFR-ID-01",
    when=facilities,
    owns=[
        "/credentialSubject/id required",
        "/credentialSubject/name",
        "/credentialSubject/facility/id",
        "/credentialSubject/facility/name",
    ],
)
def the_facility_has_id_and_name(credential: CredentialUnderTest) -> Findings:
    """The facility has a URI as its id, and a name."""
    yield from credential.schema_findings("DFR-ID-01")


@case("DFR-ID-03", when=lambda credential: along(facilities(credential), "facilityAlsoKnownAs"))
def aliases_are_other_identifiers(credential: CredentialUnderTest) -> Findings:
    """Each alias of a facility differs from its id and from the other aliases."""
    for facility in facilities(credential):
        seen = {identifier(facility.get("id"))} - {None}
        for alias in along([facility], "facilityAlsoKnownAs"):
            name = identifier(alias.get("id"))
            if name in seen:
                yield alias.at("id").finds(
                    "the alias repeats an identifier of the facility",
                    expected="an identifier from another scheme",
                    hint="List only the other identifiers that registers have given the facility.",
                )
            elif name is not None:
                seen.add(name)


@case("DFR-ID-04", when=facilities)
def the_record_has_an_id_of_its_own(credential: CredentialUnderTest) -> Findings:
    """A 0.6 record has a URI of its own, other than the facility's."""
    for record in records(credential):
        stated = identifier(record.get("id"))
        if stated is None:
            yield record.at("id").finds(
                "the record has no id of its own",
                expected="a URI for this record",
                actual=None if record["id"] else "nothing",
                hint="Add an id to credentialSubject, beside the id of the facility in it.",
            )
        elif any(identifier(node.get("id")) == stated for node in along([record], "facility")):
            yield record.at("id").finds(
                "the record has the id of the facility",
                expected="a URI of its own",
                hint="A facility has many records over time: give each an id of its own.",
            )


@case(
    "DFR-REQ-01",
    when=records,
    owns=[
        f"/credentialSubject/{name}"
        for name in ("countryOfOperation", "processCategory", "locationInformation", "address")
    ],
)
def the_facility_is_complete(credential: CredentialUnderTest) -> Findings:
    """The facility gives country, process category, location information and address."""
    yield from credential.schema_findings("DFR-REQ-01")


@case("DFR-PARTY-01", when=facilities)
def owner_or_operator_is_named(credential: CredentialUnderTest) -> Findings:
    """The record names the owner or operator of the facility by an identifier that can be resolved."""
    for facility in facilities(credential):
        roles = [
            node for node in along([facility], "relatedParty") if node.get("role") in ("owner", "operator")
        ]
        parties = along([facility], "operatedByParty") + along(roles, "party")
        if not any(is_resolvable(party.get("id")) for party in parties):
            yield (parties[0].at("id") if parties else facility).finds(
                "the identifier of the owner or operator cannot be resolved"
                if parties
                else "the record names neither owner nor operator",
                expected="an owner or operator with an id that is a URL or a DID",
                actual=None if parties else "nothing",
                hint="Name the operating party by its identifier in a register, or by its DID.",
            )
