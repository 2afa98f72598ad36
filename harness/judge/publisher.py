"""What a publisher case sees: what was found at the addresses that the vendor publishes at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from harness.credential import Credential, Node
from harness.exchange import Exchange
from harness.judge.answers import credential_in, web_of
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.linkset import LinkSet
from harness.judge.resolver import ACCEPTED, linkset_in, listing_of
from harness.judge.security import Security

SUBJECT_OF = "subject of"
FACILITY_OF = "facility of"
PRODUCT_OF = "product of"
WALLET_OF = "exchanged by wallet"
"""Why an identifier was resolved: a member of `about`, whose value is the credential that names it."""


@dataclass(frozen=True)
class Published:
    """A credential that stands on the web, and the exchange that brought it."""

    exchange: Exchange
    credential: Credential

    @property
    def url(self) -> str:
        """Where it was asked for."""
        return self.exchange.request.url

    @property
    def root(self) -> Node:
        """The credential object."""
        assert self.credential.document is not None
        return self.credential.document.root

    @property
    def issuer(self) -> str:
        """The issuer's id; empty where there is none."""
        issuer = self.root.get("issuer")
        found = issuer.get("id") if isinstance(issuer, dict) else issuer
        return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class PublisherUnderTest(EndpointUnderTest):
    """One `[[publisher]]` of vendor.toml, as it answered."""

    @cached_property
    def credentials(self) -> tuple[Published, ...]:
        """The credentials that were found where they are said to stand."""
        found = ((exchange, credential_in(exchange)) for exchange in self.of("credential"))
        return tuple(
            Published(exchange, credential) for exchange, credential in found if credential is not None
        )

    def security(self, published: Published) -> Security:
        """The signatures, keys and status of a credential, from what this endpoint answered."""
        return Security(
            published.credential, web_of(self.exchanges), self.at, published.issuer or None, "fast"
        )

    def resolved(self, why: str) -> Iterator[tuple[Exchange, LinkSet | None]]:
        """The identifiers that were resolved for a reason, with the link set where there was one.

        Raises AbsentError or LineError where the resolver gave no answer.
        """
        for asked in self.of("identifier"):
            if why in asked.about and not asked.step.endswith(f" {ACCEPTED}"):
                exchange = listing_of(self, "identifier", asked.step)
                yield exchange, linkset_in(exchange)


SUBJECT = PublisherUnderTest
