"""The goods in an event: their level, state, numbers and quantities; and what sensors say of them."""

from __future__ import annotations

from _code_lists import KINDS
from _events import GOODS, events, goods, has_goods, measures
from _reading import number
from _sensors import fits, sensors

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case
from harness.semantics.schema import SchemaFault


@case(
    "DTE-PROD-01",
    owns=[
        *(f"/credentialSubject/*/{name}/*/product" for name in GOODS),
        *(f"/credentialSubject/*/{name}/*/* additionalProperties" for name in GOODS),
    ],
    when=has_goods,
)
def event_products_identify_their_level(credential: CredentialUnderTest) -> Findings:
    """Each event product has product id, name and idGranularity, and the class is closed."""
    yield from credential.schema_findings("DTE-PROD-01")


@case("DTE-PROD-02", owns=[f"/credentialSubject/*/{name}/*/disposition" for name in GOODS], when=has_goods)
def the_state_after_the_event_is_given(credential: CredentialUnderTest) -> Findings:
    """Each product in an event states its disposition, from the status list."""
    of_the_page = {
        entry.at("disposition").pointer
        for event in events(credential)
        for entry in goods(event)
        if entry.get("disposition") == "in_transit"
    }

    def excused(fault: SchemaFault) -> str | None:
        return "CONFLICT-26" if fault.pointer in of_the_page else None

    yield from credential.schema_findings("DTE-PROD-02", excused=excused)
    yield from credential.shape_findings(
        "DTE-PROD-02",
        expected="disposition",
        hint="State what the product is after the event, such as new, consumed or inTransit.",
    )


def _quantified(credential: CredentialUnderTest) -> bool:
    return any(True for event in events(credential) for _ in measures(event))


@case("DTE-PROD-03", when=_quantified)
def quantities_are_positive_with_a_unit(credential: CredentialUnderTest) -> Findings:
    """Quantities are above zero and in a unit of Recommendation 20, or mean a count."""
    for event in events(credential):
        for measure, amount, unit in measures(event):
            value = number(measure.get(amount))
            if value is not None and value <= 0:
                yield measure.at(amount).finds(
                    "the quantity is not above zero",
                    expected="more than 0",
                    hint="State the amount itself; which way it goes is said by the list that it stands in.",
                )
            code = measure.get(unit)
            if isinstance(code, str) and code not in KINDS:
                yield measure.at(unit).finds(
                    "the unit is not in UNECE Recommendation 20",
                    expected="a code such as KGM, TNE or H87",
                    hint="Look the code up in Recommendation 20; H87 counts pieces.",
                )


@case("DTE-PROD-04", when=has_goods)
def item_and_batch_numbers_are_given(credential: CredentialUnderTest) -> Findings:
    """A product at item level has its item number, one at batch level its batch number."""
    yield from credential.shape_findings(
        "DTE-PROD-04",
        expected="itemNumber at item level, batchNumber at batch level",
        hint="Add the number, or state the level that is identified.",
    )


@case(
    "DTE-SENS-01", when=lambda credential: any(True for event in events(credential) for _ in sensors(event))
)
def sensor_readings_are_complete(credential: CredentialUnderTest) -> Findings:
    """Sensor data names what was measured, a value with a fitting unit, and time or device."""
    for event in events(credential):
        for sensor in sensors(event):
            if not sensor.readings:
                yield sensor.node.finds(
                    "the sensor data holds no reading",
                    expected=f"at least one entry in {sensor.member}",
                    hint="Add the value that the sensor gave, with its unit.",
                )
            for reading in sensor.readings:
                yield from _faults(reading, sensor.metric(reading), sensor.unit, sensor.since(reading))


def _faults(reading: Node, metric: object, unit: str, since: object) -> Findings:
    lacking = [
        name
        for name, there in (
            ("what was measured", metric),
            ("a value", number(reading.get("value")) is not None),
            ("a unit", reading.get(unit)),
            ("time or device", since),
        )
        if not there
    ]
    if lacking:
        yield reading.finds(
            "the reading is not complete",
            expected=", ".join(lacking),
            hint="Say what was measured, how much in which unit, and when or by which device.",
        )
    elif not fits(metric, reading.get(unit)):
        yield reading.at(unit).finds(
            "the unit does not fit what was measured",
            expected=f"a unit for {metric}",
            hint="Use a unit of that quantity, such as CEL for a temperature.",
        )
