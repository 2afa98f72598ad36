"""What a registrar case sees: the register of schemes, its members, and the identity anchors that are found from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from harness.credential import Credential, Document, Node
from harness.exchange import Exchange
from harness.judge.answers import OK, credential_in, web_of
from harness.judge.endpoint import EndpointUnderTest, body_of
from harness.judge.linkset import LinkSet
from harness.judge.resolver import ACCEPTED, linkset_in, listing_of
from harness.judge.security import Security


@dataclass(frozen=True)
class Member:
    """One registered id, as the register resolves it, with the anchor that its link set leads to."""

    subject: RegistrarUnderTest
    url: str

    @property
    def exchange(self) -> Exchange:
        """The exchange that asked for its link set. Raises AbsentError or LineError where there is no answer."""
        return listing_of(self.subject, "member", self.url)

    @property
    def linkset(self) -> LinkSet | None:
        """Its link set, None where there is none."""
        return linkset_in(self.exchange)

    @property
    def anchors(self) -> tuple[tuple[Exchange, Credential], ...]:
        """The identity anchors that its links lead to."""
        links = self.linkset.of("dia") if self.linkset is not None else ()
        asked = [self.subject.exchange("anchor", link.href) for link in links]
        found = ((exchange, credential_in(exchange)) for exchange in asked)
        return tuple((exchange, credential) for exchange, credential in found if credential is not None)


@dataclass(frozen=True)
class RegistrarUnderTest(EndpointUnderTest):
    """One `[[registrar]]` of vendor.toml, as it answered."""

    @property
    def members(self) -> tuple[Member, ...]:
        """The members that were asked for."""
        asked = (exchange.step for exchange in self.of("member"))
        return tuple(Member(self, step) for step in asked if not step.endswith(f" {ACCEPTED}"))

    @cached_property
    def register(self) -> Document | None:
        """The register of schemes, None where none was asked for or it is no JSON."""
        exchange = next(iter(self.of("register")), None)
        answer = exchange.answer if exchange is not None else None
        return body_of(answer) if answer is not None and answer.status == OK else None

    @property
    def schemes(self) -> tuple[str, ...]:
        """The ids of the schemes in the register."""
        if self.register is None:
            return ()
        found = [
            self.register.root.get("id"),
            *(entry.get("id") for entry in self.register.root.each("entries")),
        ]
        return tuple(name for name in found if isinstance(name, str))

    @property
    def ended(self) -> tuple[tuple[Exchange, Credential], ...]:
        """The anchors of registrations that have ended, as far as they still stand."""
        found = ((exchange, credential_in(exchange)) for exchange in self.of("ended"))
        return tuple((exchange, credential) for exchange, credential in found if credential is not None)

    def security(self, credential: Credential) -> Security:
        """The signatures, keys and status of an anchor, from what this endpoint answered."""
        issuer = root_of(credential).get("issuer")
        name = issuer.get("id") if isinstance(issuer, dict) else issuer
        web = web_of(self.exchanges)
        return Security(credential, web, self.at, name if isinstance(name, str) else None, "fast")


SUBJECT = RegistrarUnderTest


def root_of(credential: Credential) -> Node:
    """The credential object of a credential that could be read."""
    assert credential.document is not None
    return credential.document.root


def identities(credential: Credential) -> tuple[Node, ...]:
    """The registered identities of an anchor."""
    subjects = root_of(credential).each("credentialSubject")
    return tuple(node for node in subjects if isinstance(node.value, dict))
