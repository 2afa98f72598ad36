"""The dialogue with an identity resolver: what is asked for each identifier, and what then is asked of its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import uri_template

from harness.exchange import Exchange, Line
from harness.judge.linkset import TYPES, Link, LinkSet, asked_as, path_of
from harness.judge.resolver import FORMS, linkset_in
from harness.live import LiveTerms
from harness.live.asking import CREDENTIALS, LINKSET, MOST, READER, Asking, checks_of, with_parameters
from harness.live.gs1 import GTIN, another_gtin, gtin_of, with_wrong_digit
from harness.vendor import Endpoint, Vendor

ACCEPT = {"accept": LINKSET, "origin": READER}
PLACES = 2
"""Segments of one level of an identifier: what it is, and its number."""


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask everything of one resolver."""
    del vendor
    asking = Asking.to(line, endpoint.role, endpoint.name)
    table = prepared(endpoint.row, terms)
    first = urljoin(table["base"], table["identifiers"][0])
    yield from asking.smoke(first)
    for identifier in table["identifiers"]:
        yield from _identifier(
            asking, urljoin(table["base"], identifier), table, terms.fresh("item", identifier)
        )
    for path in table.get("unknown", ()):
        yield from asking.ask(urljoin(table["base"], path), "unknown")
    for number, forms in enumerate(table.get("carriers", ())):
        for form in forms:
            url = with_parameters(urljoin(table["base"], form), linkType="linkset")
            yield from asking.ask(url, "carrier", f"{number} {form}", ACCEPT, redirects=3)
    yield from asking.checks(table, checks_of(endpoint.role))


def prepared(row: Mapping[str, Any], terms: LiveTerms) -> dict[str, Any]:
    """The table with what is derived from it: origin and host, identifiers made up for GS1 paths, URNs in templates."""
    parts = urlsplit(row["base"])
    made = dict(row) | {
        "fresh": terms.fresh("link type"),
        "origin": f"{parts.scheme}://{parts.netloc}",
        "upper_host": parts.netloc.upper(),
    }
    gtins = [gtin for identifier in row["identifiers"] if (gtin := gtin_of(identifier)) is not None]
    if gtins:
        made.setdefault("malformed", [f"{GTIN}/{with_wrong_digit(gtins[0])}"])
        made.setdefault("unknown", [f"{GTIN}/{another_gtin(gtins[0], terms.number('unknown', gtins[0]))}"])
    made["urns"] = [
        {**urn, "query": str(uri_template.expand(urn["template"], id=urn["urn"].rpartition(":")[2]))}
        for urn in row.get("urns", ())
    ]
    return made


def _identifier(asking: Asking, url: str, table: Mapping[str, Any], fresh: str) -> Iterator[Exchange]:
    listing = None
    for form in FORMS:
        asked = url if form == "accept" else with_parameters(url, linkType=form)
        for exchange in asking.ask(asked, form, url, ACCEPT, redirects=3):
            listing = listing or linkset_in(exchange)
            yield exchange
    yield from asking.ask(url, "default")
    yield from asking.ask(url, "follow", redirects=5)
    if len(path_of(url)) > PLACES:
        coarser, level, _ = url.rsplit("/", PLACES)
        yield from asking.listing(coarser, "coarser", url)
        yield from asking.listing(f"{coarser}/{level}/{fresh}", "fresh", url)
    if listing is not None:
        yield from _links(asking, url, listing)
    for role in table.get("variants", ()):
        filtered = with_parameters(url, linkType="linkset", accessRole=role)
        yield from asking.ask(filtered, "variant", f"{url} {role}", ACCEPT, redirects=3)


def _links(asking: Asking, url: str, listing: LinkSet) -> Iterator[Exchange]:
    readable = [link for link in listing.links if not link.is_update]
    for relation in _first(link.relation for link in readable):
        by_type = with_parameters(url, linkType=relation)
        yield from asking.ask(by_type, "relation", f"{url} {relation}")
        for form in asked_as(relation)[1:]:
            yield from asking.ask(with_parameters(url, linkType=form), "short", f"{url} {relation}")
        tags = _first(tag for link in readable if link.relation == relation for tag in link.languages[:1])
        for language in tags if len(tags) > 1 else ():
            step = f"{url} {relation} {language}"
            other = next(tag for tag in tags if tag != language)
            yield from asking.ask(by_type, "language", step, {"accept-language": language})
            asked = with_parameters(by_type, language=language)
            yield from asking.ask(asked, "language", f"{step} parameter", {"accept-language": other})
    for link in readable[:MOST]:
        yield from _target(asking, link)
    for link in listing.links:
        if link.is_update:
            yield from asking.ask(
                link.href, "update", headers={"content-type": "application/json"}, method="POST", body=b"{}"
            )


def _target(asking: Asking, link: Link) -> Iterator[Exchange]:
    if link.kind == "idr":
        yield from asking.ask(link.href, "secondary", headers={"accept": LINKSET}, redirects=3)
    elif link.kind in TYPES:
        yield from asking.ask(link.href, "target", headers={"accept": CREDENTIALS}, redirects=3)


def _first(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))[:MOST]
