"""A recording judged: each endpoint of the vendor, with what was said to it, by the cases of its table."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from harness.exchange import Recording
from harness.judge.case import Case
from harness.judge.endpoint import CUT_SHORT, EndpointUnderTest, trouble_of
from harness.judge.judge import Terms, run_case, unjudged, wanted
from harness.judge.suite import Suite
from harness.model import Outcome, Requirement, Result


@cache
def subject_class(role: str) -> type[EndpointUnderTest]:
    """The class of the subjects of a table: SUBJECT of harness/judge/<table>.py, else EndpointUnderTest."""
    name = f"harness.judge.{role}"
    if importlib.util.find_spec(name) is None:
        return EndpointUnderTest
    found: Any = getattr(importlib.import_module(name), "SUBJECT", EndpointUnderTest)
    return found if issubclass(found, EndpointUnderTest) else EndpointUnderTest


def run_endpoint(
    subject: EndpointUnderTest, suite: Suite, terms: Terms, *, components: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> tuple[Result, ...]:  # fmt: skip
    """Every case of the endpoint's suite that belongs to its profile, in the order of the ids.

    `components` and `roles` are what is claimed; a case of a requirement outside is left out. Where the
    endpoint cannot be spoken to, each case says so: not_run where nobody was there, error otherwise.
    """
    failure = subject.unusable()
    results = []
    for item in suite.cases:
        requirement = suite.catalogue.requirements[item.requirement]
        if (
            item.suite == subject.role
            and wanted(item, terms.only)
            and subject.profile.contains(requirement)
            and (components is None or requirement.component in components)
            and (roles is None or requirement.role in roles)
        ):
            if failure is not None:
                results.append(unjudged(item, requirement, subject.name, failure))
            else:
                results.append(_whole(run_case(item, subject, suite), item, requirement, subject))
    return tuple(results)


def _whole(result: Result, item: Case, requirement: Requirement, subject: EndpointUnderTest) -> Result:
    """The result, unless it says that all is well and not all was asked: then the case was not run."""
    cut = next(iter(subject.of(CUT_SHORT)), None)
    if cut is None or result.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
        return result
    trouble = trouble_of(cut)
    return result if trouble is None else unjudged(item, requirement, subject.name, trouble)


def judge_recording(
    recording: Recording, endpoints: Mapping[str, Sequence[str]], suite: Suite, terms: Terms, *,
    components: Collection[str] | None = None, roles: Collection[str] | None = None,
) -> tuple[Result, ...]:  # fmt: skip
    """Judge every endpoint of a vendor from a recording: `endpoints` are their names by table, spoken to or not.

    The profile is that of the terms; without one there is nothing to judge by.
    """
    if terms.profile is None:
        return ()
    subjects: Iterable[EndpointUnderTest] = (
        subject_class(role)(role, name, recording, terms.profile, terms.at)
        for role, names in endpoints.items()
        for name in names
    )
    return tuple(
        result
        for subject in subjects
        for result in run_endpoint(subject, suite, terms, components=components, roles=roles)
    )
