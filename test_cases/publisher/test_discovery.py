"""What is published is found from the identifiers that it speaks of."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.answers import OK, redirect_target
from harness.judge.endpoint import json_of
from harness.judge.linkset import is_same
from harness.judge.publisher import FACILITY_OF, PRODUCT_OF, SUBJECT_OF, WALLET_OF, PublisherUnderTest


def _named(why: str, publisher: PublisherUnderTest) -> bool:
    return any(why in exchange.about for exchange in publisher.of("identifier"))


@case("IDR-ID-06", when=lambda publisher: _named(SUBJECT_OF, publisher))
def identifiers_can_be_resolved(publisher: PublisherUnderTest) -> Findings:
    """The identifier of a published product or facility resolves to structured data about it."""
    for exchange, linkset in publisher.resolved(SUBJECT_OF):
        answer = exchange.answer
        structured = answer is not None and answer.status == OK and json_of(answer) is not None
        if linkset is None and not structured:
            yield publisher.finds(
                exchange, "the identifier leads to no structured data", expected="a link set or a DID document",
                hint="Let a resolver answer for the identifier, or use a DID whose document is published.",
            )  # fmt: skip


@case("DFR-RES-01", when=lambda publisher: _named(FACILITY_OF, publisher))
def facility_records_are_found_from_passports(publisher: PublisherUnderTest) -> Findings:
    """The facility that a passport names resolves to a link of type dfr."""
    yield from _links(
        publisher, FACILITY_OF, "dfr", "the facility of the passport leads to no facility record"
    )


@case("DTE-DISC-01", when=lambda publisher: _named(PRODUCT_OF, publisher))
def events_are_found_from_products(publisher: PublisherUnderTest) -> Findings:
    """The goods that an event names resolve to a link of type dte."""
    yield from _links(publisher, PRODUCT_OF, "dte", "the product of the event leads to no event")


def _links(publisher: PublisherUnderTest, why: str, kind: str, message: str) -> Findings:
    for exchange, linkset in publisher.resolved(why):
        if linkset is None or not linkset.of(kind):
            yield publisher.finds(
                exchange, message, expected=f"a link of type {kind}",
                actual=", ".join(link.relation for link in linkset.links) if linkset else "no link set",
                hint=f"Register the credential with the resolver, as {kind} of this identifier.",
            )  # fmt: skip


@case("VCP-PUB-01", when=lambda publisher: _named(WALLET_OF, publisher))
def wallet_credentials_are_found_by_the_resolver_too(publisher: PublisherUnderTest) -> Findings:
    """A credential that is exchanged by wallet is linked from the identifier of its subject."""
    for exchange, linkset in publisher.resolved(WALLET_OF):
        url = exchange.about[WALLET_OF]
        hrefs = [link.href for link in linkset.links] if linkset else []
        if not any(href == url or is_same(href, url) for href in hrefs) and redirect_target(exchange) != url:
            yield publisher.finds(
                exchange, "the resolver has no link to the credential", expected=f"a link to {url}",
                actual=f"{len(hrefs)} other links", hint="Register the credential with the resolver as well.",
            )  # fmt: skip
