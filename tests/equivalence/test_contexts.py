"""Our JSON-LD contexts mean the same as the official ones: term by term, together, and in documents."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from .active_contexts import Comparison, definitions, scoped_terms, scopes
from .expandable_documents import specimens, written_documents
from .pairs import SCHEMAS
from .worlds import VCDM_2, Refusal, World, document, mirrored, official_copies, registered, registry

NOT_MIRRORED: Final = {
    "https://www.w3.org/ns/credentials/examples/v2",
    "https://w3id.org/security/suites/ed25519-2020/v1",
    "https://w3id.org/security/suites/jws-2020/v1",
}
"""Contexts without an official copy beside the checkout: written from their specifications alone."""

BY_NAME_TOO: Final = {SCHEMAS / "w3c" / "did-v1.jsonld"}
"""Here the official context (BSD-3-Clause) lists its dozen terms by name, as we do: the JSON is the same."""

MUTATED: Final = SCHEMAS / "untp-0.6.1" / "dia.context.jsonld"
TRIVIAL: Final = 1_000
"""Bytes below which two people who write down the same facts may well write the same JSON."""

Record = Callable[[str, object], None]
Change = Callable[[dict[str, Any], str], None]

each_context = pytest.mark.parametrize(
    "ours",
    sorted({file for url, file in registered().items() if url not in NOT_MIRRORED}),
    ids=lambda file: str(file.relative_to(SCHEMAS)),
)


def _worlds(ours: Path) -> Iterator[tuple[str, World, World]]:
    """Our world and an official one for each mirrored copy of a context, with its URL."""
    for official, url in official_copies(ours).items():
        yield url, World("ours"), World("official", replaced={url: official})


def _compact_digest(path: Path) -> str:
    compact = json.dumps(document(path), ensure_ascii=False, separators=(",", ":"))
    return sha256(compact.encode()).hexdigest()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)


def test_every_context_has_an_official_copy() -> None:
    """All registered contexts are compared, but for the few that are named above."""
    assert registered().keys() - mirrored().keys() == NOT_MIRRORED


@each_context
def test_context_says_the_same(ours: Path, record_property: Record) -> None:
    """Alone and after VCDM 2.0, every term has the same meaning, and so has every term in its scope."""
    for url, our_world, official_world in _worlds(ours):
        comparison = Comparison(our_world, official_world)
        comparison.start(url)
        if url != VCDM_2:
            comparison.start(url, VCDM_2)
        assert comparison.differences == []
        assert definitions(our_world.raw(url)) == definitions(official_world.raw(url))
        record_property("equivalence: official contexts compared", 1)
        record_property("equivalence: term definitions in them", definitions(official_world.raw(url)))
        record_property("equivalence: comparisons of a processed term", comparison.comparisons)
        record_property("equivalence: differences between contexts", len(comparison.differences))


def test_scopes_are_the_same_where_official_ones_are(record_property: Record) -> None:
    """Two scoped contexts of ours are alike exactly where the official two are.

    Processors compare them as written when a protected term is defined again.
    """
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    for ours in sorted(set(registered().values())):
        for official in official_copies(ours):
            our_scopes = dict(scopes(document(ours)["@context"], ""))
            for place, scope in scopes(document(official)["@context"], ""):
                our_text, their_text = (
                    json.dumps(text, sort_keys=True) for text in (our_scopes[place], scope)
                )
                assert forth.setdefault(our_text, their_text) == their_text, f"{ours}{place}"
                assert back.setdefault(their_text, our_text) == our_text, f"{ours}{place}"
    record_property("equivalence: different scoped contexts", len(back))


def test_any_two_contexts_go_together_alike(record_property: Record) -> None:
    """Of any two contexts, the second is accepted or refused after the first as with the official ones."""
    ours, official = World("ours"), World("official")
    urls = {file: url for url, file in registered().items()}.values()
    outcomes: Counter[str] = Counter()
    for first, second in product(urls, repeat=2):
        comparison = Comparison(ours, official)
        comparison.start(second, first, scoped=False)
        assert comparison.differences == []
        refused = isinstance(official.enter(first, second), Refusal)
        outcomes["refused" if refused else "accepted"] += 1
    assert outcomes.keys() == {"accepted", "refused"}
    for outcome, number in outcomes.items():
        record_property(f"equivalence: ordered pairs of contexts {outcome} alike", number)


def test_documents_expand_to_the_same(record_property: Record) -> None:
    """Every document of the corpora expands to the same, or is refused with the same code.

    Contexts that nobody mirrored are empty in both worlds.
    """
    ours, official = World("ours"), World("official")
    for place, written in written_documents().items():
        expected = official.expand(written)
        assert ours.expand(written) == expected, place
        outcome = "refused alike" if isinstance(expected, Refusal) else "expanded alike"
        record_property(f"equivalence: documents {outcome}", 1)
    assert len(written_documents()) > 300


@each_context
def test_specimens_expand_to_the_same(ours: Path, record_property: Record) -> None:
    """Documents with every term in every scope, and terms of nobody, expand to the same."""
    for url, our_world, official_world in _worlds(ours):
        expanded = 0
        for specimen in specimens(url, official_world.raw(url)):
            expected = official_world.expand(specimen)
            assert our_world.expand(specimen) == expected, specimen
            expanded += not isinstance(expected, Refusal)
        assert expanded
        record_property("equivalence: specimens expanded alike", expanded)


def _without(context: dict[str, Any], term: str) -> None:
    del context[term]


def _renamed(context: dict[str, Any], term: str) -> None:
    context[term] = {**_as_object(context[term]), "@id": "urn:example:other"}


def _coerced(context: dict[str, Any], term: str) -> None:
    context[term] = {**_as_object(context[term]), "@type": "urn:example:other"}


def _contained(context: dict[str, Any], term: str) -> None:
    context[term] = {**_as_object(context[term]), "@container": "@list"}


def _unprotected(context: dict[str, Any], term: str) -> None:
    context[term] = {**_as_object(context[term]), "@protected": False}


def _as_object(said: str | dict[str, Any]) -> dict[str, Any]:
    return {"@id": said} if isinstance(said, str) else said


def _places(context: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    """Where each term definition of a context is, scoped ones included."""
    yield from ((*above, term) for term in context if not term.startswith("@"))
    for term in scoped_terms(context):
        yield from _places(context[term]["@context"], *above, term)


@pytest.mark.parametrize("change", [_without, _renamed, _coerced, _contained, _unprotected])
def test_a_change_to_any_definition_is_noticed(change: Change, tmp_path: Path) -> None:
    """The comparison finds each single change to each term definition, in whatever scope."""
    official = World("official")
    url = next(url for url, file in registered().items() if file == MUTATED)
    for number, (*above, term) in enumerate(_places(document(MUTATED)["@context"])):
        changed = copy.deepcopy(document(MUTATED))
        context = changed["@context"]
        for outer in above:
            context = context[outer]["@context"]
        change(context, term)
        file = tmp_path / f"{number}.jsonld"
        file.write_text(json.dumps(changed), encoding="utf-8")
        comparison = Comparison(World("ours", replaced={url: file}), official)
        comparison.start(url)
        assert comparison.differences, f"{change.__name__} at {[*above, term]}"


@each_context
def test_context_is_no_copy(ours: Path) -> None:
    """Our file is written by us: not the official JSON in the official order, and no prose of others."""
    for official in official_copies(ours):
        if ours.stat().st_size >= TRIVIAL:
            assert ours.read_bytes() != official.read_bytes()
            assert (_compact_digest(ours) == _compact_digest(official)) == (ours in BY_NAME_TOO)
    assert not [said for said in _strings(document(ours)) if any(character.isspace() for character in said)]
    assert not [said for said in _strings(document(ours)) if "comment" in said.lower()]


def test_digests_are_those_of_the_official_copies() -> None:
    """Each registered digest belongs to a mirrored copy, but for those measured in a source repository.

    Where only a copy from before the release is mirrored, the published digest is that of no copy.
    """
    for entry in registry():
        if entry["digest_source"] in ("source-repository", "none"):
            continue
        if entry.get("written_from") == "pre-release":
            assert entry["url"] not in mirrored(), entry["url"]
            continue
        copies = {mirrored()[url] for url in (entry["url"], entry["url"] + "#spec") if url in mirrored()}
        compact = entry["digest_form"] == "compact-json"
        digests = {
            _compact_digest(file) if compact else sha256(file.read_bytes()).hexdigest() for file in copies
        }
        assert entry["sha256"] in digests, entry["url"]
