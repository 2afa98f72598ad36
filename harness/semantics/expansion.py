"""JSON-LD 1.1 expansion that loses nothing silently: each dropped term is named with its place.

pyld does the expansion. `watched` looks on at the one point where an object is expanded, so that each
node of the result knows the JSON pointer it came from; `remembered` is the fast engine, which keeps
processed contexts; the reference engine is pyld as it is. JSON-LD 1.1 API, section 5.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError

from harness.errors import EngineError
from harness.evidence import Absence, Evidence
from harness.semantics.remembered import RememberingProcessor, world_of
from harness.semantics.watched import Dropped, Loader, Objects, WatchedProcessor, objects_of


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
    """URLs of the contexts that were needed, sorted."""


def expand(
    document: Any, web: Mapping[str, Evidence | Absence], *, engine: str, objects: Objects | None = None
) -> Expansion:
    """Expand one document; contexts come from the registry or, where it has none, from the evidence.

    `objects` are its objects with their pointers, for those who have looked for them already.
    """
    loader = Loader(web)
    objects = objects_of(document) if objects is None else objects
    world = world_of(document, web, objects) if engine == "fast" else None
    processor = WatchedProcessor() if world is None else RememberingProcessor(world)
    processor.pointers = {id(value): pointer for value, pointer in objects}
    try:
        expanded = processor.expand_in_place(document, loader)
    except JsonLdError as error:
        if loader.ours is not None:
            raise loader.ours from None
        return Expansion([], {}, tuple(processor.dropped), _fault(error, loader), _used(loader))
    except (
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        ArithmeticError,
    ) as crash:  # pyld on contexts that it does not foresee
        fault = ExpansionFault("processor crash", f"pyld cannot process it: {type(crash).__name__}: {crash}")
        return Expansion([], {}, tuple(processor.dropped), fault, _used(loader))
    except RecursionError:
        fault = ExpansionFault("recursion", "contexts or objects refer to each other without end")
        return Expansion([], {}, tuple(processor.dropped), fault, _used(loader))
    dropped = sorted(processor.dropped, key=lambda item: item.pointer)
    return Expansion(expanded, processor.places, tuple(dropped), None, _used(loader))


def plain_expand(document: Any, web: Mapping[str, Evidence | Absence]) -> list[Any]:
    """What pyld gives without any watching of ours: the yardstick of the other two."""
    loader = Loader(web)
    resolver = ContextResolver({}, loader)
    result: list[Any] = jsonld.expand(
        document, {"documentLoader": loader, "contextResolver": resolver, "base": ""}
    )
    return result


def _used(loader: Loader) -> tuple[str, ...]:
    """The contexts that were needed, in an order that no memory of earlier documents changes."""
    return tuple(sorted(loader.loaded))


def _fault(error: JsonLdError, loader: Loader) -> ExpansionFault:
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


__all__ = ["Dropped", "Expansion", "ExpansionFault", "expand", "plain_expand", "require_same"]
