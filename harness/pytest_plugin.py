"""The cases as pytest items: `pytest --vendor vendor.toml test_cases`, one for each case and credential or endpoint.

Node ids are stable: `test_cases/credential/test_dpp_claims.py::DPP-CLAIM-04[dpp.json]`,
`test_cases/resolver/checks.toml::IDR-WK-01[resolver[0]]`; `-k` works on case ids.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.credential import Credential, read_credentials
from harness.errors import HarnessError, UsageError
from harness.evidence import Absence, Evidence
from harness.gather.adapters.manifest import with_manifests
from harness.gather.closure import Closure
from harness.gather.files import gather_paths
from harness.gather.web import FolderWeb, Source
from harness.judge import (
    Case,
    CredentialUnderTest,
    EndpointUnderTest,
    Suite,
    Terms,
    load_suite,
    run_case,
    under_test,
)
from harness.judge.issuer import PROVOKED, faults_alone
from harness.judge.judge import unjudged
from harness.judge.recording import subject_class
from harness.judge.suite import OWN_CHECKS
from harness.live.host import host_of
from harness.model import Outcome, Result
from harness.semantics.artefacts import registry
from harness.trust.anchors import load_anchors
from harness.vendor import LIVE, Vendor, load_vendor

SUITE_FOLDER = "test_cases"
FAILING = (Outcome.FAILED, Outcome.ERROR)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --vendor, --at and --engine."""
    group = parser.getgroup("untp-crm", "UNTP-CRM conformance")
    group.addoption("--vendor", metavar="VENDOR.toml", help="judge this vendor's credentials by the cases")
    group.addoption("--at", metavar="TIME", help="moment of judgement, as 2026-11-22T00:00:00Z")
    group.addoption("--engine", choices=("fast", "reference"), default="fast", help="which engines judge")


@dataclass(frozen=True)
class _Bench:
    suite: Suite
    subjects: tuple[CredentialUnderTest, ...]
    endpoints: tuple[EndpointUnderTest, ...] = ()
    components: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def cases(self, endpoint: EndpointUnderTest) -> Iterator[Case]:
        """The cases of an endpoint that belong to what is claimed."""
        for item in self.suite.cases:
            requirement = self.suite.catalogue.requirements[item.requirement]
            claimed = requirement.component in self.components and requirement.role in self.roles
            if item.suite == endpoint.role and claimed and endpoint.profile.contains(requirement):
                yield item

    def run(self, item: Case, subject: CredentialUnderTest | EndpointUnderTest) -> Result:
        """What a case says of a credential or an endpoint."""
        failure = subject.unusable() if isinstance(subject, EndpointUnderTest) else None
        if failure is not None:
            return unjudged(item, self.suite.catalogue.requirements[item.requirement], subject.name, failure)
        result = run_case(item, subject, self.suite)
        provoked = isinstance(subject, CredentialUnderTest) and subject.credential.evidence.origin == PROVOKED
        return faults_alone(result) if provoked else result


_BENCH = pytest.StashKey[_Bench]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the case files of the suite, and its checks written as data, when a vendor is given."""
    vendor = parent.config.getoption("--vendor")
    own = os.environ.get(OWN_CHECKS)
    ours = SUITE_FOLDER in file_path.parts or (
        own is not None and file_path.is_relative_to(Path(own).resolve())
    )
    checks = file_path.suffix == ".toml" and file_path.parent.name in LIVE
    if vendor is None or not ours or not (checks or file_path.match("test_*.py")):
        return None
    return CaseFile.from_parent(parent, path=file_path)


class CaseFile(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each case of this file and each credential that it applies to."""
        bench = _bench(self.config)
        here = self.path.resolve()
        for subject in bench.subjects:
            for item in bench.suite.plan(subject.profile, subject.type).cases:
                if Path(item.file).resolve() == here:
                    yield CaseItem.from_parent(
                        self, name=f"{item.id}[{subject.name}]", case=item, subject=subject
                    )
        for endpoint in bench.endpoints:
            for item in bench.cases(endpoint):
                if Path(item.file).resolve() == here:
                    name = f"{item.id}[{endpoint.name}]"
                    yield CaseItem.from_parent(self, name=name, case=item, subject=endpoint)


class CaseItem(pytest.Item):
    """One case on one credential."""

    def __init__(self, *, case: Case, subject: CredentialUnderTest | EndpointUnderTest, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        self.subject = subject

    def runtest(self) -> None:
        """Run the case; what does not apply or cannot run is skipped with its reason."""
        result = _bench(self.config).run(self.case, self.subject)
        if result.outcome in FAILING:
            raise CaseFailed(result)
        if result.outcome is Outcome.WARNING:
            self.warn(pytest.PytestWarning(_told(result)))
        elif result.outcome is not Outcome.PASSED:
            pytest.skip(result.reason or str(result.outcome))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002
        """The findings instead of a traceback."""
        if isinstance(excinfo.value, CaseFailed):
            return _told(excinfo.value.result)
        return str(excinfo.getrepr(style="short"))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self.case.line - 1, self.name


class CaseFailed(AssertionError):  # noqa: N818 - read in a sentence: the case failed
    """A case that found something."""

    def __init__(self, result: Result) -> None:
        super().__init__(_told(result))
        self.result = result


def _told(result: Result) -> str:
    lines = [f"{result.requirement} {result.outcome} ({result.level}) on {result.subject}"]
    for finding in result.findings:
        place = f"{finding.line}:{finding.column}: " if finding.line else ""
        lines.append(f"  {place}{finding.pointer or ''} {finding.message}")
        lines += [
            f"    {name}: {value}"
            for name, value in (
                ("expected", finding.expected), ("actual", finding.actual), ("hint", finding.hint), ("source", finding.source),
            )
            if value
        ]  # fmt: skip
    return "\n".join(lines)


def _bench(config: pytest.Config) -> _Bench:
    made = config.stash.get(_BENCH, None)
    if made is None:
        try:
            made = _made(config)
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None
        config.stash[_BENCH] = made
    return made


def _made(config: pytest.Config) -> _Bench:
    from harness.cli.console import clock  # noqa: PLC0415 - the clock of the command line

    vendor = with_manifests(load_vendor(Path(config.getoption("--vendor"))))
    suite = load_suite()
    profile = suite.profile(vendor.profile)
    terms = Terms(
        clock(config.getoption("--at")),
        profile,
        config.getoption("--engine"),
        anchors=load_anchors(vendor.anchors),
    )
    sources: list[Source] = [FolderWeb(b.web) for b in vendor.bundles if b.web]
    evidence = [one for bundle in vendor.bundles for one in gather_paths([str(bundle.path)])]
    endpoints: tuple[EndpointUnderTest, ...] = ()
    if vendor.live:
        spoken = _spoken_to(vendor, Path(config.getoption("--vendor")), terms)
        sources += spoken.sources
        evidence += spoken.evidence
        endpoints = spoken.endpoints
    closure = Closure(sources, registry().contexts)
    subjects = []
    for credential in (found for one in evidence for found in _credentials(one)):
        web: Mapping[str, Evidence | Absence] = closure.of(credential)
        subjects.append(under_test(credential, suite, terms, web))
    if not subjects and not endpoints:
        raise UsageError("the vendor's bundles hold no credential", hint="Name them in [[bundle]] path.")
    return _Bench(suite, tuple(subjects), endpoints, vendor.components, vendor.roles)


@dataclass(frozen=True)
class _Spoken:
    """What came of every dialogue: the endpoints, what was issued and served, and what answers its references."""

    endpoints: tuple[EndpointUnderTest, ...]
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]


def _spoken_to(vendor: Vendor, path: Path, terms: Terms) -> _Spoken:
    """The endpoints of a vendor after every dialogue with them: what certify would record, kept for this session."""
    from harness.live.documents import documents_in  # noqa: PLC0415 - only where endpoints are asked
    from harness.live.issuer import given_web  # noqa: PLC0415 - only where endpoints are asked
    from harness.live.session import hold  # noqa: PLC0415 - only where endpoints are asked

    assert terms.profile is not None
    with tempfile.TemporaryDirectory() as folder, host_of(vendor) as host:
        text = path.read_text(encoding="utf-8")
        session = hold(
            vendor, text, load_suite(), out=Path(folder), nonce=None, at=terms.at, anew="anew", host=host
        )
    endpoints = tuple(
        subject_class(endpoint.role)(endpoint.role, endpoint.name, session.recording, terms.profile, terms.at)
        for endpoint in vendor.live
    )
    served = documents_in(session.recording, load_suite(), terms.profile)
    sources = (given_web(vendor, session.nonce, session.at), session.web)
    return _Spoken(endpoints, (*session.issued(), *served), sources)


def _credentials(evidence: Evidence | Absence) -> Iterator[Credential]:
    if isinstance(evidence, Evidence):
        yield from read_credentials(evidence)
