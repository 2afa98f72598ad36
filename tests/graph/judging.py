"""The good chain and its mutations as bundles under test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from harness.credential import read_credentials
from harness.gather.closure import Closure
from harness.gather.web import HeldWeb
from harness.graph import Graph
from harness.graph.build import Reading
from harness.judge import CredentialUnderTest, Terms, load_suite, under_test
from harness.judge.bundle import BundleUnderTest, bundle_of, reading_of, run_bundle
from harness.model import Outcome, Result
from harness.reference.bundle_vectors import BundleVector, apply_to_chain, good_roots
from harness.reference.chain import Bundle, reference_bundle
from harness.semantics.artefacts import registry

FAULTS = frozenset({Outcome.FAILED, Outcome.WARNING, Outcome.ERROR})


def subjects(bundle: Bundle) -> list[CredentialUnderTest]:
    """The credentials of a chain as cases see them."""
    closure = Closure((HeldWeb(bundle.web),), registry().contexts)
    terms = Terms(bundle.at)
    return [
        under_test(credential, load_suite(), terms, closure.of(credential))
        for evidence in bundle.evidence
        for credential in read_credentials(evidence)
    ]


@cache
def _good_readings() -> Mapping[str, Reading]:
    found = (
        (subject.credential.evidence.sha256, reading_of(subject)) for subject in subjects(reference_bundle())
    )
    return {digest: reading for digest, reading in found if reading is not None}


def readings(bundle: Bundle) -> list[Reading]:
    """What the credentials of a chain say; what is as in the good chain, web and all, is not read again."""
    same_web = _plain(bundle)
    kept = _good_readings() if same_web else {}
    made = []
    for subject in subjects(bundle):
        reading = kept.get(subject.credential.evidence.sha256) or reading_of(subject)
        if reading is not None:
            made.append(reading)
    return made


def _plain(bundle: Bundle) -> bool:
    """Whether keys and status lists around the credentials are those of the good chain."""
    good = reference_bundle().web
    return all(bundle.web[url] == good[url] for url in good if "did.json" in url or "/revocation/" in url)


def graph(bundle: Bundle | None = None) -> Graph:
    """The graph of a chain, of the good one by default."""
    return judged(bundle).graph


def judged(bundle: Bundle | None = None, roots: Iterable[str] | None = None) -> BundleUnderTest:
    """A chain as a bundle under test."""
    chain = bundle or reference_bundle()
    return bundle_of(readings(chain), load_suite(), roots=good_roots() if roots is None else roots)


def results(bundle: Bundle | None = None, roots: Iterable[str] | None = None) -> tuple[Result, ...]:
    """Every result of the bundle cases on a chain."""
    return run_bundle(judged(bundle, roots), load_suite(), Terms(reference_bundle().at))


def faults(found: Iterable[Result]) -> Mapping[str, Outcome]:
    """The requirements against which something was found, with the outcome."""
    return {result.requirement: result.outcome for result in found if result.outcome in FAULTS}


def told(found: Iterable[Result]) -> str:
    """Results in words, for the message of a failed assertion."""
    lines = []
    for result in found:
        if result.outcome in FAULTS:
            lines.append(f"{result.case} {result.outcome} on {result.subject}: {result.reason or ''}")
            lines.extend(f"    {f.pointer}: {f.message} (is {f.actual})" for f in result.findings[:3])
    return "\n".join(lines) or "nothing was found"


def of_vector(vector: BundleVector) -> tuple[Result, ...]:
    """The results on the chain with one mutation in it."""
    return results(apply_to_chain(vector, reference_bundle()), good_roots() - set(vector.distrust))
