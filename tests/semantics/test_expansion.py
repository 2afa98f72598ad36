"""Expansion: the fast and the watched processor say what pyld says, and nothing is lost without a name."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyld.jsonld import JsonLdError

from harness.evidence import Web
from harness.semantics.expansion import Expansion, expand, plain_expand, require_same
from harness.semantics.watched import MAX_GUESSES, Dropped

from .documents import (
    ATTACKS,
    CONTEXTS,
    MEMBERS,
    OWN,
    UNTP,
    V2,
    P,
    Pages,
    credential,
    good,
    good_vectors,
    pages,
)

INVENTED = "http://example.org/base/"
QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)


def both(document: Any, web: Pages) -> Expansion:
    """The expansion by the fast engine, after all engines gave the same."""
    before = json.dumps(document, default=str)
    fast, reference = expand(document, web, engine="fast"), expand(document, web, engine="reference")
    require_same(fast, reference)
    assert fast.dropped == reference.dropped
    assert fast.fault == reference.fault
    assert fast.contexts == reference.contexts
    assert json.dumps(document, default=str) == before, "the document was changed"
    if isinstance(document, dict | list):
        assert_plain(document, web, reference)
    assert_places(fast, document)
    return fast


def assert_plain(document: Any, web: Pages, made: Expansion) -> None:
    """What pyld gives without us is the same, but for the base that it invents where there is none."""
    try:
        plain = plain_expand(document, web)
    except JsonLdError:
        assert made.fault is not None
    except (LookupError, TypeError, AttributeError, ValueError):
        assert made.fault is not None
        assert made.fault.code == "processor crash"
    else:
        assert made.fault is None
        if INVENTED not in json.dumps(plain):
            assert made.expanded == plain


def assert_places(made: Expansion, document: Any) -> None:
    """Every place of the expansion is the pointer of an object in the document."""
    pointers = set(made.places.values())
    for pointer in pointers:
        at = document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            at = at[int(name)] if isinstance(at, list) else at[name]
        assert isinstance(at, dict)


@pytest.mark.parametrize("path", good_vectors(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_good_payloads_expand_alike_and_lose_nothing(path: Path) -> None:
    """Every good vector of the suite expands to the same in all engines, without a fault or a lost term."""
    document, web = good(path)
    made = both(document, web)
    assert made.fault is None
    assert [item for item in made.dropped if item.reason != "catch-all"] == []
    assert made.expanded


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_answered_alike(name: str) -> None:
    """Whatever a document does with contexts and keywords, the engines give the same result or the same fault."""
    document, web = ATTACKS[name]
    made = both(document, web)
    assert (made.fault is None) or made.fault.message


@QUICK
@given(CONTEXTS, MEMBERS)
def test_random_documents_are_answered_alike(context: dict[str, Any], members: dict[str, Any]) -> None:
    """Documents of random keywords and terms, with the context inline and as a page, give the same in all engines."""
    both({"@context": [V2, context], **members}, Web())
    both({"@context": [V2, OWN], **members}, pages(c=context))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("own context redefines", "protected term redefinition"),
        ("own context nullifies", "protected term redefinition"),
        ("null context", "invalid context nullification"),
        ("own context is absent", "loading remote context failed"),
        ("own context was not asked for", "loading remote context failed"),
        ("own context is HTML", "invalid remote context"),
        ("own context is an array", "invalid remote context"),
        ("context overflow", "context overflow"),
        ("wide contexts", "context overflow"),
        ("context cycle", "context overflow"),
        ("import in an import", "invalid context entry"),
        ("vocab null alone", "processor crash"),
    ],
)
def test_a_fault_says_which_rule_was_broken(name: str, code: str) -> None:
    """A document that cannot be expanded gives the error code of the JSON-LD 1.1 API."""
    fault = expand(*ATTACKS[name], engine="fast").fault
    assert fault is not None
    assert fault.code == code


def test_an_absent_context_is_told_with_its_url() -> None:
    """Where a context was not brought, the fault names its URL and the reason."""
    fault = expand(*ATTACKS["own context is absent"], engine="fast").fault
    assert fault is not None
    assert fault.absence is not None
    assert (fault.subject, fault.message) == (OWN, "not here")


def dropped(document: Any, web: Pages | None = None) -> list[tuple[str, str, str | None]]:
    """Pointer, reason and nearest term of everything that is lost."""
    return [(item.pointer, item.reason, item.nearest) for item in both(document, web or Web()).dropped]


def test_an_undefined_term_is_named_with_its_nearest() -> None:
    """A misspelt term is told with its pointer, the reason and the term that was probably meant."""
    document = credential(validFrm="x", credentialSubject={"nmae": 1, "zzzzzz": {"inner": 1}})
    assert dropped(document) == [
        ("/credentialSubject/nmae", "no mapping", "name"),
        ("/credentialSubject/zzzzzz", "no mapping", None),
        ("/validFrm", "no mapping", "validFrom"),
    ]


def test_a_term_that_a_context_maps_to_null_is_named() -> None:
    """A term mapped to null is dropped by order of the context, and told as that."""
    assert dropped(credential(OWN, p="x"), pages(c={"p": None})) == [("/p", "null mapping", None)]
    assert dropped(credential(OWN, **{"a/b~": "x"}), pages(c={"a/b~": None})) == [
        ("/a~1b~0", "null mapping", None)
    ]


def test_a_term_of_another_class_is_named() -> None:
    """A term that is defined inside a class only is told with that class, where the class is not named."""
    document = {
        "@context": [V2, UNTP],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"name": "x", "materialProvenance": []},
    }
    lost = [item for item in both(document, Web()).dropped if item.name == "materialProvenance"]
    assert [(item.pointer, item.reason) for item in lost] == [
        ("/credentialSubject/materialProvenance", "type-scoped")
    ]
    scoped = credential(OWN, p="x"), pages(c={"T": {"@id": P + "T", "@context": {"p": P + "p"}}})
    made = both(*scoped).dropped
    assert [(item.pointer, item.reason, "'T'" in item.detail) for item in made] == [
        ("/p", "type-scoped", True)
    ]


def test_a_term_that_only_a_catch_all_takes_is_named() -> None:
    """A term that a context takes by @vocab alone is told, as nobody defined it."""
    assert dropped(credential({"@vocab": P}, undefined="x")) == [("/undefined", "catch-all", None)]


def test_a_type_that_stays_relative_is_named() -> None:
    """A type that no context defines is told at its place in the array; absolute ones are not."""
    document = {
        "@context": [V2],
        "type": ["VerifiableCredential", "VerifiableCredental", "http://x.example/T"],
    }
    made = both(document, Web()).dropped
    assert made == (
        Dropped(
            "/type/1", "VerifiableCredental", "relative", "no context defines this type, so it stays a relative reference",
            "VerifiableCredential", is_type=True,
        ),
    )  # fmt: skip


def test_members_of_json_literals_are_nobodys_terms() -> None:
    """Inside a JSON literal nothing is a term, so nothing is lost there."""
    document, web = ATTACKS["json literal"]
    assert dropped(document, web) == []


def test_objects_that_come_to_nothing_do_not_lend_their_place() -> None:
    """Each expanded object has the pointer of its own source, also after objects that vanish."""
    subjects = [
        {"undefined": number} if number % 2 else {"name": f"n{number}", "image": {"undefined": 1}}
        for number in range(60)
    ]
    made = both(credential(credentialSubject=subjects), Web())
    nodes = made.expanded[0]["https://www.w3.org/2018/credentials#credentialSubject"]
    named = {
        node["https://schema.org/name"][0]["@value"]: made.places[id(node)]
        for node in nodes
        if "https://schema.org/name" in node
    }
    assert named == {f"n{number}": f"/credentialSubject/{number}" for number in range(0, 60, 2)}


A = (credential(OWN, p="x"), pages(c={"p": P + "one"}))
B = (credential(OWN, p="x"), pages(c={"p": P + "two"}))


def test_the_memory_of_the_fast_engine_does_not_leak() -> None:
    """Two vendors who define one term at one URL differently each get their own meaning, in any order."""
    meanings = [list(both(*given).expanded[0]) for given in (A, B, A, B, B, A)]
    assert [P + "one" in names for names in meanings] == [True, False, True, False, False, True]
    assert [P + "two" in names for names in meanings] == [False, True, False, True, True, False]


def test_the_order_of_documents_does_not_matter() -> None:
    """A good payload expands to the same before and after every attack."""
    document, web = good(good_vectors()[-1])
    before = expand(document, web, engine="fast")
    for attack, pages_of_attack in ATTACKS.values():
        expand(attack, pages_of_attack, engine="fast")
    after = expand(document, web, engine="fast")
    assert (before.expanded, before.dropped, before.contexts) == (
        after.expanded,
        after.dropped,
        after.contexts,
    )


def test_a_flood_of_undefined_terms_is_told_in_time() -> None:
    """Twenty thousand undefined terms are all named; the nearest is looked for only for the first of them."""
    began = time.process_time()
    made = expand(
        {"@context": [V2, UNTP], **{f"undefined{number}": 1 for number in range(20_000)}},
        Web(),
        engine="fast",
    )
    assert len(made.dropped) == 20_000
    assert sum(item.nearest is not None for item in made.dropped) <= MAX_GUESSES
    assert time.process_time() - began < 10


def test_deep_objects_are_expanded() -> None:
    """The deepest document that strict JSON lets in is expanded, not refused for its depth."""
    document, web = ATTACKS["deep"]
    assert both(document, web).fault is None
