"""SHACL: both engines find the same violations, at the place of the object that is at fault."""

from __future__ import annotations

import pytest

from harness.errors import EngineError, SuiteError
from harness.evidence import Web
from harness.semantics import shapes
from harness.semantics.expansion import expand
from harness.semantics.rdf import by_place, place_iri, to_ntriples
from harness.semantics.shapes import ShapeResult, confirm, predicates_of, requirements_of, shape_results

from .conftest import OwnSuite
from .documents import P

ENGINES = ("fast", "reference")
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

NAMED = """
s:DPP-X-01 a sh:NodeShape ; sh:targetClass p:Thing ; sh:message "a thing has a name" ;
    sh:property [ sh:path p:name ; sh:minCount 1 ; sh:message "a thing has a name" ] .
s:DPP-X-02 a sh:NodeShape ; sh:targetClass p:Thing ;
    sh:property [ sh:path p:size ; sh:maxInclusive 5 ; sh:message "a thing is small" ] .
s:DPP-X-02\\/part a sh:NodeShape ; sh:targetClass p:Thing ;
    sh:property [ sh:path p:part ; sh:class p:Thing ; sh:message "a part is a thing" ] .
"""


def thing(number: int, *statements: str) -> str:
    """A thing at a place, with what is said of it."""
    place = f"<{place_iri(f'/things/{number}')}>"
    return "".join(f"{place} {said} .\n" for said in (f"{TYPE} <{P}Thing>", *statements))


def results(files: tuple[str, ...], ntriples: str) -> tuple[ShapeResult, ...]:
    """The violations, after both engines gave the same."""
    fast, reference = (shape_results(files, ntriples, engine=engine) for engine in ENGINES)
    assert fast == reference
    return fast


def test_violations_are_told_at_their_place(own: OwnSuite) -> None:
    """Each violation names its requirement, the object, the path, what is said and the value."""
    data = thing(0, f'<{P}name> "x"') + thing(1, f'<{P}size> "9"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert results(own.shape("a.ttl", NAMED), data) == (
        ShapeResult("DPP-X-01", "/things/1", "a thing has a name", "name", None),
        ShapeResult("DPP-X-02", "/things/1", "a thing is small", "size", "9"),
    )


def test_a_value_that_is_an_object_is_the_place(own: OwnSuite) -> None:
    """Where the value at fault is an object itself, the finding stands at that object."""
    data = thing(0, f'<{P}name> "x"', f"<{P}part> <{place_iri('/things/0/part/a~1b')}>")
    assert [
        (item.requirement, item.pointer, item.value) for item in results(own.shape("a.ttl", NAMED), data)
    ] == [("DPP-X-02", "/things/0/part/a~1b", None)]


def test_a_value_without_a_place_has_no_label(own: OwnSuite) -> None:
    """A blank node at fault is told without its label, which is another one in every run."""
    data = thing(0, f'<{P}name> "x"', f"<{P}part> _:b7")
    assert [(item.pointer, item.value) for item in results(own.shape("a.ttl", NAMED), data)] == [
        ("/things/0", None)
    ]


def test_what_conforms_has_no_result(own: OwnSuite) -> None:
    """Data without a violation, and no data at all, give nothing, and the reference confirms it."""
    files = own.shape("a.ttl", NAMED)
    for data in ("\n", "", thing(0, f'<{P}name> "x"')):
        assert results(files, data) == ()
        confirm(files, data)


def test_an_object_that_states_an_id_is_found_by_who_points_to_it(own: OwnSuite) -> None:
    """A focus that is an IRI of the vendor is told at the object that refers to it."""
    files = own.shape(
        "a.ttl",
        's:DPP-X-03 a sh:NodeShape ; sh:targetObjectsOf p:link ; sh:nodeKind sh:Literal ; sh:message "m" .\n',
    )
    data = thing(4, f"<{P}link> <http://v.example/x>")
    assert [(item.pointer, item.value) for item in results(files, data)] == [
        ("/things/4", "http://v.example/x")
    ]


def test_attacks_in_values_stay_values(own: OwnSuite) -> None:
    """Quotes, line ends and Turtle in a value reach the shapes as a value, through expansion and both engines."""
    evil = 'x" . <urn:place:> <http://p.example/size> 99 . #\n\u2028\\ud800'
    context = {"Thing": P + "Thing", "label": P + "name", "size": P + "size"}
    context |= {"type": "@type", "has": P + "has"}
    document = {
        "@context": context,
        "has": [{"type": "Thing", "label": evil}, {"type": "Thing", "size": evil}],
    }
    made = expand(document, Web(), engine="reference")
    data = to_ntriples(by_place(made.expanded, made.places), engine="fast")
    found = results(own.shape("a.ttl", NAMED), data)
    assert [(item.requirement, item.pointer) for item in found] == [
        ("DPP-X-01", "/has/1"), ("DPP-X-02", "/has/1"),
    ]  # fmt: skip
    assert found[1].value == evil


def test_requirements_are_read_from_the_shapes(own: OwnSuite) -> None:
    """The requirement is the first part of the name of a shape."""
    assert requirements_of(own.shape("a.ttl", NAMED)) == {"DPP-X-01", "DPP-X-02"}


def test_the_properties_that_shapes_look_at_are_known(own: OwnSuite) -> None:
    """They are those that the shapes name; a shape that looks at all of an object makes it all of them."""
    named = predicates_of(own.shape("a.ttl", NAMED))
    assert named is not None
    assert P + "name" in named
    assert P + "other" not in named
    closed = "s:DPP-X-03 a sh:NodeShape ; sh:targetClass p:Thing ; sh:closed true ; sh:property [ sh:path p:name ] .\n"
    assert predicates_of(own.shape("b.ttl", closed)) is None


def test_a_disagreement_names_both_engines(own: OwnSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one engine finds a violation and the other none, it is our error with the files."""
    strict, lax = own.shape("strict.ttl", NAMED), own.shape("lax.ttl", "")
    engine = shapes._fast
    monkeypatch.setattr(
        shapes, "_fast", lambda files: engine(strict if files == lax else lax)
    )  # agreeing engines cannot disagree
    with pytest.raises(EngineError, match=r"lax\.ttl.*shacl package rejects what pyshacl accepts"):
        shape_results(lax, thing(0), engine="fast")
    assert shape_results(strict, thing(0), engine="fast") == ()
    with pytest.raises(EngineError, match=r"strict\.ttl.*pyshacl rejects what the shacl package accepts"):
        confirm(strict, thing(0))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("contents", "place"),
    [
        ("s:X a sh:NodeShape ;; [ .", "broken.ttl:4"),
        ("s:X a sh:NodeShape ;\n\n sh:targetClass p:Thing ", "broken.ttl"),
        ("s:X a undefined:Y .", "broken.ttl:4"),
        (b"\xff\xfe", "broken.ttl"),
        (
            's:X a sh:NodeShape ; sh:targetClass p:Thing ; sh:property [ sh:path p:p ; sh:maxCount "x" ] .',
            "broken.ttl",
        ),
        (
            's:X a sh:NodeShape ; sh:targetClass p:Thing ; sh:property [ sh:path p:name ; sh:pattern "[" ] .',
            "broken.ttl",
        ),
        (
            's:X a sh:NodeShape ; sh:targetClass p:Thing ; sh:sparql [ sh:message "m" ; sh:select "SELECT nonsense" ] .',
            "broken.ttl",
        ),
    ],
)
def test_a_broken_shape_is_our_error_with_its_file(
    own: OwnSuite, contents: str | bytes, place: str, engine: str
) -> None:
    """A shape file with a syntax error, or that no engine can use, is told with its file and line."""
    files = own.shape("broken.ttl", contents)
    with pytest.raises(SuiteError) as caught:
        shape_results(files, thing(0, f'<{P}name> "x"'), engine=engine)
    assert f"shapes/{place}" in str(caught.value)


def test_a_shape_without_a_requirement_is_our_error(own: OwnSuite) -> None:
    """A violated shape whose name is none of ours belongs to no requirement: told with what to name it."""
    files = own.shape(
        "a.ttl",
        "p:S a sh:NodeShape ; sh:targetClass p:Thing ; sh:property [ sh:path p:name ; sh:minCount 1 ] .",
    )
    with pytest.raises(SuiteError, match="a shape has no IRI of ours"):
        shape_results(files, thing(0), engine="fast")


def test_a_missing_shape_file_is_our_error(own: OwnSuite) -> None:
    """A shape file that is not there is told with its path."""
    with pytest.raises(SuiteError, match=r"nothing\.ttl"):
        shape_results(("nothing.ttl",), "", engine="reference")
