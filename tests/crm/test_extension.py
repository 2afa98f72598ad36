"""What designers of extensions are told: of our own profile nothing, of a broken one exactly what is broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite
from harness.model import SubjectReport, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.extension_vectors import (
    ExtensionVector,
    broken_extension,
    good_extension,
    good_extension_web,
    load_extension_vectors,
)
from harness.run import Bench

from .judging import faults_of, told


def judge(vector: ExtensionVector | None = None) -> SubjectReport:
    """The report on our own extension, with a mutation in it if one is given."""
    files, web = broken_extension(vector) if vector else (good_extension(), good_extension_web())
    return Bench(Terms(reference_bundle().at), (HeldWeb(web),)).judge_extension(files).report


def test_our_own_extension_is_conformant() -> None:
    """Contexts, schemas and examples of UNTP-CRM hold: every extension case but that of registered schemes has passed."""
    report = judge()
    assert report.verdict is Verdict.CONFORMANT
    assert not faults_of(report.results), told(report.results)
    cases = [item for item in load_suite().cases if item.suite == "extension"]
    assert report.counts()["passed"] == len(cases) - 1


@pytest.mark.parametrize("vector", load_extension_vectors(), ids=lambda vector: vector.name)
def test_a_mutation_is_caught_by_its_requirement_alone(
    vector: ExtensionVector, record_property: Callable[[str, object], None]
) -> None:
    """Exactly the requirement of the mutation fails or warns."""
    record_property("mutation", vector.component)
    record_property("requirement", vector.requirement)
    record_property("vector", vector.name)
    report = judge(vector)
    found = faults_of(report.results)
    record_property("caught", bool(found))
    assert found == dict(vector.expects), told(report.results)
    faulty = [result for result in report.results if result.requirement == vector.requirement]
    assert all(finding.message for result in faulty for finding in result.findings)


def test_every_case_of_an_extension_has_a_mutation() -> None:
    """No extension case is without one."""
    decided = {item.requirement for item in load_suite().cases if item.suite == "extension"}
    assert decided == {vector.requirement for vector in load_extension_vectors()}


def test_a_finding_names_file_and_line() -> None:
    """A fault in an example is told with the name of its file, the place and the line."""
    vector = next(vector for vector in load_extension_vectors() if vector.name == "ext-coreinvalid")
    (result,) = [item for item in judge(vector).results if item.requirement == "EXT-SCH-01"]
    assert result.subject == "dcc-kasonga-permit.json"
    assert result.findings[0].pointer == "/credentialSubject/assessorLevel"
    assert (result.findings[0].line or 0) > 1


@pytest.mark.parametrize("name", ["ext-vocab", "ext-coreinvalid", "ext-badref", "ext-one"])
def test_a_finding_shows_the_lines_around_its_place(name: str) -> None:
    """In contexts, examples, schemas and extension.toml: lines of the file, the one of the finding marked."""
    report = judge(next(vector for vector in load_extension_vectors() if vector.name == name))
    findings = [finding for result in report.results for finding in result.findings]
    assert findings
    for finding in findings:
        assert finding.excerpt is not None
        assert finding.excerpt["first_line"] + finding.excerpt["marked"] == finding.line
        assert finding.excerpt["lines"][finding.excerpt["marked"]]
