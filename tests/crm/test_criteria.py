"""The mapping of criteria: whether an assessment under one scheme carries a claim under another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.errors import SuiteError
from harness.resources import resource
from harness.semantics.criteria import Answer, Fit, carries, load_criteria, read_criteria

BASE = "https://untp-crm.example/criteria/"
HEAD = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix c: <https://a.example/> .
"""


def answer(claim: str, assessment: str) -> Answer:
    """The answer for two criteria of the mapping."""
    return carries(BASE + claim, BASE + assessment)


@pytest.mark.parametrize(
    ("claim", "assessment", "fit"),
    [
        ("copper-mark/17", "copper-mark/17", Fit.SAME),
        ("copper-mark/31", "rmap/due-diligence", Fit.EXACT),
        ("irma/4.2", "copper-mark/17", Fit.CLOSE),
        ("copper-mark/15", "tsm/climate-change", Fit.BROADER),
        ("irma/4.5", "tsm/climate-change", Fit.BROADER),
        ("tsm/climate-change", "copper-mark/15", Fit.NARROWER),
        ("copper-mark/2", "rmap/management-system", Fit.TOPIC),
        ("copper-mark/1", "irma/4.8", Fit.NONE),
        ("copper-mark/1", "nowhere/1", Fit.UNKNOWN),
    ],
)
def test_how_criteria_fit(claim: str, assessment: str, fit: Fit) -> None:
    """Each way in which two criteria can relate is told apart."""
    assert answer(claim, assessment).fit is fit


def test_only_what_asks_for_as_much_carries() -> None:
    """Same, exact, close and broader carry a claim; narrower, a shared topic and the unknown do not."""
    assert answer("copper-mark/15", "tsm/climate-change").carries
    assert not answer("tsm/climate-change", "copper-mark/15").carries
    assert not answer("copper-mark/2", "rmap/management-system").carries


def test_the_path_is_told() -> None:
    """An answer names the criteria on the way."""
    assert answer("rmap/reporting", "copper-mark/31").path == (
        f"{BASE}rmap/reporting",
        f"{BASE}rmap/due-diligence",
        f"{BASE}copper-mark/31",
    )


def test_close_matches_do_not_add_up() -> None:
    """Two steps of closeMatch carry nothing: SKOS says that it is not transitive."""
    text = (
        HEAD
        + "c:a a skos:Concept ; skos:closeMatch c:b . c:b a skos:Concept ; skos:closeMatch c:c . c:c a skos:Concept ."
    )
    mapping = read_criteria(text, where="made up")
    assert mapping.carries("https://a.example/a", "https://a.example/b").fit is Fit.CLOSE
    assert not mapping.carries("https://a.example/a", "https://a.example/c").carries


def test_every_topic_is_one_of_untp() -> None:
    """Each criterion has topics, all of them concepts of the UN vocabulary."""
    known = (resource("test_cases", "codes", "topics.toml")).read_text(encoding="utf-8").split()
    for criterion in load_criteria().criteria.values():
        assert criterion.topics
        assert {topic.rpartition("/")[2] for topic in criterion.topics} <= set(known)


def test_schemes_are_whole() -> None:
    """Copper Mark has its 32 criteria, TSM its 9 protocols, IRMA its 26 chapters; RMAP is there."""
    counted = [criterion.scheme.rpartition("/")[2] for criterion in load_criteria().criteria.values()]
    assert {name: counted.count(name) for name in set(counted)} == {
        "copper-mark": 32,
        "tsm": 9,
        "irma": 26,
        "rmap": 6,
    }


@pytest.mark.parametrize(
    "address",
    [
        "https://coppermark.org",
        "https://www.coppermark.org/",
        "https://responsiblemining.net",
        "http://mining.ca/towards-sustainable-mining/",
    ],
)
def test_a_scheme_is_known_by_its_address(address: str) -> None:
    """Ending slash, www and http make no difference."""
    assert load_criteria().scheme(address)


def test_an_unknown_scheme_is_none() -> None:
    """Another address is no scheme of the mapping."""
    assert load_criteria().scheme("https://coppermark.example") is None


def test_broken_turtle_is_told_with_its_place() -> None:
    """A syntax error in the mapping names the file."""
    with pytest.raises(SuiteError, match="syntax error") as raised:
        read_criteria("c:a a skos:Concept", where="mapping.ttl")
    assert "mapping.ttl" in str(raised.value)


def test_a_mapping_to_nowhere_is_told() -> None:
    """A relation to a criterion that does not exist is an error that names both."""
    with pytest.raises(SuiteError, match=re.escape("https://a.example/b, which does not exist")):
        read_criteria(HEAD + "c:a a skos:Concept ; skos:exactMatch c:b .", where="made up")


def test_labels_are_our_own_and_short() -> None:
    """No label is longer than sixty characters: texts of the schemes do not stand here."""
    assert all(len(criterion.label) <= 60 for criterion in load_criteria().criteria.values())
    assert Path(resource("schemas", "untp-crm", "criteria-mapping.ttl")).stat().st_size < 40_000
