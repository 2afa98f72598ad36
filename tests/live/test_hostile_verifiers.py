"""Verifiers that are dead, broken or hostile end in the right outcome, in bounded time, and the others are still asked."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from harness.gather.line import RecordedLine
from harness.judge import Terms, load_suite
from harness.judge.recording import judge_recording
from harness.judge.trials import load_trials
from harness.live import LiveTerms, converse_with_all
from harness.live import host as host_module
from harness.live import verifier as dialogue
from harness.live.host import hosted
from harness.model import Outcome
from harness.vendor import load_vendor

from .peers import drops, floods, hangs, peer, says

YES = says(200, b'{"verified": true}')
NO = says(400, b'{"errors": ["no"]}')
ENDS = {
    "dead": (Outcome.NOT_RUN, Outcome.NOT_RUN),
    "hangs": (Outcome.ERROR, Outcome.ERROR),
    "drops": (Outcome.ERROR, Outcome.ERROR),
    "one gigabyte": (Outcome.ERROR, Outcome.ERROR),
    "to a private address": (Outcome.ERROR, Outcome.ERROR),
    "not set up": (Outcome.ERROR, Outcome.ERROR),
    "no verdict": (Outcome.ERROR, Outcome.ERROR),
    "yes to all": (Outcome.PASSED, Outcome.FAILED),
    "400 to all": (Outcome.FAILED, Outcome.NOT_RUN),
    "500 to all": (Outcome.FAILED, Outcome.ERROR),
    "yes to the first": (Outcome.FAILED, None),
}
"""What becomes of VCP-VAL-09 (good ones are accepted) and VCP-STAT-17 (revoked ones are not), by what it does."""


def yes_to_the_first(handler: BaseHTTPRequestHandler) -> None:
    """Looks at nothing: yes to as many as there are good twins, and to what is as long as one of these, no to all else."""
    length = str(handler.headers["content-length"])
    if len(_SEEN) <= len(load_trials().twins):
        _SEEN.append(length)
    (YES if length in _SEEN else NO)(handler)


_SEEN: list[str] = []
PEERS = {
    "hangs": hangs,
    "drops": drops,
    "one gigabyte": floods,
    "to a private address": says(307, b"", location="http://10.1.2.3/credentials/verify"),
    "not set up": says(404, b"{}"),
    "no verdict": says(200, b"<p>Thank you</p>", "text/html"),
    "yes to all": YES,
    "400 to all": NO,
    "yes to the first": yes_to_the_first,
    "500 to all": says(500, b"oops", "text/plain"),
}
HEAD = """
[vendor]
name = "Ten verifiers"
[product]
name = "Ten"
version = "1"
[scope]
profile = "untp-0.7.0"
components = ["VCP"]
roles = ["verifier"]
[network]
allow = ["127.0.0.1"]
timeout_seconds = 1
"""
ROW = '[[verifier]]\nadapter = "vc-api"\nendpoint = "http://{}/credentials/verify"\n'


@dataclass(frozen=True)
class Ran:
    """Outcomes by endpoint and requirement, and the seconds that it all took."""

    outcomes: dict[tuple[str, str], Outcome]
    seconds: float


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run against all of them."""
    folder = tmp_path_factory.mktemp("hostile")
    at, suite = datetime.now(UTC).replace(microsecond=0), load_suite()
    with ExitStack() as running:
        patch = running.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(host_module, "SILENCE", 0.2)
        patch.setattr(dialogue, "DRAWN", 0)
        with peer(YES) as dead:
            pass
        places = [dead, *(running.enter_context(peer(PEERS[name])) for name in ENDS if name != "dead")]
        (folder / "vendor.toml").write_text(HEAD + "".join(map(ROW.format, places)))
        vendor = load_vendor(folder / "vendor.toml")
        host = running.enter_context(hosted(authority=folder / "authority.pem"))
        profile = suite.profile(vendor.profile)
        begun = time.monotonic()
        with RecordedLine.of(vendor) as line:
            for _ in converse_with_all(
                vendor, line, LiveTerms("5eed", at, profile, vendor.components, vendor.roles, host)
            ):
                pass
        seconds = time.monotonic() - begun
    names = {"verifier": [endpoint.name for endpoint in vendor.live]}
    results = judge_recording(line.recording, names, suite, Terms(at, profile), components=("VCP",))
    return Ran({(result.subject, result.requirement): result.outcome for result in results}, seconds)


@pytest.mark.parametrize("name", ENDS)
def test_each_ends_in_the_right_outcome(ran: Ran, name: str) -> None:
    """Silence is never the vendor's fault and never a refusal; a wrong answer always is one."""
    subject = f"verifier[{list(ENDS).index(name)}]"
    good, revoked = ENDS[name]
    assert ran.outcomes[subject, "VCP-VAL-09"] is good
    assert revoked in (None, ran.outcomes[subject, "VCP-STAT-17"])


def test_nothing_passes_that_never_gave_a_verdict(ran: Ran) -> None:
    """No requirement at all passes at an endpoint that accepted no good credential."""
    answering = {f"verifier[{list(ENDS).index(name)}]" for name in ("yes to all", "yes to the first")}
    passed = {subject for (subject, _), outcome in ran.outcomes.items() if outcome is Outcome.PASSED}
    assert passed == answering


def test_it_takes_bounded_time(ran: Ran) -> None:
    """Seconds, not the hours that they would like to take."""
    assert ran.seconds < 120
