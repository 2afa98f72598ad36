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
from harness.semantics.watched import MAX_CONTEXTS, Loader, WatchedProcessor


class World:
    """Contexts that stay what they are, and what was processed from them: the memory of the fast engine."""

    def __init__(self, contexts: Mapping[str, Any]) -> None:
        self.contexts = contexts
        self.resolved: dict[str, Any] = {}
        self.processed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self.names: dict[tuple[int, str], Any] = {}
        self.terms: dict[tuple[int, str], tuple[str, str | None, bool] | None] = {}
        self.kept: set[int] = set()
        """Identities of active contexts that `processed` holds, so that they stay theirs."""


_worlds: OrderedDict[tuple[str, ...], World] = OrderedDict()
MAX_WORLDS = 16
MAX_PROCESSED = 100_000
LONGEST_NAME = 200
"""Longer strings are values, not names, and are not remembered."""


def world_of(document: Any, web: Mapping[str, Evidence | Absence]) -> World | None:
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
    if _has_foreign_context(
        {name: value for name, value in document.items() if name != "@context"}, set(names)
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
    if world is None or len(world.processed) + len(world.names) + len(world.terms) > MAX_PROCESSED:
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


def _has_foreign_context(value: Any, names: set[str]) -> bool:
    """Whether an inner object, such as a proof, brings a context that is not given by URL at the top."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            inner = item.get("@context", [])
            for context in inner if isinstance(inner, list) else [inner]:
                if not isinstance(context, str) or not (context in names or context in registry().contexts):
                    return True
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return False


class RememberingProcessor(WatchedProcessor):
    """The same, with processed contexts remembered: those of a world never change."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

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
