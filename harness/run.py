"""One run: evidence -> reports on each credential -> record. Commands, pytest and review all come through here."""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import harness
from harness.catalogue import Profile
from harness.credential import Credential, Fault, read_credentials
from harness.evidence import Absence, Evidence
from harness.exchange import Recording
from harness.gather.closure import Closure
from harness.gather.extension import ExtensionFiles
from harness.gather.web import Source
from harness.graph.build import Reading
from harness.judge import Suite, Terms, judge_credential, judge_subject, load_suite, under_test
from harness.judge.bundle import bundle_of, reading_of, run_bundle
from harness.judge.collector import keep_what_is_here
from harness.judge.expected import ExpectedFailure, marked, told
from harness.judge.extension import EXTENSION, extension_under_test, judge_extension
from harness.judge.grounds import SHOWN_REASONS, reasons_of
from harness.judge.issuer import PROVOKED
from harness.model import (
    Finding,
    Level,
    Outcome,
    Requirement,
    Result,
    SubjectReport,
    Verdict,
    verdict_of,
    worst,
)
from harness.semantics.artefacts import Registry, registry
from harness.vendor import LIVE, Endpoint

CHUNK = 40
"""How many pieces of evidence one task of the pool judges."""

TESTED_ROLES = ("issuer", "registrar")
"""The roles that credentials alone can show."""


SHOWN_ROLES = (*TESTED_ROLES, "graph")
"""The same, and what several credentials show together."""


@dataclass(frozen=True)
class Scope:
    """What is claimed: the vendor and product, and the components and roles that count for the verdict."""

    components: tuple[str, ...]
    roles: tuple[str, ...]
    vendor: Mapping[str, Any] = field(default_factory=dict)
    product: Mapping[str, Any] = field(default_factory=dict)
    endpoints: tuple[Endpoint, ...] = ()
    """The live endpoints that the vendor names."""


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
    why = "the input was bad on purpose, and only what fails counts"
    results = tuple(
        result
        if result.outcome in (Outcome.PASSED, Outcome.FAILED)
        else replace(result, outcome=Outcome.NOT_APPLICABLE, findings=(), reason=why)
        for result in report.results
    )
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


def bundle_scope(suite: Suite, profiles: Iterable[str | None]) -> Scope:
    """The scope of a bare check: the components of the types that were found, for roles that credentials show."""
    found = sorted({name for name in profiles if name})
    components = [c for name in found for c in suite.catalogue.profiles[name].components]
    return Scope(tuple(dict.fromkeys(components)), TESTED_ROLES)


def roles_of(suite: Suite, report: SubjectReport) -> frozenset[str]:
    """The roles that a document beside credentials shows, such as the resolver by its link set; none of a credential."""
    profile = suite.catalogue.profiles.get(report.profile or "")
    if profile is None or report.type not in {*profile.documents, EXTENSION}:
        return frozenset()
    return frozenset(result.role for result in report.results) - set(TESTED_ROLES)


JOINED = frozenset({"GRAPH", "MB", "CRM"})
"""The components that only credentials together can show."""

JOINT = "several credentials together show it: untp-crm audit, or certify with GRAPH, MB or CRM in the scope"


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


def make_record(
    judged: Sequence[Judged],
    bench: Bench,
    scope: Scope,
    *,
    profile: Profile | None,
    nonce: str | None = None,
    reproduce: Sequence[str] = (),
    extra: Sequence[Result] = (),
    recording: Recording | None = None,
) -> dict[str, Any]:
    """Put a run together as the record: everything that the report shows, and nothing else."""
    suite = bench.suite
    results = [result for item in judged for result in item.report.results] + list(extra)
    beside = {role for item in judged for role in roles_of(suite, item.report)}
    counting = [r for r in results if r.role in scope.roles or r.role in beside.union(TESTED_ROLES)]
    verdict = worst([*(item.report.verdict for item in judged), *_of_extra(extra)])
    profiles = {item.report.profile for item in judged if item.report.profile}
    heard = {result.requirement for result in results}
    untested = tuple(_untested(suite, profile, profiles, scope, heard))
    named = {r.requirement for r in results} | {r.id for r, _ in untested}
    reasons = reasons_of(counting, suite) if verdict is not Verdict.CONFORMANT else []
    live = {"live": _live(recording or Recording(), scope.endpoints)} if scope.endpoints else {}
    return live | {
        "record": 1,
        "verdict": str(verdict),
        "at": bench.terms.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "nonce": nonce,
        "harness": {"version": harness.__version__, "suite": suite.digest},
        "profile": profile.name if profile else (next(iter(profiles)) if len(profiles) == 1 else None),
        "vendor": dict(scope.vendor) or None,
        "product": dict(scope.product) or None,
        "scope": {
            "profile": profile.name if profile else None,
            "components": list(scope.components),
            "roles": list(scope.roles),
        },
        "roles": _roles(counting, scope.roles),
        "counts": _counts(counting),
        "reasons": reasons[:SHOWN_REASONS],
        "reasons_more": len(reasons[SHOWN_REASONS:]),
        "subjects": [_subject(item.report) for item in judged],
        "requirements": {i: _requirement(suite.catalogue.requirements[i]) for i in sorted(named)},
        "results": [_result(result, bench.terms.expected) for result in results],
        "untested": [{"requirement": r.id, "level": str(r.level), "reason": why} for r, why in untested],
        "conflicts": _conflicts(judged, suite),
        "evidence": _evidence(judged),
        "artefacts": _artefacts(judged, suite),
        "trusted": sorted(bench.terms.anchors.parties),
        "engines": {"mode": bench.terms.engine, **engine_versions()},
        "expected_failures": told(bench.terms.expected, results),
        "reproduce": list(reproduce),
    }


def _live(recording: Recording, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    rows = []
    for endpoint in endpoints:
        said = list(recording.of(endpoint.role, endpoint.name))
        answers = [exchange.answer for exchange in said if exchange.answer is not None]
        rows.append({
            "role": endpoint.role, "name": endpoint.name, "url": endpoint.shown, "asked": len(said),
            "answered": len(answers), "peers": sorted({a.peer for a in answers if a.peer is not None}),
        })  # fmt: skip
    return {"recording": recording.sha256, "endpoints": rows}


def _of_extra(extra: Sequence[Result]) -> list[Verdict]:
    return [verdict_of(extra)] if extra else []


def _roles(results: Iterable[Result], roles: Iterable[str]) -> dict[str, str]:
    by_role: dict[str, list[Result]] = {role: [] for role in roles}
    for result in results:
        by_role.setdefault(result.role, []).append(result)
    return {role: str(verdict_of(found)) for role, found in sorted(by_role.items())}


def _counts(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    counted = Counter((result.level, result.outcome) for result in results)
    return {str(level): {str(o): counted.get((level, o), 0) for o in Outcome} for level in Level}


def _subject(report: SubjectReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "sha256": report.sha256,
        "type": report.type,
        "profile": report.profile,
        "verdict": str(report.verdict),
        "origin": report.origin,
        "bytes": report.size,
        "counts": report.counts(),
    }


def _result(result: Result, expected: Sequence[ExpectedFailure]) -> dict[str, Any]:
    issue = marked(result, expected)
    return result.as_json() | ({"expected_failure": issue} if issue is not None else {})


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "title": requirement.title,
        "statement": requirement.statement,
        "decide": requirement.decide,
        "level": str(requirement.level),
        "basis": str(requirement.basis),
        "role": requirement.role,
        "kind": requirement.kind,
        "component": requirement.component,
        "sources": list(requirement.sources),
        "conflict": requirement.conflict,
    }


def _untested(
    suite: Suite, profile: Profile | None, profiles: Iterable[str], scope: Scope, heard: Container[str]
) -> Iterator[tuple[Requirement, str]]:
    names = [profile.name] if profile else sorted(profiles)
    suites: dict[str, set[str]] = {}
    for item in suite.cases:
        suites.setdefault(item.requirement, set()).add(item.suite)
    seen: set[str] = set()
    for name in names:
        for requirement in suite.catalogue.of(suite.catalogue.profiles[name]):
            found = suites.get(requirement.id, set())
            tables = sorted(found & LIVE.keys())
            joint = found == {"bundle"} and requirement.id not in heard
            alone = found - LIVE.keys() and not joint
            if requirement.id in seen or alone or (tables and requirement.id in heard):
                continue
            if requirement.component in scope.components and requirement.role in scope.roles:
                seen.add(requirement.id)
                why = (
                    JOINT
                    if joint
                    else _why_untested(tables, scope) or requirement.manual or requirement.deferred
                )
                yield requirement, why or "this version has no case for it"


def _why_untested(tables: Sequence[str], scope: Scope) -> str | None:
    if not tables:
        return None
    if {endpoint.role for endpoint in scope.endpoints} & set(tables):
        return "it shows only at a live endpoint, which was not asked for it"
    return f"it shows only at a live endpoint, and vendor.toml names no [[{tables[0]}]]"


def _conflicts(judged: Sequence[Judged], suite: Suite) -> list[dict[str, Any]]:
    met: dict[str, list[str]] = {}
    for item in judged:
        for name in item.report.conflicts:
            met.setdefault(name, []).append(item.report.name)
    return [
        {**suite.catalogue.conflicts[name].as_json(), "subjects": subjects}
        for name, subjects in sorted(met.items())
    ]


def _evidence(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for item in judged:
        report = item.report
        if report.origin != "absent":
            name = report.name.partition("#")[0]
            rows.setdefault((report.sha256, name), {
                "sha256": report.sha256, "media_type": report.media_type, "origin": report.origin,
                "bytes": report.size, "name": name,
            })  # fmt: skip
        for answer in item.web:
            if not isinstance(answer, Absence):
                rows.setdefault((answer.sha256, answer.name), {
                    "sha256": answer.sha256, "media_type": answer.media_type, "origin": answer.origin,
                    "bytes": answer.size if isinstance(answer, Noted) else len(answer.body), "name": answer.name,
                })  # fmt: skip
    return [rows[key] for key in sorted(rows)]


def _artefacts(judged: Sequence[Judged], suite: Suite) -> list[dict[str, Any]]:
    known = registry()
    used = {url for item in judged for url in item.report.contexts if url in known.artefacts}
    for item in judged:
        profile = suite.catalogue.profiles.get(item.report.profile or "")
        kinds = {**profile.types, **profile.documents} if profile else {}
        kind = kinds.get(item.report.type or "")
        if kind is not None:
            files = {kind.schema, kind.extension}
            used |= {a.url for a in known.artefacts.values() if a.kind == "schema" and a.file in files}
    return [_artefact(url, known) for url in sorted(used)]


def _artefact(url: str, known: Registry) -> dict[str, Any]:
    artefact, document = known.artefacts[url], known.document(url)
    return {
        "url": url,
        "sha256": document.sha256,
        "found": document.found,
        "file": artefact.file if document.found == "ours" else None,
        "official_sha256": artefact.sha256,
    }


def engine_versions() -> dict[str, str]:
    """The engines and the interpreter behind a verdict, with their versions."""
    names = (
        "jsonschema",
        "jsonschema-rs",
        "pyld",
        "pyoxigraph",
        "pyshacl",
        "rdflib",
        "shacl",
        "cryptography",
        "joserfc",
    )
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
