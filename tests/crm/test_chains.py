"""The three example value chains are conformant under untp-crm, and nothing in them is warned of."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.judge import load_suite
from harness.model import Outcome, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.crm import CHAINS, PROFILE, crm_chain, crm_evidence, crm_web, load_crm_payloads
from harness.reference.payloads import load_payloads

from .judging import good_report, judged, told

CONTEXT = "https://untp-crm.example/0.1/context.jsonld"


@pytest.mark.parametrize("name", load_crm_payloads())
def test_nothing_is_found_in_an_example(name: str) -> None:
    """An example passes all that applies to it: no failure, no warning, nothing open."""
    report = good_report(name)
    assert {result.outcome for result in report.results} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}, told(
        report.results
    )
    assert report.verdict is Verdict.CONFORMANT


@pytest.mark.parametrize("name", load_crm_payloads())
def test_profile_and_type_are_told_from_the_credential(name: str) -> None:
    """The context of the extension leads to its profile, and the most specific type is taken."""
    value = load_crm_payloads()[name].value
    report = judged(crm_evidence(name), profile=None)
    assert report.profile == (PROFILE if CONTEXT in value["@context"] else "untp-0.7.0")
    assert report.type == value["type"][0]


@pytest.mark.parametrize("name", load_crm_payloads())
def test_the_reference_engines_agree(name: str) -> None:
    """The engines that explain say the same as those that are fast."""
    report = judged(crm_evidence(name), engine="reference")
    assert report.results == good_report(name).results


@pytest.mark.parametrize("name", load_crm_payloads())
def test_an_example_is_a_good_credential_of_untp_too(name: str) -> None:
    """Judged as plain UNTP 0.7.0, an extended credential passes all the same."""
    report = judged(crm_evidence(name), profile="untp-0.7.0")
    assert report.verdict is Verdict.CONFORMANT, told(report.results)


def test_every_kind_of_credential_has_its_example() -> None:
    """The chains hold all ten kinds; raw and refined material in several forms, and all four schemes."""
    payloads = load_crm_payloads().values()
    kinds = Counter(payload.value["type"][0] for payload in payloads)
    profile = load_suite().profile(PROFILE)
    assert set(kinds) >= {name for name, spec in profile.types.items() if spec.extends}
    forms = {
        payload.value["credentialSubject"]["characteristics"].get("materialForm")
        for payload in payloads
        if payload.kind == "dpp"
    }
    assert len(forms - {None}) >= 8
    schemes = {
        payload.value["credentialSubject"]["referenceScheme"]["id"]
        for payload in payloads
        if payload.value["type"][0] == "ResponsibleMiningCredential"
    }
    assert len(schemes) == 4


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_goes_from_mine_to_refinery(chain: str) -> None:
    """Each chain has mine, permit, raw and refined passport, event, refinery, attestation and emissions."""
    kinds = {load_crm_payloads()[name].value["type"][0] for name in crm_chain(chain)}
    assert kinds >= {
        "MineSiteRecord", "MiningPermitCredential", "RawMaterialPassport", "RefinedMaterialPassport",
        "SmeltingRefiningEvent", "RefineryRecord", "ResponsibleMiningCredential", "EmissionsIntensityCredential",
        "DigitalIdentityAnchor",
    }  # fmt: skip


def test_every_case_of_the_profile_has_an_example_that_passes() -> None:
    """No CRM or EXT case is without a good example."""
    passed = {
        r.case
        for name in load_crm_payloads()
        for r in good_report(name).results
        if r.outcome is Outcome.PASSED
    }
    planned = {
        c.id for c in load_suite().cases if c.requirement.startswith("CRM-") and c.suite != "bundle"
    } | {"EXT-CTX-03"}
    assert planned - passed == set()


def test_links_between_examples_lead_somewhere() -> None:
    """Each link to a credential of a chain is to one that is there."""
    urls = {payload.url for payload in load_crm_payloads().values()}
    for payload in load_crm_payloads().values():
        for url in _links(payload.value):
            assert not url.startswith("https://credentials.") or url in urls, (payload.name, url)


def test_the_examples_stand_apart_from_the_demo() -> None:
    """The demo vendor issues none of them, and no status entry or id is shared."""
    assert not set(load_crm_payloads()) & set(load_payloads())
    assert not {p.url for p in load_crm_payloads().values()} & {p.url for p in load_payloads().values()}
    assert not {p.status for p in load_crm_payloads().values()} & {p.status for p in load_payloads().values()}
    assert not set(dict(crm_web())) & set(dict(reference_bundle().web))


def _links(value: object) -> list[str]:
    if isinstance(value, dict):
        here = [value["linkURL"]] if isinstance(value.get("linkURL"), str) else []
        return here + [url for child in value.values() for url in _links(child)]
    return [url for child in value for url in _links(child)] if isinstance(value, list) else []
