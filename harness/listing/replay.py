"""Judging again from a submission alone, with the network off: the same evidence, the same record."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Any

from harness.exchange import Recording
from harness.gather.store import EvidenceStore
from harness.gather.web import HeldWeb
from harness.judge import Suite, judge_recording, load_suite
from harness.listing.shown import unshown_claims
from harness.listing.submission import RunTerms, Submission
from harness.model import Finding, Outcome, Result
from harness.run import JOINED, SHOWN_ROLES, Bench, Judged, Noted, Scope, bundle_results, make_record
from harness.vendor import LIVE, endpoints_in


def judge_again(submission: Submission, *, jobs: int = 1) -> dict[str, Any]:
    """The record of the submission's evidence under its terms, made here and now."""
    store = submission.store()
    components = submission.vendor["scope"]["components"]
    terms = submission.terms.judging(load_suite())
    bench = Bench(terms, (HeldWeb(store.web),), joins=bool(JOINED & set(components)))
    judged = list(bench.judge_all(store.given, jobs=jobs))
    data = submission.vendor
    endpoints = tuple(endpoint for rows in endpoints_in(data).values() for endpoint in rows)
    scope = Scope(
        tuple(components), tuple(data["scope"]["roles"]), data["vendor"], data["product"], endpoints
    )
    return record_of(judged, bench, scope, submission.terms, store.recording)


def record_of(
    judged: list[Judged], bench: Bench, scope: Scope, terms: RunTerms, recording: Recording | None = None
) -> dict[str, Any]:
    """The record of a run under these terms; certify, demo and review all make it here.

    `recording` is what was said to the endpoints of the scope: judged here, from its bytes alone.
    """
    said = recording or Recording()
    live = judge_recording(
        said, _names(scope), bench.suite, bench.terms, components=scope.components, roles=scope.roles
    )
    joined = bundle_results(judged, bench, scope.components)
    heard = {result.requirement for result in (*live, *joined)}
    heard |= {result.requirement for item in judged for result in item.report.results}
    extra = [*unheard_roles(scope, bench.suite, terms, heard), *live, *joined]
    if terms.profile is not None:
        given = [*(result for item in judged for result in item.report.results), *extra]
        extra += unshown_claims(scope.components, bench.suite, terms.profile, given)
    return make_record(
        judged, bench, scope, profile=bench.terms.profile, nonce=terms.nonce, extra=extra,
        reproduce=terms.reproduce, recording=said,
    )  # fmt: skip


def _names(scope: Scope) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for endpoint in scope.endpoints:
        names.setdefault(endpoint.role, []).append(endpoint.name)
    return names


def kept(judged: Iterable[Judged], store: EvidenceStore) -> Iterator[Judged]:
    """Pass what was judged through, and keep what the web answered for it."""
    for item in judged:
        store.keep(answer for answer in item.web if not isinstance(answer, Noted))
        yield item


def unheard_roles(scope: Scope, suite: Suite, terms: RunTerms, heard: Container[str]) -> Iterator[Result]:
    """What a case of a claimed role decides and nothing in this run could show is not run: never silently left out.

    Issuers, registrars and graphs are shown by credentials; what --only left out of them is not run all the same.
    What no case decides is told as untested, whatever the role.
    """
    if terms.profile is None:
        return
    suites: dict[str, set[str]] = {}
    for item in suite.cases:
        suites.setdefault(item.requirement, set()).add(item.suite)
    for requirement in suite.catalogue.of(suite.profile(terms.profile)):
        tested = suites.get(requirement.id, set())
        elsewhere = requirement.role in SHOWN_ROLES or "bundle" in tested
        if (
            requirement.role in scope.roles
            and requirement.id not in heard
            and tested
            and (terms.only or not elsewhere)
            and requirement.component in scope.components
        ):
            tables = [table for table in LIVE if table in tested]
            tables = tables or [table for table, shown in LIVE.items() if requirement.role in shown]
            found = _unheard(requirement.role, tables, scope, only=terms.only)
            yield Result(
                requirement.id, requirement.id, requirement.level, requirement.role,
                f"the role {requirement.role}", Outcome.NOT_RUN,
                (replace(found, source=requirement.source),), found.message,
            )  # fmt: skip


def _unheard(role: str, tables: list[str], scope: Scope, *, only: tuple[str, ...]) -> Finding:
    """Why nothing in a run showed what a role has to do: it was left out, no endpoint is named, or it kept silent."""
    if only:
        return Finding(
            "it was left out by --only", hint="Run without --only: the verdict is about all of it."
        )
    wanted = " or ".join(f"[[{table}]]" for table in tables)
    if {endpoint.role for endpoint in scope.endpoints}.isdisjoint(tables):
        return Finding(
            f"vendor.toml claims the role {role}, and names no {role} that could be asked",
            expected=f"a table {wanted} with the address of your {role}",
            actual="none",
            hint=f"Add {wanted} as docs/vendor.md shows, or take {role} out of roles in [scope].",
        )
    return Finding(
        f"nothing that the endpoints of the role {role} said shows it",
        expected=f"an answer that shows it, from an endpoint in {wanted}",
        hint="See in the evidence what was asked and answered; give the endpoint what it needs to be asked about.",
    )
