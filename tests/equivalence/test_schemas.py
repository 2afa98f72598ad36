"""Our JSON Schemas and the official ones give the same errors at the same places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from . import engines
from .attacks import attacks, chosen_attacks, constraints
from .divergences import disagreements
from .pairs import PAIRS, SCHEMAS, Pair, corpora, official_address, official_documents
from .random_edits import DOCUMENTS_PER_EXAMPLE, EDIT_LISTS, EXAMPLES, Edit, edited
from .valid_documents import Json, Place, grown

MINIMUM_MUTATIONS: Final = 2_000
ONE_IN: Final = 50
"""Of the random documents, one in so many goes to the reference engine too."""

Record = Callable[[str, object], None]

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)


class Comparison:
    """Judges documents by ours and by official, and counts."""

    def __init__(self, pair: Pair) -> None:
        """A comparison of one pair that has judged nothing yet."""
        self.pair = pair
        self.counts: Counter[str] = Counter()

    def fast(self, document: Json) -> engines.Errors:
        """The errors in jsonschema-rs, which ours and official have in common."""
        return self._same(document, engines.fast(self.pair), "jsonschema-rs")

    def both(self, document: Json) -> None:
        """The errors in each engine are the same for ours and official; the engines differ as known."""
        fast = self.fast(document)
        reference = self._same(document, engines.reference(self.pair), "jsonschema")
        for place, known in disagreements(document, fast, reference):
            assert known, f"{self.pair.name}: the engines disagree at {place}, for no reason that we know"
            self.counts[f"engines disagree, {known}"] += 1

    def _same(self, document: Json, judges: engines.Judges, engine: str) -> engines.Errors:
        ours, official = (judge(document) for judge in judges)
        assert ours == official, f"{self.pair.name}: our schema and the official one differ in {engine}"
        self.counts[f"comparisons in {engine}"] += 1
        return official

    def report(self, record: Record, kind: str, documents: int) -> None:
        """Hands the counts over to the summary."""
        record(f"equivalence: {kind}", documents)
        for name, count in sorted(self.counts.items()):
            record(f"equivalence: {name}", count)


@each_pair
def test_corpora_get_the_same_errors(pair: Pair, record_property: Record) -> None:
    """Every document of the corpora, of whatever type, gets the same errors in both engines."""
    comparison = Comparison(pair)
    for document in corpora().values():
        comparison.both(document)
    assert len(corpora()) > 300
    record_property("equivalence: schemas compared", 1)
    comparison.report(record_property, "documents of the corpora, times schemas", len(corpora()))


@each_pair
def test_start_is_valid(pair: Pair) -> None:
    """The document from which mutations start is valid, in both engines, so that one change is one error."""
    assert not any(judge(grown(pair)) for judge in (*engines.fast(pair), *engines.reference(pair)))


@each_pair
def test_every_constraint_gets_the_same_errors(pair: Pair, record_property: Record) -> None:
    """Attacks on every constraint get the same errors, and each constraint answers to one of them."""
    comparison = Comparison(pair)
    answered = set()
    for attack in attacks(pair):
        if attack.is_answered_by(comparison.fast(attack.document)):
            answered.add(attack.constraint)
    wanted = constraints(Place(official_address(pair)))
    assert not wanted - answered
    record_property("equivalence: constraints of the official schemas, each attacked", len(wanted))
    comparison.report(record_property, "systematic mutations", len(attacks(pair)))


@each_pair
def test_reference_engine_gets_the_same_errors(pair: Pair, record_property: Record) -> None:
    """For every constraint one attack, to which it answers, gets the same errors in jsonschema too."""
    comparison = Comparison(pair)
    chosen = chosen_attacks(pair)
    for attack in chosen:
        comparison.both(attack.document)
    assert constraints(Place(official_address(pair))) <= {attack.constraint for attack in chosen}
    comparison.report(record_property, "systematic mutations for jsonschema", len(chosen))


@each_pair
def test_random_edits_get_the_same_errors(pair: Pair, record_property: Record) -> None:
    """Documents after random edits get the same errors, one in fifty of them in jsonschema too."""
    comparison = Comparison(pair)
    documents = 0

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(EDIT_LISTS)
    def same(edit_lists: list[list[Edit]]) -> None:
        nonlocal documents
        for edits in edit_lists:
            document = edited(grown(pair), edits)
            (comparison.fast if documents % ONE_IN else comparison.both)(document)
            documents += 1

    same()
    assert documents >= EXAMPLES * DOCUMENTS_PER_EXAMPLE
    assert len(attacks(pair)) + documents >= MINIMUM_MUTATIONS
    comparison.report(record_property, "random mutations", documents)


_NO_PROSE: Final = frozenset({"enum", "const", "pattern", "$ref", "$id", "$schema", "required"})


def _prose(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        yield value
        yield from value.replace("\n", ". ").split(". ")
    elif isinstance(value, dict):
        for name, child in value.items():
            if name not in _NO_PROSE:
                yield from _prose(child)
    elif isinstance(value, list):
        for child in value:
            yield from _prose(child)


def test_no_official_prose_in_our_schemas() -> None:
    """No text of the official files that is longer than 25 characters and has a blank stands in ours."""
    texts = {text for document in official_documents().values() for text in _prose(document)}
    official = {text for text in texts if len(text) > 25 and " " in text}
    ours = {path: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*/*.json")}
    assert len(official) > 500
    assert [(path.name, text) for path, content in ours.items() for text in official if text in content] == []
