"""Judging again from a submission alone, with the network off: the same evidence, the same record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from harness.gather.store import EvidenceStore
from harness.gather.web import HeldWeb
from harness.judge import Suite, load_suite
from harness.listing.submission import RunTerms, Submission
from harness.model import Finding, Outcome, Result
from harness.run import JOINED, TESTED_ROLES, Bench, Judged, Scope, bundle_results, make_record


def judge_again(submission: Submission, *, jobs: int = 1) -> dict[str, Any]:
    """The record of the submission's evidence under its terms, made here and now."""
    store = submission.store()
    components = submission.vendor["scope"]["components"]
    terms = submission.terms.judging(load_suite())
    bench = Bench(terms, (HeldWeb(store.web),), joins=bool(JOINED & set(components)))
    judged = list(bench.judge_all(store.given, jobs=jobs))
    data = submission.vendor
    scope = Scope(tuple(components), tuple(data["scope"]["roles"]), data["vendor"], data["product"])
    return record_of(judged, bench, scope, submission.terms)


def record_of(judged: list[Judged], bench: Bench, scope: Scope, terms: RunTerms) -> dict[str, Any]:
    """The record of a run under these terms; certify, demo and review all make it here."""
    profile = bench.terms.profile
    extra = [*unheard_roles(scope, bench.suite, terms), *bundle_results(judged, bench, scope.components)]
    return make_record(
        judged, bench, scope, profile=profile, nonce=terms.nonce, extra=extra, reproduce=terms.reproduce
    )


def kept(judged: Iterable[Judged], store: EvidenceStore) -> Iterator[Judged]:
    """Pass what was judged through, and keep what the web answered for it."""
    for item in judged:
        store.keep(item.web)
        yield item


def unheard_roles(scope: Scope, suite: Suite, terms: RunTerms) -> Iterator[Result]:
    """A claimed role that credentials alone cannot show is not run: never silently left out."""
    if terms.profile is None:
        return
    joined = {item.requirement for item in suite.cases if item.suite == "bundle"}
    for requirement in suite.catalogue.of(suite.profile(terms.profile)):
        if (
            requirement.role in scope.roles
            and requirement.id not in joined
            and requirement.role not in TESTED_ROLES
            and requirement.component in scope.components
        ):
            reason = (
                f"the role {requirement.role} is tested at its endpoint, and this version has no suite for it"
            )
            yield Result(
                requirement.id, requirement.id, requirement.level, requirement.role, "endpoint", Outcome.NOT_RUN,
                (Finding(reason, source=requirement.source),), reason,
            )  # fmt: skip
