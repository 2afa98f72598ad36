"""Strict JSON: every ambiguity is a fault with a place, and every pointer leads back to its text."""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.strict_json import LARGEST, MAX_DEPTH, MAX_FAULTS, Source, escape, parse, unescape

from .json_texts import RANDOMS, VALUES, parts, written

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=150)

FAULTS: tuple[tuple[str, bytes, str, int, int, str | None], ...] = (
    ("repeated name", b'{"a": 1,\n  "a": 2}', "duplicate-name", 2, 3, "/a"),
    ("repeated name, deep", b'[{"x": {"b": 1,\n\n   "b": []}}]', "duplicate-name", 3, 4, "/0/x/b"),
    ("repeated name, escaped", b'{"a": 1, "\\u0061": 2}', "duplicate-name", 1, 10, "/a"),
    ("repeated name with a slash", b'{"a/b": 1, "a/b": 2}', "duplicate-name", 1, 12, "/a~1b"),
    ("NaN", b'{"a":\n NaN}', "not-a-number", 2, 2, "/a"),
    ("Infinity", b"[1,\nInfinity]", "not-a-number", 2, 1, "/1"),
    ("negative infinity", b"[-Infinity]", "not-a-number", 1, 2, "/0"),
    ("real number out of range", b'{"a": 1e999}', "number-out-of-range", 1, 7, "/a"),
    ("integer of 400 digits", b"[" + b"9" * 400 + b"]", "number-out-of-range", 1, 2, "/0"),
    ("integer of 5000 digits", b"[-" + b"9" * 5000 + b"]", "number-out-of-range", 1, 2, "/0"),
    ("byte-order mark", b'\xef\xbb\xbf{"a": 1}', "byte-order-mark", 1, 1, ""),
    ("not UTF-8", b'{"a": 1,\n "b": "\xff"}', "not-utf-8", 2, 8, None),
    ("surrogate in UTF-8", b'{"a": "\xed\xa0\x80"}', "not-utf-8", 1, 8, None),
    ("high surrogate alone", rb'{"a": "\ud83d"}', "lone-surrogate", 1, 8, None),
    ("low surrogate alone", rb'{"a": "\ude00"}', "lone-surrogate", 1, 8, None),
    ("low after an escaped backslash", rb'{"a": "\\ud83d\ude00"}', "lone-surrogate", 1, 15, None),
    ("surrogates the wrong way round", rb'{"\ude00\ud83d": 1}', "lone-surrogate", 1, 3, None),
    ("two high ones", rb'["\ud83d\ud83d\ude00"]', "lone-surrogate", 1, 3, None),
    ("nested too deep", b"[" * 101 + b"1" + b"]" * 101, "too-deep", 1, 101, None),
    ("nested much too deep", b"[" * 100_000, "too-deep", 1, 101, None),
    ("nested much too deep in objects", b'{"a":\n' * 100_000, "too-deep", 101, 1, None),
    ("nothing", b"", "syntax", 1, 1, None),
    ("white space only", b" \n ", "syntax", 2, 2, None),
    ("text after the value", b'{"a": 1}\n{"b": 2}', "syntax", 2, 1, None),
    ("NUL after the value", b"{}\x00", "syntax", 1, 3, None),
    ("comma at the end", b'{"a": 1,}', "syntax", 1, 9, None),
    ("single quotes", b"{'a': 1}", "syntax", 1, 2, None),
    ("a comment", b"// x\n{}", "syntax", 1, 1, None),
    ("a control character", b'{"a": "\x01"}', "syntax", 1, 8, None),
    ("a leading zero", b'{"a": 01}', "syntax", 1, 8, None),
    ("a plus sign", b'{"a": +1}', "syntax", 1, 7, None),
    ("hexadecimal", b'{"a": 0x10}', "syntax", 1, 8, None),
    ("UTF-16", '{"a": 1}'.encode("utf-16"), "not-utf-8", 1, 1, None),
)


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "pointer"),
    [case[1:] for case in FAULTS],
    ids=[case[0] for case in FAULTS],
)
def test_each_fault_has_its_place(
    body: bytes, code: str, line: int, column: int, pointer: str | None
) -> None:
    """What is ambiguous or no JSON is a fault with the line and column at which it stands."""
    parsed = parse(body)
    fault = parsed.faults[0]
    assert (fault.code, *parsed.source.place(fault.offset)) == (code, line, column)
    assert fault.pointer == pointer
    assert fault.message


@pytest.mark.parametrize(
    "body",
    [
        rb'{"a": "\ud83d\ude00"}', rb'{"a": "\\ud83d"}', rb'{"a": "\\\\ude00"}', '{"a": "\U0001f600"}'.encode(),
        b"[" * 100 + b"]" * 100, b'{"a": {"b": 1}, "c": {"b": 2}}', b'[{"a": 1}, {"a": 2}]', b"1" + b"0" * 308,
        b'{"a": 1, "A": 2, "a ": 3}', b" \t\r\n1\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_fault_is_none(body: bytes) -> None:
    """Surrogate pairs, escaped backslashes, equal names in different objects and the last depth are lawful."""
    assert parse(body).faults == ()


def test_equal_names_below_a_repeated_name_are_no_faults() -> None:
    """Only the name that is repeated in its own object is told, not those inside both values."""
    faults = parse(b'{"a": {"b": 1}, "a": {"b": 2}}').faults
    assert [fault.pointer for fault in faults] == ["/a"]


def test_parts_of_an_overridden_value_have_no_place() -> None:
    """The places are those of the value that counts: the last one of a repeated name."""
    parsed = parse(b'{"a": {"b": 1, "d": {"e": 1}}, "a": {"c": 2}}')
    assert parsed.value == {"a": {"c": 2}}
    assert parsed.source.text_at("/a/b") is None
    assert parsed.source.text_at("/a/d/e") is None
    assert parsed.source.text_at("/a/c") == "2"


def test_a_message_shows_the_name_as_it_is_meant() -> None:
    """A repeated name is shown without the escapes of JSON pointers, and shortened."""
    assert "'a/b'" in parse(b'{"a/b": 1, "a/b": 2}').faults[0].message
    long = b'"' + b"n" * 100_000 + b'"'
    assert len(parse(b"{" + long + b":1," + long + b":2}").faults[0].message) < 100


def test_faults_are_told_in_the_order_of_the_text() -> None:
    """Faults come from top to bottom, also where an outer value ends after an inner one."""
    body = b'{"a": 1, "a": {"b": NaN, "c": [1e400]}, "d": NaN}'
    offsets = [fault.offset for fault in parse(body).faults]
    assert len(offsets) == 4
    assert offsets == sorted(offsets)


def test_endless_faults_are_told_a_hundred_times() -> None:
    """A hundred thousand repeated names give a bounded number of faults, and the last says so."""
    faults = parse(b"{" + b",".join([b'"a":0'] * 100_000) + b"}").faults
    assert len(faults) == MAX_FAULTS
    assert "not listed" in faults[-1].message


def test_numbers_keep_their_digits() -> None:
    """The text of a number is given back as it was written."""
    source = parse(
        b'{"a": 1.10, "b": 1E+2, "c": -0.0, "d": 12345678901234567890.12345678901234567890}'
    ).source
    assert [source.text_at(f"/{name}") for name in "abcd"] == [
        "1.10",
        "1E+2",
        "-0.0",
        "12345678901234567890.12345678901234567890",
    ]


def test_a_number_out_of_range_stays_a_number_with_its_sign() -> None:
    """What stands for a number that no double can hold is the largest one, never zero or infinity."""
    value = parse(b"[" + b"9" * 400 + b", -" + b"9" * 400 + b", -1e999]").value
    assert value == [LARGEST, -LARGEST, -float(LARGEST)]


def test_size_is_bounded() -> None:
    """A text above the limit is refused before it is read."""
    parsed = parse(b'"' + b"x" * 100 + b'"', max_bytes=100)
    assert (parsed.valid, parsed.faults[0].code) == (False, "too-large")


def test_long_names_around_many_values_are_refused() -> None:
    """A name of a megabyte around a million values would need terabytes of pointers: refused at once."""
    began = time.monotonic()
    parsed = parse(b'{"' + b"n" * 1_000_000 + b'": [' + b",".join([b"0"] * 1_000_000) + b"]}")
    assert (parsed.valid, parsed.faults[0].code) == (False, "too-large")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"' + b"x" * 8_000_000 + b'"}', b'{"a":"' + rb"\n" * 4_000_000 + b'"}', b"[" + b" " * 8_000_000 + b"1]",
        b"[" + b"1" * 8_000_000 + b"]", b'["' + b"\\\\" * 2_000_000 + b'\\ud800"]', b"[[" * 50 + b'"' + b"x" * 4_000_000,
    ],
    ids=["long string", "escapes", "white space", "digits", "backslashes", "never closed"],
)  # fmt: skip
def test_long_tokens_are_read_in_time(body: bytes) -> None:
    """No token, however long, makes the scanner slow."""
    began = time.process_time()
    parsed = parse(body)
    assert parsed.source.spans or not parsed.valid
    assert time.process_time() - began < 5


@QUICK
@given(VALUES, RANDOMS)
def test_every_pointer_leads_to_its_text(value: Any, dice: Random) -> None:
    """For every value in a text, the text at its pointer parses back to it, and stands at its line and column."""
    text = written(value, dice)
    parsed = parse(text.encode())
    assert parsed.valid
    assert parsed.value == value
    source = parsed.source
    lines = text.split("\n")
    pointers = dict(parts(value))
    assert set(source.spans) == set(pointers)
    for pointer, part in pointers.items():
        found = source.text_at(pointer)
        assert found is not None
        assert json.loads(found) == part
        line, column = source.place_of(pointer) or (0, 0)
        assert "\n".join(lines[line - 1 :])[column - 1 :].startswith(found)


@QUICK
@given(VALUES, RANDOMS)
def test_member_names_have_their_place_too(value: Any, dice: Random) -> None:
    """The name of every member stands at the place that its span gives."""
    source = parse(written(value, dice).encode()).source
    for pointer, span in source.spans.items():
        if span.name_start is not None:
            name, _ = json.JSONDecoder().raw_decode(source.text, span.name_start)
            assert name == unescape(pointer.rpartition("/")[2])


@QUICK
@given(VALUES.filter(lambda value: isinstance(value, dict) and value), RANDOMS)
def test_a_repeated_member_is_found_wherever_it_is(value: dict[str, Any], dice: Random) -> None:
    """One member written twice in any object is one fault at its pointer."""
    inner = {"outer": [value]}
    text = written(inner, dice)
    name = next(iter(value))
    span = parse(text.encode()).source.spans["/outer/0"]
    twice = f"{text[: span.end - 1]},{json.dumps(name)}:0{text[span.end - 1 :]}"
    faults = parse(twice.encode()).faults
    assert [fault.pointer for fault in faults] == [f"/outer/0/{escape(name)}"]
    assert twice[faults[0].offset :].startswith(json.dumps(name))


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text('{}[]:,"\\u0d8e1-+.NaI \n', max_size=40).map(str.encode)
)
def test_no_bytes_make_it_raise(body: bytes) -> None:
    """Whatever the bytes, parsing gives a value or faults whose places lie in the text."""
    parsed = parse(body)
    assert parsed.valid or parsed.faults
    for fault in parsed.faults:
        line, column = parsed.source.place(fault.offset)
        assert line >= 1
        assert column >= 1
        assert fault.offset <= len(parsed.source.text)
    json.dumps(parsed.value, ensure_ascii=False).encode()


@QUICK
@given(VALUES, RANDOMS, st.integers(0, 400), st.binary(max_size=2))
def test_no_damage_makes_it_raise(value: Any, dice: Random, place: int, junk: bytes) -> None:
    """A lawful text with bytes thrown in, or cut short, is still parsed or refused."""
    body = written(value, dice).encode()
    for damaged in (body[:place] + junk + body[place:], body[:place], body[place:]):
        parsed = parse(damaged)
        assert parsed.valid or parsed.faults
        assert len(parsed.source.spans) >= parsed.valid


def test_a_line_of_json_lines_knows_its_line() -> None:
    """Places in a line of a JSON Lines file count from the beginning of the file."""
    parsed = parse(b'{"a": NaN}', first_line=7)
    assert parsed.source.place(parsed.faults[0].offset) == (7, 7)


def test_a_missing_member_stands_where_its_nearest_ancestor_stands() -> None:
    """What is not there is shown at the object that lacks it."""
    source = parse(b'{\n "a": {\n  "b": 1}}').source
    assert source.place_of("/a/x/y") == source.place_of("/a") == (2, 7)
    assert source.text_at("/a/x") is None


def test_lines_have_no_ends() -> None:
    """Lines are the same whether a text ends them with LF or CRLF."""
    assert Source("a\r\nb\nc\r").lines == ["a", "b", "c"]


def test_the_depth_is_counted_in_brackets() -> None:
    """Exactly the hundred-and-first bracket is one too many, of whatever kind."""
    nested: Any = 1
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert parse(json.dumps(nested)).valid
    assert not parse(json.dumps({"a": nested})).valid
