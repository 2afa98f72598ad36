"""Forms: how an ordinary object expands, worked out once for all objects with the same context, members and types.

Most objects of a bundle have the form of another one. What JSON-LD does with such an object (JSON-LD 1.1 API,
section 5.1.2) then depends on its values in a few simple ways only. What is not ordinary has no form, and pyld
expands it: keywords as values, containers but sets, nesting, reversal, JSON literals, languages, contexts that
are inline or named by URL inside of others, and any member or type that would be dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pyld.jsonld import _is_absolute_iri

TYPE_NAMES = ("type", "@type")
"""Names under which the types of an ordinary object stand."""


class Expander(Protocol):
    """The steps of pyld's processor that a form is worked out with."""

    def expand_name(self, active_ctx: Any, name: str) -> str | None:
        """What a term or IRI means as a member name."""

    def own_context(self, active_ctx: Any, scoped: Any, element: Any, options: Any) -> tuple[Any, Any, Any]:
        """The context of an object, the name of its types, and the context that these are read in."""

    def value_context(self, active_ctx: Any, scoped: Any, options: Any) -> Any:
        """The context of the values of a term that brings one."""


@dataclass(frozen=True, slots=True)
class Member:
    """What becomes of one member: its property, the context of its value, and the type that it is coerced to."""

    name: str
    property: str
    context: Any
    kind: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """What all objects of one form share. `given` keeps the context alive whose identity the form is told by."""

    given: Any
    context: Any
    id_name: str | None
    types: tuple[str, ...]
    members: tuple[Member, ...]


def form_of(
    expander: Expander, given: Any, name: str | None, element: Mapping[str, Any], options: Any
) -> Form | None:
    """The form of an object that stands under a member name, or None where pyld has to see it."""
    if name is None or not _ordinary(given) or _property(given, name) is None:
        return None
    scoped = given["mappings"][name].get("@context")
    if scoped is not None and not isinstance(scoped, Mapping):
        return None
    if "@context" in element or not _plain_types(given, element):
        return None
    active, type_name, typed = expander.own_context(given, scoped, element, options)
    if not _ordinary(active) or not _ordinary(typed) or not _plain_types(typed, element):
        return None
    id_name: str | None = None
    types: tuple[str, ...] = ()
    members = []
    seen: set[str] = set()
    for key in sorted(element):
        found = expander.expand_name(active, key)
        if found is None or found in seen:
            return None
        seen.add(found)
        if found == "@id":
            id_name = key
        elif found == "@type":
            known = _types(typed, element[key]) if key == type_name and key in TYPE_NAMES else None
            if known is None:
                return None
            types = known
        else:
            member = _member(expander, active, key, options)
            if member is None:
                return None
            members.append(member)
    return Form(given, active, id_name, types, tuple(members))


def _ordinary(active_ctx: Any) -> bool:
    return not any(name in active_ctx for name in ("@language", "@direction", "@base"))


def _property(active_ctx: Any, name: str) -> str | None:
    """The IRI of a term of a context that is no keyword, else None."""
    mapping = active_ctx["mappings"].get(name)
    found = mapping.get("@id") if mapping else None
    absolute = isinstance(found, str) and not found.startswith("@") and _is_absolute_iri(found)
    return found if absolute else None


def _plain_types(active_ctx: Any, element: Mapping[str, Any]) -> bool:
    """Whether the types of an object bring no context but objects, so that none is loaded by URL."""
    for name in TYPE_NAMES:
        value = element.get(name)
        for kind in value if isinstance(value, list) else (value,):
            mapping = active_ctx["mappings"].get(kind) if isinstance(kind, str) else None
            scoped = mapping.get("@context") if mapping else None
            if scoped is not None and not isinstance(scoped, Mapping):
                return False
    return True


def _types(active_ctx: Any, value: Any) -> tuple[str, ...] | None:
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    found = [_property(active_ctx, name) for name in names]
    return tuple(iri for iri in found if iri is not None) if None not in found else None


def _member(expander: Expander, active: Any, name: str, options: Any) -> Member | None:
    iri = _property(active, name)
    if iri is None:
        return None
    mapping = active["mappings"][name]
    scoped = mapping.get("@context")
    if scoped is not None and not isinstance(scoped, Mapping):
        return None
    context = active if scoped is None else expander.value_context(active, scoped, options)
    if not _ordinary(context) or _property(context, name) is None:
        return None
    inner = context["mappings"][name]
    for one in (mapping, inner):
        container = one.get("@container") or []
        if any(kind != "@set" for kind in (container if not isinstance(container, str) else [container])):
            return None
        if (
            one.get("reverse")
            or one.get("@type") == "@json"
            or {"@language", "@direction", "@index", "@nest"} & one.keys()
        ):
            return None
    kind = inner.get("@type")
    return Member(name, iri, context, None if kind == "@none" else kind)
