"""Links are about the identifier, the newest goes first, and each leads to what it promises."""

from __future__ import annotations

from harness.credential import Credential, Node
from harness.judge import Findings, case
from harness.judge.answers import OK, credential_in, redirect_target
from harness.judge.linkset import TYPES, Link, covers, leads_to, path_of
from harness.judge.resolver import Resolved, ResolverUnderTest, linkset_in
from harness.trust.decryption import read_ciphertext

VERSION_RELATIONS = frozenset(
    {"predecessor-version", "successor-version", "latest-version", "version-history"}
)
SECRET = ("encryptionMethod", "accessRole")
PAGES = ("text/", "image/", "application/pdf", "application/xhtml")
REFUSED = range(400, 500)


@case("IDR-SET-07", when=lambda resolver: any(item.linkset for item in resolver.identifiers))
def anchors_are_the_identifier_or_coarser(resolver: ResolverUnderTest) -> Findings:
    """Each anchor is the identifier that was asked for, or a coarser one of it."""
    for item in resolver.identifiers:
        for anchor in item.linkset.anchors if item.linkset is not None and item.listing is not None else ():
            if not isinstance(anchor.value, str) or not covers(anchor.value, item.url):
                yield resolver.finds(
                    item.listing, "the anchor is another identifier than the one asked for",
                    pointer=anchor.pointer, expected=f"{item.url} or a coarser identifier of it",
                    hint="Return links about the identifier and its coarser levels only.",
                )  # fmt: skip


VERSIONED = ("dpp", "dfr")
"""One product or facility has one of these, in versions; of certificates and events it may have many."""


def _versions(resolver: ResolverUnderTest) -> list[tuple[Resolved, tuple[Link, ...]]]:
    """Links of one type and language whose targets are such a credential about the same thing."""
    groups: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[Link]] = {}
    for item in resolver.identifiers:
        for link in item.own:
            target = resolver.find("target", link.href)
            credential = credential_in(target) if target is not None and link.kind in VERSIONED else None
            if (
                credential is not None
                and not link.roles
                and TYPES[link.kind or ""] in _root(credential).types
            ):
                key = (item.url, link.relation, link.languages, _ids(_root(credential))[:1])
                groups.setdefault(key, []).append(link)
    by_url = {item.url: item for item in resolver.identifiers}
    return [(by_url[key[0]], tuple(links)) for key, links in groups.items() if len(links) > 1]


@case(
    "IDR-SET-08",
    when=lambda resolver: any(link.is_predecessor for _, link in resolver.links) or _versions(resolver),
)
def the_newest_version_is_the_default(resolver: ResolverUnderTest) -> Findings:
    """Of several versions the older ones are marked, and no default leads to one of them."""
    for item, links in _versions(resolver):
        unmarked = [link for link in links if not VERSION_RELATIONS & set(link.rel)]
        if len(unmarked) > 1 and item.listing is not None:
            yield resolver.finds(
                item.listing, "two versions stand side by side, and nothing says which is the newer one",
                pointer=unmarked[1].node.pointer, expected='rel ["predecessor-version"] on the older one',
                hint="Mark older versions with rel predecessor-version.",
            )  # fmt: skip
    for item in resolver.identifiers:
        older = {link.href for link in item.links if link.is_predecessor}
        newer = {link.href for link in item.links if not link.is_predecessor}
        names = [name for name, links in item.relations.items() if any(link.is_predecessor for link in links)]
        for exchange in (item.exchange("default"), *(item.exchange("relation", name) for name in names)):
            target = redirect_target(exchange)
            if any(leads_to(target, href) for href in older - newer) and not any(
                leads_to(target, href) for href in newer
            ):
                yield resolver.finds(
                    exchange, "the default leads to a version that has a successor", expected="the newest version",
                    actual=target, hint="Keep links with rel predecessor-version out of defaults.",
                )  # fmt: skip


@case("IDR-SET-10", when=lambda resolver: resolver.of("secondary"))
def secondary_resolvers_give_link_sets(resolver: ResolverUnderTest) -> Findings:
    """A link of type idr announces application/linkset+json and leads to a link set."""
    for item, link in resolver.links:
        if link.kind != "idr" or item.listing is None:
            continue
        exchange = resolver.exchange("secondary", link.href)
        if linkset_in(exchange) is None or link.media_type not in ("", "application/linkset+json"):
            yield resolver.finds(
                exchange, "the idr link does not lead to a link set that it announces as such",
                expected="type application/linkset+json, and a link set there", actual=link.media_type or "no type",
                hint="Link to the resolver's own answer, and name its media type in the link.",
            )  # fmt: skip


@case("IDR-SET-11", when=lambda resolver: any(link.is_update for _, link in resolver.links))
def update_links_say_how_and_are_closed(resolver: ResolverUnderTest) -> Findings:
    """An update link has rel edit and its method, and takes nothing from a stranger."""
    for item, link in resolver.links:
        if not link.is_update or item.listing is None:
            continue
        if "edit" not in link.rel or not link.methods:
            yield resolver.finds(
                item.listing, "the update link does not say how it is used", pointer=link.node.pointer,
                expected='rel ["edit"] and method, as ["POST"]', hint="Add rel and method to the link.",
            )  # fmt: skip
        elif isinstance(link.node.get("method"), str):
            yield resolver.finds(
                item.listing, "method is a string", pointer=f"{link.node.pointer}/method", expected='["POST"]',
                hint="Write an array that starts with the HTTP method.",
            ).excused_by("CONFLICT-19")  # fmt: skip
        exchange = resolver.exchange("update", link.href)
        if exchange.answer is not None and exchange.answer.status not in REFUSED:
            yield resolver.finds(
                exchange, "an anonymous POST is not refused", expected="401 or 403",
                actual=str(exchange.answer.status), hint="Ask for the key or the credential of the role first.",
            )  # fmt: skip


@case("IDR-TGT-01", when=lambda resolver: any(_readable(link) for _, link in resolver.links))
def targets_are_what_the_link_says(resolver: ResolverUnderTest) -> Findings:
    """A dpp, dcc, dfr, dte or dia link leads to such a credential about its anchor."""
    for item, link in resolver.links:
        if not _readable(link):
            continue
        exchange = resolver.exchange("target", link.href)
        answer = exchange.answer
        if answer is not None and answer.status == OK and read_ciphertext(answer.body) is not None:
            continue
        credential = credential_in(exchange)
        wanted = TYPES[link.kind or ""]
        if credential is None or wanted not in _root(credential).types:
            found = " ".join(_root(credential).types) if credential is not None else None
            yield resolver.finds(
                exchange, f"the target of the {link.kind} link is no {wanted}", expected=wanted,
                actual=found or "no credential", hint="Link to the credential itself, under the relation of its type.",
            )  # fmt: skip
        elif not any(
            _is_about(name, about) for name in _ids(_root(credential)) for about in (link.anchor, item.url)
        ):
            yield resolver.finds(
                exchange, "the credential is about something else than the anchor", expected=link.anchor,
                actual=next(iter(_ids(_root(credential))), "no id"),
                hint="Link each identifier to the credentials about it.",
            )  # fmt: skip


def _readable(link: Link) -> bool:
    """Whether a link announces a credential for everybody: a page for people is another thing."""
    secret = any(link.node[name] for name in SECRET)
    return link.kind in TYPES and not link.is_update and not secret and not link.media_type.startswith(PAGES)


def _root(credential: Credential) -> Node:
    assert credential.document is not None
    return credential.document.root


def _ids(root: Node) -> tuple[str, ...]:
    """Every identifier under the subject."""
    found = root.document.members("id", "registeredId", "itemId", "identifier")
    inside = (node for node in found if node.pointer.startswith("/credentialSubject"))
    return tuple(node.value for node in inside if isinstance(node.value, str))


def _is_about(name: str, anchor: str) -> bool:
    """Whether an id names the anchor, a finer or a coarser level of it; a registered id is the last part of it."""
    if ":" not in name:
        return name in path_of(anchor)[-1:]
    return covers(anchor, name) or covers(name, anchor)
