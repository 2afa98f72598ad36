"""JSON-LD 1.1 expansion that loses nothing silently: each dropped term is named with its place.

pyld does the expansion. Our subclass watches it at the one point where an object is expanded, so
that each node of the result knows the JSON pointer it came from. The fast engine remembers processed
contexts of the registry; the reference engine is pyld as it is. JSON-LD 1.1 API, section 5.1.
"""

from __future__ import annotations

import difflib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from harness.credential.strict_json import escape, parse
from harness.errors import EngineError, SuiteError
from harness.evidence import Absence, Evidence
from harness.semantics.artefacts import registry

MAX_CONTEXTS = 64
MAX_GUESSES = 100
"""For how many undefined names of one document the nearest defined term is looked for."""
MAX_GUESSED = 100
"""Longest name for which it is looked for, in characters."""


@dataclass(frozen=True)
class Dropped:
    """A member that JSON-LD does not keep, or keeps only under a catch-all: nobody signs what it means."""

    pointer: str
    name: str
    reason: str
    """"no mapping", "null mapping", "type-scoped", "catch-all", "relative"."""
    detail: str
    nearest: str | None
    is_type: bool = False


@dataclass(frozen=True)
class ExpansionFault:
    """Why a document cannot be expanded at all: the JSON-LD error code, and the URL or term concerned."""

    code: str
    message: str
    subject: str | None = None
    absence: Absence | None = None


@dataclass(frozen=True)
class Expansion:
    """An expanded document, the place of each of its nodes, and what was lost on the way."""

    expanded: list[Any]
    places: Mapping[int, str]
    dropped: tuple[Dropped, ...] = ()
    fault: ExpansionFault | None = None
    contexts: tuple[str, ...] = ()


def expand(document: Any, web: Mapping[str, Evidence | Absence], *, engine: str) -> Expansion:
    """Expand one document; contexts come from the registry or, where it has none, from the evidence."""
    loader = _Loader(web)
    world = _world(document, web) if engine == "fast" else None
    processor = _Processor() if world is None else _FastProcessor(world)
    processor.pointers = _pointers(document)
    try:
        expanded = processor.expand_in_place(document, loader)
    except JsonLdError as error:
        if loader.ours is not None:
            raise loader.ours from None
        return Expansion([], {}, tuple(processor.dropped), _fault(error, loader), tuple(loader.loaded))
    except (
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        ArithmeticError,
    ) as crash:  # pyld on contexts that it does not foresee
        fault = ExpansionFault("processor crash", f"pyld cannot process it: {type(crash).__name__}: {crash}")
        return Expansion([], {}, tuple(processor.dropped), fault, tuple(loader.loaded))
    except RecursionError:
        fault = ExpansionFault("recursion", "contexts or objects refer to each other without end")
        return Expansion([], {}, tuple(processor.dropped), fault, tuple(loader.loaded))
    dropped = sorted(processor.dropped, key=lambda item: item.pointer)
    return Expansion(expanded, processor.places, tuple(dropped), None, tuple(loader.loaded))


def plain_expand(document: Any, web: Mapping[str, Evidence | Absence]) -> list[Any]:
    """What pyld gives without any watching of ours: the yardstick of the other two."""
    loader = _Loader(web)
    resolver = ContextResolver({}, loader)
    result: list[Any] = jsonld.expand(
        document, {"documentLoader": loader, "contextResolver": resolver, "base": ""}
    )
    return result


class _World:
    """Contexts that stay what they are, and what was processed from them: the memory of the fast engine."""

    def __init__(self, contexts: Mapping[str, Any]) -> None:
        self.contexts = contexts
        self.resolved: dict[str, Any] = {}
        self.processed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self.names: dict[tuple[int, str], Any] = {}
        self.kept: set[int] = set()
        """Identities of active contexts that `processed` holds, so that they stay theirs."""


_worlds: OrderedDict[tuple[str, ...], _World] = OrderedDict()
MAX_WORLDS = 16
MAX_PROCESSED = 100_000
LONGEST_NAME = 200
"""Longer strings are values, not names, and are not remembered."""


def _world(document: Any, web: Mapping[str, Evidence | Absence]) -> _World | None:
    """The world of a document whose contexts are all given by URL; None where anything is written inline.

    A context of a vendor is told by the digest of its bytes, so no document sees another's context.
    """
    names = document.get("@context") if isinstance(document, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
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


def _remembered(key: tuple[str, ...], brought: Mapping[str, Any]) -> _World:
    world = _worlds.get(key)
    if world is None or len(world.processed) + len(world.names) > MAX_PROCESSED:
        world = _worlds[key] = _World(brought)
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


def _pointers(document: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    todo: list[tuple[Any, str]] = [(document, "")]
    while todo:
        value, pointer = todo.pop()
        if isinstance(value, dict):
            found[id(value)] = pointer
            for name, item in value.items():
                if isinstance(item, dict | list):
                    todo.append((item, f"{pointer}/{escape(name)}"))
        elif isinstance(value, list):
            todo.extend(
                (item, f"{pointer}/{index}")
                for index, item in enumerate(value)
                if isinstance(item, dict | list)
            )
    return found


class _Loader:
    """pyld's document loader over registry and evidence; notes what was loaded and what was absent."""

    def __init__(self, web: Mapping[str, Evidence | Absence]) -> None:
        self._web = web
        self.loaded: list[str] = []
        self.absent: Absence | None = None
        self.ours: SuiteError | None = None
        """What is wrong with a context of the registry: pyld would make it a fault of the document."""
        self.broken: tuple[str, str] | None = None
        self.world: _World | None = None

    def __call__(self, url: str, _options: Any = None) -> dict[str, Any]:
        if url not in self.loaded:
            self.loaded.append(url)
        try:
            known = registry().context(url)
        except SuiteError as error:
            self.ours = error
            raise
        reply = {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url}
        if known is None and self.world is not None:
            known = self.world.contexts.get(url)
        if known is not None:
            return {**reply, "document": known, "tag": "static"}
        if len(self.loaded) > MAX_CONTEXTS:
            raise JsonLdError("Too many contexts.", "harness", {"url": url}, code="context overflow")
        answer = self._web[url]
        if isinstance(answer, Absence):
            self.absent = answer
            raise JsonLdError(answer.reason, "harness", {"url": url}, code="loading remote context failed")
        return {**reply, "document": self._parsed(url, answer)}

    def _parsed(self, url: str, answer: Evidence) -> Any:
        parsed = parse(answer.body)
        if not parsed.valid:
            self.broken = (url, parsed.faults[0].message)
            raise JsonLdError(
                parsed.faults[0].message, "harness", {"url": url}, code="invalid remote context"
            )
        return parsed.value


class _Processor(JsonLdProcessor):  # type: ignore[misc]  # pyld has no types
    """pyld, watched: where each object went, and which of its members went nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.pointers: dict[int, str] = {}
        self.places: dict[int, str] = {}
        self.dropped: list[Dropped] = []
        self._kept: list[Any] = []
        self._nearest: dict[str, str | None] = {}

    def expand_in_place(self, document: Any, loader: _Loader) -> list[Any]:
        """As pyld's expand, without its deep copy, so that objects keep their identity."""
        options = {
            "isFrame": False,
            "keepFreeFloatingNodes": False,
            "documentLoader": loader,
            "contextResolver": self._resolver(loader),
            "extractAllScripts": False,
            "processingMode": "json-ld-1.1",
            "base": "",
        }
        active = self._get_initial_context(options)
        expanded = self._expand(active, None, document, options, inside_list=False)
        if isinstance(expanded, dict) and len(expanded) == 1 and "@graph" in expanded:
            expanded = expanded["@graph"]
        elif expanded is None:
            expanded = []
        return expanded if isinstance(expanded, list) else [expanded]

    def _resolver(self, loader: _Loader) -> ContextResolver:
        return ContextResolver({}, loader)

    def _expand_iri(
        self, active_ctx: Any, value: Any, base: Any = None, vocab: Any = False, local_ctx: Any = None, defined: Any = None
    ) -> Any:
        """As pyld's, but what is relative stays relative: without a base pyld invents http://example.org/base/.

        `vocab` is the empty base where pyld expands the name of a property-valued index, and means true.
        """
        if base == "" and "@base" not in active_ctx:
            base = None
        return super()._expand_iri(active_ctx, value, base, vocab == "" or vocab, local_ctx, defined)

    def _expand_object(
        self,
        active_ctx: Any,
        active_property: Any,
        expanded_active_property: Any,
        element: Any,
        expanded_parent: Any,
        options: Any,
        inside_list: bool = False,  # noqa: FBT001, FBT002 - the signature is pyld's
        type_key: Any = None,
        type_scoped_ctx: Any = None,
    ) -> None:
        super()._expand_object(
            active_ctx, active_property, expanded_active_property, element, expanded_parent, options,
            inside_list, type_key, type_scoped_ctx,
        )  # fmt: skip
        pointer = self.pointers.get(id(element))
        if pointer is None:
            return
        self._kept.append(expanded_parent)  # as long as it lives, no other object has its identity
        self.places.setdefault(id(expanded_parent), pointer)
        mappings = active_ctx["mappings"]
        for name in element:
            if name != "@context" and name not in mappings:
                self._undefined(active_ctx, pointer, name)
            elif name in mappings and (mappings[name] is None or mappings[name].get("@id") is None):
                self.dropped.append(
                    Dropped(
                        f"{pointer}/{escape(name)}",
                        name,
                        "null mapping",
                        "a context maps this term to null",
                        None,
                    )
                )
        if type_key is not None and type_key in element and not options["isFrame"]:
            self._types(type_scoped_ctx or active_ctx, pointer, type_key, element[type_key])

    def _undefined(self, active_ctx: Any, pointer: str, name: str) -> None:
        expanded = self._expand_iri(active_ctx, name, vocab=True)
        if isinstance(expanded, str) and expanded.startswith("@"):
            return
        if isinstance(expanded, str) and ":" in expanded:
            if ":" in name or "@vocab" not in active_ctx:
                return
            vocabulary = active_ctx["@vocab"]
            reason, detail = "catch-all", f"only the catch-all vocabulary {vocabulary} takes it"
        else:
            reason, detail = _why_undefined(active_ctx, name)
        nearest = self._nearest_to(name, active_ctx)
        self.dropped.append(Dropped(f"{pointer}/{escape(name)}", name, reason, detail, nearest))

    def _nearest_to(self, name: str, active_ctx: Any) -> str | None:
        """The defined term that looks most alike; for the first names only, as looking takes a while."""
        if name not in self._nearest:
            if len(self._nearest) >= MAX_GUESSES or len(name) > MAX_GUESSED:
                return None
            close = difflib.get_close_matches(name, sorted(_terms(active_ctx)), n=1, cutoff=0.7)
            self._nearest[name] = close[0] if close else None
        return self._nearest[name]

    def _types(self, active_ctx: Any, pointer: str, type_key: str, value: Any) -> None:
        many = isinstance(value, list)
        for index, item in enumerate(value if many else [value]):
            if not isinstance(item, str) or item in active_ctx["mappings"]:
                continue
            expanded = self._expand_iri(active_ctx, item, vocab=True)
            place = f"{pointer}/{escape(type_key)}" + (f"/{index}" if many else "")
            if isinstance(expanded, str) and ":" in expanded:
                if ":" in item or "@vocab" not in active_ctx or expanded.startswith("@"):
                    continue
                reason, detail = "catch-all", f"only the catch-all vocabulary {active_ctx['@vocab']} takes it"
            else:
                reason, detail = "relative", "no context defines this type, so it stays a relative reference"
            nearest = self._nearest_to(item, active_ctx)
            self.dropped.append(Dropped(place, item, reason, detail, nearest, is_type=True))


def _terms(active_ctx: Any) -> set[str]:
    names = set(active_ctx["mappings"])
    return {name for name in names if isinstance(name, str) and not name.startswith("@")}


def _why_undefined(active_ctx: Any, name: str) -> tuple[str, str]:
    for term, mapping in active_ctx["mappings"].items():
        scoped = mapping.get("@context") if mapping else None
        if isinstance(scoped, Mapping) and name in scoped:
            return (
                "type-scoped",
                f"the term exists only inside '{term}'; name that class in 'type' or move the member there",
            )
    return "no mapping", "no context of this credential defines the term"


class _FastProcessor(_Processor):
    """The same, with processed contexts remembered: those of a world never change."""

    def __init__(self, world: _World) -> None:
        super().__init__()
        self.world = world

    def _resolver(self, loader: _Loader) -> ContextResolver:
        loader.world = self.world
        return ContextResolver(self.world.resolved, loader)

    def _expand_iri(
        self,
        active_ctx: Any,
        value: Any,
        base: Any = None,
        vocab: bool = False,
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

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,  # noqa: FBT001, FBT002
        propagate: bool = True,  # noqa: FBT001, FBT002
        validate_scoped: bool = True,  # noqa: FBT001, FBT002
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
        key = (id(active_ctx), local, override_protected, propagate, validate_scoped)
        known = self.world.processed.get(key)
        if known is None:
            made = super()._process_context(
                active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles
            )
            known = self.world.processed[key] = (made, active_ctx, local_ctx)
            self.world.kept.add(id(made))
        for url in local_ctx if isinstance(local_ctx, list) else ():
            if url not in options["documentLoader"].loaded:
                options["documentLoader"].loaded.append(url)
        return known[0]


def _fault(error: JsonLdError, loader: _Loader) -> ExpansionFault:
    inner: BaseException = error
    while isinstance(inner.__cause__, JsonLdError):
        inner = inner.__cause__
    code = str(getattr(inner, "code", None) or getattr(error, "code", None) or "invalid document")
    details = getattr(inner, "details", None) or {}
    subject = details.get("term") or details.get("url") or details.get("context")
    if loader.broken is not None:
        return ExpansionFault("invalid remote context", loader.broken[1], loader.broken[0])
    if loader.absent is not None:
        return ExpansionFault(
            "loading remote context failed", loader.absent.reason, loader.absent.name, loader.absent
        )
    text = str(inner.args[0]) if inner.args else code
    return ExpansionFault(code, text, str(subject) if subject is not None else None)


def require_same(fast: Expansion, reference: Expansion) -> None:
    """Raise EngineError unless both engines expanded to the same document."""
    if fast.expanded != reference.expanded or (fast.fault is None) != (reference.fault is None):
        message = "the remembered contexts expand to something else than pyld does without them"
        raise EngineError(message, hint="Report this with the credential: it is a fault of an engine.")
