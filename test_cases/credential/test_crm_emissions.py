"""Emissions intensity credentials: verified figures, and the basis without which no two can be compared."""

from __future__ import annotations

from _crm import EMISSIONS, metric_of
from _reading import along, day, identifier, moment, number, text

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

BASIS = ("functionalUnit", "systemBoundary", "reportingPeriod", "primaryDataShare", "allocationMethod")
METRICS = ("product-carbon-footprint", "ghg-emissions-intensity")
NUMBERS = ("modelNumber", "batchNumber", "itemNumber")


def assessments(credential: CredentialUnderTest) -> list[Node]:
    """The assessments of the credential."""
    return along(credential.subjects, "conformityAssessment")


def figures(assessment: Node) -> list[Node]:
    """The measures of an assessment that are emissions."""
    performances = along([assessment], "assessedPerformance")
    return along([each for each in performances if metric_of(each) in METRICS], "measure")


@case(
    "CRM-EMIS-01",
    types=(EMISSIONS,),
    owns=[f"/credentialSubject/{name}" for name in (*BASIS, "conformityAssessment")],
)
def the_basis_of_the_figure_is_stated(credential: CredentialUnderTest) -> Findings:
    """Functional unit, boundary, period, primary data share, allocation and standard are stated, with the figure."""
    yield from credential.schema_findings("CRM-EMIS-01")
    for assessment in assessments(credential):
        if not figures(assessment):
            yield assessment.at("assessedPerformance").finds(
                "the assessment measures no emissions",
                expected=f"the metric {' or '.join(METRICS)} with a measure",
                hint="Give value and unit of the emissions for the functional unit.",
            )


@case("CRM-EMIS-03", types=(EMISSIONS,), owns="/credentialSubject/conformityAssessment/*/assessedProduct")
def the_assessed_product_is_identified(credential: CredentialUnderTest) -> Findings:
    """Each assessed product has a model, batch or item number."""
    yield from credential.schema_findings("CRM-EMIS-03")
    for product in along(assessments(credential), "assessedProduct", "product"):
        if not any(text(product.get(name)) for name in NUMBERS):
            yield product.finds(
                "nobody can tell which lots the figure is of",
                expected=" or ".join(NUMBERS),
                hint="Name the model, batch or item that was assessed.",
            )


@case("CRM-EMIS-04", types=(EMISSIONS,), owns="/credentialSubject/attestationType")
def emissions_are_verified_by_another(credential: CredentialUnderTest) -> Findings:
    """The credential is a verification, issued by another than the party that it is issued to."""
    yield from credential.schema_findings("CRM-EMIS-04")
    for subject in credential.subjects:
        party = identifier(subject.get("issuedToParty", "id"))
        if party is not None and party == identifier(credential.issuer_id):
            yield (
                subject.at("issuedToParty")
                .at("id")
                .finds(
                    "the producer verified itself",
                    expected="another issuer",
                    hint="Let the verifier issue the credential; own figures are claims in the passport.",
                )
            )


@case("CRM-EMIS-05", types=(EMISSIONS,), when=lambda credential: any(map(figures, assessments(credential))))
def tolerances_enclose_the_value(credential: CredentialUnderTest) -> Findings:
    """The verified value lies between its tolerances."""
    for measure in (each for assessment in assessments(credential) for each in figures(assessment)):
        low, value, high = (
            number(measure.get(name)) for name in ("lowerTolerance", "value", "upperTolerance")
        )
        if value is not None and (low is None or high is None or not low <= value <= high):
            yield measure.finds(
                "the value has no tolerances"
                if low is None or high is None
                else "the value is outside of its tolerances",
                expected="lowerTolerance <= value <= upperTolerance",
                hint="State the range that the verifier found, in the unit of the value.",
            )


@case(
    "CRM-EMIS-06", types=(EMISSIONS,), when=lambda credential: along(credential.subjects, "reportingPeriod")
)
def the_reporting_period_runs_forward(credential: CredentialUnderTest) -> Findings:
    """The period ends after it starts and before the credential is issued."""
    issued = moment(credential.value("validFrom"))
    for period in along(credential.subjects, "reportingPeriod"):
        start, end = day(period.get("startDate")), day(period.get("endDate"))
        if start is None or end is None:
            continue
        if end <= start:
            yield period.finds(
                "the period ends before it starts", expected="endDate after startDate", hint="Swap the dates."
            )
        elif issued is not None and end > issued.date():
            yield period.at("endDate").finds(
                "the period ends after the credential was issued",
                expected=f"{issued.date()} or earlier",
                hint="Verify what has been measured; a forecast is no verification.",
            )
