"""The dialogue about protected data: as a stranger, and with the keys of codes that are made for the test."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from harness.exchange import Exchange, Line
from harness.judge.access_control import CodeUrl, Sealed, credential_of, is_protected
from harness.judge.linkset import is_same
from harness.judge.resolver import linkset_in
from harness.live import LiveTerms
from harness.live.asking import Asking, checks_of
from harness.live.publisher import ask_did, first_address
from harness.trust.decryption import STRONG
from harness.vendor import Endpoint, Vendor

CIPHERTEXT = "application/jose, application/json;q=0.9, */*;q=0.1"


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask as a stranger for what is open and what is not."""
    del vendor, terms
    asking, row = Asking.to(line, endpoint.role, endpoint.name), endpoint.row
    yield from asking.smoke(first_address(row).split("?", maxsplit=1)[0])
    for url in row.get("public", ()):
        yield from asking.ask(url, "public", redirects=5)
    for url in row.get("unguessable", ()):
        yield from asking.ask(url, "unguessable", redirects=3)
        yield from asking.ask(urljoin(url, "/robots.txt"), "robots")
        for folder in folders(url):
            yield from asking.ask(folder, "folder", redirects=3)
    for url in row.get("codes", ()):
        yield from _code(asking, url)
    for url in row.get("short", ()):
        yield from asking.ask(url, "short")
    if "authentication" in row:
        yield from asking.ask(
            row["authentication"], "authentication", headers={"content-type": "application/json"}, method="POST",
            body=b"{}",
        )  # fmt: skip
    yield from asking.checks(row, checks_of(endpoint.role))


def folders(url: str) -> Iterator[str]:
    """The folders above an address, the nearest first, the root last."""
    parts = urlsplit(url)
    path = parts.path.rpartition("/")[0]
    while True:
        yield parts._replace(path=f"{path}/", query="", fragment="").geturl()
        if not path:
            return
        path = path.rpartition("/")[0]


def _code(asking: Asking, url: str) -> Iterator[Exchange]:
    code = CodeUrl(url)
    for exchange in asking.listing(code.identifier, "code", url, {"code": url}):
        yield exchange
        found = linkset_in(exchange)
        for link in found.links if found is not None else ():
            if not is_protected(link) or not is_same(link.anchor, code.identifier):
                continue
            yield from asking.ask(link.href, "sealed", headers={"accept": CIPHERTEXT}, redirects=3)
            answered = asking.answered("sealed", link.href)
            key = code.key
            content = (
                Sealed(link, answered).opened(key if key and len(key) >= STRONG else None)
                if answered
                else None
            )
            credential = credential_of(content, link.href) if content is not None else None
            if credential is not None and credential.document is not None:
                issuer = credential.document.root.get("issuer")
                yield from ask_did(asking, issuer.get("id") if isinstance(issuer, dict) else issuer)
