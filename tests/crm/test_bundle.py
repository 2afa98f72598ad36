"""The example chains of UNTP-CRM judged together, and their mutations: each caught by its requirement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.gather.closure import Closure
from harness.gather.web import HeldWeb
from harness.graph.chains import Strength
from harness.judge import Terms, load_suite, under_test
from harness.judge.bundle import BundleUnderTest, bundle_of, reading_of, run_bundle
from harness.model import Outcome, Result
from harness.reference.bundle_vectors import BundleVector, crm_mutated, crm_roots, load_bundle_vectors
from harness.reference.chain import DEMO_CLOCK
from harness.reference.crm import CHAINS, PROFILE, crm_chain, crm_evidence, crm_web
from harness.reference.edits import Patch
from harness.semantics.artefacts import registry

from .judging import faults_of, told


@cache
def closure() -> Closure:
    """What the web of the chains answers."""
    return Closure((HeldWeb(crm_web()),), registry().contexts)


def bundle(evidence: Iterable[Evidence]) -> BundleUnderTest:
    """Some credentials as a bundle under the profile."""
    suite = load_suite()
    terms = Terms(DEMO_CLOCK, suite.profile(PROFILE))
    readings = [
        reading_of(under_test(credential, suite, terms, closure().of(credential)))
        for item in evidence
        for credential in read_credentials(item)
    ]
    profiles = {PROFILE: suite.profile(PROFILE)}
    return bundle_of([one for one in readings if one], suite, roots=crm_roots(), profiles=profiles)


def results(evidence: Iterable[Evidence]) -> tuple[Result, ...]:
    """What the bundle cases say under the profile."""
    return run_bundle(bundle(evidence), load_suite(), Terms(DEMO_CLOCK, load_suite().profile(PROFILE)))


@cache
def good(chain: str) -> tuple[Result, ...]:
    """What is said of a good chain."""
    return results(crm_evidence(name) for name in crm_chain(chain))


@pytest.mark.parametrize("chain", CHAINS)
def test_nothing_is_found_in_a_good_chain(chain: str) -> None:
    """A chain is complete: parties anchored, bodies accredited, claims assessed, goods moved, every sum even."""
    assert not faults_of(good(chain)), told(good(chain))
    assert sum(result.outcome is Outcome.PASSED for result in good(chain)) > 38


@pytest.mark.parametrize("chain", CHAINS)
def test_claims_of_a_chain_are_borne_out_by_accredited_third_parties(chain: str) -> None:
    """Each footprint and each criterion of a scheme; permits are the word of an authority, which nobody accredits."""
    chains = bundle(crm_evidence(name) for name in crm_chain(chain)).chains
    strengths = {(claim.id.partition("#")[2], chains.strength(claim)) for claim in chains.graph.claims}
    others = {name for name, found in strengths if found is not Strength.ACCREDITED}
    assert others == {"permit"}


def test_a_criterion_of_another_scheme_is_told_where_one_vocabulary_has_both() -> None:
    """The vocabulary that lists the criteria of a scheme beside those of others does not make them one scheme."""
    name = "untp-crm/dcc-verano-tsm"
    at = "/credentialSubject/referenceScheme/id"
    other = Patch.of([{"op": "replace", "path": at, "value": "https://coppermark.org"}], "another scheme")
    found = results([crm_evidence(name, other)])
    assert faults_of(found)["DCC-SCOPE-02"] is Outcome.WARNING


def test_every_bundle_case_of_the_profile_passes_on_an_example() -> None:
    """No CRM case that several credentials decide is without a good chain that it speaks of."""
    passed = {result.case for chain in CHAINS for result in good(chain) if result.outcome is Outcome.PASSED}
    planned = {c.id for c in load_suite().cases if c.suite == "bundle" and c.requirement.startswith("CRM-")}
    assert planned - passed == set()


@pytest.mark.parametrize(
    "vector", [v for v in load_bundle_vectors() if v.crm], ids=lambda vector: vector.name
)
def test_a_mutation_of_a_chain_is_caught_by_its_requirement(
    vector: BundleVector, record_property: Callable[[str, object], None]
) -> None:
    """Exactly its requirement says so, and what cannot but fail with it."""
    record_property("mutation", "CRM")
    record_property("requirement", vector.requirement)
    found = results(crm_mutated(vector))
    record_property("caught", vector.requirement in faults_of(found))
    assert faults_of(found) == dict(vector.expects), told(found)


def test_every_bundle_case_of_the_profile_has_a_mutation() -> None:
    """No CRM requirement that several credentials decide is without one."""
    decided = {
        i.requirement for i in load_suite().cases if i.suite == "bundle" and i.requirement.startswith("CRM-")
    }
    assert decided == {vector.requirement for vector in load_bundle_vectors() if vector.crm}
