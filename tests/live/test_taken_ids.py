"""An issuer that has the ids of a run already is not judged by that: the nonce was used before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.exchange import Answer, Exchange, Recording, Request
from harness.judge import Terms, judge_recording, load_suite
from harness.model import Outcome, Result

AT = datetime(2026, 11, 1, tzinfo=UTC)
BODY = b'{"credential": {"id": "https://vendor.example/1", "type": ["VerifiableCredential"]}}'


def issued(status: int) -> Result:
    """What VCP-ISS-01 says where the first good input is answered with a status."""
    request = Request("POST", "https://api.example/credentials/issue", (), BODY)
    answer = Answer(status, (("content-type", "application/json"),), b"{}")
    about = {"operation": "issue", "adapter": "vc-api"}
    recording = Recording(
        tuple(
            Exchange("issuer", "issuer[0]", probe, "first", request, answer, about=about)
            for probe in ("smoke", "issue")
        )
    )
    suite = load_suite()
    terms = Terms(AT, suite.profile("untp-0.7.0"), only=("VCP-ISS-01",))
    (result,) = judge_recording(recording, {"issuer": ["issuer[0]"]}, suite, terms)
    return result


def test_a_taken_id_is_not_judged() -> None:
    """It says that it was not run, why, and what to do; it never passes."""
    result = issued(409)
    assert result.outcome is Outcome.NOT_RUN
    assert "issued a credential of this id before" in (result.reason or "")
    assert "--nonce" in (result.findings[0].hint or "")


@pytest.mark.parametrize("status", [400, 422])
def test_any_other_refusal_is_a_fault(status: int) -> None:
    """Good input that is refused for another reason is a failed MUST."""
    assert issued(status).outcome is Outcome.FAILED
