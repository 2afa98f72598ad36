"""The record of a run: everything that a report shows, put together from the reports on each credential."""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

import harness
from harness.catalogue import Profile
from harness.evidence import Absence
from harness.exchange import Recording
from harness.judge import Suite
from harness.judge.expected import ExpectedFailure, marked, told
from harness.judge.grounds import SHOWN_REASONS, reasons_of
from harness.model import (
    Level,
    Outcome,
    Requirement,
    Result,
    SubjectReport,
    Verdict,
    verdict_of,
    worst,
)
from harness.run.bench import Bench, Judged, Noted
from harness.run.scope import JOINT, TESTED_ROLES, Scope, roles_of
from harness.semantics.artefacts import Registry, registry
from harness.vendor import LIVE, Endpoint


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
