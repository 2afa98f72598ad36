"""A finding at a live endpoint, made as a case makes it, and a record that has it."""

from __future__ import annotations

import copy

from harness.exchange import Answer, Exchange, Recording, Request
from harness.judge import load_suite
from harness.judge.endpoint import EndpointUnderTest
from harness.reference.chain import DEMO_CLOCK

from .pieces import Json, digest
from .synthetic import result

ASKED = "https://api.minerals.example/credentials/verify"
EXCHANGE = Exchange(
    "verifier", "verifier[0]", "revoked", "mutation",
    Request("POST", ASKED, (("content-type", "application/json"), ("cookie", "secret")), b'{"verifiableCredential": {}}'),
    Answer(
        200, (("content-type", "application/json"), ("set-cookie", "session=1"), ("cache-control", "no-store")),
        b'{\n  "verified": true,\n  "warnings": []\n}', ASKED, (), "192.0.2.1:443",
    ),
)  # fmt: skip


def found() -> Json:
    """The finding of a verifier that accepts a revoked credential, as a case makes it."""
    profile = load_suite().profile("untp-0.7.0")
    subject = EndpointUnderTest("verifier", "verifier[0]", Recording((EXCHANGE,)), profile, DEMO_CLOCK)
    return subject.finds(
        EXCHANGE, "it accepts a credential that is revoked", pointer="/verified", expected="false",
        hint="Read the status list before you accept.",
    ).as_json()  # fmt: skip


def live(record: Json) -> Json:
    """A record with that finding, and with the endpoints that were spoken to."""
    made = copy.deepcopy(record)
    case = next(name for name, row in made["requirements"].items() if row["level"] == "MUST")
    made["results"].append(result(case, "verifier[0]", "failed", [found()]))
    made["live"] = {
        "recording": digest("recording"),
        "endpoints": [
            {"role": "verifier", "name": "verifier[0]", "url": ASKED, "asked": 12, "answered": 11, "peers": ["192.0.2.1:443"]}
        ],
    }  # fmt: skip
    return made
