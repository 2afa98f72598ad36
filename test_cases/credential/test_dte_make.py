"""Events that make, transform, bundle or unbundle goods."""

from __future__ import annotations

from _events import events, of

from harness.judge import CredentialUnderTest, Findings, case

BUNDLES = ("AggregationEvent", "AssociationEvent")
CHILDREN = ("childEPCList", "childQuantityList", "childEPCs")


@case(
    "DTE-MAKE-01",
    owns=[
        "/credentialSubject/*/inputProduct",
        "/credentialSubject/*/outputProduct",
        "/credentialSubject/*/madeAtFacility",
    ],
    when=of("MakeEvent"),
)
def a_make_event_has_inputs_outputs_and_place(credential: CredentialUnderTest) -> Findings:
    """A make event has inputProduct, outputProduct and madeAtFacility."""
    yield from credential.schema_findings("DTE-MAKE-01")


@case("DTE-MAKE-02", when=of("TransformationEvent"))
def a_transformation_has_an_input_and_an_output(credential: CredentialUnderTest) -> Findings:
    """A transformation event has at least one input and one output."""
    yield from credential.shape_findings(
        "DTE-MAKE-02",
        expected="an entry in an EPC or a quantity list",
        hint="List serialised items in the EPC list and masses or volumes in the quantity list.",
    )


@case("DTE-MAKE-03", when=of("MakeEvent"))
def the_lists_of_a_make_event_are_not_empty(credential: CredentialUnderTest) -> Findings:
    """A make event has at least one input and one output."""
    for event in events(credential, "MakeEvent"):
        for name in ("inputProduct", "outputProduct"):
            if event.get(name) == []:
                yield event.at(name).finds(
                    f"the list {name} of a make event is empty",
                    expected="at least one product",
                    hint="Name what went in and what came out; without both nobody can trace through the event.",
                )


@case("DTE-AGG-01", when=of(*BUNDLES))
def bundles_name_parent_and_children(credential: CredentialUnderTest) -> Findings:
    """An aggregation or association has a parent and at least one child."""
    for event in events(credential, *BUNDLES):
        if not event.get("parentEPC"):
            yield event.at("parentEPC").finds(
                "the event names no parent",
                expected="parentEPC",
                actual=None if event["parentEPC"] else "nothing",
                hint="Name the bundle or assembly that the children belong to.",
            )
        if not any(event.get(name) for name in CHILDREN) and not _misspelt(list(event.value)):
            yield event.finds(
                "the event names no child",
                expected="an entry in childEPCList or childQuantityList",
                hint="List the items, or the quantities of a product, that were bundled.",
            )


def _misspelt(names: list[str]) -> list[str]:
    return [name for name in names if name.lower().startswith("child") and name not in CHILDREN]


@case("DTE-AGG-02", when=of(*BUNDLES))
def children_use_the_schema_name(credential: CredentialUnderTest) -> Findings:
    """Child items are listed under childEPCList."""
    for event in events(credential, *BUNDLES):
        for name in _misspelt(list(event.value)):
            yield event.at(name).finds(
                "the children stand under a name that no schema defines",
                expected="childEPCList or childQuantityList",
                actual=name,
                hint=f"Rename {name}: nobody can read it there.",
            )
        for node in event.each("childEPCs"):
            yield node.finds("the children stand under the name of the page").excused_by("CONFLICT-30")


@case("DTE-AGG-03", when=of("MakeEvent"))
def made_goods_have_quantities(credential: CredentialUnderTest) -> Findings:
    """Each input and output of a make event has its quantity, so that measures can be shared out."""
    yield from credential.shape_findings(
        "DTE-AGG-03",
        expected="a quantity with value and unit",
        hint="State how much went in and came out; only a single item needs none.",
    )
