"""What a careless resolver does to its link sets, each by its fault; the names are those of the catalogue's mutations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.reference.server.faults import Switchboard
from harness.reference.server.links import PIP, Target
from harness.reference.server.vault import ANONYMOUS

Json = dict[str, Any]
SPACED = "passport v1"
OLDER, ANOTHER = "dpp-pack-item-0", "dpp-foil-batch"
MODEL, OF_MODEL = "/01/09521300002224", "dpp-pack-model"


def muddled_set(value: Json, faults: Switchboard) -> Json:
    """The link set, spoiled by each fault that is on."""
    for name, spoil in SPOILS.items():
        if faults.has(name):
            spoil(value)
    return value


def muddled_targets(url: str, targets: tuple[Target, ...], faults: Switchboard) -> tuple[Target, ...]:
    """What is registered for an identifier: not all of it, or as another type of link, where that is the fault."""
    if faults.has("wallet-only") and url.endswith(MODEL):
        targets = tuple(target for target in targets if not target.href.endswith(f"/{OF_MODEL}"))
    if faults.has("dia-unlinked"):
        targets = tuple(_as("dia", "dcc", target) for target in targets)
    if faults.has("dfr-unlinked"):
        targets = tuple(_as("dfr", "dcc", target) for target in targets)
    return targets


def _as(relation: str, other: str, target: Target) -> Target:
    return replace(target, relation=other) if target.relation == relation else target


def muddled_default(chosen: Target, targets: tuple[Target, ...], faults: Switchboard) -> Target:
    """The target of the default link: an older version, where that is the fault."""
    if faults.has("default-old"):
        return next((t for t in targets if "predecessor-version" in t.members.get("rel", ())), chosen)
    return chosen


def _contexts(value: Json) -> Iterator[Json]:
    yield from value["linkset"]


def _relations(value: Json) -> Iterator[tuple[Json, str]]:
    for context in _contexts(value):
        yield from ((context, name) for name in list(context) if name != "anchor")


def _links(value: Json) -> Iterator[Json]:
    for context, name in _relations(value):
        yield from context[name]


def _relation_as_object(value: Json) -> None:
    for context, name in _relations(value):
        if name == "dcc":
            context[name] = context[name][0]


def _language_as_text(value: Json) -> None:
    for link in _links(value):
        link["hreflang"] = link["hreflang"][0]


def _relation_with_a_blank(value: Json) -> None:
    for context, name in _relations(value):
        if name == "dcc":
            context[SPACED] = context[name]


def _without(member: str, relation: str | None = None) -> Callable[[Json], None]:
    def leave_out(value: Json) -> None:
        for context, name in _relations(value):
            for link in context[name] if relation in (None, name) else ():
                link.pop(member, None)

    return leave_out


def _another_anchor(value: Json) -> None:
    for context in _contexts(value):
        context["anchor"] = context["anchor"].replace("09521300002224", "09521300009995")


def _roles_as_text(value: Json) -> None:
    for link in _links(value):
        if "encryptionMethod" in link:
            link["accessRole"] = link["accessRole"][0]


def _roles_with_a_word(value: Json) -> None:
    for link in _links(value):
        if "encryptionMethod" in link:
            link["accessRole"].append("recycler")


def _without_anonymous(value: Json) -> None:
    for link in _links(value):
        if ANONYMOUS in link.get("accessRole", ()):
            link["accessRole"] = ["untp:accessRole#Owner"]


def _target_of_another(value: Json) -> None:
    for context, name in _relations(value):
        for link in context[name] if name == "dpp" else ():
            if "predecessor-version" in link.get("rel", ()):
                link["href"] = link["href"].replace(OLDER, ANOTHER)


SPOILS: Mapping[str, Callable[[Json], None]] = {
    "anchor-other": _another_anchor,
    "anon-missing": _without_anonymous,
    "enc-unmarked": _without("encryptionMethod"),
    "hreflang-string": _language_as_text,
    "link-notype": _without("type", PIP),
    "linkset-notitle": _without("title", PIP),
    "rel-space": _relation_with_a_blank,
    "role-string": _roles_as_text,
    "role-word": _roles_with_a_word,
    "target-other": _target_of_another,
    "rel-object": _relation_as_object,
}
"""Each fault of link sets by name, that after which a set cannot be gone through any more at the end."""
