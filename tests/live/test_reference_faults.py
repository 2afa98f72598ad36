"""Each named fault of the live reference vendor, alone: its requirement finds it, nothing else does. Then all at once.

The table is printed at the end. Suites are restricted to the one that shows the fault; what does not depend on the
fault (what a verifier is asked about, and what the harness's own cases say of that) is worked out once.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.live.host import WebHost, hosted
from harness.model import Outcome
from harness.reference.server.application import LiveVendor, live_vendor
from harness.reference.server.faults import LiveFault, load_live_faults

from .reference_suites import NONCE, results
from .remembering import remembering

SUITES = ("issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary", "access_control")
FORGETFUL = "verifier-asks-again-and-again"
"""It is about what a verifier asks anew, so nothing may be remembered for it."""
BAD = (Outcome.FAILED, Outcome.WARNING)
FAULTS = load_live_faults()


@dataclass
class Trials:
    """The vendor, the harness's own side, and what is found without any fault."""

    vendor: LiveVendor
    host: WebHost
    folder: Path
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    good: dict[str, Counter[tuple[str, Outcome]]] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    times: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def found(self, suite: str, *faults: str) -> Counter[tuple[str, Outcome]]:
        """How many results of each requirement fail or warn in a suite, with these faults."""
        self.vendor.faults.turn_on(faults)
        nonce = NONCE if suite != "issuer" and FORGETFUL not in faults else self._fresh(suite, *faults)
        try:
            judged = results(self.vendor, self.folder, (suite,), host=self.host, at=self.at, nonce=nonce)
        finally:
            self.vendor.faults.turn_on(())
        return Counter((result.requirement, result.outcome) for result in judged if result.outcome in BAD)

    def _fresh(self, *words: str) -> str:
        """A nonce of its own for each time: an issuer has the ids of another run already, a verifier what it has fetched.

        It does not depend on the order of the tests, so that what is drawn by it stays the same.
        """
        self.times[words] += 1
        text = " ".join((*words, str(self.times[words])))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def more_than_good(self, suite: str, *faults: str) -> Mapping[str, Outcome]:
        """The requirements that find more with these faults than without any, and how they take it."""
        if suite not in self.good:
            self.good[suite] = self.found(suite)
        more = self.found(suite, *faults) - self.good[suite]
        return dict(sorted(more))


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Trials]:
    """One vendor and one host for all trials; the table is printed when they are done."""
    folder = tmp_path_factory.mktemp("reference")
    authority = folder / "untp-crm-authority.pem"
    with (
        hosted(authority=authority) as host,
        live_vendor(authorities=[authority]) as vendor,
        remembering(unless=lambda: FORGETFUL in vendor.faults.on),
    ):
        made = Trials(vendor, host, folder)
        yield made
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        sys.stdout.write(f"\n\n{'fault':<40} {'requirement':<14} {'caught':<8} seconds\n")
        sys.stdout.write("\n".join(made.rows) + "\n")


@pytest.mark.parametrize("suite", SUITES)
def test_without_a_fault_nothing_binding_is_found(trials: Trials, suite: str) -> None:
    """The good vendor fails nothing."""
    assert trials.more_than_good(suite) == {}
    assert not [name for name, outcome in trials.good[suite] if outcome is Outcome.FAILED]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: f"{fault.suite}:{fault.name}")
def test_each_fault_alone(trials: Trials, fault: LiveFault) -> None:
    """The named requirement finds it, those that cannot but find it too, and no other."""
    began = time.monotonic()
    found = trials.more_than_good(fault.suite, fault.name)
    outcome = found.get(fault.requirement, "missed")
    more = f"  and {', '.join(sorted(found.keys() - {fault.requirement}))}" if len(found) > 1 else ""
    trials.rows.append(
        f"{fault.name:<40} {fault.requirement:<14} {outcome:<8} {time.monotonic() - began:5.1f}{more}"
    )
    assert found == fault.expects


@pytest.mark.parametrize("suite", SUITES)
def test_all_at_once(trials: Trials, suite: str) -> None:
    """Every fault of a suite that does not hide others, all turned on: each requirement finds its own."""
    chosen = [fault for fault in FAULTS.values() if fault.suite == suite and fault.hides is None]
    found = trials.more_than_good(suite, *(fault.name for fault in chosen))
    missed = [fault.name for fault in chosen if found.get(fault.requirement) is not fault.expected]
    trials.rows.append(f"{f'all {len(chosen)} of {suite}':<40} {'':<14} {len(chosen) - len(missed)} found")
    assert not missed
