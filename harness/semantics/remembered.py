"""The fast expander: pyld with processed contexts remembered, and plain members expanded without it.

It builds on private methods of pyld, whose version is pinned; tests hold it equal to plain pyld.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from pyld.context_resolver import ContextResolver

from harness.credential.strict_json import parse
from harness.evidence import Absence, Evidence
from harness.semantics.artefacts import registry
from harness.semantics.forms import Form, Member, form_of
from harness.semantics.watched import MAX_CONTEXTS, Loader, Objects, WatchedProcessor


class World:
    """Contexts that stay what they are, and what was processed from them: the memory of the fast engine."""

    def __init__(self, contexts: Mapping[str, Any]) -> None:
        self.contexts = contexts
        self.resolved: dict[str, Any] = {}
        self.processed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self.names: dict[tuple[int, str], Any] = {}
        self.terms: dict[tuple[int, str], tuple[str, str | None, bool] | None] = {}
        self.forms: dict[tuple[Any, ...], Form | None] = {}
        self.kept: set[int] = set()
        """Identities of active contexts that `processed` holds, so that they stay theirs."""

    @property
    def size(self) -> int:
        """How much is remembered."""
        return len(self.processed) + len(self.names) + len(self.terms) + len(self.forms)


_worlds: OrderedDict[tuple[str, ...], World] = OrderedDict()
MAX_WORLDS = 16
MAX_PROCESSED = 100_000
LONGEST_NAME = 200
"""Longer strings are values, not names, and are not remembered."""


def world_of(document: Any, web: Mapping[str, Evidence | Absence], objects: Objects) -> World | None:
    """The world of a document whose contexts are all given by URL; None where anything is written inline.

    A context of a vendor is told by the digest of its bytes, so no document sees another's context.
    """
    names = document.get("@context") if isinstance(document, dict) else None
    if (
        not isinstance(names, list)
        or len(names) > MAX_CONTEXTS
        or not all(isinstance(name, str) for name in names)
    ):
        return None
    if any(
        "@context" in value and _is_foreign(value["@context"], names) for value, pointer in objects if pointer
    ):
        return None
    brought: dict[str, Any] = {}
    key = []
    for url in names:
        if url in registry().contexts:
            continue
        answer = web[url]
        if isinstance(answer, Absence):
            return None
        parsed = parse(answer.body)
        context = parsed.value.get("@context") if parsed.valid and isinstance(parsed.value, dict) else None
        if not isinstance(context, dict) or _refers_on(context):
            return None
        brought[url] = parsed.value
        key.append(f"{url} {answer.sha256}")
    return _remembered(tuple(key), brought)


def _remembered(key: tuple[str, ...], brought: Mapping[str, Any]) -> World:
    world = _worlds.get(key)
    if world is None or world.size > MAX_PROCESSED:
        world = _worlds[key] = World(brought)
    _worlds.move_to_end(key)
    while len(_worlds) > MAX_WORLDS:
        _worlds.popitem(last=False)
    return world


def _refers_on(context: dict[str, Any]) -> bool:
    """Whether a context needs another one by URL."""
    todo: list[Any] = [context]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            scoped = item.get("@context")
            if (
                "@import" in item
                or isinstance(scoped, str)
                or (isinstance(scoped, list) and not _all_objects(scoped))
            ):
                return True
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return False


def _all_objects(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _is_foreign(inner: Any, names: list[str]) -> bool:
    """Whether an inner object, such as a proof, brings a context that is not given by URL at the top."""
    return any(
        not isinstance(context, str) or not (context in names or context in registry().contexts)
        for context in (inner if isinstance(inner, list) else [inner])
    )


class RememberingProcessor(WatchedProcessor):
    """The same, with processed contexts remembered: those of a world never change."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def _expand(
        self,
        active_ctx: Any,
        active_property: Any,
        element: Any,
        options: Any,
        inside_list: Any = False,
        inside_index: Any = False,
        type_scoped_ctx: Any = None,
    ) -> Any:
        """By its form, where an object has one; by pyld where it has none."""
        if type(element) is dict and type_scoped_ctx is None and not inside_index:
            form = self._form(active_ctx, active_property, element, options)
            if form is not None and (form.id_name is None or isinstance(element[form.id_name], str)):
                return self._formed(form, element, options)
        return super()._expand(
            active_ctx, active_property, element, options, inside_list, inside_index, type_scoped_ctx
        )

    def _form(self, active_ctx: Any, name: str | None, element: dict[str, Any], options: Any) -> Form | None:
        if id(active_ctx) not in self.world.kept:
            return None
        types = element.get("type")
        if type(types) is list:
            types = tuple(types)
        key = (id(active_ctx), name, types, *element)
        forms = self.world.forms
        try:
            return forms[key]
        except KeyError:
            forms[key] = found = form_of(self, active_ctx, name, element, options)
            return found
        except TypeError:  # types that are no strings, and no key either
            return None

    def _formed(self, form: Form, element: dict[str, Any], options: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if form.id_name is not None:
            made["@id"] = self._reference(form.context, element[form.id_name], options)
        if form.types:
            made["@type"] = list(form.types)
        for member in form.members:
            value = element[member.name]
            if type(value) is list:
                made[member.property] = self._formed_values(member, value, options)
            elif value is not None:
                one = self._formed_value(member, value, options)
                if one is not None:
                    made[member.property] = one if type(one) is list else [one]
        pointer = self.pointers.get(id(element))
        if pointer is not None:
            self._kept.append(made)
            self.places[id(made)] = pointer
        return made

    def _formed_values(self, member: Member, values: list[Any], options: Any) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if type(value) is list:
                found.extend(self._formed_values(member, value, options))
            elif value is not None:
                one = self._formed_value(member, value, options)
                if type(one) is list:
                    found.extend(one)
                elif one is not None:
                    found.append(one)
        return found

    def _formed_value(self, member: Member, value: Any, options: Any) -> Any:
        if type(value) is dict:
            return self._expand(member.context, member.name, value, options)
        kind = member.kind
        if kind is None:
            return {"@value": value}
        if type(value) is str:
            if kind == "@id":
                return {"@id": self._reference(member.context, value, options)}
            if kind == "@vocab":
                return {"@id": self._expand_iri(member.context, value, options["base"], vocab=True)}
        elif kind in ("@id", "@vocab"):
            return {"@value": value}
        return {"@type": kind, "@value": value}

    def _reference(self, active_ctx: Any, value: str, options: Any) -> Any:
        """What stands under @id; an IRI with an authority is absolute and stays what it is."""
        colon = value.find(":")
        if colon > 0 and value.startswith("//", colon + 1) and value[0] != "@":
            return value
        return self._expand_iri(active_ctx, value, options["base"])

    def expand_name(self, active_ctx: Any, name: str) -> str | None:
        """As pyld expands member names."""
        found = self._expand_iri(active_ctx, name, vocab=True)
        return found if isinstance(found, str) else None

    def own_context(self, active_ctx: Any, scoped: Any, element: Any, options: Any) -> tuple[Any, Any, Any]:
        """As pyld prepares the context of an object: reverted, scoped to its property, then to its types."""
        before = active_ctx if active_ctx.get("previousContext") else None
        if before is None or not self._keeps_context(before, element):
            active_ctx = self._revert_to_previous_context(active_ctx)
        if scoped is not None:
            active_ctx = self._process_context(active_ctx, scoped, options, override_protected=True)
        found: tuple[Any, Any, Any] = self._prepare_nested_context(active_ctx, element, options)
        return found

    def _keeps_context(self, active_ctx: Any, element: Mapping[str, Any]) -> bool:
        """Whether an object under a type-scoped context is but a value or a reference, which keeps it."""
        if len(element) > 2:  # noqa: PLR2004 - a value with its type
            return False
        expanded = [self._expand_iri(active_ctx, name, vocab=True) for name in sorted(element)]
        return "@value" in expanded or expanded == ["@id"]

    def value_context(self, active_ctx: Any, scoped: Any, options: Any) -> Any:
        """As pyld prepares the context of the values of a term."""
        return self._process_context(active_ctx, scoped, options, override_protected=True, propagate=True)

    def _resolver(self, loader: Loader) -> ContextResolver:
        loader.brought = self.world.contexts
        return ContextResolver(self.world.resolved, loader)

    def _expand_iri(
        self,
        active_ctx: Any,
        value: Any,
        base: Any = None,
        vocab: Any = False,
        local_ctx: Any = None,
        defined: Any = None,
    ) -> Any:
        if not vocab or base is not None or local_ctx or not isinstance(value, str):
            return super()._expand_iri(active_ctx, value, base, vocab, local_ctx, defined)
        key = (id(active_ctx), value)
        names = self.world.names
        if key not in names:
            expanded = super()._expand_iri(active_ctx, value, None, vocab=True)
            if len(value) > LONGEST_NAME or id(active_ctx) not in self.world.kept:
                return expanded
            names[key] = expanded
        return names[key]

    def _expand_members(self, *arguments: Any) -> None:
        """Plain members here, the rest by pyld: a scalar under a term without container or scope is simple."""
        active_ctx, _property, parent_property, element, expanded, options, *_ = arguments
        plain = None if parent_property == "@reverse" else self._plain(active_ctx, element)
        if plain is None:
            super()._expand_members(*arguments)
            return
        rest = {}
        for name, value in element.items():
            term = plain.get(name)
            if term is None or not isinstance(value, str | int | float):
                rest[name] = value
            else:
                made = self._plain_value(active_ctx, term[1], value, options)
                expanded.setdefault(term[0], []).append(
                    made
                )  # what @nest holds adds to what stands around it
        super()._expand_members(*arguments[:3], rest, *arguments[4:])

    def _plain_value(self, active_ctx: Any, kind: str | None, value: Any, options: Any) -> dict[str, Any]:
        if isinstance(value, str):
            if kind == "@id":
                return {"@id": self._expand_iri(active_ctx, value, options["base"])}
            if kind == "@vocab":
                return {"@id": self._expand_iri(active_ctx, value, options["base"], vocab=True)}
        if kind in (None, "@id", "@vocab", "@none"):
            return {"@value": value}
        return {"@type": kind, "@value": value}

    def _plain(self, active_ctx: Any, element: Mapping[str, Any]) -> dict[str, tuple[str, str | None]] | None:
        """The plain members of an object, by name: IRI and type; None where pyld has to see the whole."""
        if "@language" in active_ctx or "@direction" in active_ctx or id(active_ctx) not in self.world.kept:
            return None
        terms = self.world.terms
        here = id(active_ctx)
        found: dict[str, tuple[str, str | None]] = {}
        properties: set[str] = set()
        for name in element:
            key = (here, name)
            if key not in terms:
                terms[key] = _term(active_ctx, name)
            term = terms[key]
            if term is None:
                return None
            if term[0] in properties:
                return None
            properties.add(term[0])
            if term[2]:
                found[name] = (term[0], term[1])
        return found

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,  # noqa: FBT001
        propagate: bool = True,  # noqa: FBT001
        validate_scoped: bool = True,  # noqa: FBT001
        cycles: Any = None,
    ) -> Any:
        if isinstance(local_ctx, list) and all(isinstance(item, str) for item in local_ctx):
            local: Any = tuple(local_ctx)
        elif isinstance(local_ctx, str):
            local = local_ctx
        elif isinstance(local_ctx, Mapping):  # part of a context of this world: no other reaches this engine
            local = id(local_ctx)
        else:
            return super()._process_context(
                active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles
            )
        options["documentLoader"].note(local_ctx)
        key = (id(active_ctx), local, override_protected, propagate, validate_scoped)
        known = self.world.processed.get(key)
        if known is None:
            made = super()._process_context(
                active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles
            )
            known = self.world.processed[key] = (made, active_ctx, local_ctx)
            self.world.kept.add(id(made))
            if "previousContext" in made:  # held by the context that it comes before
                self.world.kept.add(id(made["previousContext"]))
        return known[0]


_KEYWORDS = frozenset({"@id", "@type", "@context"})
_BESIDE = frozenset({"@container", "@context", "@language", "@direction", "@index", "@nest", "@prefix"})


def _term(active_ctx: Any, name: str) -> tuple[str, str | None, bool] | None:
    """IRI, type and plainness of a member; None where it makes the object one that pyld has to see whole.

    A member that nothing defines is not plain and is left to pyld, under a name that collides with none.
    """
    if name in _KEYWORDS:
        return name, None, False
    mapping = active_ctx["mappings"].get(name)
    if mapping is None or mapping.get("@id") is None:
        return (f"_ {name}", None, False) if not name.startswith("@") and ":" not in name else None
    iri = mapping["@id"]
    if iri in ("@id", "@type"):
        return iri, None, False
    if iri.startswith("@") or mapping.get("reverse"):
        return None
    kind = mapping.get("@type")
    plain = kind != "@json" and not any(mapping.get(key) is not None for key in _BESIDE)
    return iri, kind, plain
