"""A fault of the envelope is reported once, by the requirement that speaks of it, and never passes unseen."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.judge import Terms, judge_credential, load_suite
from harness.judge.judge import under_test
from harness.model import Outcome
from harness.reference.chain import DEMO_CLOCK
from harness.reference.payloads import load_payloads

BASE, OLD_BASE = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1"
OWN, OF_EVENTS = (f"https://test.uncefact.org/vocabulary/untp/{name}/0.6.1/" for name in ("dcc", "dte"))
OF_070 = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
NAMES = {BASE: "base", OWN: "own", OF_EVENTS: "events", OF_070: "0.7.0", OLD_BASE: "old"}
TYPES = ["DigitalConformityCredential", "VerifiableCredential"]
CONTEXTS = [list(row) for size in (1, 2, 3) for row in permutations(NAMES, size)]
ENVELOPE = {
    *(f"VCP-ENV-0{number}" for number in (1, 2, 3)),
    *(f"VCP-CTX-{number:02}" for number in (1, 2, 3, 4, 6, 8, 12)),
}


def told(base: str, changes: dict[str, Any]) -> tuple[bool, set[str]]:
    """Whether expansion keeps all of a changed good payload, and which requirements of the envelope fail."""
    value = {**load_payloads()[base].value, **changes}
    evidence = Evidence(
        "changed.json", json.dumps({k: v for k, v in value.items() if v is not None}).encode()
    )
    (credential,) = read_credentials(evidence)
    suite, terms = load_suite(), Terms(DEMO_CLOCK, only=("VCP-ENV-*", "VCP-CTX-*"))
    expansion = under_test(credential, suite, terms, Web({})).expansion
    report = judge_credential(credential, suite, terms, Web({}))
    failed = {result.requirement for result in report.results if result.outcome is Outcome.FAILED}
    return expansion.fault is None and not expansion.dropped, failed & ENVELOPE


@pytest.mark.parametrize("contexts", CONTEXTS, ids=[" ".join(NAMES[url] for url in row) for row in CONTEXTS])
def test_what_wrong_contexts_take_along_is_never_unseen(contexts: list[str]) -> None:
    """Where terms are lost or contexts clash, some requirement of the envelope or the contexts fails."""
    whole, failed = told("untp-0.6.1/dcc-cathode-footprint", {"@context": contexts})
    assert whole or failed


@pytest.mark.parametrize(
    "types", [None, [], "VerifiableCredential", TYPES[:1], TYPES[1:], TYPES[0], 7, ["Permit"]]
)
def test_what_wrong_types_take_along_is_never_unseen(types: Any) -> None:
    """Where the type makes the terms of the envelope meaningless, a requirement on the type fails."""
    whole, failed = told("untp-0.6.1/dcc-cathode-footprint", {"type": types})
    assert failed & {"VCP-ENV-02", "VCP-ENV-03"}
    assert whole or failed


def test_a_term_of_its_own_is_lost_under_wrong_contexts_too() -> None:
    """That the contexts are exchanged hides no term that no context defines."""
    changes: dict[str, Any] = {"@context": [OWN, BASE], "furnaceCount": 2}
    _, failed = told("untp-0.6.1/dcc-cathode-footprint", changes)
    assert failed == {"VCP-ENV-01", "VCP-CTX-04"}


def test_an_old_base_context_behind_the_new_one_clashes() -> None:
    """Only a context that stands in the place of another is taken for it: a third one is judged as it is."""
    _, failed = told("untp-0.7.0/dcc-cathode-footprint", {"@context": [BASE, OF_070, OLD_BASE]})
    assert failed == {"VCP-CTX-06"}


def test_the_first_context_of_untp_names_the_release() -> None:
    """A credential of 0.7.0 that adds a context of 0.6.1 is judged as one of 0.7.0."""
    _, failed = told("untp-0.7.0/dcc-cathode-footprint", {"@context": [BASE, OF_070, OWN]})
    assert failed == {"VCP-CTX-02"}
