"""The lines around a finding: the right ones, the right span, whatever the layout of the source."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from credential.json_texts import RANDOMS, VALUES, parts, written
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential import Document, Source, parse
from harness.judge.excerpt import AROUND, WIDEST, excerpt, with_excerpt
from harness.model import Finding

from .conftest import read


def cut(text: str, pointer: str) -> dict[str, Any]:
    """The excerpt around a pointer of a text."""
    parsed = parse(text)
    found = excerpt(Document(parsed.value, parsed.source), pointer)
    assert found is not None
    return found


def marked(found: dict[str, Any]) -> str:
    """The marked part of an excerpt."""
    line: str = found["lines"][found["marked"]]
    return line[found["from"] : found["to"]]


LINES = "{\n" + ",\n".join(f' "k{number}": {number}' for number in range(8)) + "\n}"


@pytest.mark.parametrize(
    ("pointer", "first", "count", "index", "span"),
    [
        ("", 1, 3, 0, "{"),
        ("/k0", 1, 4, 1, "0"),
        ("/k1", 1, 5, 2, "1"),
        ("/k4", 4, 5, 2, "4"),
        ("/k7", 7, 4, 2, "7"),
        ("/k9", 1, 3, 0, "{"),
    ],
)
def test_the_window_ends_where_the_text_ends(
    pointer: str, first: int, count: int, index: int, span: str
) -> None:
    """Two lines before and after, fewer at the first and last line; a missing member stands at its object."""
    found = cut(LINES, pointer)
    assert (found["first_line"], len(found["lines"]), found["marked"], marked(found)) == (
        first,
        count,
        index,
        span,
    )
    assert found["reflowed"] is False


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_no_part_of_lines(end: str) -> None:
    """CRLF and LF give the same excerpt."""
    found = cut(LINES.replace("\n", end), "/k4")
    assert found == cut(LINES, "/k4")
    assert not any("\r" in line for line in found["lines"])


def test_tabs_count_as_one_column() -> None:
    """The span is right where a line is indented by tabs."""
    assert marked(cut('{\n\t\t"a":\t[1,\t"x"]\n}', "/a/1")) == '"x"'


def test_a_value_over_many_lines_is_marked_to_the_end_of_its_first() -> None:
    """An object that begins on a line is marked from its brace to the end of that line."""
    assert marked(cut('{\n "a": {  \n   "b": 1,\n "c": 2}}', "/a")) == "{"
    assert marked(cut('{\n "a": [1,\n2]}', "/a")) == "[1,"


def test_one_long_line_is_written_again() -> None:
    """A source that is one long line is indented, and the value is found in it; it has no line numbers."""
    value = {"pad": "x" * 300, "a": {"b/c": [1, {"d": "here"}]}}
    found = cut(json.dumps(value), "/a/b~1c/1/d")
    assert (found["reflowed"], found["first_line"], marked(found)) == (True, None, '"here"')
    assert all(len(line) <= WIDEST for line in found["lines"])


def test_a_long_value_is_cut() -> None:
    """A value longer than a line can be is shown from its beginning."""
    found = cut(json.dumps({"a": "x" * 5000}), "/a")
    assert found["to"] == WIDEST
    assert marked(found).startswith('"xxx')


def test_a_long_name_leaves_an_empty_mark() -> None:
    """Where the name alone fills the line, the mark stands at its end, never beyond."""
    found = cut(json.dumps({"n" * 5000: 1}), "/" + "n" * 5000)
    assert found["from"] == found["to"] == WIDEST


def test_a_member_of_a_line_of_json_lines_keeps_its_line() -> None:
    """The excerpt of a line of JSON Lines has the line number of the file."""
    parsed = parse('{"a": 1}', first_line=12)
    found = excerpt(Document(parsed.value, parsed.source), "/a")
    assert found is not None
    assert found["first_line"] == 12


def test_a_credential_inside_a_text_is_found_in_it() -> None:
    """The pointer of a finding counts from the credential, the excerpt from the file."""
    for layout in ({"indent": 1}, {}):
        text = json.dumps([{"pad": "x" * 300}, {"a": {"b": "here"}}], **layout)  # type: ignore[arg-type]
        parsed = parse(text)
        found = excerpt(Document(parsed.value[1], parsed.source, "/1"), "/a/b")
        assert found is not None
        assert marked(found) == '"here"'


def test_no_place_is_no_excerpt() -> None:
    """A finding without a pointer, or on bytes that are no document, has no excerpt; a given one is kept."""
    credential = read('{"@context": []}')
    assert with_excerpt(Finding("m"), credential).excerpt is None
    assert with_excerpt(Finding("m", ""), read(b"\x00")).excerpt is None
    assert with_excerpt(Finding("m", "", excerpt={"lines": []}), credential).excerpt == {"lines": []}
    assert excerpt(Document(None, Source("")), "") is None


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(VALUES, RANDOMS, st.integers(0, 400))
def test_any_text_has_excerpts_in_bounds(value: Any, dice: Random, padding: int) -> None:
    """Whatever the layout, the marked line is among the lines and the mark within the line; a short value is whole."""
    text = written({"pad": " " * padding, "v": value}, dice)
    parsed = parse(text)
    document = Document(parsed.value, parsed.source)
    for pointer, part in parts(value, "/v"):
        found = excerpt(document, pointer)
        assert found is not None
        assert len(found["lines"]) <= 2 * AROUND + 1
        assert 0 <= found["from"] <= found["to"] <= WIDEST
        shown = marked(found)
        if isinstance(part, int | float | bool | None) and found["to"] < WIDEST:
            assert json.loads(shown) == part
