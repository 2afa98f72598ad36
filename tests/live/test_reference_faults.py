"""Each named fault of the live reference vendor, alone: its requirement finds it, nothing else does.

What a fault may touch is asked: of an issuer or a verifier its own suite, of all else the one that shows it and every suite
of what is published. The verdict is that of `certify` on the whole vendor, the other suites as they are without a fault. What does not depend on the fault (what a verifier is asked about, and what the
harness's own cases say of that) is worked out once. The table is printed at the end (table_of_faults.py).
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.live.host import WebHost, hosted
from harness.model import Outcome, Verdict
from harness.reference.server.application import LiveVendor, live_vendor
from harness.reference.server.faults import LiveFault, load_live_faults

from .reference_suites import NONCE, TABLES, Tried, tried, verdict_on
from .remembering import remembering

SUITES = ("issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary", "access_control")
OF_THEIR_OWN = ("issuer", "verifier")
"""The roles whose faults no other suite can see: they publish nothing."""
FORGETFUL = "verifier-asks-again-and-again"
"""It is about what a verifier asks anew, so nothing may be remembered for it."""
BAD = (Outcome.FAILED, Outcome.WARNING)


@dataclass
class Trials:
    """The vendor, the harness's own side, and what is found without any fault."""

    vendor: LiveVendor
    host: WebHost
    folder: Path
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    known: dict[str, Tried] = field(default_factory=dict)
    times: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def good(self, suite: str) -> Tried:
        """What a suite says of the good vendor."""
        if suite not in self.known:
            self.known[suite] = self.tried(suite)
        return self.known[suite]

    def tried(self, suite: str, *faults: str) -> Tried:
        """What a suite says of the vendor with these faults."""
        self.vendor.faults.turn_on(faults)
        nonce = NONCE if suite != "issuer" and FORGETFUL not in faults else self._fresh(suite, *faults)
        try:
            return tried(self.vendor, self.folder, (suite,), host=self.host, at=self.at, nonce=nonce)
        finally:
            self.vendor.faults.turn_on(())

    def _fresh(self, *words: str) -> str:
        """A nonce of its own for each time: an issuer has the ids of another run already, a verifier what it has fetched.

        It does not depend on the order of the tests, so that what is drawn by it stays the same.
        """
        self.times[words] += 1
        text = " ".join((*words, str(self.times[words])))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def more_than_good(self, broken: Mapping[str, Tried]) -> dict[str, Outcome]:
        """The requirements that find more than without any fault, and how they take it; `broken` is by suite."""
        more = Counter[tuple[str, Outcome]]()
        for suite, found in broken.items():
            more += bad(found) - bad(self.good(suite))
        return dict(sorted(more))

    def verdict(self, broken: Mapping[str, Tried]) -> Verdict:
        """What becomes of the whole vendor, where some suites found this."""
        return verdict_on(broken.get(name) or self.good(name) for name in SUITES)


def bad(found: Tried) -> Counter[tuple[str, Outcome]]:
    """How many results of each requirement fail or warn."""
    return Counter((result.requirement, result.outcome) for result in found.results if result.outcome in BAD)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """One vendor and one host for all trials."""
    folder = tmp_path_factory.mktemp("reference")
    authority = folder / "untp-crm-authority.pem"
    with (
        hosted(authority=authority) as host,
        live_vendor(authorities=[authority]) as vendor,
        remembering(unless=lambda: FORGETFUL in vendor.faults.on),
    ):
        yield Trials(vendor, host, folder)


@pytest.mark.parametrize("suite", SUITES)
def test_without_a_fault_nothing_binding_is_found(trials: Trials, suite: str) -> None:
    """The good vendor fails nothing, whenever it is asked, and is conformant."""
    again = {suite: trials.tried(suite)}
    assert trials.more_than_good(again) == {}
    assert not [name for name, outcome in bad(again[suite]) if outcome is Outcome.FAILED]
    assert trials.verdict(again) is Verdict.CONFORMANT


@pytest.mark.parametrize(
    "fault", load_live_faults().values(), ids=lambda fault: f"{fault.kind}:{fault.suite}:{fault.name}"
)
def test_each_fault_alone(
    trials: Trials, fault: LiveFault, record_property: Callable[[str, object], None]
) -> None:
    """A binding fault fails its requirement and no other, an advisory one warns, a compound one fails what it names."""
    suites = (fault.suite,) if fault.role in OF_THEIR_OWN else tuple(dict.fromkeys((fault.suite, *TABLES)))
    for suite in suites:
        trials.good(suite)
    began = time.monotonic()
    broken = {suite: trials.tried(suite, fault.name) for suite in suites}
    found = trials.more_than_good(broken)
    seconds = time.monotonic() - began
    verdict = trials.verdict(broken)
    record_property("fault", fault.name)
    record_property("found", {name: str(outcome) for name, outcome in found.items()})
    record_property("verdict", str(verdict))
    record_property("seconds", seconds)
    assert found == fault.expects
    assert verdict is fault.verdict
