"""Rules of the merged graph that are SHACL: one node per thing, judged by two engines, told by who said what."""

from __future__ import annotations

from typing import Any

import pytest

from harness.graph.build import Reading
from harness.graph.merged import CHUNK, FACTS, FILES, Merged
from harness.judge import Terms, load_suite
from harness.judge.bundle import bundle_of, run_bundle
from harness.reference.chain import DEMO_CLOCK
from harness.semantics import shapes
from harness.semantics.shapes import requirements_of

from .made import HOST, graph_of, judge, reading

ENGINES = ("fast", "reference")
STATED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "granularity": ({"idGranularity": "batch"}, {"idGranularity": "item"}),
    "batch": ({"batchNumber": "1"}, {"batchNumber": "2"}),
    "item": ({"itemNumber": "1"}, {"itemNumber": "2"}),
    "model": ({"modelNumber": "1"}, {"modelNumber": "2"}),
    "facility": ({"producedAtFacility": {"id": f"{HOST}/a"}}, {"producedAtFacility": {"id": f"{HOST}/b"}}),
    "country": ({"countryOfProduction": {"countryCode": "FI"}}, {"countryOfProduction": {"countryCode": "SE"}}),
    "made_on": ({"productionDate": "2026-01-01"}, {"productionDate": "2026-01-02"}),
}  # fmt: skip


def passport(name: str, product: str = "p", **stated: Any) -> Reading:
    """A passport of a product."""
    return reading("DPP", {"id": f"{HOST}/{product}", **stated}, name=name)


def record(name: str, facility: str, country: str | None = None) -> Reading:
    """A record of a facility."""
    place = {"countryOfOperation": {"countryCode": country}} if country else {}
    return reading("DFR", {"id": f"{HOST}/{facility}", **place}, name=name)


def made_at(facility: str) -> dict[str, Any]:
    """The member that says where a product was made."""
    return {"producedAtFacility": {"id": f"{HOST}/{facility}"}}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("member", FACTS)
def test_two_passports_that_state_different_facts_are_told(member: str, engine: str) -> None:
    """Each fact of a product that only one value can be true of, by either engine."""
    one, two = STATED[member]
    graph = graph_of(passport("one", **one), passport("two", **two))
    (found,) = Merged(graph, engine).contradictions()
    assert [statement.origin.source.name for statement in found[:2]] == ["two", "one"]
    assert found[2] == member
    assert not list(Merged(graph_of(passport("one", **one), passport("two", **one)), engine).contradictions())


def test_a_first_passport_that_says_nothing_hides_no_contradiction() -> None:
    """The second and the third differ: the first, which is silent, is none of the two that are named."""
    one, two = STATED["country"]
    (found,) = judge(passport("silent"), passport("one", **one), passport("two", **two))["GRAPH-MERGE-01"]
    assert found.subject == "two"
    assert found.findings[0].message == "one states another country for the same id"


@pytest.mark.parametrize("engine", ENGINES)
def test_two_countries_of_one_facility_are_told(engine: str) -> None:
    """Records of one facility name one country."""
    graph = graph_of(record("one", "f", "FI"), record("two", "f", "SE"), record("three", "g", "SE"))
    (found,) = Merged(graph, engine).contradictions()
    assert (found[0].origin.source.name, found[2:]) == ("two", ("country", "SE", "FI"))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_facility_without_a_record_is_told(engine: str) -> None:
    """Of the facilities that passports name, those that no record is of, under any name."""
    named = reading("DFR", {"id": f"{HOST}/b", "facilityAlsoKnownAs": [{"id": f"{HOST}/c"}]}, name="b")
    passports = [passport(name, name, **made_at(name)) for name in "abc"]
    assert Merged(graph_of(*passports, named), engine).without_record == {f"{HOST}/a"}


def test_every_passport_of_a_facility_without_record_is_told() -> None:
    """The shape names the facility once; the finding stands in each passport."""
    found = judge(*(passport(str(n), str(n), **made_at("f")) for n in range(3)))["GRAPH-ID-03"]
    assert [result.subject for result in found] == ["0", "1", "2"]


def test_what_breaks_a_rule_is_found_in_every_chunk() -> None:
    """Things are judged in chunks; one broken thing in each is found, and nothing else."""
    number = 2 * CHUNK + 100
    parts = [passport(f"a{n}", f"p{n}", batchNumber="1") for n in range(number)]
    wrong = (3, CHUNK + 3, 2 * CHUNK + 3)
    parts += [passport(f"b{n}", f"p{n}", batchNumber="2") for n in wrong]
    found = list(Merged(graph_of(*parts)).contradictions())
    assert [later.origin.source.name for later, *_ in found] == [f"b{n}" for n in wrong]


@pytest.mark.parametrize("text", ['" .\n<a> <b> <c>', "\\", ">", "\ud800", "\x00", "é" * 5000, "{}|^`"])
def test_no_text_of_a_credential_gets_into_rdf(text: str) -> None:
    """Quotes, brackets, control characters and halves of characters are values like others."""
    graph = graph_of(passport("one", batchNumber=text), passport("two", batchNumber=f"{text}2"))
    ((_, _, member, later, earlier),) = Merged(graph).contradictions()
    assert member == "batch"
    assert (later, earlier) == (f"{text}2".strip(), text.strip())


def test_the_engine_of_the_run_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the run asks for the reference engines, the fast one is left out."""
    suite = load_suite()
    bundle = bundle_of([passport("one", **made_at("f"))], suite)

    def refuse(_: object) -> None:
        raise AssertionError("the fast engine was asked")

    monkeypatch.setattr(shapes, "_fast", refuse)
    found = run_bundle(bundle, suite, Terms(DEMO_CLOCK, engine="reference"))
    assert [r.subject for r in found if r.requirement == "GRAPH-ID-03"] == ["one"]


def test_the_shapes_are_of_these_requirements() -> None:
    """A shape that is added needs code that tells who said what."""
    assert requirements_of(FILES) == {"GRAPH-ID-03", "GRAPH-MERGE-01"}
