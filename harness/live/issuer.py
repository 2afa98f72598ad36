"""The dialogue with an issuer: every type issued, bad input refused, the same twice, revoked, and inputs of all kinds."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.exchange import Exchange, Line, Request
from harness.gather.adapters import Adapter, Kind, Question, adapter_of, issued_in, put
from harness.gather.web import HeldWeb
from harness.judge.endpoint import SMOKE
from harness.judge.issuer import (
    AGAIN,
    GARBAGE,
    ISSUE,
    LIST,
    REFUSE,
    REVOKE,
    STATUS,
    UNJUDGED,
    VARIATION,
    list_bits,
    list_urls,
)  # fmt: skip
from harness.live import SETUP, LiveTerms
from harness.live.inputs import Input, Inputs, stranger_did
from harness.live.properties import garbage, variations
from harness.reference.chain import bundle_at
from harness.reference.payloads import dump
from harness.reference.surroundings import did_document, did_url
from harness.vendor import Endpoint, Vendor

LOOKS = 4
"""How often a status list is looked at after a revocation, until it shows."""
PAUSE = 1.0
"""Seconds between two looks."""
LIST_ACCEPT = "application/vc+jwt, application/vc, application/json;q=0.9"


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask one issuer all that test_cases/issuer/ judges."""
    adapter, inputs = adapter_of(endpoint), Inputs(vendor, endpoint, terms)
    hello = adapter.hello()
    if hello is not None:
        yield put(line, endpoint, hello, probe=SMOKE, about=SETUP)
    if not inputs.good:
        return
    if hello is None:
        first = inputs.input(inputs.good[0].name, SMOKE)
        about = {**SETUP, UNJUDGED: "the smoke test only shows whether there is an issuer"}
        yield put(line, endpoint, adapter.issue(first.value), probe=SMOKE, about=about)
    for one in inputs.good:
        yield put(
            line, endpoint, adapter.issue(one.value), probe=ISSUE, step=one.name, about={"type": one.type}
        )
    yield from _refused(line, endpoint, adapter, inputs)
    yield from _again(line, endpoint, adapter, inputs.good[0])
    yield from _revoked(line, endpoint, adapter, inputs)
    yield from variations(line, endpoint, adapter, inputs, VARIATION)
    yield from garbage(line, endpoint, adapter, inputs, GARBAGE)


def given_web(vendor: Vendor, nonce: str, at: datetime) -> HeldWeb:
    """What the inputs of a run refer to, all of it under `.example`: the harness answers it itself.

    That is what the good payloads link to, and the DID document of the stranger in whose name issuers were asked to
    sign: so it shows that the key is none of the stranger's.
    """
    answers = {url: answer for url, answer in bundle_at(at).web.items() if isinstance(answer, Evidence)}
    for endpoint in vendor.endpoints.get("issuer", ()):
        did = stranger_did(nonce, endpoint)
        url = did_url(did)
        answers[url] = Evidence(url, dump(did_document(did, ())).encode(), "application/did+json", "given")
    return HeldWeb(answers)


def _refused(line: Line, endpoint: Endpoint, adapter: Adapter, inputs: Inputs) -> Iterator[Exchange]:
    stranger = inputs.stranger()
    for refusal in (*inputs.refusals(), *((stranger,) if stranger is not None else ())):
        about = {"vector": refusal.name, "requirement": refusal.requirement}
        yield put(line, endpoint, adapter.issue(refusal.value), probe=REFUSE, step=refusal.name, about=about)
    for name, question in _unreadable(adapter, inputs.good[0]):
        about = {"vector": name, "requirement": "VCP-JSON-01"}
        yield put(line, endpoint, question, probe=REFUSE, step=name, about=about)


def _unreadable(adapter: Adapter, good: Input) -> Iterator[tuple[str, Question]]:
    """Questions that hold no credential at all."""
    yield "empty-object", adapter.issue({})
    question = adapter.issue(good.value)
    if question.request.method == "POST":
        yield (
            "cut-off-json",
            replace(question, request=_with_body(question.request, question.request.body[:-20])),
        )
        yield "no-json", replace(question, request=_with_body(question.request, b"credential=please"))


def _with_body(request: Request, body: bytes) -> Request:
    return replace(request, body=body)


def _again(line: Line, endpoint: Endpoint, adapter: Adapter, good: Input) -> Iterator[Exchange]:
    about = {UNJUDGED: "the same input was issued before"}
    yield put(line, endpoint, adapter.issue(good.value), probe=AGAIN, step=good.name, about=about)


def _revoked(line: Line, endpoint: Endpoint, adapter: Adapter, inputs: Inputs) -> Iterator[Exchange]:
    """Issue one, look at its list, revoke it, and look again until it shows."""
    one = inputs.input(inputs.good[0].name, STATUS)
    about = {UNJUDGED: "it was issued to be revoked"}
    exchange = put(line, endpoint, adapter.issue(one.value), probe=STATUS, step=ISSUE, about=about)
    yield exchange
    said = issued_in(exchange)
    if said.kind is not Kind.ISSUED:
        return
    value = _document(said.body)
    urls = list_urls(value)
    entry = value.get("credentialStatus")
    entry = entry[0] if isinstance(entry, list) and entry else entry
    question = adapter.revoke(str(value.get("id", "")), entry if isinstance(entry, dict) else {})
    if question is None or not urls:
        return
    yield _list(line, endpoint, urls[0], "before")
    revoked = put(line, endpoint, question, probe=STATUS, step=REVOKE)
    yield revoked
    if revoked.answer is None:
        return
    for number in range(LOOKS):
        if number:
            time.sleep(PAUSE)
        look = _list(line, endpoint, urls[0], f"after-{number + 1}")
        yield look
        if list_bits(said.body, look) != 0:
            return


def _list(line: Line, endpoint: Endpoint, url: str, step: str) -> Exchange:
    request = Request("GET", url, (("accept", LIST_ACCEPT), ("cache-control", "no-cache")))
    return line.ask(request, role=endpoint.role, endpoint=endpoint.name, probe=LIST, step=step, redirects=5)


def _document(body: bytes) -> Mapping[str, Any]:
    credential = next(iter(read_credentials(Evidence("issued", body, "application/vc", "issued"))))
    value = credential.document.value if credential.document is not None else None
    return value if isinstance(value, dict) else {}
