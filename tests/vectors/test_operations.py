"""Operations that no vector uses yet, and what all of them keep: faults compose, digests follow."""

from __future__ import annotations

from typing import Any

from harness.credential import read_credentials
from harness.evidence import Absence, Evidence
from harness.model import Outcome
from harness.reference.chain import Bundle, issue, reference_bundle
from harness.reference.operations import change
from harness.reference.payloads import linked, load_payloads, multihash
from harness.reference.vectors import apply, load_vectors

from .judging import results

TEST = "untp-0.7.0/dcc-pack-test"
PASSPORT = "untp-0.7.0/dpp-pack-model"
TEMPLATE = "https://cadenza-trace.example/templates/dcc-1.html"


def after(operation: str, name: str = TEST, **arguments: Any) -> Bundle:
    """The good chain after one operation."""
    return issue(change(reference_bundle().plan, name, {"operation": operation, **arguments}))


def outcome(bundle: Bundle, case: str, name: str = TEST) -> Outcome:
    """What one case says of one credential."""
    return next(result.outcome for result in results(bundle, name) if result.case == case)


def body(bundle: Bundle, url: str) -> bytes:
    """The bytes that the web of a bundle answers."""
    answer = bundle.web[url]
    assert isinstance(answer, Evidence)
    return answer.body


def test_a_revoked_credential_is_for_a_person() -> None:
    """A set revocation bit is found, and nothing else is."""
    assert outcome(after("revoke"), "VCP-VAL-08") is Outcome.REVIEW


def test_an_expired_credential_is_for_a_person() -> None:
    """At a later moment the credential has expired."""
    assert outcome(after("clock", at="2032-01-01T00:00:00+00:00"), "VCP-VAL-08") is Outcome.REVIEW


def test_a_linked_document_can_change_or_go() -> None:
    """What a credential links to is altered, or answers 404."""
    altered = after("document", url=TEMPLATE, find="<h1>", replace="<h2>")
    assert body(altered, TEMPLATE) != body(reference_bundle(), TEMPLATE)
    gone = after("document-gone", url=TEMPLATE).web[TEMPLATE]
    assert isinstance(gone, Absence)
    assert gone.fault == "vendor"


def test_a_presentation_is_opened() -> None:
    """A credential that is delivered in a signed presentation is read like any other."""
    bundle = after("delivery", form="presentation")
    (credential,) = read_credentials(bundle.delivered(TEST))
    assert [layer.kind for layer in credential.envelopes] == ["jose", "presentation", "enveloped", "jose"]
    assert outcome(bundle, "VCP-JOSE-15") is Outcome.PASSED


def test_digests_follow_what_is_linked_to() -> None:
    """A passport that gives the digest of a test report is issued anew with the report, so it stays right."""
    broken = next(vector for vector in load_vectors() if vector.name == "sub-of-another")
    bundle = apply(broken, reference_bundle())
    url = load_payloads()[broken.base].url
    (credential,) = read_credentials(bundle.delivered("untp-0.7.0/dte-cathode-delivery"))
    assert credential.document is not None
    digests = {link["linkURL"]: link["digestMultibase"] for link in linked(credential.document.value)}
    assert digests[url] == multihash(body(bundle, url))
    assert digests[url] != multihash(body(reference_bundle(), url))


def test_faults_compose() -> None:
    """A fault on top of another leaves the first where it is."""
    first, second = (
        next(v for v in load_vectors() if v.name == name) for name in ("cty-json", "typ-of-the-working-draft")
    )
    bundle = apply(second, apply(first, reference_bundle()))
    assert outcome(bundle, first.requirement, first.base) is first.expected
    assert outcome(bundle, second.requirement, second.base) is second.expected


def test_digests_on_disk_are_those_of_the_good_chain() -> None:
    """Every digest that a good payload gives for something in the chain is right as it is written."""
    web = reference_bundle().web
    for payload in load_payloads().values():
        for link in linked(payload.value):
            if "digestMultibase" in link:
                assert link["digestMultibase"] == multihash(body(reference_bundle(), link["linkURL"])), (
                    payload.name
                )
            else:
                answer = web[link["linkURL"]]
                assert isinstance(answer, Evidence)
                assert link["hashDigest"] == answer.sha256, payload.name
