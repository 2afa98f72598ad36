"""The embedded vendor is conformant: nothing is found in any of its credentials."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.judge import load_suite
from harness.model import Verdict
from harness.reference.chain import DEMO_CLOCK, good_plan, issue, reference_bundle
from harness.reference.payloads import load_payloads

from .judging import SETTLED, good_reports, told

TYPES = ("dpp", "dcc", "dfr", "dte", "dia")


@pytest.mark.parametrize("name", load_payloads())
def test_nothing_is_found_in_a_good_twin(name: str) -> None:
    """A good twin passes every requirement that applies to it, with nothing open and nothing not run."""
    reports = good_reports(name)
    open_ends = [result for report in reports for result in report.results if result.outcome not in SETTLED]
    assert [report.verdict for report in reports] == [Verdict.CONFORMANT]
    assert not open_ends, told(open_ends, frozenset(result.outcome for result in open_ends))


@pytest.mark.parametrize("name", load_payloads())
def test_a_good_twin_is_judged_by_its_own_profile(name: str) -> None:
    """The profile and the type of each good twin are told from its own contexts and types."""
    (report,) = good_reports(name)
    assert report.profile == load_payloads()[name].version
    assert report.type == load_payloads()[name].value["type"][0]


def test_the_chain_is_large_enough() -> None:
    """There are at least 15 good credentials of 0.7.0 and 5 of 0.6.1, of all five types."""
    counted = Counter((payload.version, payload.kind) for payload in load_payloads().values())
    assert sum(number for (version, _), number in counted.items() if version == "untp-0.7.0") >= 15
    assert all(counted["untp-0.7.0", kind] >= 2 for kind in TYPES)
    assert all(counted["untp-0.6.1", kind] >= 1 for kind in TYPES)


def test_the_chain_is_the_same_each_time() -> None:
    """Issuing twice gives the same bytes, delivered and on the web."""
    first, second = reference_bundle(), issue(good_plan())
    assert first.evidence == second.evidence
    assert dict(first.web) == dict(second.web)
    assert first.at == second.at == DEMO_CLOCK


def test_status_indexes_are_not_shared() -> None:
    """No two credentials have the same entry of the same status list."""
    entries = Counter(payload.status for payload in load_payloads().values())
    assert [entry for entry, number in entries.items() if number > 1] == []


def test_identifiers_are_not_shared() -> None:
    """No two credentials have the same id."""
    urls = Counter(payload.url for payload in load_payloads().values())
    assert [url for url, number in urls.items() if number > 1] == []


def test_every_case_of_credentials_applies_to_some_good_twin() -> None:
    """No case of the credential suite is left without a good twin that passes it, but for those that need a fault."""
    passed = {
        result.case
        for name in load_payloads()
        for report in good_reports(name)
        for result in report.results
        if str(result.outcome) == "passed"
    }
    of_untp = (case for case in load_suite().cases if not case.requirement.startswith(OF_THE_EXTENSION))
    planned = {case.id for case in of_untp if case.suite == "credential"}
    assert planned - passed <= NEVER_IN_THE_CHAIN


OF_THE_EXTENSION = ("CRM-", "EXT-")
"""Requirements whose good twins are the chains of UNTP-CRM: tests/crm."""

NEVER_IN_THE_CHAIN = frozenset(
    {
        "VCP-DID-12",  # the chain has no did:webvh
        "VCP-JOSE-22",  # nor SD-JWT: tests/judge/test_withheld_validity.py has good ones
        "VCP-STAT-14",  # nor statuses of several bits
        "IDR-ID-02",  # nor identifiers that are register URNs
        "DIA-SCHEME-01-CREDENTIAL",  # nor anchors under a scheme that the UN lists
    }
)  # fmt: skip
