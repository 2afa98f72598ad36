"""pyld, watched: which place of the source each expanded object came from, and which members went nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from harness.credential.strict_json import escape, parse
from harness.errors import SuiteError
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


Objects = Sequence[tuple[dict[str, Any], str]]
"""The objects of a document with their pointers, the document itself first."""


def objects_of(document: Any) -> Objects:
    """Every object of a document with its pointer."""
    found: list[tuple[dict[str, Any], str]] = []
    todo: list[tuple[Any, str]] = [(document, "")]
    while todo:
        value, pointer = todo.pop()
        if isinstance(value, dict):
            found.append((value, pointer))
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


class Loader:
    """pyld's document loader over registry and evidence; notes what was loaded and what was absent."""

    def __init__(self, web: Mapping[str, Evidence | Absence]) -> None:
        self._web = web
        self.loaded: list[str] = []
        self.absent: Absence | None = None
        self.ours: SuiteError | None = None
        """What is wrong with a context of the registry: pyld would make it a fault of the document."""
        self.broken: tuple[str, str] | None = None
        self.brought: Mapping[str, Any] = {}
        """Contexts of vendors that are parsed already, by URL."""

    def __call__(self, url: str, _options: Any = None) -> dict[str, Any]:
        if url not in self.loaded:
            self.loaded.append(url)
        try:
            known = registry().context(url)
        except SuiteError as error:
            self.ours = error
            raise
        reply = {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url}
        if known is None:
            known = self.brought.get(url)
        if known is not None:
            return {**reply, "document": known, "tag": "static"}
        if len(self.loaded) > MAX_CONTEXTS:
            raise JsonLdError("Too many contexts.", "harness", {"url": url}, code="context overflow")
        answer = self._web[url]
        if isinstance(answer, Absence):
            self.absent = answer
            raise JsonLdError(answer.reason, "harness", {"url": url}, code="loading remote context failed")
        return {**reply, "document": self._parsed(url, answer)}

    def note(self, contexts: Any) -> None:
        """Remember which contexts a document names, where they are known already and not loaded again."""
        for url in contexts if isinstance(contexts, list) else [contexts]:
            if isinstance(url, str) and url not in self.loaded:
                self.loaded.append(url)

    def _parsed(self, url: str, answer: Evidence) -> Any:
        parsed = parse(answer.body)
        if not parsed.valid:
            self.broken = (url, parsed.faults[0].message)
            raise JsonLdError(
                parsed.faults[0].message, "harness", {"url": url}, code="invalid remote context"
            )
        return parsed.value


class WatchedProcessor(JsonLdProcessor):  # type: ignore[misc]  # pyld has no types
    """pyld, watched: where each object went, and which of its members went nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.pointers: dict[int, str] = {}
        self.places: dict[int, str] = {}
        self.dropped: list[Dropped] = []
        self._kept: list[Any] = []
        self._nearest: dict[str, str | None] = {}

    def expand_in_place(self, document: Any, loader: Loader) -> list[Any]:
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

    def _resolver(self, loader: Loader) -> ContextResolver:
        return ContextResolver({}, loader)

    def _expand_iri(
        self,
        active_ctx: Any,
        value: Any,
        base: Any = None,
        vocab: Any = False,
        local_ctx: Any = None,
        defined: Any = None,
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
        inside_list: Any = False,
        type_key: Any = None,
        type_scoped_ctx: Any = None,
    ) -> None:
        self._expand_members(
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

    def _expand_members(self, *arguments: Any) -> None:
        """What pyld does with the members of an object."""
        super()._expand_object(*arguments)

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
