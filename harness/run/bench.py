"""The bench: one piece of evidence -> the reports on its credentials, in this process or in a pool; then all together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from harness.catalogue import Profile
from harness.credential import Credential, Fault, read_credentials
from harness.evidence import Absence, Evidence
from harness.gather.closure import Closure
from harness.gather.extension import ExtensionFiles
from harness.gather.web import Source
from harness.graph.build import Reading
from harness.judge import Suite, Terms, judge_credential, judge_subject, load_suite, under_test
from harness.judge.bundle import bundle_of, reading_of, run_bundle
from harness.judge.collector import keep_what_is_here
from harness.judge.extension import extension_under_test, judge_extension
from harness.judge.issuer import PROVOKED, faults_alone
from harness.model import (
    Finding,
    Outcome,
    Result,
    SubjectReport,
    verdict_of,
)
from harness.run.scope import JOINED
from harness.semantics.artefacts import registry

CHUNK = 40
"""How many pieces of evidence one task of the pool judges."""


@dataclass(frozen=True)
class Noted:
    """What is left of evidence whose bytes are no longer held: its name, digest, media type, origin and size."""

    name: str
    sha256: str
    media_type: str
    origin: str
    size: int


@dataclass(frozen=True)
class Judged:
    """The report on one credential and the web evidence that was brought for it."""

    report: SubjectReport
    web: tuple[Evidence | Absence | Noted, ...] = ()
    reading: Reading | None = None
    """What it says for the graph of a bundle, where the bench was told to read it."""


@dataclass(frozen=True)
class Bench:
    """Judges evidence: the terms of the run and the sources that answer references. Can be sent to a worker."""

    terms: Terms
    sources: tuple[Source, ...] = ()
    joins: bool = False
    """Whether what credentials say is kept, so that they can be judged together."""

    @cached_property
    def suite(self) -> Suite:
        """The suite, loaded in each process."""
        return load_suite()

    @cached_property
    def closure(self) -> Closure:
        """The gatherer of references, with its memory."""
        return Closure(self.sources, registry().contexts)

    def judge(self, evidence: Evidence | Absence) -> list[Judged]:
        """Every credential in one piece of evidence, judged."""
        if isinstance(evidence, Absence):
            return [Judged(judge_credential(_unread(evidence), self.suite, self.terms, {}))]
        judged = []
        for credential in read_credentials(evidence):
            web = self.closure.of(credential)
            subject = under_test(credential, self.suite, self.terms, web)
            report = judge_subject(subject, self.suite, self.terms)
            if evidence.origin == PROVOKED:
                report = _faults_alone(report)
            reading = reading_of(subject, report.verdict) if self.joins else None
            judged.append(Judged(report, tuple(web[url] for url in web), reading))
        return judged

    def judge_extension(self, files: ExtensionFiles) -> Judged:
        """An extension, judged by what it publishes; its examples by the core that it extends as well."""

        def judge_core(credential: Credential, profile: Profile) -> tuple[Result, ...]:
            terms = replace(self.terms, profile=profile, only=())
            return judge_credential(credential, self.suite, terms, self.closure.of(credential)).results

        table = next(iter(files.files))
        extension = extension_under_test(
            files.description, files.files, files.examples, self.suite, table=table, judge_core=judge_core
        )
        extension = replace(extension, web=self.closure.bring(extension.published))
        report = judge_extension(extension, self.suite, self.terms, files.files[table])
        return Judged(report, (*list(files.files.values())[1:], *extension.web.values()))

    def judge_all(self, evidence: Iterable[Evidence | Absence], *, jobs: int = 1) -> Iterator[Judged]:
        """Judge everything, in the order of the input whatever the number of jobs."""
        if jobs <= 1:
            for item in evidence:
                yield from self.judge(item)
            return
        with ProcessPoolExecutor(jobs, initializer=_warm_up) as pool:
            pending: list[Any] = []
            for chunk in _chunks(evidence):
                pending.append(pool.submit(_judge_chunk, replace(self), chunk))
                if len(pending) > 2 * jobs:
                    yield from pending.pop(0).result()
            for future in pending:
                yield from future.result()

    def __getstate__(self) -> dict[str, Any]:
        return {"terms": self.terms, "sources": self.sources, "joins": self.joins}


def _faults_alone(report: SubjectReport) -> SubjectReport:
    """The report with what is due to our own bad input taken out: whatever neither passed nor failed."""
    results = tuple(map(faults_alone, report.results))
    return replace(report, results=results, verdict=verdict_of(results))


def _warm_up() -> None:
    load_suite()
    keep_what_is_here()


_benches: dict[str, Bench] = {}


def _judge_chunk(bench: Bench, chunk: Sequence[Evidence | Absence]) -> list[Judged]:
    key = repr((bench.terms, bench.sources, bench.joins))
    mine = _benches.setdefault(key, bench)
    return [judged for item in chunk for judged in mine.judge(item)]


def _chunks(evidence: Iterable[Evidence | Absence]) -> Iterator[list[Evidence | Absence]]:
    chunk: list[Evidence | Absence] = []
    for item in evidence:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _unread(absence: Absence) -> Credential:
    finding = Finding(
        f"{absence.reason}: nothing in it was judged",
        expected="a readable file within the limits",
        actual=absence.reason,
        hint="Give it as a plain file within the limits; the other evidence was judged all the same.",
        blame="harness",
    )
    return Credential(
        absence.name, Evidence(absence.name, b"", "application/octet-stream", "absent"), None, (),
        (Fault("unread", finding),), "unreadable",
    )  # fmt: skip


def bundle_results(judged: Iterable[Judged], bench: Bench, components: Iterable[str]) -> tuple[Result, ...]:
    """What the credentials of a run show together of some components; nothing where none of these asks for it."""
    components = set(components)
    readings = [item.reading for item in judged if item.reading is not None]
    if not readings or not JOINED & components:
        return ()
    profiles = {bench.terms.profile.version: bench.terms.profile} if bench.terms.profile else None
    bundle = bundle_of(readings, bench.suite, roots=bench.terms.anchors.parties, profiles=profiles)
    about = bench.suite.catalogue.requirements
    found = tuple(
        result
        for result in run_bundle(bundle, bench.suite, bench.terms)
        if about[result.requirement].component in components
    )
    return found if any(result.outcome is not Outcome.NOT_APPLICABLE for result in found) else ()
