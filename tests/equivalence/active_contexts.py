"""Compares two processed contexts term by term, and the scoped context of each term likewise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .worlds import Active, Refusal, World

WHOLE: Final = ("@vocab", "@base", "@language", "@direction")
"""What an active context says beside its terms."""

ABSENT: Final = "absent"


@dataclass
class Comparison:
    """What differs between our world and the official one, and how much was looked at."""

    ours: World
    official: World
    comparisons: int = 0
    differences: list[str] = field(default_factory=list)

    def start(self, url: str, *before: str, scoped: bool = True) -> None:
        """Compare the context behind a URL, after those before it, with its scopes unless told not to."""
        ours, official = self.ours.enter(*before, url), self.official.enter(*before, url)
        place = " + ".join((*before, url))
        if self._same(place, ours, official) and scoped:
            self._inside(place, self.official.raw(url), ours, official, ("node", "type"))

    def _inside(
        self,
        place: str,
        local: Mapping[str, Any],
        ours: Active | Refusal,
        official: Active | Refusal,
        deeper: tuple[str, ...],
    ) -> None:
        """Enter the scope of every term that `local` defines, and go on inside those of the deeper ways."""
        if isinstance(ours, Refusal) or isinstance(official, Refusal):
            return
        for term in scoped_terms(local):
            our_ways, their_ways = ways_in(self.ours, ours, term), ways_in(self.official, official, term)
            for way, entered in our_ways.items():
                here = f"{place} > {term} ({way})"
                same = self._same(here, entered, their_ways[way])
                scope = local[term]["@context"]
                if same and way in deeper and isinstance(scope, dict):
                    self._inside(here, scope, entered, their_ways[way], ("node",))

    def _same(self, place: str, ours: Active | Refusal, official: Active | Refusal) -> bool:
        found = list(self._differences(ours, official))
        self.differences += [f"{place}: {difference}" for difference in found]
        return not found

    def _differences(self, ours: Active | Refusal, official: Active | Refusal) -> Iterator[str]:
        if isinstance(ours, Refusal) or isinstance(official, Refusal):
            if ours != official:
                yield f"one is refused: ours {_brief(ours)}, official {_brief(official)}"
            return
        for key in WHOLE:
            if ours.get(key, ABSENT) != official.get(key, ABSENT):
                yield f"{key}: ours {ours.get(key, ABSENT)}, official {official.get(key, ABSENT)}"
        our_terms, their_terms = ours["mappings"], official["mappings"]
        for term in sorted(our_terms.keys() ^ their_terms.keys()):
            yield f"{term}: only {'ours' if term in our_terms else 'official'}"
        for term in our_terms.keys() & their_terms.keys():
            self.comparisons += 1
            if definition(our_terms[term]) != definition(their_terms[term]):
                yield f"{term}: ours {our_terms[term]}, official {their_terms[term]}"


def ways_in(world: World, active: Active, term: str) -> dict[str, Active | Refusal]:
    """The active contexts in which a term with a scoped context may leave its value.

    `node`: the value is a node, where the types of the outer node count no more; `text`: it is a string,
    for which they do; `type`: the term is the type of a node.
    """
    scope = active["mappings"][term]["@context"]
    return {
        "node": world.enter_property(active.get("previousContext", active), scope),
        "text": world.enter_property(active, scope),
        "type": world.enter_type(active, scope),
    }


def definition(mapping: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """All that a processed term says (IRI, coercion, container, protection, prefix …), its scope apart.

    Of the scope, only whether there is one, and whether it is null; what it says is compared once entered.
    """
    if mapping is None:
        return None
    said = {key: value for key, value in mapping.items() if key != "@context"}
    scope = mapping.get("@context", ABSENT)
    return {**said, "scope": scope if scope in (ABSENT, False) else "there"}


def scoped_terms(local: Mapping[str, Any]) -> list[str]:
    """The terms that a context, as written, gives a scoped context."""
    return sorted(
        term
        for term, said in local.items()
        if not term.startswith("@") and isinstance(said, dict) and "@context" in said
    )


def scopes(local: Mapping[str, Any], place: str) -> Iterator[tuple[str, object]]:
    """Every scoped context within a context, as written, with its place."""
    for term in scoped_terms(local):
        scope = local[term]["@context"]
        yield f"{place} > {term}", scope
        if isinstance(scope, dict):
            yield from scopes(scope, f"{place} > {term}")


def definitions(local: Mapping[str, Any]) -> int:
    """The number of term definitions in a context, as written, those of scoped contexts included."""
    own = sum(not term.startswith("@") for term in local)
    inner = (local[term]["@context"] for term in scoped_terms(local))
    return own + sum(definitions(scope) for scope in inner if isinstance(scope, dict))


def _brief(outcome: Active | Refusal) -> str:
    return outcome.code if isinstance(outcome, Refusal) else "processed"
