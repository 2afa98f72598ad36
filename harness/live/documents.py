"""Documents beside credentials that live endpoints gave: link sets, registers, schemes, profiles and criteria.

What a resolver, a registrar or a vocabulary serves is judged like the same document in a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.catalogue import Profile
from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.exchange import Exchange, Recording
from harness.judge import Suite
from harness.judge.resolver import FORMS
from harness.judge.vocabulary import KINDS

SERVED, REGISTERED = "served", "served beside a register"
"""The origins of documents that a live endpoint gave; the second where the vendor names a register of them too."""

PROBES: Mapping[str, Sequence[str]] = {
    "resolver": FORMS,
    "publisher": ("register",),
    "registrar": ("register",),
    "vocabulary": ("register", "cited", *KINDS),
}
"""What is the vendor's own, by table: link sets that others give for an identifier are not."""

OK = 200


def documents_in(recording: Recording, suite: Suite, profile: Profile) -> Iterator[Evidence]:
    """Each document of a kind that the profile knows, once for each endpoint, named after its address."""
    seen: set[tuple[str, str]] = set()
    beside = {exchange.endpoint for exchange in recording.of("vocabulary") if exchange.probe == "register"}
    for table, probes in PROBES.items():
        for exchange in recording.of(table):
            answer = exchange.answer if exchange.probe in probes else None
            if answer is None or answer.status != OK or (exchange.endpoint, answer.sha256) in seen:
                continue
            seen.add((exchange.endpoint, answer.sha256))
            origin = REGISTERED if table == "vocabulary" and exchange.endpoint in beside else SERVED
            evidence = Evidence(_name(exchange), answer.body, answer.media_type, origin)
            first = next(iter(read_credentials(evidence)))
            if suite.document_kind(first, profile) is not None:
                yield evidence


def _name(exchange: Exchange) -> str:
    """The endpoint and the address: what was asked there is in the recording."""
    return f"{exchange.endpoint} {exchange.request.url}"
