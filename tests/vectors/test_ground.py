"""The chain re-issued on another ground: good twins stay good there, mutations keep their meaning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.errors import SuiteError
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Outcome
from harness.reference.chain import issue
from harness.reference.ground import Ground
from harness.reference.payloads import load_payloads
from harness.reference.vectors import Vector, load_vectors
from harness.run import Bench

from .judging import FAULTS, SETTLED, told

AT = datetime(2027, 3, 5, 12, tzinfo=UTC)
HERE = Ground("https://localhost:8443/nonce/world", AT)

MEANS_ANOTHER = frozenset({"did-web-with-bare-port"})
"""On a ground with a port, what stands behind the host is a folder: the mutation means nothing there."""
TRUST = [v for v in load_vectors() if v.requirement.startswith("VCP-") and v.name not in MEANS_ANOTHER]


@pytest.mark.parametrize("name", load_payloads())
def test_a_good_twin_stays_good(name: str) -> None:
    """Moved to another host, with other keys and at a later time, each good credential is judged good."""
    bundle = issue(HERE.plan(name))
    (judged,) = Bench(Terms(AT), (HeldWeb(bundle.web),)).judge(bundle.delivered(name))
    results = list(judged.report.results)
    assert {result.outcome for result in results} <= SETTLED, told(results, frozenset(Outcome) - SETTLED)


@pytest.mark.parametrize("vector", TRUST, ids=lambda vector: vector.name)
def test_a_mutation_keeps_its_meaning(vector: Vector) -> None:
    """Each mutation of the envelope fails the same requirements on another ground."""
    bundle = issue(HERE.mutated(vector))
    judged = Bench(Terms(bundle.at), (HeldWeb(bundle.web),)).judge(bundle.delivered(vector.base))
    found = {r.requirement: r.outcome for one in judged for r in one.report.results if r.outcome in FAULTS}
    assert found == vector.expects


def test_nothing_of_the_chain_is_left_behind() -> None:
    """Every DID, and every URL that the chain answers, is on the new ground."""
    bundle = issue(HERE.plan("untp-0.7.0/dcc-pack-test"))
    assert {url for url in bundle.web if not url.startswith((HERE.base, "https://id."))} == set()
    assert b"did:web:pruefwerk" not in b"".join(answer.body for answer in bundle.evidence)


def test_another_nonce_gives_other_keys() -> None:
    """The keys go with the DIDs, so a nonce in the base makes all of them new."""
    name = "untp-0.7.0/dcc-pack-test"
    one, two = (
        Ground(f"https://localhost:8443/{nonce}", AT).plan(name).issuances[name].key.private
        for nonce in ("a", "b")
    )
    assert one.public_key() != two.public_key()


def test_moving_twice_is_moving_once() -> None:
    """What stands on the ground already stays where it is."""
    text = load_payloads()["untp-0.7.0/dcc-pack-test"].text
    assert HERE.moved(HERE.moved(text)) == HERE.moved(text)


@pytest.mark.parametrize("base", ["http://localhost:8443", "https:///x", "https://host/?q"])
def test_a_base_that_no_did_web_can_have_is_an_error(base: str) -> None:
    """A did:web is https, with a host, without a query."""
    with pytest.raises(SuiteError, match="no base URL"):
        Ground(base, AT).moved("did:web:cadenza-trace.example")
