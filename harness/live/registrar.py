"""The dialogue with a registrar: the register of schemes, each member's link to its anchor, and ended registrations."""

from __future__ import annotations

from collections.abc import Iterator

from harness.credential import Credential
from harness.exchange import Exchange, Line
from harness.judge.answers import credential_in
from harness.judge.registrar import identities, root_of
from harness.judge.resolver import linkset_in
from harness.live import LiveTerms
from harness.live.asking import CREDENTIALS, DATA, Asking, checks_of, with_parameters
from harness.live.publisher import ask_did, first_address
from harness.vendor import Endpoint, Vendor

RELATIONS = ("dia", "untp:dia", "untp:digitalIdentityAnchor")
"""The names of the relation that the pages print (CONFLICT-13)."""


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask for all that one registrar shows."""
    del vendor, terms
    asking, row = Asking.to(line, endpoint.role, endpoint.name), endpoint.row
    yield from asking.smoke(first_address(row))
    if "register" in row:
        yield from asking.ask(row["register"], "register", headers={"accept": DATA}, redirects=3)
    for url in row.get("members", ()):
        yield from _member(asking, url)
    for url in row.get("ended", ()):
        for exchange in asking.ask(url, "ended", headers={"accept": CREDENTIALS}, redirects=3):
            yield exchange
            credential = credential_in(exchange)
            if credential is not None:
                yield from _named(asking, credential)
    yield from asking.checks(row, checks_of(endpoint.role))


def _member(asking: Asking, url: str) -> Iterator[Exchange]:
    for exchange in asking.listing(url, "member", url):
        yield exchange
        linkset = linkset_in(exchange)
        for link in linkset.of("dia") if linkset is not None else ():
            for found in asking.ask(link.href, "anchor", headers={"accept": CREDENTIALS}, redirects=3):
                yield found
                credential = credential_in(found)
                if credential is not None:
                    yield from _named(asking, credential)
    for relation in RELATIONS:
        yield from asking.ask(with_parameters(url, linkType=relation), "asked-for", f"{url} {relation}")


def _named(asking: Asking, credential: Credential) -> Iterator[Exchange]:
    issuer = root_of(credential).get("issuer")
    yield from ask_did(asking, issuer.get("id") if isinstance(issuer, dict) else issuer)
    for identity in identities(credential):
        yield from ask_did(asking, identity.get("id"))
    for entry in root_of(credential).each("credentialStatus"):
        url = entry.get("statusListCredential")
        if isinstance(url, str):
            yield from asking.ask(url, "status", headers={"accept": CREDENTIALS}, redirects=3)
