"""Documents beside credentials: good ones are conformant, each mutation is caught by its requirement alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from harness.evidence import Evidence
from harness.judge import Terms, load_suite
from harness.model import Outcome, SubjectReport, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.document_vectors import (
    DocumentVector,
    broken_document,
    good_document,
    good_documents,
    load_document_vectors,
)
from harness.run import Bench

from .judging import faults_of, told


def judge(evidence: Evidence, profile: str | None = None) -> SubjectReport:
    """The report on one document."""
    terms = Terms(reference_bundle().at, load_suite().profile(profile) if profile else None)
    (judged,) = Bench(terms).judge(evidence)
    return judged.report


@pytest.mark.parametrize("name", good_documents())
def test_a_good_document_is_conformant(name: str) -> None:
    """A good document is judged by the kind that it is, and nothing is found."""
    report = judge(good_document(name))
    assert report.verdict is Verdict.CONFORMANT, told(list(report.results))
    assert report.type is not None
    assert not faults_of(list(report.results)), told(list(report.results))
    assert report.counts()["passed"] >= 3


@pytest.mark.parametrize("vector", load_document_vectors(), ids=lambda vector: vector.name)
def test_a_mutation_is_caught_by_its_requirement_alone(
    vector: DocumentVector, record_property: Callable[[str, object], None]
) -> None:
    """Against the good document, exactly the requirement of the mutation says failed or warning."""
    record_property("mutation", vector.component)
    record_property("requirement", vector.requirement)
    record_property("vector", vector.name)
    assert not faults_of(list(judge(good_document(vector.base), vector.profile).results))
    found = list(judge(broken_document(vector), vector.profile).results)
    new: Mapping[str, Outcome] = faults_of(found)
    record_property("caught", bool(new))
    record_property("by", " ".join(sorted(new)))
    assert new == dict(vector.expects), told(found)


def test_every_case_of_a_document_has_a_mutation() -> None:
    """No case that judges documents is without one."""
    decided = {item.requirement for item in load_suite().cases if item.suite == "document"}
    assert decided == {vector.requirement for vector in load_document_vectors()}


def test_either_side_of_a_conflict_passes() -> None:
    """A link set with a fragment in a relation and a URN as anchor follows the page, not the schema: both pass."""
    text = (
        good_documents()["documents/linkset"]
        .replace('"dpp": [', '"https://vocabulary.uncefact.org/untp/linkType#dpp": [')
        .replace(
            '"https://id.minerals.example/01/09359502000034/10/240311"',
            '"urn:gtr:minerals.example:lot:240311"',
        )
    )
    report = judge(Evidence("linkset.json", text.encode(), "application/json", "file"))
    assert report.verdict is Verdict.CONFORMANT, told(list(report.results))
    assert report.conflicts == ("CONFLICT-13", "CONFLICT-16")


def test_a_document_that_nobody_knows_stays_undetermined() -> None:
    """JSON that is neither a credential nor a known document is judged by nothing."""
    report = judge(Evidence("x.json", b'{"colour": "red"}', "application/json", "file"))
    assert report.verdict is Verdict.UNDETERMINED
    assert report.profile is None


def test_a_misfit_of_a_schema_that_cannot_fail_it_is_undetermined() -> None:
    """The schemas of schemes and criteria are known as pre-releases only: what does not fit them is never conformant."""
    report = judge(Evidence("scheme.json", b'{"type": ["ConformityScheme"]}', "application/json", "file"))
    assert report.verdict is Verdict.UNDETERMINED
    assert "CVC-SCHEME-01" in faults_of(list(report.results))


def test_a_link_to_a_script_is_no_link() -> None:
    """Only identifiers that are URNs or DIDs are excused from the schema's http(s): a script is not."""
    text = good_documents()["documents/linkset"].replace(
        "https://credentials.minerals.example/dpp/", "javascript:"
    )
    report = judge(Evidence("linkset.json", text.encode(), "application/json", "file"))
    assert faults_of(list(report.results)) == {"IDR-SET-05": Outcome.FAILED}
