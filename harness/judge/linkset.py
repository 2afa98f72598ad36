"""A link set as cases read it (RFC 9264, section 4.2): contexts with their anchor, and links with what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from harness.credential import Document, Node

PLAIN = frozenset({"anchor", "description", "itemDescription"})
"""Members of a context object that are no relations."""

TYPES = {
    "dpp": "DigitalProductPassport",
    "dcc": "DigitalConformityCredential",
    "dfr": "DigitalFacilityRecord",
    "dte": "DigitalTraceabilityEvent",
    "dia": "DigitalIdentityAnchor",
}
"""UNTP relations that lead to a credential, and its type."""

_PREFIXES = (
    "untp:",
    "https://vocabulary.uncefact.org/untp/linktype#",
    "https://vocabulary.uncefact.org/untp/",
)
_GS1 = ("https://ref.gs1.org/voc/", "https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
_LONG = {name.lower(): short for short, name in TYPES.items()} | {"idr": "idr", "identityresolver": "idr"}


@dataclass(frozen=True)
class Link:
    """One target of one relation of one anchor."""

    node: Node
    relation: str
    anchor: str

    @property
    def href(self) -> str:
        """Where it leads; empty where that is no string."""
        return self._text("href")

    @property
    def media_type(self) -> str:
        """The media type that it announces."""
        return self._text("type").partition(";")[0].strip().lower()

    @property
    def kind(self) -> str | None:
        """The UNTP relation that it is, in its short form, in whichever form it is written."""
        return kind_of(self.relation)

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags of hreflang."""
        return self._words("hreflang")

    @property
    def rel(self) -> tuple[str, ...]:
        """Further relations of the target, as versions and edit links have them."""
        return self._words("rel")

    @property
    def methods(self) -> tuple[str, ...]:
        """The HTTP method of an update link and the headers that it needs."""
        return self._words("method")

    @property
    def roles(self) -> tuple[str, ...]:
        """The access roles."""
        return self._words("accessRole")

    @property
    def encryption(self) -> str:
        """The encryption method; empty where none is named or it is `none`."""
        named = next(iter(self._words("encryptionMethod")), "")
        return "" if named.lower() == "none" else named

    @property
    def is_update(self) -> bool:
        """Whether it is where updates are sent, not what can be read."""
        return "edit" in self.rel or any(method.upper() == "POST" for method in self.methods[:1])

    @property
    def is_predecessor(self) -> bool:
        """Whether it says that there is a newer version."""
        return "predecessor-version" in self.rel

    def _text(self, name: str) -> str:
        found = self.node.get(name)
        return found if isinstance(found, str) else ""

    def _words(self, name: str) -> tuple[str, ...]:
        return tuple(node.value for node in self.node.each(name) if isinstance(node.value, str))


@dataclass(frozen=True)
class LinkSet:
    """The links of a document; a document that is no link set has none."""

    document: Document

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link, in the order of the document."""
        return tuple(self._links())

    def _links(self) -> Iterator[Link]:
        for context in self.document.root.each("linkset"):
            if not isinstance(context.value, dict):
                continue
            anchor = context.value.get("anchor")
            for name in context.value:
                relation = context[name]
                if name in PLAIN or relation is None:
                    continue
                for target in relation:
                    if isinstance(target.value, dict):
                        yield Link(target, name, anchor if isinstance(anchor, str) else "")

    @property
    def anchors(self) -> tuple[Node, ...]:
        """The anchor of each context that has one."""
        found = (context["anchor"] for context in self.document.root.each("linkset"))
        return tuple(node for node in found if node is not None)

    def of(self, kind: str) -> tuple[Link, ...]:
        """The links of a UNTP relation, in whichever form it is written."""
        return tuple(link for link in self.links if link.kind == kind)


def is_linkset(value: Any) -> bool:
    """Whether a JSON value is a link set by its one member."""
    return isinstance(value, dict) and isinstance(value.get("linkset"), list)


def kind_of(relation: str) -> str | None:
    """The UNTP relation that a name, CURIE or URI stands for, in its short form."""
    low = relation.lower()
    for prefix in _PREFIXES:
        low = low.removeprefix(prefix)
    return low if low in TYPES or low == "idr" else _LONG.get(low)


def asked_as(relation: str) -> tuple[str, ...]:
    """The forms in which a relation is asked for as linkType: as it is written, and as the short name that stands for it."""
    kind = kind_of(relation)
    short = next(
        (f"gs1:{relation.removeprefix(prefix)}" for prefix in _GS1 if relation.startswith(prefix)), kind
    )
    return (relation,) if short in (None, relation) else (relation, str(short))


def leads_to(target: str | None, href: str) -> bool:
    """Whether a redirect leads to the target of a link; a resolver may hand the query on (fwqs of GS1)."""
    if target is None:
        return False
    mine, wanted = urlsplit(target), urlsplit(href)
    same = (_place(mine), mine.path or "/") == (_place(wanted), wanted.path or "/")
    return same and set(parse_qsl(wanted.query)) <= set(parse_qsl(mine.query))


def _place(parts: SplitResult) -> tuple[str, str]:
    port = {"http": ":80", "https": ":443"}.get(parts.scheme.lower(), "")
    return parts.scheme.lower(), parts.netloc.lower().removesuffix(port) if port else parts.netloc.lower()


def path_of(identifier: str) -> tuple[str, ...]:
    """The segments of an identifier: of the path of a URL, or of a URN or DID at its colons."""
    parts = urlsplit(identifier)
    text = parts.path if parts.scheme in ("http", "https") else identifier.replace(":", "/")
    return tuple(segment for segment in text.split("/") if segment)


def covers(anchor: str, identifier: str) -> bool:
    """Whether an anchor is the identifier or a coarser one of it: its segments begin those of the identifier.

    Hosts are not compared, and a resolver may stand under a path: a canonical address and that of the resolver differ.
    A URN or DID covers by its last part.
    """
    if urlsplit(anchor).scheme not in ("http", "https"):
        return bool(path_of(anchor)) and path_of(anchor)[-1] in path_of(identifier)
    mine, wanted = path_of(anchor), path_of(identifier)
    starts = range(len(wanted) - len(mine) + 1 if len(mine) > 1 else 1)
    return bool(mine) and any(wanted[at : at + len(mine)] == mine for at in starts)


def is_same(anchor: str, identifier: str) -> bool:
    """Whether an anchor is the identifier itself."""
    return covers(anchor, identifier) and path_of(anchor)[-1:] == path_of(identifier)[-1:]
