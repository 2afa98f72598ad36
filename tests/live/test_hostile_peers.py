"""Endpoints that are dead, broken or hostile end in the right outcome, in bounded time, and the others still run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.reference.chain import reference_bundle

from .peers import (
    Run,
    babbles,
    certify,
    drips,
    drops,
    floods,
    hangs,
    issuer,
    peer,
    says,
    vendor_file,
)

YES = says(200, b'{"verified": true}')
ENDS = {
    "dead": "not_run",
    "yes to all": "failed",
    "400 to all": "failed",
    "500 to all": "failed",
    "hangs": "error",
    "drips": "error",
    "one gigabyte": "error",
    "to a private address": "error",
    "redirects in a circle": "error",
    "drops": "error",
    "no HTTP": "error",
    "not set up": "error",
}
"""What becomes of the case that good input is issued, by what the endpoint does."""
PEERS = {
    "yes to all": YES,
    "400 to all": says(400, b'{"errors": ["no"]}'),
    "500 to all": says(500, b"oops", "text/plain"),
    "hangs": hangs,
    "drips": drips,
    "one gigabyte": floods,
    "to a private address": says(307, b"", location="http://10.1.2.3/credentials/issue"),
    "redirects in a circle": says(307, b"", location="/credentials/issue"),
    "drops": drops,
    "no HTTP": babbles,
    "not set up": says(404, b"{}"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One run against all of them at once, with a good credential beside."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "credentials").mkdir()
    good = reference_bundle().delivered("untp-0.7.0/dpp-cathode-batch")
    (folder / "credentials" / "dpp.jwt").write_bytes(good.body)
    with ExitStack() as running:
        places = [running.enter_context(peer(PEERS[name])) for name in ENDS if name != "dead"]
        with peer(YES) as dead:
            pass
        places.insert(0, dead)
        bundle = '[[bundle]]\npath = "credentials"\n'
        tables = [bundle, *(issuer(place) for place in places)]
        vendor = vendor_file(folder, *tables, allow=tuple(places))
        yield certify(vendor, folder / "out")


@pytest.mark.parametrize("name", ENDS)
def test_each_ends_in_the_right_outcome(run: Run, name: str) -> None:
    """Silence is never the vendor's fault, a wrong answer always is."""
    subject = f"issuer[{list(ENDS).index(name)}]"
    assert run.outcomes(subject)["VCP-ISS-01"] == ENDS[name]
    assert "http://127.0.0.1:" in run.reasons(subject)


def test_it_takes_bounded_time_and_nothing_crashes(run: Run) -> None:
    """Eleven hostile peers cost seconds, not the quarter of an hour that they would take if each were asked on and on."""
    assert "Traceback" not in run.errors
    assert run.seconds < 300


def test_the_credential_beside_them_is_judged(run: Run) -> None:
    """What strangers do at one endpoint never keeps another subject from being judged."""
    passed = [case for case, outcome in run.outcomes("dpp.jwt").items() if outcome == "passed"]
    assert len(passed) > 50


def test_a_dead_endpoint_alone_cannot_be_judged(tmp_path: Path) -> None:
    """Exit code 3, a line that names the URL, and the recording kept for another try."""
    with peer(YES) as dead:
        pass
    done = certify(vendor_file(tmp_path, issuer(dead), allow=(dead,)), tmp_path / "out")
    assert done.code == 3
    assert f"http://{dead}/credentials/issue: no connection" in done.errors
    assert (tmp_path / "out" / "live" / "exchanges.jsonl").exists()


def test_errors_to_everything_are_not_conformant(tmp_path: Path) -> None:
    """Exit code 1: an issuer that refuses every good input has failed."""
    with peer(PEERS["400 to all"]) as where:
        done = certify(vendor_file(tmp_path, issuer(where), allow=(where,)), tmp_path / "out")
    assert done.code == 1
    assert done.record["roles"] == {"issuer": "nonconformant"}
