"""RDF of an expanded document: by place for the shapes, canonical for the proofs, the same by both engines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import EngineError, MalformedError
from harness.evidence import Web
from harness.semantics.expansion import expand
from harness.semantics.place_triples import _ORDINARY_IRI, chosen, place_triples
from harness.semantics.rdf import STATED_ID, by_place, canonical, place_iri, pointer_of, to_ntriples

from .documents import ATTACKS, CONTEXTS, MEMBERS, V2, P, Pages, credential, good, good_vectors

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)
SUBJECT = "<https://www.w3.org/2018/credentials#credentialSubject>"


def unlabelled(ntriples: str) -> list[str]:
    """The triples without the labels of blank nodes, which are nobody's choice."""
    return sorted(re.sub(r"_:\w+", "_:x", line) for line in ntriples.split("\n"))


def triples(document: Any, web: Pages) -> str:
    """The N-Triples by place, after both engines gave the same."""
    made = expand(document, web, engine="reference")
    placed = by_place(made.expanded, made.places)
    fast, reference = (to_ntriples(placed, engine=engine) for engine in ("fast", "reference"))
    assert unlabelled(fast) == unlabelled(reference)
    assert place_triples(made.expanded, made.places) in (None, fast)
    named = sorted(set(re.findall(r"^\S+ <([^>]+)>", fast, re.MULTILINE)))
    for wanted in map(frozenset, ((), named[::2], named[1::2])):
        assert place_triples(made.expanded, made.places, wanted) in (None, chosen(fast, wanted))
    return fast


@pytest.mark.parametrize("path", good_vectors(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_good_payloads_give_the_same_triples(path: Path) -> None:
    """Every good vector gives the same triples in both engines, and each object with a value is a node by its place."""
    document, web = good(path)
    found = triples(document, web)
    assert f"<{place_iri('')}> {SUBJECT} <{place_iri('/credentialSubject')}" in found
    assert "example.org/base" not in found


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_give_the_same_triples(name: str) -> None:
    """What is no RDF is left out by both engines, and neither breaks on it."""
    assert triples(*ATTACKS[name]).endswith("\n")


@QUICK
@given(CONTEXTS, MEMBERS)
def test_random_documents_give_triples(context: dict[str, Any], members: dict[str, Any]) -> None:
    """Whatever can be expanded can be turned into triples; each line is one triple."""
    made = expand({"@context": [V2, context], **members}, Web(), engine="reference")
    for engine in ("fast", "reference"):
        found = to_ntriples(by_place(made.expanded, made.places), engine=engine)
        assert all(line == "" or line.endswith(" .") for line in found.split("\n"))
        assert place_triples(made.expanded, made.places) in (None, found)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    st.text('ab:/?#[]@!$%0fF.~ \n\\<>"{}|^`é', max_size=14).map("http:{}".format)
    | st.text("ab:/?#[]@%0f-+.", max_size=12)
)
def test_what_is_written_directly_is_lawful(text: str) -> None:
    """An IRI that is written without a parser is one that the parser takes."""
    if _ORDINARY_IRI.fullmatch(text):
        assert pyoxigraph.NamedNode(text).value == text


def test_ordinary_payloads_are_written_directly() -> None:
    """Nearly every good vector takes the short way: no list, no language, no odd IRI."""
    made = [expand(*good(path), engine="fast") for path in good_vectors()]
    assert sum(place_triples(one.expanded, one.places) is not None for one in made) > 0.8 * len(made)


@QUICK
@given(st.text())
def test_a_place_is_an_iri_and_back(pointer: str) -> None:
    """Any JSON pointer is a lawful IRI and comes back from it."""
    iri = place_iri(pointer)
    assert not re.search(r'[\s<>"{}|\\^`]', iri)
    assert pointer_of(iri) == pointer_of(f"<{iri}>") == pointer


def test_other_iris_are_no_places() -> None:
    """An IRI that is no place has no pointer."""
    assert pointer_of("https://x.example/") is None


def test_objects_that_state_one_id_stay_apart() -> None:
    """Two objects with the same id are two nodes, each with its own values and the stated id as a value."""
    same = {"id": "http://i.example/1"}
    found = triples(credential(credentialSubject=[{**same, "name": "a"}, {**same, "name": "b"}]), Web())
    for index, name in enumerate("ab"):
        place = f"<{place_iri(f'/credentialSubject/{index}')}>"
        assert f'{place} <https://schema.org/name> "{name}" .' in found
        assert f'{place} <{STATED_ID}> "http://i.example/1" .' in found


def test_a_credential_cannot_point_into_the_places_of_another() -> None:
    """An id that looks like one of our places is a value like any other."""
    found = triples(credential(credentialSubject={"id": place_iri(""), "name": "x"}), Web())
    assert f'<{place_iri("/credentialSubject")}> <{STATED_ID}> "{place_iri("")}" .' in found
    assert f"<{place_iri('')}> <https://schema.org/name>" not in found


def test_lists_keep_their_order_and_their_objects() -> None:
    """A list is a list in RDF too, and the objects in it are nodes by their place."""
    found = triples(credential(**{P + "p": {"@list": [{"name": "a"}, {"name": "b"}]}}), Web())
    pointer = f"/{P}p".replace("/", "~1").replace("~1", "/", 1)
    for index in (0, 1):
        assert f"<{place_iri(f'{pointer}/@list/{index}')}> <https://schema.org/name>" in found
    assert found.count("22-rdf-syntax-ns#first>") == 2


def test_line_ends_in_values_do_not_break_lines() -> None:
    """Every character that some reader takes for a line end stays inside of its value."""
    value = "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\nh\ri"
    lines = triples(credential(name=value), Web()).rstrip("\n").split("\n")
    assert all(line.endswith(" .") and line.startswith("<") for line in lines)
    assert len([line for line in lines if "schema.org/name" in line]) == 1


def test_the_direction_of_a_text_is_left_out() -> None:
    """JSON-LD leaves @direction out of RDF, so a signed name with a direction has the hash that others compute."""
    directed = expand(
        credential(name={"@value": "x", "@language": "ar", "@direction": "rtl"}), Web(), engine="fast"
    )
    plain = expand(credential(name={"@value": "x", "@language": "ar"}), Web(), engine="fast")
    assert canonical(directed.expanded) == canonical(plain.expanded)
    assert '"x"@ar' in canonical(directed.expanded)
    assert '"x"@ar ' in triples(
        credential(name={"@value": "x", "@language": "ar", "@direction": "rtl"}), Web()
    )


def test_json_literals_keep_their_own_direction() -> None:
    """Inside a JSON literal @direction is a member like any other."""
    document = credential(**{P + "p": {"@type": "@json", "@value": {"@direction": "x"}}})
    assert "@direction" in canonical(expand(document, Web(), engine="fast").expanded)


@pytest.mark.parametrize("path", good_vectors()[::6], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_canonical_form_does_not_depend_on_the_order_of_members(path: Path) -> None:
    """The same credential with its members the other way round has the same canonical form."""
    document, web = good(path)

    def reversed_members(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: reversed_members(value[name]) for name in reversed(value)}
        return [reversed_members(item) for item in value] if isinstance(value, list) else value

    one, other = (
        expand(item, web, engine="fast").expanded for item in (document, reversed_members(document))
    )
    assert canonical(one) == canonical(other)
    assert canonical(one, "sha384").count("\n") == canonical(one).count("\n")


def test_an_unknown_hash_is_refused() -> None:
    """RDFC-1.0 knows two hash algorithms."""
    with pytest.raises(MalformedError, match="md5"):
        canonical([], "md5")


def test_what_no_engine_takes_is_our_error() -> None:
    """A document that is no expanded JSON-LD is an error of the engine, told with its name."""
    with pytest.raises(EngineError, match="cannot be turned into RDF"):
        to_ntriples([{"@id": 5, "@type": [{}]}], engine="fast")
    with pytest.raises(MalformedError):
        canonical([{"@id": 5}])
