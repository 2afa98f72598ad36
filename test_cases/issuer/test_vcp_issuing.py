"""An issuer at its endpoint: good input is issued as it was given, bad input refused, the same twice is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from harness.gather.adapters import Kind
from harness.judge import Findings, case
from harness.judge.issuer import AGAIN, GARBAGE, ISSUE, REFUSE, VARIATION, Given, IssuerUnderTest


@case("VCP-ISS-01")
def good_input_is_issued(issuer: IssuerUnderTest) -> Findings:
    """Each good input gives a credential."""
    for given in issuer.given:
        if given.said.kind is not Kind.ISSUED:
            yield issuer.finds(
                given.exchange, f"good input is not issued: {given.said.why}",
                expected="2xx with the secured credential", actual=_reasons(given.said.errors) or given.said.why,
                hint="The question is in the trace; untp-crm check passes the same payload once it is signed.",
            )  # fmt: skip
    trouble = issuer.silent(ISSUE)
    if trouble is not None:
        raise trouble


@case("VCP-ISS-02")
def what_was_given_is_what_is_signed(issuer: IssuerUnderTest) -> Findings:
    """The claims that were signed are those that were given."""
    for given in sorted(issuer.given, key=lambda one: (one.exchange.probe == VARIATION, len(str(one.value)))):
        if given.credential is not None and given.issued is None:
            yield issuer.finds(
                given.exchange, "what was issued cannot be read", hint="The credential cases say more."
            )
        for pointer, expected, actual in given.differences[:3]:
            yield issuer.finds(
                given.exchange, f"{pointer or '/'} was signed as another value than was given",
                expected=_shown(expected), actual=_shown(actual),
                hint="Sign what is given, or refuse it; add nothing but id, issuer, validFrom, status and proof.",
            )  # fmt: skip
    for given, pointer, expected in _dropped(issuer):
        yield issuer.finds(
            given.exchange, f"{pointer} is defined by no context, and was left out of what was signed without a word",
            expected="a refusal with 4xx, or what was given", actual=f"signed without {_shown(expected)}",
            hint="Refuse members that you do not know: who gave them believes that they are attested.",
        )  # fmt: skip
    trouble = issuer.silent(ISSUE)
    if trouble is not None:
        raise trouble


def _dropped(issuer: IssuerUnderTest) -> Iterator[tuple[Given, str, Any]]:
    """Members without a definition that were given, and are not in what was signed."""
    for given in issuer.asked(REFUSE) if issuer.of(REFUSE) else ():
        if given.exchange.about.get("requirement") == "VCP-CTX-04":
            yield from (
                (given, pointer, given_value)
                for pointer, given_value, signed in given.differences
                if signed is None
            )


@case("VCP-ISS-03")
def bad_input_is_refused(issuer: IssuerUnderTest) -> Findings:
    """Bad input is answered with a decision, not with a breakdown."""
    for given in (*issuer.asked(REFUSE), *(issuer.asked(GARBAGE) if issuer.of(GARBAGE) else ())):
        if given.said.kind is Kind.BROKEN:
            vector = given.exchange.about.get("vector", "drawn input")
            yield issuer.finds(
                given.exchange, f"{vector}: {given.said.why}", expected="4xx, and nothing issued",
                actual=_reasons(given.said.errors) or given.said.why,
                hint="Validate before signing, and answer what does not hold with 400 or 422.",
            )  # fmt: skip
    trouble = issuer.silent(REFUSE)
    if trouble is not None:
        raise trouble


@case("VCP-ISS-04", when=lambda issuer: issuer.of(AGAIN))
def the_same_twice_is_one_credential(issuer: IssuerUnderTest) -> Findings:
    """The same input again is the same credential, or is refused."""
    (again,) = issuer.asked(AGAIN)
    first = next((one for one in issuer.asked(ISSUE) if one.exchange.step == again.exchange.step), None)
    if first is not None and first.issued and again.issued and "id" in (again.value or {}):
        one, other = first.issued.get("credentialStatus"), again.issued.get("credentialStatus")
        if one != other:
            yield issuer.finds(
                again.exchange, "a second credential of the same id has another status entry",
                expected=_shown(one), actual=_shown(other), hint="Give the first one again, or refuse with 409.",
            )  # fmt: skip


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)[:300]


def _reasons(errors: tuple[str, ...]) -> str:
    return "; ".join(errors[:3])[:300]
