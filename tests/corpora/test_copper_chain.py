"""The official copper chain of 0.7.0 (mine, smelter, cathode, battery), with every finding explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.gather.files import gather_paths
from harness.graph.balance import Balance
from harness.judge import Terms, load_suite
from harness.judge.bundle import BundleUnderTest, bundle_of, run_bundle
from harness.model import Outcome
from harness.run import Bench

AT = datetime(2026, 11, 1, tzinfo=UTC)

EXPLAINED: Mapping[str, str] = {
    "GRAPH-ACC-01": "no accreditation anchor of the two assessors is among the samples",
    "GRAPH-CLAIM-01": "the samples are unsigned, and claims cite other criterion ids than the assessments",
    "GRAPH-ID-01": "the anchors are there, but unsigned, so they anchor nobody",
    "MB-CONS-01": "450 kg of battery pack from a list of inputs that names 20 kg of cathode only",
    "MB-CONS-02": "the smelter makes 10 t of copper of 9 t, the battery holds 36 kg of 20 kg",
    "MB-CLAIM-01": "12 % recycled copper in the cathode, and no scrap among the inputs",
}


@pytest.fixture(scope="module", name="bundle")
def the_bundle(corpora: Path) -> BundleUnderTest:
    """The samples, joined."""
    bench = Bench(Terms(AT), joins=True)
    folder = corpora / "corpora" / "spec-untp-0.7.0-prerelease"
    judged = bench.judge_all(gather_paths([str(folder)]))
    return bundle_of([j.reading for j in judged if j.reading is not None], bench.suite)


def test_every_finding_is_explained(bundle: BundleUnderTest) -> None:
    """Exactly the requirements whose reason is known find something."""
    found = run_bundle(bundle, load_suite(), Terms(AT))
    faults = {result.requirement for result in found if result.outcome is Outcome.WARNING}
    assert not [result for result in found if result.outcome in (Outcome.ERROR, Outcome.FAILED)]
    assert faults == set(EXPLAINED)


def test_the_smelter_makes_more_copper_than_it_takes_in(
    bundle: BundleUnderTest,
) -> None:
    """30 t at 30 % are 9 t of copper, and 10 t come out: 111 %."""
    (copper,) = [one for one in Balance(bundle.graph).metals if "make-cathode" in one.event.id]
    assert copper.over
    assert copper.ratio == pytest.approx(10 / 9)
    assert (
        copper.told
        == "in 30 t x 0.3 Copper Concentrate (Cu 30%) = 9 t; out 10 t LME Grade A Copper Cathode = 10 t: 111%"
    )


def test_events_and_passports_join(bundle: BundleUnderTest) -> None:
    """Four events and three passports are about three products at three facilities."""
    assert len(bundle.graph.products_by_id) == 3
    assert len(bundle.graph.events) == 4
    assert not list(bundle.lineage.gaps())
