"""Which links the resolver has for which identifier: what credentials are about, pages, versions, updates, secrets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.reference.payloads import Payload

LINKSET = "application/linkset+json"
TOKEN = "application/vc+jwt"
PIP = "https://ref.gs1.org/voc/pip"
"""The relation of product information, by its URI: IANA has none."""
RELATIONS = ("dpp", "dfr", "dia", "dcc", "dte", "idr", PIP)
"""The order of relations; the first one that an identifier has is its default."""


@dataclass(frozen=True)
class Target:
    """One link: the relation and the target object of RFC 9264 with the members that UNTP adds."""

    relation: str
    href: str
    title: str
    media_type: str = TOKEN
    language: str = "en"
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def roles(self) -> tuple[str, ...]:
        """The access roles; none for what is public."""
        return tuple(self.members.get("accessRole", ()))

    @property
    def readable(self) -> bool:
        """Whether a redirect may lead there: not an update link, and the newest version."""
        rel = self.members.get("rel", ())
        return "edit" not in rel and "predecessor-version" not in rel

    def as_json(self) -> dict[str, Any]:
        """The target object."""
        return {
            "href": self.href,
            "title": self.title,
            "type": self.media_type,
            "hreflang": [self.language],
            **self.members,
        }


Links = Mapping[str, tuple[Target, ...]]
"""Identifier -> its links."""


def links_of(payloads: Iterable[Payload], more: Iterable[tuple[str, Target]]) -> Links:
    """The links of every identifier that a credential is about, and further ones."""
    found: dict[str, list[Target]] = defaultdict(list)
    for payload in payloads:
        target = Target(payload.kind, payload.url, str(payload.value["name"]))
        for identifier in about(payload):
            if target not in found[identifier]:
                found[identifier].append(target)
    for identifier, target in more:
        found[identifier].append(target)
    return {
        identifier: tuple(sorted(targets, key=lambda target: RELATIONS.index(target.relation)))
        for identifier, targets in found.items()
    }


def about(payload: Payload) -> Iterator[str]:
    """The identifiers that a credential is about: of its type's subject, not of everything that it mentions."""
    subjects = payload.value["credentialSubject"]
    for subject in subjects if isinstance(subjects, list) else [subjects]:
        match payload.kind:
            case "dia":
                yield str(
                    subject.get("publicInformation") or subject["idScheme"]["id"] + subject["registeredId"]
                )
            case "dcc":
                yield from _assessed(subject)
            case "dte":
                yield from _handled(subject)
            case _:
                yield str(subject["id"])


def _assessed(attestation: Mapping[str, Any]) -> Iterator[str]:
    for assessment in attestation.get("conformityAssessment", ()):
        for member, inner in (("assessedProduct", "product"), ("assessedFacility", "facility")):
            for row in assessment.get(member, ()):
                yield str(row[inner]["id"])


def _handled(event: Mapping[str, Any]) -> Iterator[str]:
    for member in ("inputProduct", "outputProduct", "movedProduct", "modifiedProduct"):
        for row in event.get(member, ()):
            yield str(row["product"]["id"])


def link_set(contexts: Iterable[tuple[str, Iterable[Target]]]) -> dict[str, Any]:
    """A link set (RFC 9264, section 4.2) of anchors with their targets."""
    made = []
    for anchor, targets in contexts:
        context: dict[str, Any] = {"anchor": anchor}
        for target in targets:
            context.setdefault(target.relation, []).append(target.as_json())
        made.append(context)
    return {"linkset": made}
