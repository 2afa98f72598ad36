"""Documents beside credentials that live endpoints gave: link sets, registers, schemes, profiles and criteria.

What a resolver, a registrar or a vocabulary serves is judged like the same document in a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.catalogue import Profile
from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.exchange import Exchange, Recording
from harness.judge import Suite

SERVED = "served"
"""The origin of documents that a live endpoint gave."""

TABLES = ("resolver", "publisher", "registrar", "vocabulary", "access_control")
OK = 200


def documents_in(recording: Recording, suite: Suite, profile: Profile) -> Iterator[Evidence]:
    """Each document of a kind that the profile knows, once for each endpoint, named after its address."""
    seen: set[tuple[str, str]] = set()
    for table in TABLES:
        for exchange in recording.of(table):
            answer = exchange.answer
            if answer is None or answer.status != OK or (exchange.endpoint, answer.sha256) in seen:
                continue
            seen.add((exchange.endpoint, answer.sha256))
            evidence = Evidence(_name(exchange), answer.body, answer.media_type, SERVED)
            first = next(iter(read_credentials(evidence)))
            if suite.document_kind(first, profile) is not None:
                yield evidence


def _name(exchange: Exchange) -> str:
    """The endpoint and the address: what was asked there is in the recording."""
    return f"{exchange.endpoint} {exchange.request.url}"
