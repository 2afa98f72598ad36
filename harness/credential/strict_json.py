"""JSON read strictly (RFC 8259, RFC 7493): what is ambiguous is a fault with a place, never a guess.

The standard library parses; a scanner of our own runs only when a place is asked for or a fault has
to be located. Numbers keep their digits in the source text, which `Source.text_at` gives back.
"""

from __future__ import annotations

import json
import math
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

MAX_DEPTH = 100
MAX_BYTES = 16 * 1024 * 1024
MAX_PATHS = 64 * 1024 * 1024
"""Most characters that the JSON pointers of all values may have together: long names around many values are a bomb."""
MAX_FAULTS = 100
"""Most faults that are told of one text; who repeats one name a million times is told a hundred times."""
MAX_SHOWN = 40
"""Longest name or number that a message repeats in full, in characters."""
LARGEST = int(sys.float_info.max)
"""What stands for an integer that is out of range, with its sign."""

_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:(?P<punctuation>[\[\]{},:])"
    r'|(?P<string>"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")'
    r'|(?P<scalar>[^\s\[\]{},:"]++))',
    re.DOTALL,
)
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[\]}]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)
_CONTAINERS = frozenset({dict, list})
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class JsonFault:
    """One way in which a text is not strict JSON: `code` is stable, offsets count characters."""

    code: str
    message: str
    offset: int
    pointer: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Span:
    """Where a value stands in its text: character offsets, and of its member name where it has one."""

    start: int
    end: int
    name_start: int | None = None
    repeated: bool = False
    """Whether its object has a member of that name already."""


@dataclass(frozen=True)
class Source:
    """A text that can turn JSON pointers into places."""

    text: str = field(repr=False)
    first_line: int = 1
    """Line of the file at which the text begins: more than 1 for a line of a JSON Lines file."""

    @cached_property
    def spans(self) -> dict[str, Span]:
        """Pointer -> span, for every value in the text; the last one wins where names repeat."""
        found: dict[str, Span] = {}
        repeated = False
        for pointer, span in _scan(self.text):
            found[pointer] = span
            repeated = repeated or span.repeated
        return _without_overridden(found) if repeated else found

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return line + self.first_line - 1, offset - self._line_starts[line - 1] + 1

    def span(self, pointer: str) -> Span | None:
        """The span of a value; of its nearest ancestor where the value itself is missing."""
        at = pointer
        while True:
            found = self.spans.get(at)
            if found is not None or not at:
                return found
            at = at.rpartition("/")[0]

    def place_of(self, pointer: str) -> tuple[int, int] | None:
        """Line and column of a value, or of its nearest ancestor where the value itself is missing."""
        span = self.span(pointer)
        return self.place(span.start) if span else None

    def text_at(self, pointer: str) -> str | None:
        """The value exactly as it was written, digits and all."""
        span = self.spans.get(pointer)
        return self.text[span.start : span.end] if span else None


@dataclass(frozen=True)
class ParsedJson:
    """A text, the value that it holds (None where it is no JSON at all) and its faults."""

    source: Source
    value: Any
    faults: tuple[JsonFault, ...]
    valid: bool


def parse(
    body: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, first_line: int = 1
) -> ParsedJson:
    """Parse bytes as one strict JSON text; never raises, whatever the bytes."""
    if len(body) > max_bytes:
        message = f"{len(body):,} bytes are more than the limit of {max_bytes:,}"
        return _refused(
            Source("", first_line), [], JsonFault("too-large", message, 0, "", "Split the document.")
        )
    faults: list[JsonFault] = []
    if isinstance(body, bytes):
        text, faults = _decode(body)
    else:
        text = body
    source = Source(text, first_line)
    repeated = huge = special = False

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        made = dict(members)
        if len(made) != len(members):
            repeated = True
        return made

    def constant(_name: str) -> float:
        nonlocal special
        special = True
        return 0.0  # a number, so that no other rule reports the same place

    def real(digits: str) -> float:
        nonlocal huge
        number = float(digits)
        if math.isinf(number):
            huge = True
            return math.copysign(sys.float_info.max, number)
        return number

    def whole(digits: str) -> int:
        nonlocal huge
        if len(digits) > sys.float_info.max_10_exp and math.isinf(float(digits)):
            huge = True
            return -LARGEST if digits[0] == "-" else LARGEST
        return int(digits)

    value: Any = None
    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_float=real, parse_int=whole
        )
    except json.JSONDecodeError as error:
        hint = "The text must be one JSON value and nothing else."
        return _refused(source, faults, JsonFault("syntax", f"not JSON: {error.msg}", error.pos, None, hint))
    except RecursionError:
        return _refused(source, faults, _too_deep(text, max_depth))
    depth, paths = _measured(value)
    if depth > max_depth:
        return _refused(source, faults, _too_deep(text, max_depth))
    if paths > MAX_PATHS:
        message = (
            f"the JSON pointers of its values have {paths:,} characters together; the limit is {MAX_PATHS:,}"
        )
        return _refused(
            source,
            faults,
            JsonFault("too-large", message, 0, "", "Shorten the member names around large arrays."),
        )
    if (lone := _lone_surrogate(text)) is not None:
        return _refused(source, faults, lone)
    if repeated or huge or special:
        faults.extend(_locate(source))
    return ParsedJson(source, value, tuple(faults), valid=True)


def _refused(source: Source, faults: list[JsonFault], fault: JsonFault) -> ParsedJson:
    return ParsedJson(source, None, (*faults, fault), valid=False)


def _measured(value: Any) -> tuple[int, int]:
    """How many levels deep a value is nested, and about how long the pointers of all its parts are together."""
    depth = paths = 0
    level: list[tuple[Any, int]] = [(value, 0)] if isinstance(value, dict | list) and value else []
    while level:
        depth += 1
        below: list[tuple[Any, int]] = []
        for item, length in level:
            start = length + 1
            paths += start * len(item)
            if isinstance(item, dict):
                for name, part in item.items():
                    if part and type(part) in _CONTAINERS:
                        below.append((part, start + len(name)))
            else:
                start += len(str(len(item)))
                for part in item:
                    if part and type(part) in _CONTAINERS:
                        below.append((part, start))
        level = below
    return depth, paths


def _lone_surrogate(text: str) -> JsonFault | None:
    found: re.Match[str] | None = None
    if "\\u" in text:
        found = next((match for match in _ESCAPE.finditer(text) if match["lone"]), None)
    if found is None and not text.isascii():
        found = _SURROGATE.search(text)
    if found is None:
        return None
    shown = found.group() if found.group().isascii() else f"\\u{ord(found.group()):04x}"
    hint = "Write the character itself or both halves (RFC 7493, section 2.1)."
    return JsonFault("lone-surrogate", f"{shown} is half of a surrogate pair", found.start(), None, hint)


def _decode(body: bytes) -> tuple[str, list[JsonFault]]:
    faults: list[JsonFault] = []
    if body.startswith(b"\xef\xbb\xbf"):
        hint = "Save the file as UTF-8 without a byte-order mark (RFC 8259, section 8.1)."
        faults.append(JsonFault("byte-order-mark", "the text begins with a byte-order mark", 0, "", hint))
        body = body[3:]
    try:
        return body.decode("utf-8"), faults
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8", "replace")
        message = f"byte {error.start} (0x{body[error.start]:02x}) is not UTF-8"
        hint = "JSON is exchanged in UTF-8 (RFC 8259, section 8.1)."
        faults.append(JsonFault("not-utf-8", message, len(before), None, hint))
        return body.decode("utf-8", "replace"), faults


def _too_deep(text: str, limit: int) -> JsonFault:
    depth = 0
    offset = 0
    for match in _BRACKETS.finditer(text):
        token = match.group()
        if token in "[{":
            depth += 1
            if depth > limit:
                offset = match.start()
                break
        elif token in "]}":
            depth -= 1
    message = f"nested more than {limit} levels deep"
    hint = "No UNTP credential needs this depth; flatten the document."
    return JsonFault("too-deep", message, offset, None, hint)


def _locate(source: Source) -> list[JsonFault]:
    """Find every repeated name, NaN, infinity and number out of range, in the order of the text."""
    found: list[JsonFault] = []
    for pointer, span in _scan(source.text):
        found.extend(_faults_at(source, pointer, span))
        if len(found) >= MAX_FAULTS:
            last = found[MAX_FAULTS - 1]
            found[MAX_FAULTS - 1 :] = [
                replace(last, message=f"{last.message}; there may be more that are not listed")
            ]
            break
    return sorted(found, key=lambda fault: fault.offset)


def _faults_at(source: Source, pointer: str, span: Span) -> Iterator[JsonFault]:
    if span.repeated and span.name_start is not None:
        name = unescape(pointer.rpartition("/")[2])
        shown = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
        hint = "Keep one member of each name: receivers disagree on which one counts (RFC 8259, section 4)."
        yield JsonFault(
            "duplicate-name", f"the member name '{shown}' occurs twice", span.name_start, pointer, hint
        )
    first = source.text[span.start]
    if first not in "-0123456789NI":
        return
    token = source.text[span.start : span.end]
    if token in ("NaN", "Infinity", "-Infinity"):
        hint = "JSON has no such number (RFC 8259, section 6); leave the member out."
        yield JsonFault("not-a-number", f"{token} is not a JSON number", span.start, pointer, hint)
    elif math.isinf(float(token)):
        shown = token if len(token) <= MAX_SHOWN else f"{token[:20]}… ({len(token)} characters)"
        hint = "Use numbers that fit IEEE 754 double precision (RFC 8259, section 6)."
        yield JsonFault(
            "number-out-of-range", f"the number {shown} is out of range", span.start, pointer, hint
        )


def _without_overridden(spans: dict[str, Span]) -> dict[str, Span]:
    """Without the parts of a value that a later member of the same name has replaced."""
    kept: dict[str, Span] = {}
    for pointer in sorted(spans, key=lambda item: item.count("/")):
        span = spans[pointer]
        holder = kept.get(pointer.rpartition("/")[0]) if pointer else span
        if holder is not None and holder.start <= span.start < holder.end:
            kept[pointer] = span
    return kept


def escape(name: str) -> str:
    """One segment of a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(segment: str) -> str:
    """The member name behind one segment of a JSON pointer."""
    return segment.replace("~1", "/").replace("~0", "~")


def _scan(text: str) -> Iterator[tuple[str, Span]]:
    """Yield (pointer, span) of each value as it ends, without recursion; stops quietly at a syntax error."""
    stack: list[_Frame] = []
    position = 0
    name: str | None = None
    name_start: int | None = None
    repeated = False
    pointer = ""
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            return
        position = match.end()
        kind = match.lastgroup
        token = match.group(kind) if kind else ""
        start = position - len(token)
        top = stack[-1] if stack else None
        if kind == "punctuation" and token in ",:":
            if token == "," and top is not None:
                top.index += 1
            continue
        if kind == "punctuation" and token in "]}":
            if top is None:
                return
            stack.pop()
            yield top.pointer, Span(top.start, position, top.name_start, top.repeated)
            name = None
            if not stack:
                return
            continue
        if kind == "string" and top is not None and top.is_object and name is None:
            try:
                name = json.loads(token)
            except json.JSONDecodeError:
                return
            name_start = start
            repeated = name in top.names
            top.names.add(name)
            continue
        if top is None:
            pointer = ""
        elif top.is_object:
            pointer = f"{top.pointer}/{escape(name or '')}"
        else:
            pointer, name_start, repeated = f"{top.pointer}/{top.index}", None, False
        if kind == "punctuation":
            stack.append(_Frame(pointer, start, name_start, repeated=repeated, is_object=token == "{"))
            name = None
            name_start = None
            continue
        yield pointer, Span(start, position, name_start, repeated)
        name = None
        name_start = None
        if top is None:
            return


@dataclass
class _Frame:
    pointer: str
    start: int
    name_start: int | None
    repeated: bool
    is_object: bool
    index: int = 0
    names: set[str] = field(default_factory=set)
