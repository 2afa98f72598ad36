"""What an access-control case sees: codes with their keys, the protected targets that they lead to, and open addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urlsplit, urlunsplit

from harness.credential import Credential, read_credentials
from harness.credential.kinds import CREDENTIAL
from harness.evidence import Evidence
from harness.exchange import Exchange
from harness.judge.answers import OK, web_of
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.linkset import Link, LinkSet, is_same
from harness.judge.resolver import ACCEPTED, linkset_in, listing_of
from harness.judge.security import Security
from harness.trust.decryption import STRONG, Ciphertext, read_bytes, read_ciphertext, read_key

KEYS = ("decryptionKey", "key", "secret")
"""Parameters that hold a key: of 0.7.0, of 0.6.x, and what else is met."""

ANONYMOUS = "untp:accessRole#Anonymous"


@dataclass(frozen=True)
class CodeUrl:
    """What a code on an item resolves to: the query URL of the item, with a key and a role."""

    url: str

    @cached_property
    def _query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.url).query)

    @property
    def parameter(self) -> str:
        """The parameter that holds the key; empty where none does."""
        return next((name for name in KEYS if name in self._query), "")

    @property
    def key(self) -> bytes | None:
        """The key, None where there is none that can be read."""
        return read_key(self._query[self.parameter][0]) if self.parameter else None

    @property
    def role(self) -> str:
        """The access role that it is for: Anonymous where it names none."""
        return self._query.get("accessRole", [ANONYMOUS])[0]

    @property
    def identifier(self) -> str:
        """The item: the URL without its query."""
        return urlunsplit(urlsplit(self.url)._replace(query="", fragment=""))


@dataclass(frozen=True)
class Sealed:
    """One protected target, and what stood there for a stranger."""

    link: Link
    exchange: Exchange

    @property
    def is_served(self) -> bool:
        """Whether there was anything to read, encrypted or not."""
        return self.exchange.answer is not None and self.exchange.answer.status == OK

    @cached_property
    def ciphertext(self) -> Ciphertext | None:
        """It as encrypted content: by its container, or as bytes where the link says that it is encrypted."""
        answer = self.exchange.answer
        if answer is None or not self.is_served:
            return None
        found = read_ciphertext(answer.body)
        return found or (read_bytes(answer.body) if self.link.encryption and not self.plain else None)

    @cached_property
    def plain(self) -> Credential | None:
        """The credential that anybody can read there, None where there is none."""
        answer = self.exchange.answer
        if answer is None or not self.is_served or read_ciphertext(answer.body) is not None:
            return None
        return credential_of(answer.body, self.link.href, answer.media_type)

    def opened(self, key: bytes | None) -> bytes | None:
        """What is in it, by a key; None where that does not open it."""
        return self.ciphertext.open(key) if self.ciphertext is not None and key is not None else None


@dataclass(frozen=True)
class Code:
    """A code of vendor.toml, the link set of its item, and the protected targets in it."""

    subject: AccessControlUnderTest
    address: CodeUrl

    @property
    def exchange(self) -> Exchange:
        """The exchange that asked for the link set. Raises AbsentError or LineError where there is no answer."""
        return listing_of(self.subject, "code", self.address.url)

    @property
    def linkset(self) -> LinkSet | None:
        """The link set of its item, None where there is none."""
        return linkset_in(self.exchange)

    @property
    def key(self) -> bytes | None:
        """The key, where it is one that UNTP allows."""
        key = self.address.key
        return key if key is not None and len(key) >= STRONG else None

    @property
    def sealed(self) -> tuple[Sealed, ...]:
        """The protected targets of its item. Raises AbsentError or LineError where one gave no answer."""
        links = self.linkset.links if self.linkset is not None else ()
        mine = (
            link for link in links if is_protected(link) and is_same(link.anchor, self.address.identifier)
        )
        return tuple(Sealed(link, self.subject.exchange("sealed", link.href)) for link in mine)

    @property
    def opened(self) -> Iterator[tuple[Sealed, bytes]]:
        """The targets that its key opens, with what is in them."""
        for target in self.sealed:
            content = target.opened(self.key)
            if content is not None:
                yield target, content


@dataclass(frozen=True)
class AccessControlUnderTest(EndpointUnderTest):
    """One `[[access_control]]` of vendor.toml, as it answered."""

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The codes, in order."""
        asked = (exchange for exchange in self.of("code") if not exchange.step.endswith(f" {ACCEPTED}"))
        return tuple(Code(self, CodeUrl(exchange.about["code"])) for exchange in asked)

    @property
    def sealed(self) -> tuple[Sealed, ...]:
        """Every protected target, once."""
        found = {target.link.href: target for code in self.codes for target in code.sealed}
        return tuple(found.values())

    def security(self, credential: Credential) -> Security:
        """The signature of a credential that was opened, from what this endpoint answered."""
        assert credential.document is not None
        issuer = credential.document.root.get("issuer")
        name = issuer.get("id") if isinstance(issuer, dict) else issuer
        web = web_of(self.exchanges)
        return Security(credential, web, self.at, name if isinstance(name, str) else None, "fast")


SUBJECT = AccessControlUnderTest


def is_protected(link: Link) -> bool:
    """Whether a link says that not everybody may read its target."""
    return not link.is_update and bool(link.encryption or set(link.roles) - {ANONYMOUS})


def credential_of(body: bytes, name: str, media_type: str = "") -> Credential | None:
    """The credential in some bytes, None where there is none."""
    evidence = Evidence(name, body, media_type, "live")
    return next((found for found in read_credentials(evidence) if found.kind == CREDENTIAL), None)
