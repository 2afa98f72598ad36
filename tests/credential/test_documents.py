"""Documents: an index of members and objects, nodes that know their place, and what a document is."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from harness.credential import Document, parse
from harness.credential.kinds import kind_of

from .envelopes import credential, presentation
from .json_texts import RANDOMS, VALUES, parts, written

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=100)


def document(value: Any) -> Document:
    """A document of a value written by the standard library."""
    parsed = parse(json.dumps(value, indent=1))
    return Document(parsed.value, parsed.source)


@QUICK
@given(VALUES, RANDOMS)
def test_the_index_holds_everything_once(value: Any, dice: Random) -> None:
    """Members and objects are found in the order of the text, each with the pointer at which it stands."""
    parsed = parse(written(value, dice).encode())
    indexed = Document(parsed.value, parsed.source)
    by_pointer = dict(parts(value))
    objects = [node.pointer for node in indexed.objects]
    assert objects == [pointer for pointer, part in by_pointer.items() if isinstance(part, dict)]
    names = {name for part in by_pointer.values() if isinstance(part, dict) for name in part}
    for name in names:
        for node in indexed.members(name):
            assert not isinstance(node.value, list)
            assert by_pointer[node.pointer] == node.value
    leaves = [part for part in by_pointer.values() if not isinstance(part, list)]
    assert sum(len(indexed.members(name)) for name in {*names, ""}) == len(leaves)


def test_members_take_arrays_apart() -> None:
    """A member is found at any depth, and every element of an array under it stands for itself."""
    found = document({"a": [1, [2, {"a": 3}]], "b": {"a": None}}).members("a")
    assert [(node.pointer, node.value) for node in found] == [
        ("/a/0", 1), ("/a/1/0", 2), ("/a/1/1", {"a": 3}), ("/a/1/1/a", 3), ("/b/a", None),
    ]  # fmt: skip
    assert document({}).members("a") == []


def test_nodes_never_fail_on_other_kinds_of_values() -> None:
    """Asking a string, a number or null for members gives nothing, never an error."""
    for value in (None, 1, "x", [], [{"a": 1}], True):
        root = document({"v": value}).root["v"]
        assert root is not None
        assert root["a"] is None
        assert root.get("a", "b") is None
        assert root.at("a") is root
        assert list(root.each("a")) == []
        assert root.types == ()


def test_nodes_know_their_names() -> None:
    """The name of a node is the member name as it is, also with a slash or a tilde in it."""
    root = document({"a/b": {"~1": 1}}).root
    inner = root["a/b"]
    assert inner is not None
    assert (inner.pointer, inner.name) == ("/a~1b", "a/b")
    assert (inner.at("~1").pointer, inner.at("~1").name) == ("/a~1b/~01", "~1")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("A", ("A",)), (["A", 1, None, "B"], ("A", "B")), (None, ()), ({"A": 1}, ()), ([["A"]], ())],
)
def test_types_are_the_strings_in_type(kind: Any, expected: tuple[str, ...]) -> None:
    """A type may be one string or an array; what is no string in it is no type."""
    assert document({"type": kind}).root.types == expected


def test_a_finding_shows_the_value_as_it_was_written() -> None:
    """The actual value of a finding keeps its digits and is cut where it is long."""
    parsed = parse('{"a": 1.500, "b": "' + "x" * 500 + '"}')
    root = Document(parsed.value, parsed.source).root
    finding = root.at("a").finds("m")
    assert (finding.actual, finding.line, finding.column) == ("1.500", 1, 7)
    assert len(root.at("b").finds("m").actual or "") == 200


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (credential(), "credential"),
        ({"type": "VerifiableCredential"}, "credential"),
        ({"type": ["Product"]}, "credential"),
        ({"credentialSubject": {}}, "credential"),
        ({"issuer": None}, "credential"),
        ({"vc": {}}, "credential"),
        ({"@context": [], "x": 1}, "credential"),
        ({"@context": {}}, "a JSON-LD context"),
        ({"$schema": "x"}, "a JSON Schema"),
        ({"linkset": []}, "a link set"),
        ({"id": "did:web:x", "verificationMethod": []}, "a DID document"),
        ({"keys": []}, "a key set"),
        (presentation(), "a presentation that holds no credential"),
        ([], "a JSON array"),
        (None, "a JSON value"),
        (5, "a JSON value"),
        ("x", "a JSON value"),
    ],
)
def test_what_a_document_is_is_told_from_its_members(value: Any, kind: str) -> None:
    """Credentials, and the other artefacts that lie beside them, are told apart."""
    assert kind_of(value) == kind


@QUICK
@given(VALUES)
def test_every_value_is_of_some_kind(value: Any) -> None:
    """No JSON value makes the question fail, and anything else than a credential says what it looks like."""
    for wrapped in (value, {"type": value}, {"@context": value, "type": [value]}, {"vc": value}):
        assert kind_of(wrapped)
