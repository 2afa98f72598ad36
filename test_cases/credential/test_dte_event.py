"""What every event has: its class, id, time and place, activity, parties."""

from __future__ import annotations

from _events import events

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

CLASSES = {
    "0.6": ("Event", ("TransformationEvent", "ObjectEvent", "AggregationEvent", "TransactionEvent", "AssociationEvent")),
    "0.7": ("LifecycleEvent", ("MakeEvent", "MoveEvent", "ModifyEvent")),
}  # fmt: skip


@case(
    "DTE-SUBJ-01",
    owns="/credentialSubject type",
    when=lambda credential: credential.root["credentialSubject"],
)
def the_subject_is_an_array_of_events(credential: CredentialUnderTest) -> Findings:
    """The subject is an array of events, also where there is only one."""
    yield from credential.schema_findings("DTE-SUBJ-01")


def _has_one_class(event: Node, base: str, classes: tuple[str, ...]) -> bool:
    listed = event.get("type")
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return False
    return base in listed and len(set(classes) & set(listed)) == 1


def _classes(credential: CredentialUnderTest, requirement: str) -> Findings:
    base, classes = CLASSES[credential.version[:3]]
    told = set()
    for event in events(credential):
        if not _has_one_class(event, base, classes):
            told.add(event.pointer)
            yield event.at("type").finds(
                "the event is not of one class of the release",
                expected=f"{base} and one of {', '.join(classes)}",
                actual=None if event["type"] else "nothing",
                hint=f"Write type as an array with {base} and the class that fits.",
            )
    yield from (found for found in credential.schema_findings(requirement) if found.pointer not in told)


@case(
    "DTE-TYPE-01",
    owns=["/credentialSubject/* oneOf", "/credentialSubject/* type"],
    when=lambda credential: credential.root["credentialSubject"],
)
def each_event_is_of_a_class_of_06(credential: CredentialUnderTest) -> Findings:
    """Each event is one of the five EPCIS-like classes together with Event."""
    yield from _classes(credential, "DTE-TYPE-01")


@case(
    "DTE-TYPE-02",
    owns=["/credentialSubject/* oneOf", "/credentialSubject/* type"],
    when=lambda credential: credential.root["credentialSubject"],
)
def each_event_is_of_a_class_of_07(credential: CredentialUnderTest) -> Findings:
    """Each event is a MakeEvent, MoveEvent or ModifyEvent together with LifecycleEvent."""
    yield from _classes(credential, "DTE-TYPE-02")


@case("DTE-BASE-01", owns=["/credentialSubject/*/id", "/credentialSubject/*/name"], when=events)
def each_event_has_an_id_and_a_name(credential: CredentialUnderTest) -> Findings:
    """Each 0.7.0 event has the members of its base class; DTE-TIME-02 and DTE-ACT-01 see to date and activity."""
    yield from credential.schema_findings("DTE-BASE-01")


@case("DTE-TIME-01", owns=["/credentialSubject/*/eventDate", "/credentialSubject/*/eventTime"], when=events)
def the_time_has_a_zone(credential: CredentialUnderTest) -> Findings:
    """The event time is an RFC 3339 date-time with offset."""
    yield from credential.schema_findings("DTE-TIME-01")


@case(
    "DTE-TIME-02",
    owns=["/credentialSubject/*/eventDate required", "/credentialSubject/*/madeAtFacility required"],
    when=events,
)
def time_and_place_are_recorded(credential: CredentialUnderTest) -> Findings:
    """Every event states when and where it happened; DTE-MOVE-01 and DTE-MOD-01 see to their places."""
    yield from credential.schema_findings("DTE-TIME-02")
    yield from credential.shape_findings(
        "DTE-TIME-02",
        expected="eventTime and bizLocation",
        hint="Record the moment with its zone in eventTime and the URI of the place in bizLocation.",
    )


@case("DTE-ACT-01", owns="/credentialSubject/*/activityType", when=events)
def the_activity_is_a_classification(credential: CredentialUnderTest) -> Findings:
    """The activity has code, name, schemeId and schemeName."""
    yield from credential.schema_findings("DTE-ACT-01")


@case("DTE-ACT-02", owns="/credentialSubject/*/action", when=lambda c: any(e["action"] for e in events(c)))
def the_action_is_a_code(credential: CredentialUnderTest) -> Findings:
    """Action is observe, add or delete."""
    yield from credential.schema_findings("DTE-ACT-02")


@case(
    "DTE-ACT-03",
    when=lambda c: any(e[name] for e in events(c) for name in ("bizStep", "disposition", "bizTransaction")),
)
def step_and_disposition_are_cbv_values(credential: CredentialUnderTest) -> Findings:
    """Step, disposition and transaction type are values of the GS1 Core Business Vocabulary."""
    yield from credential.shape_findings(
        "DTE-ACT-03",
        expected="a URI such as https://ref.gs1.org/cbv/BizStep-shipping",
        hint="Choose from https://ref.gs1.org/cbv/; what the industry calls it can stand in processType.",
    )


@case("DTE-ID-01", when=events)
def event_ids_are_unique(credential: CredentialUnderTest) -> Findings:
    """No two different events of the credential share an id."""
    first: dict[str, Node] = {}
    for event in events(credential):
        identifier = event.get("id")
        if not isinstance(identifier, str):
            continue
        earlier = first.setdefault(identifier, event)
        if earlier is not event and earlier.value != event.value:
            yield event.at("id").finds(
                "two different events have the same id",
                expected="an id that no other event has",
                hint=f"Give each event a number of its own; {earlier.pointer} has this one.",
            )


@case("DTE-PARTY-01", owns="/credentialSubject/*/relatedParty", when=events)
def parties_and_their_roles_are_named(credential: CredentialUnderTest) -> Findings:
    """Each event names at least one party with its role."""
    yield from credential.schema_findings("DTE-PARTY-01")
    yield from credential.shape_findings(
        "DTE-PARTY-01",
        expected="at least one entry in relatedParty",
        hint="Add who made, moved or changed the goods, with a role such as manufacturer or carrier.",
    )
