"""A resolver gives one link, all links or a default, falls back to what is coarser, and says when it knows nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.exchange import Exchange, Trouble
from harness.judge import Findings, case
from harness.judge.answers import OK, redirect_target
from harness.judge.linkset import Link, leads_to, path_of
from harness.judge.resolver import Resolved, ResolverUnderTest, linkset_in, listing_of

NOT_FOUND = 404
UNKNOWN = (404, 410)
TEMPORARY = 307


@case("IDR-QRY-01")
def one_identifier_leads_to_many_links(resolver: ResolverUnderTest) -> Findings:
    """The link set of an identifier can hold several links."""
    items = resolver.identifiers
    if items and all(len(item.links) < 2 for item in items):  # noqa: PLR2004 - many begins with two
        yield resolver.finds(
            items[0].listing or items[0].exchange("linkset"), "no link set holds more than one link",
            expected="two or more links for one of the identifiers", actual="one link at most",
            hint="Register a second link, and name an identifier that has several in [[resolver]].",
        )  # fmt: skip


@case("IDR-QRY-02", when=lambda resolver: resolver.of("carrier"))
def forms_of_one_identifier_resolve_alike(resolver: ResolverUnderTest) -> Findings:
    """The forms in which carriers hold an identifier lead to the same links."""
    first: dict[str, set[tuple[str, str]]] = {}
    for exchange in resolver.of("carrier"):
        number = exchange.step.partition(" ")[0]
        answer = resolver.answer("carrier", exchange.step)
        found = linkset_in(exchange)
        links = {(link.relation, link.href) for link in found.links} if found is not None else set()
        if found is None and answer.hops:
            links = {("default", answer.hops[-1].location)}
        if links != first.setdefault(number, links) or not links:
            yield resolver.finds(
                exchange, "this form of the identifier does not lead to the links of the others",
                expected=f"{len(first[number])} links, those of the first form", actual=f"{len(links)} links",
                hint="Bring each form to the canonical identifier before looking it up.",
            )  # fmt: skip


@case("IDR-QRY-03", when=lambda resolver: any(item.relations for item in resolver.identifiers))
def clients_get_the_link_type_that_they_ask_for(resolver: ResolverUnderTest) -> Findings:
    """A request for one link type leads to a link of that type."""
    for item in resolver.identifiers:
        for relation in _ignored(item):
            yield resolver.finds(
                item.exchange("relation", relation), f"the answer is not about links of type {relation}",
                expected=" or ".join(link.href for link in item.relations[relation]),
                actual=redirect_target(item.exchange("relation", relation)) or "other link types",
                hint="Let linkType select the links.",
            )  # fmt: skip


def _ignored(item: Resolved) -> list[str]:
    """The relations of the identifier itself that are answered with links of another one, in each form of asking."""
    found = []
    for relation, links in item.relations.items():
        forms = [item.exchange("relation", relation), item.find("short", relation)]
        answered = [_about_others(item, relation, links, form) for form in forms if form is not None]
        if all(answered):
            found.append(relation)
    return found


def _about_others(item: Resolved, relation: str, links: tuple[Link, ...], exchange: Exchange) -> bool:
    target, filtered = redirect_target(exchange), linkset_in(exchange)
    if target is not None and path_of(target) == path_of(item.url):
        return False
    if filtered is not None:
        return any(link.relation != relation for link in filtered.links)
    return target is not None and not any(leads_to(target, link.href) for link in links)


@case("IDR-QRY-04")
def a_linkset_can_be_asked_for(resolver: ResolverUnderTest) -> Findings:
    """linkType=linkset is answered with 200 and the list of links."""
    for item in resolver.identifiers:
        exchange = item.exchange("linkset")
        if linkset_in(exchange) is not None:
            continue
        finding = resolver.finds(
            exchange, "linkType=linkset does not give the link set", expected="200 and a link set",
            hint="Answer linkType=linkset with the complete link set.",
        )  # fmt: skip
        older = item.find("all")
        listed = older is not None and linkset_in(older) is not None
        yield finding.excused_by("CONFLICT-17") if listed else finding


@case("IDR-QRY-05", when=lambda resolver: any(item.relations for item in resolver.identifiers))
def a_known_link_type_redirects(resolver: ResolverUnderTest) -> Findings:
    """A link type that there is leads to its target by 307."""
    for item in resolver.identifiers:
        for relation in item.relations:
            exchange = item.exchange("relation", relation)
            forms = [
                form
                for form in (exchange, item.find("short", relation))
                if form is not None and form.answer is not None
            ]
            statuses = [form.answer.status for form in forms if form.answer is not None]
            if TEMPORARY not in statuses:
                yield resolver.finds(
                    exchange, f"the link type {relation} does not lead to its target by 307", expected="307",
                    actual=str(statuses[0]), hint="Answer 307 with the target in Location.",
                )  # fmt: skip


@case("IDR-QRY-08", when=lambda resolver: resolver.of("unknown"))
def unknown_identifiers_are_not_found(resolver: ResolverUnderTest) -> Findings:
    """A well-formed identifier that nobody issued is answered with 404, or sent on to another resolver."""
    for asked in resolver.of("unknown"):
        exchange = resolver.exchange("unknown", asked.step)
        target = redirect_target(exchange)
        elsewhere = target is not None and urlsplit(target).netloc != urlsplit(exchange.request.url).netloc
        if exchange.answer is not None and exchange.answer.status != NOT_FOUND and not elsewhere:
            yield resolver.finds(
                exchange, "an identifier that nobody issued is not told to be unknown",
                expected="404, or a redirect to another resolver", actual=str(exchange.answer.status),
                hint="Answer 404 where there is no record and no resolver to send to.",
            )  # fmt: skip


@case("IDR-QRY-09", when=lambda resolver: any(_coarser(item) for item in resolver.identifiers))
def the_coarser_level_is_the_fallback(resolver: ResolverUnderTest) -> Findings:
    """Link sets list coarser anchors too, and a link type that only they have leads to their link."""
    for item in resolver.identifiers:
        above = _asked(item, "coarser")
        listed = linkset_in(above) if above is not None else None
        known = {link.href for link in item.links}
        lost = [link for link in listed.links if link.href not in known] if listed and item.links else []
        if lost and above is not None and item.listing is not None:
            yield resolver.finds(
                item.listing, "the link set leaves out links of the coarser identifier",
                expected=f"{lost[0].href} at {lost[0].anchor}, too", actual=f"{len(item.links)} links",
                hint="Append the links of each coarser level, under their own anchor.",
            )  # fmt: skip
        another = _asked(item, "fresh")
        if listed and another is not None and another.answer is not None and another.answer.status in UNKNOWN:
            yield resolver.finds(
                another, "an item without a record of its own does not lead to the links of its class",
                expected="the links of the coarser identifier", actual=str(another.answer.status),
                hint="Where nothing is known of an item, answer with the links of its class.",
            )  # fmt: skip
        for link in () if _ignored(item) else item.coarser:
            exchange = item.exchange("relation", link.relation)
            if exchange.answer is not None and exchange.answer.status == OK:
                continue
            hrefs = {other.href for other in item.coarser if other.relation == link.relation}
            if not any(leads_to(redirect_target(exchange), href) for href in hrefs):
                yield resolver.finds(
                    exchange, f"the link of type {link.relation} of the coarser identifier is not reached",
                    expected=f"a redirect to {link.href}", actual=redirect_target(exchange) or "no redirect",
                    hint="Where the item has no such link, use that of its class.",
                )  # fmt: skip


def _coarser(item: Resolved) -> bool:
    above = _asked(item, "coarser")
    return bool(item.coarser) or (above is not None and linkset_in(above) is not None)


def _asked(item: Resolved, probe: str) -> Exchange | None:
    """The exchange that gave the link set of a neighbour of the identifier; None where nobody asked for one."""
    return listing_of(item.subject, probe, item.url) if item.find(probe) is not None else None


@case("IDR-QRY-10", when=lambda resolver: resolver.of("language"))
def the_language_is_honoured(resolver: ResolverUnderTest) -> Findings:
    """Accept-Language selects the target, and the language parameter goes before it."""
    for asked in resolver.of("language"):
        url, relation, language, *parameter = asked.step.split(" ")
        exchange = resolver.exchange("language", asked.step)
        item = next(item for item in resolver.identifiers if item.url == url)
        if relation in _ignored(item):
            continue
        wanted = {
            link.href for link in item.links if link.relation == relation and language in link.languages
        }
        target = redirect_target(exchange)
        if target is not None and not any(leads_to(target, href) for href in wanted):
            means = "the language parameter" if parameter else "Accept-Language"
            yield resolver.finds(
                exchange, f"{means} does not select the target in {language}", expected=" or ".join(sorted(wanted)),
                actual=redirect_target(exchange),
                hint="Compare Accept-Language with hreflang; let the language parameter override it.",
            )  # fmt: skip


@case("IDR-QRY-11")
def redirects_end(resolver: ResolverUnderTest) -> Findings:
    """Redirects do not go in circles and end after five at the latest."""
    for item in resolver.identifiers:
        exchange = item.find("follow")
        if exchange is not None and exchange.trouble is Trouble.REDIRECTS:
            yield resolver.finds(
                exchange, "the redirects do not end", expected="five redirects at most", actual=exchange.reason,
                hint="Send to the target itself, not to an address that sends on.",
            )  # fmt: skip
        elif exchange is None or exchange.answer is None:
            item.exchange("follow")


@case("IDR-SET-02", when=lambda resolver: any(item.linkset for item in resolver.identifiers))
def link_sets_have_their_media_type(resolver: ResolverUnderTest) -> Findings:
    """A link set is sent as application/linkset+json, also where only the Accept header asks for it."""
    for item in resolver.identifiers:
        for form in ("linkset", "accept"):
            exchange = item.exchange(form)
            answer = exchange.answer
            listed = linkset_in(exchange) is not None
            if answer is None or item.listing is None or (form == "linkset" and not listed):
                continue
            if not listed or answer.media_type != "application/linkset+json":
                asked = "Accept: application/linkset+json" if form == "accept" else f"linkType={form}"
                yield resolver.finds(
                    exchange, f"{asked} does not give application/linkset+json", expected="application/linkset+json",
                    actual=answer.header("content-type") if answer.status == OK else str(answer.status),
                    hint="Send the media type of RFC 9264, section 4.2, and negotiate by Accept.",
                )  # fmt: skip
