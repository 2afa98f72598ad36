"""Events that move, hand over or change goods."""

from __future__ import annotations

from _events import events, of
from _identity import same

from harness.judge import CredentialUnderTest, Findings, case


@case(
    "DTE-MOVE-01",
    owns=[
        "/credentialSubject/*/movedProduct",
        "/credentialSubject/*/fromFacility",
        "/credentialSubject/*/toFacility",
    ],
    when=of("MoveEvent"),
)
def a_move_event_has_goods_and_two_places(credential: CredentialUnderTest) -> Findings:
    """A move event has movedProduct, fromFacility and toFacility."""
    yield from credential.schema_findings("DTE-MOVE-01")


@case(
    "DTE-MOVE-02",
    owns="/credentialSubject/*/consignmentId",
    when=lambda credential: any(event["consignmentId"] for event in events(credential)),
)
def the_consignment_id_is_a_uri(credential: CredentialUnderTest) -> Findings:
    """A stated consignmentId is a URI."""
    yield from credential.schema_findings("DTE-MOVE-02")


@case("DTE-MOVE-03", when=of("MoveEvent"))
def a_move_event_changes_the_place(credential: CredentialUnderTest) -> Findings:
    """The two facilities of a move event differ."""
    for event in events(credential, "MoveEvent"):
        if same(event.get("fromFacility", "id"), event.get("toFacility", "id")):
            yield event.at("toFacility").finds(
                "the goods are moved to where they were",
                expected="another facility than fromFacility",
                hint="Correct one of the two, or record a ModifyEvent where nothing was moved.",
            )


@case(
    "DTE-MOD-01",
    owns=["/credentialSubject/*/modifiedProduct", "/credentialSubject/*/modifiedAtFacility"],
    when=of("ModifyEvent"),
)
def a_modify_event_has_goods_and_place(credential: CredentialUnderTest) -> Findings:
    """A modify event has modifiedProduct and modifiedAtFacility."""
    yield from credential.schema_findings("DTE-MOD-01")


@case(
    "DTE-TX-01",
    owns=["/credentialSubject/*/sourceParty", "/credentialSubject/*/destinationParty"],
    when=of("TransactionEvent"),
)
def a_transaction_names_both_parties(credential: CredentialUnderTest) -> Findings:
    """A transaction event has sourceParty and destinationParty."""
    yield from credential.schema_findings("DTE-TX-01")


@case("DTE-TX-02", when=of("TransactionEvent"))
def a_transaction_hands_goods_from_one_to_another(credential: CredentialUnderTest) -> Findings:
    """Source and destination party differ, and the event lists goods."""
    for event in events(credential, "TransactionEvent"):
        if same(event.get("sourceParty"), event.get("destinationParty")):
            yield event.at("destinationParty").finds(
                "the goods go to the party that they come from",
                expected="another party than sourceParty",
                hint="Name the party that takes over, or use an ObjectEvent where nobody does.",
            )
        if not event.get("epcList") and not event.get("quantityList"):
            yield event.finds(
                "the transaction lists no goods",
                expected="an entry in epcList or quantityList",
                hint="List the items, or the quantities of a product, that change hands.",
            )
