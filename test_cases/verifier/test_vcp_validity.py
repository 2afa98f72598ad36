"""Good credentials, the data model, time, schemas, and what is said of all that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from harness.judge import Findings, case
from harness.judge.reasons import kinds_of
from harness.judge.reply import told
from harness.judge.verifier import VerifierUnderTest
from harness.trust.moments import moment

NEAR = timedelta(hours=1)
"""How far the moment of evaluation may be from the moment at which the verifier was asked."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@case("VCP-VAL-01")
def the_validity_period_is_enforced(verifier: VerifierUnderTest) -> Findings:
    """Expired and not yet valid credentials are refused, or accepted with a warning that says so."""
    yield from verifier.findings_of("VCP-VAL-01")


@case("VCP-VAL-02")
def the_moment_is_told(verifier: VerifierUnderTest) -> Findings:
    """The answer says when it was worked out."""
    exchange = verifier.asked_about(verifier.trials.trials["moment-of-evaluation"])
    asked = moment(exchange.at) or verifier.at
    answer = exchange.answer.body.decode("utf-8", "replace") if exchange.answer is not None else ""
    told_moments = [at for at in moments(answer) if abs(at - asked) <= NEAR]
    if not told_moments:
        yield verifier.finds(
            exchange, "the answer does not say at which moment the credential was valid",
            expected="a date and time close to the request", hint="Add the instant, and the tolerance that was used.",
        )  # fmt: skip


def moments(text: str) -> Iterator[datetime]:
    """Every moment in a text."""
    for found in _MOMENT.findall(text):
        at: Any = moment(f"{found}Z")
        if at is not None:
            yield at


@case("VCP-VAL-04")
def required_properties_are_checked(verifier: VerifierUnderTest) -> Findings:
    """A credential whose context, type, issuer or subject breaks the data model is refused, well signed or not."""
    yield from verifier.findings_of("VCP-VAL-04")


@case("VCP-VAL-05")
def foreign_formats_do_no_harm(verifier: VerifierUnderTest) -> Findings:
    """What is no credential of this kind, or a broken one, is accepted or refused, and breaks nothing."""
    yield from verifier.findings_of("VCP-VAL-05")
    for trial, exchange in verifier.broken_off:
        yield verifier.finds(
            exchange, f"it breaks on a broken credential: {trial.summary}", expected="a refusal with the reason",
            actual="an error of its own", hint="Catch what goes wrong, and say verified false with the reason.",
        )  # fmt: skip


@case("VCP-VAL-06", when=lambda verifier: verifier.applies("VCP-VAL-06"))
def digests_of_resources_are_compared(verifier: VerifierUnderTest) -> Findings:
    """Whoever fetches a related resource compares its digest."""
    yield from verifier.findings_of("VCP-VAL-06")


@case("VCP-VAL-07")
def a_missing_proof_is_a_failure(verifier: VerifierUnderTest) -> Findings:
    """A credential without any proof is refused."""
    yield from verifier.findings_of("VCP-VAL-07")


@case("VCP-VAL-09")
def good_credentials_are_accepted(verifier: VerifierUnderTest) -> Findings:
    """Good credentials are accepted, at the start of the run, among the broken ones and at its end."""
    refused = list(verifier.good_twins_refused())
    yield from refused
    if not refused:
        yield from verifier.findings_of("VCP-VAL-09")


@case("VCP-VAL-10")
def faults_of_optional_members_are_reported(verifier: VerifierUnderTest) -> Findings:
    """Dates, status entries and resources that break the data model are refused."""
    yield from verifier.findings_of("VCP-VAL-10")


@case("VCP-VAL-11", when=lambda verifier: verifier.refusals)
def refusals_name_what_is_wrong(verifier: VerifierUnderTest) -> Findings:
    """A refusal does not name a bad proof where the status, the time or the form is at fault."""
    for trial, exchange, said in verifier.refusals:
        kinds = kinds_of(said.errors)
        if kinds and not kinds & set(trial.because):
            yield verifier.finds(
                exchange, f"the reason does not fit the fault: {trial.summary}",
                expected=f"a reason of {' or '.join(trial.because)}", actual=told(said),
                hint="Check all, and say each thing that is wrong by its own type of problem details.",
            )  # fmt: skip


@case("VCP-SCH-04", when=lambda verifier: verifier.applies("VCP-SCH-04"))
def the_named_schema_is_evaluated(verifier: VerifierUnderTest) -> Findings:
    """A credential that breaks the schema which it names is refused or flagged."""
    yield from verifier.findings_of("VCP-SCH-04")


@case("VCP-CTX-15")
def event_dates_of_the_official_context_are_read(verifier: VerifierUnderTest) -> Findings:
    """An event whose date has the datatype of the official context is accepted."""
    yield from verifier.findings_of("VCP-CTX-15")


@case("VCP-RND-05", when=lambda verifier: verifier.applies("VCP-RND-05"))
def templates_run_no_script(verifier: VerifierUnderTest) -> Findings:
    """A template that is fetched sends nothing to anybody."""
    trial = verifier.trials.trials["template-with-a-script"]
    exchange = verifier.asked_about(trial)
    for one in verifier.heard(trial):
        if "/beacon" in one.target:
            yield verifier.finds(
                exchange, "a template made the verifier send a request to its author",
                expected="no request", actual=f"{one.method} {one.target}",
                hint="Render without scripts and without network, after its digest was compared.",
            )  # fmt: skip


@case("VCP-PUB-04", when=lambda verifier: verifier.applies("VCP-PUB-04"))
def presentations_answer_a_request(verifier: VerifierUnderTest) -> Findings:
    """A presentation for another challenge or domain, or not signed for authentication, is refused."""
    yield from verifier.findings_of("VCP-PUB-04")
