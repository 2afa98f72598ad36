"""Whether what was asked of live endpoints was drawn from the nonce of the record: an old recording is not relabelled.

A dialogue takes ids and places from the nonce alone (harness/live): the id of each credential that an issuer is asked
for, and the folder under which everything stands that a verifier is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.exchange import Exchange, nonce_text
from harness.judge.endpoint import SMOKE
from harness.judge.issuer import ISSUE
from harness.listing.rules import Breach
from harness.listing.submission import Submission
from harness.vendor import Endpoint, endpoints_in

ISSUER, VERIFIER = "issuer", "verifier"
ASSIGNS = "assigns"
"""Members that an issuer fills in itself; where the id is one of them, no question shows the nonce."""


def stale_questions(submission: Submission) -> Iterator[Breach]:
    """Endpoints whose questions hold nothing of the nonce that the record states."""
    recording, nonce = submission.store().recording, submission.terms.nonce
    for endpoints in endpoints_in(submission.vendor).values():
        for endpoint in endpoints:
            asked = [one for one in recording.of(endpoint.role, endpoint.name) if one.probe != SMOKE]
            marks = _marks(endpoint, asked, nonce)
            if marks and not any(_holds(exchange, mark) for exchange, mark in marks):
                yield Breach(
                    "REV-NON-02", "What was asked was not drawn from the nonce of the record.",
                    f"evidence/index.json at /exchanges: {endpoint.name}", f"ids drawn from {nonce}", "others",
                )  # fmt: skip


def _marks(endpoint: Endpoint, asked: list[Exchange], nonce: str | None) -> list[tuple[Exchange, str]]:
    """Each question that has to hold a text that only this nonce gives, and that text."""
    if endpoint.role == VERIFIER:
        mark = nonce_text(nonce, VERIFIER, endpoint.name)
        return [(exchange, mark) for exchange in asked]
    if endpoint.role == ISSUER and "id" not in endpoint.row.get(ASSIGNS, ()):
        return [
            (exchange, nonce_text(nonce, endpoint.name, ISSUE, exchange.step))
            for exchange in asked
            if exchange.probe == ISSUE
        ]
    return []


def _holds(exchange: Exchange, mark: str) -> bool:
    request = exchange.request
    return mark in request.url or mark.encode() in request.body
