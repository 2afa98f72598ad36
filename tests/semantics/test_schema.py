"""JSON Schema: one engine decides, the other explains, and neither is believed against the other."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ArtefactError, EngineError, SuiteError
from harness.semantics import schema
from harness.semantics.schema import SchemaFault, confirm, schema_faults

from .conftest import OwnSuite
from .documents import good, good_vectors

ENGINES = ("fast", "reference")


def faults(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """The faults of a value, after both engines gave the same."""
    fast, reference = (schema_faults(name, value, engine=engine) for engine in ENGINES)
    assert fast == reference
    return fast


@pytest.mark.parametrize(
    ("rule", "value", "pointer", "message", "expected"),
    [
        ({"required": ["a", "b/c"]}, {}, "/a", "the member 'a' is missing", "a member 'a'"),
        ({"required": ["b/c"]}, {}, "/b~1c", "the member 'b/c' is missing", "a member 'b/c'"),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"x": 1},
            "/x",
            "the member 'x' is not allowed here",
            "only a",
        ),
        ({"type": "object"}, [], "", "an array stands where an object is expected", "object"),
        (
            {"properties": {"a": {"type": ["string", "null"]}}},
            {"a": 1},
            "/a",
            "a number stands where a string, null is expected",
            "string, null",
        ),
        (
            {"properties": {"a": {"type": "integer"}}},
            {"a": True},
            "/a",
            "a boolean stands where an integer is expected",
            "integer",
        ),
        (
            {"items": {"type": "string"}},
            ["x", None],
            "/1",
            "null stands where a string is expected",
            "string",
        ),
        ({"enum": ["x", "y"]}, "z", "", "the value is not one of the code list", "x, y"),
        ({"enum": list(range(40))}, "z", "", "the value is not one of the code list", "… (40 in all)"),
        ({"const": "x"}, "z", "", "the value is not the one that is fixed here", "'x'"),
        ({"format": "uri"}, "z", "", "the value is no valid uri", "uri"),
        ({"format": "date-time"}, "z", "", "the value is no valid date-time", "date-time"),
        (
            {"pattern": "^[0-9]+$"},
            "12\n",
            "",
            "the value does not have the form that is fixed here",
            "a match of ^[0-9]+$",
        ),
        (
            {"pattern": "^a\\$"},
            "a",
            "",
            "the value does not have the form that is fixed here",
            "a match of ^a\\$",
        ),
        ({"minItems": 2}, [1], "", "fewer than 2 here", "at least 2"),
        ({"minLength": 2}, "é", "", "fewer than 2 here", "at least 2"),
        ({"maxItems": 1}, [1, 2], "", "more than 1 here", "at most 1"),
        ({"maxLength": 1}, "\U0001f600\U0001f600", "", "more than 1 here", "at most 1"),
        ({"minimum": 0}, -1, "", "the number is too small", "at least 0"),
        ({"exclusiveMinimum": 0}, 0, "", "the number is too small", "at least 0"),
        ({"maximum": 1}, 1.5, "", "the number is too large", "at most 1"),
        ({"exclusiveMaximum": 1}, 1, "", "the number is too large", "at most 1"),
        ({"contains": {"const": "x"}}, ["y"], "", "'x' is not in the list", "a list that contains 'x'"),
        ({"uniqueItems": True}, [{"a": 1}, {"a": 1.0}], "", "an item occurs twice", "items that all differ"),
        (
            {"oneOf": [{"const": 1}, {"const": 2}]},
            3,
            "",
            "the object fits none of the classes that are allowed here",
            "one of the classes",
        ),
        (
            {"anyOf": [{"const": 1}, {"const": 2}]},
            3,
            "",
            "the object fits none of the classes that are allowed here",
            "one of the classes",
        ),
        ({"multipleOf": 2}, 3, "", "the rule 'multipleOf' does not hold", "multipleOf: 2"),
        ({"not": {"const": 3}}, 3, "", "the rule 'not' does not hold", "not: "),
    ],
)
def test_each_keyword_is_explained(
    own: OwnSuite, rule: dict[str, Any], value: Any, pointer: str, message: str, expected: str
) -> None:
    """A violated keyword is told with its place, what stands there, what should, and what to do."""
    keyword = next(reversed(rule))
    found = faults(own.schema("k.json", rule), value)[0]
    assert (found.pointer, found.keyword, found.message) == (
        pointer,
        {"properties": "type", "items": "type"}.get(keyword, keyword),
        message,
    )
    assert expected in (found.expected or "")
    assert found.hint


def test_every_fault_is_told_once_and_in_order(own: OwnSuite) -> None:
    """Many faults come sorted by place, and a fault that two rules find comes once."""
    rule = {
        "required": ["a", "b"],
        "allOf": [{"required": ["a"]}],
        "properties": {"c": {"type": "string"}, "d": {"type": "string"}},
    }
    found = faults(own.schema("m.json", rule), {"d": 1, "c": 2})
    assert [(fault.pointer, fault.keyword) for fault in found] == [
        ("/a", "required"),
        ("/b", "required"),
        ("/c", "type"),
        ("/d", "type"),
    ]


def test_the_class_that_was_meant_is_explained(own: OwnSuite) -> None:
    """Of the branches of oneOf, the one whose type the object names is explained, not all of them."""
    branch = [
        {
            "properties": {"type": {"const": kind}, "n": {"type": "number"}},
            "required": ["type", "n"],
            "additionalProperties": False,
        }
        for kind in ("A", "B")
    ]
    file = own.schema("o.json", {"items": {"oneOf": branch}})
    found = faults(file, [{"type": "A", "n": 1}, {"type": "B", "n": "x"}, {"type": "C"}, {"n": 1}])
    assert [(fault.pointer, fault.keyword) for fault in found] == [
        ("/1/n", "type"),
        ("/2", "oneOf"),
        ("/3", "oneOf"),
    ]


def test_good_payloads_fit_their_schema() -> None:
    """Every good vector of 0.7.0 fits the schema of its class in both engines, and the reference confirms it."""
    tried = 0
    for path in good_vectors():
        if path.parent.name == "untp-0.7.0":
            file = f"untp-0.7.0/{path.stem[:3]}.json"
            assert faults(file, good(path)[0]) == ()
            confirm(file, good(path)[0])
            tried += 1
    assert tried > 10


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**300, -(10**300), 2**63, 2**64, 1e308, 5e-324, -0.0, 1.0, "", "x", "\n", "2026-01-0+", "https://x y",
     "\U0001f600", [], [None], {}, {"type": "x"}, {"type": ["Product"]}, [[]], "2026-01-01T00:00:00Z\n", "https://x.example/\n"]
)  # fmt: skip
SAMPLES = [
    path
    for path in good_vectors()
    if path.stem in ("dpp-pack-item", "dcc-pack-test", "dte-smelting", "dia-smelter-business", "dfr-smelter")
]


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 9999), JUNK), min_size=1, max_size=3))
def test_damaged_payloads_are_judged_alike(path: Any, edits: list[tuple[int, Any]]) -> None:
    """A good payload with junk in any place has the same faults in both engines."""
    value = copy.deepcopy(good(path)[0])
    for place, junk in edits:
        slots = list(_slots(value))
        if slots:
            holder, key = slots[place % len(slots)]
            holder[key] = copy.deepcopy(junk)
    faults(f"{path.parent.name}/{path.stem[:3]}.json", value)


def _slots(value: Any) -> Any:
    for key, part in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(part, dict | list):
            yield from _slots(part)


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, True, 1e300, 10**400, [[[]]], {"\U0001f600": {}}])
def test_any_value_can_be_judged(value: Any) -> None:
    """A document of any kind has faults, never an exception."""
    assert faults("untp-0.7.0/dpp.json", value)


def test_a_disagreement_names_both_engines(own: OwnSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one engine rejects what the other accepts, it is our error, with the names of both and of the schema."""
    strict, lax = own.schema("strict.json", {"const": 1}), own.schema("lax.json", {})
    engine = schema._fast
    monkeypatch.setattr(
        schema, "_fast", lambda name: engine(strict if name == lax else lax)
    )  # engines that agree cannot disagree
    with pytest.raises(EngineError, match=r"jsonschema-rs rejects what jsonschema accepts under x/lax\.json"):
        schema_faults(lax, 2, engine="fast")
    assert schema_faults(strict, 2, engine="fast") == ()
    with pytest.raises(
        EngineError, match=r"jsonschema rejects what jsonschema-rs accepts under x/strict\.json"
    ):
        confirm(strict, 2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ({"properties": {"a": {"$ref": "https://evil.example/s.json"}}}, "https://evil.example/s.json"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "file:///etc/passwd"),
        ({"properties": {"a": {"$ref": "#/$defs/none"}}}, "none"),
        ({"type": "strin"}, "strin"),
        ({"pattern": "["}, "["),
        ('{"a": }', "not JSON"),
        ("[1, 2", "not JSON"),
        ("\x00", "not JSON"),
    ],
)
def test_a_broken_schema_is_our_error_with_its_file(
    own: OwnSuite, contents: Any, told: str, engine: str
) -> None:
    """A schema that refers elsewhere, means nothing or is no JSON is told with its file; nothing is fetched."""
    file = own.schema("broken.json", contents)
    with pytest.raises(ArtefactError) as caught:
        schema_faults(file, {"a": 1}, engine=engine)
    assert "broken.json" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_schema_is_our_error_with_its_file(own: OwnSuite, engine: str) -> None:
    """A schema that does not exist is told with the name under which it was looked for."""
    with pytest.raises(SuiteError, match=r"x/nothing\.json"):
        schema_faults("x/nothing.json", {}, engine=engine)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("artefact = [", "TOML"),
        ('[[artefact]]\nurl = "https://x.example/"\nkind = "schema"\n', "file"),
        ('[[artefact]]\nkind = "schema"\nfile = "x"\n', "url"),
        (
            '[[artefact]]\nurl = "u:a"\nkind = "schema"\nfile = "x"\n[[artefact]]\nurl = "u:a"\nkind = "schema"\nfile = "y"\n',
            "twice",
        ),
    ],
)
def test_a_broken_registry_is_our_error_with_its_file(own: OwnSuite, text: str, told: str) -> None:
    """A registry that is no TOML, lacks a member or names a URL twice is told with its file."""
    from harness.semantics.artefacts import registry

    (own.folder / "schemas" / "registry.toml").write_text(text)
    with pytest.raises(ArtefactError, match=r"registry\.toml") as caught:
        registry()
    assert told in str(caught.value)
