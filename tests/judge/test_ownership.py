"""Who answers for a schema fault: the most exact pattern, down to the keyword."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judge.case import Case, Ownership


def ownership(**owned: str | list[str]) -> Ownership:
    """An ownership in which each requirement owns these patterns."""

    def nothing(_subject: Any) -> list[Any]:
        return []

    return Ownership.of(
        Case(
            name,
            name,
            nothing,
            "credential",
            "f",
            1,
            owns=(patterns,) if isinstance(patterns, str) else tuple(patterns),
        )
        for name, patterns in owned.items()
    )


@pytest.mark.parametrize(
    ("pattern", "pointer", "keyword", "owned"),
    [
        ("/a", "/a", "type", True),
        ("/a", "/a/b/0", "type", True),
        ("/a", "/ab", "type", False),
        ("/a", "", "type", False),
        ("/a", "/b/a", "type", False),
        ("/a type", "/a", "type", True),
        ("/a type", "/a", "enum", False),
        ("/a type", "/a/b", "type", False),
        ("/a/*", "/a/0", "type", True),
        ("/a/*", "/a/0/b", "type", True),
        ("/a/*", "/a", "type", False),
        ("/a/* type", "/a/0", "type", True),
        ("/a/* type", "/a/0/b", "type", False),
        ("/*/b", "/x/b", "type", True),
        ("/*/b", "/x/y/b", "type", False),
        ("/**/b", "/b", "type", True),
        ("/**/b", "/x/y/z/b", "type", True),
        ("/**/b", "/x/y/z/bb", "type", False),
        ("/** additionalProperties", "", "additionalProperties", True),
        ("/** additionalProperties", "/a/b/c", "additionalProperties", True),
        ("/** additionalProperties", "/a/b/c", "type", False),
        ("/a/**/b type", "/a/b", "type", True),
        ("/a/**/b type", "/a/0/1/b", "type", True),
        ("/a/**/b type", "/a/0/1/b/c", "type", False),
        ("/a.b", "/aXb", "type", False),
        ("/a~1b", "/a~1b", "type", True),
        ("/a type", "/a\n", "type", False),
        ("/a/* type", "/a/\n", "type", True),
        (" required", "", "required", True),
        (" required", "/a", "required", False),
    ],
)
def test_a_pattern_takes_what_it_says(pattern: str, pointer: str, keyword: str, owned: bool) -> None:
    """A pointer takes everything below; with a keyword just that keyword at just that place."""
    assert ownership(R=pattern).owner(pointer, keyword) == ("R" if owned else None)


@pytest.mark.parametrize(
    ("loose", "exact", "pointer", "keyword"),
    [
        ("/a", "/a/b", "/a/b", "type"),
        ("/a/*", "/a/b", "/a/b", "type"),
        ("/**", "/a", "/a", "type"),
        ("/**/b", "/*/b", "/a/b", "type"),
        ("/*/b", "/a/b", "/a/b", "type"),
        ("/a/b", "/a/b type", "/a/b", "type"),
        ("/** additionalProperties", "/a", "/a/x", "additionalProperties"),
        ("/a/* type", "/a/b", "/a/b", "type"),
    ],
)
def test_the_most_exact_pattern_wins(loose: str, exact: str, pointer: str, keyword: str) -> None:
    """A name is more exact than `*`, `*` than `**`, a keyword than none; the order of cases is no matter."""
    assert ownership(A=loose, B=exact).owner(pointer, keyword) == "B"
    assert ownership(B=exact, A=loose).owner(pointer, keyword) == "B"
    assert ownership(B=loose, A=exact).owner(pointer, keyword) == "A"


def test_what_nobody_owns_belongs_to_nobody() -> None:
    """A fault outside of all patterns has no owner."""
    assert ownership(A="/a", B=[]).owner("/c", "type") is None
    assert ownership().owners("", "type") == ()


def test_the_same_pattern_is_shared() -> None:
    """Two requirements with one pattern share it, and the first by name is the owner."""
    shared = ownership(B="/a type", A="/a type", C="/a")
    assert shared.owner("/a", "type") == "A"
    assert shared.owners("/a", "type") == ("A", "B")


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["a", "b", "*", "**", "a~1b", "."]), max_size=6),
    st.lists(st.sampled_from(["a", "b", "0", "a~1b", "", "\n"]), max_size=6),
)
def test_patterns_match_segment_by_segment(pattern: list[str], pointer: list[str]) -> None:
    """A pattern with a keyword matches exactly where its segments do, by the plain definition."""

    def matches(wanted: list[str], given_: list[str]) -> bool:
        if not wanted:
            return not given_
        if wanted[0] == "**":
            return any(matches(wanted[1:], given_[start:]) for start in range(len(given_) + 1))
        return bool(given_) and wanted[0] in ("*", given_[0]) and matches(wanted[1:], given_[1:])

    def joined(parts: list[str]) -> str:
        return "".join(f"/{part}" for part in parts)

    found = ownership(R=f"{joined(pattern)} type").owner(joined(pointer), "type")
    assert (found == "R") == matches(pattern, pointer)


def test_long_pointers_are_matched_in_time() -> None:
    """A pointer as deep and long as strict JSON lets in is no burden on patterns as cases have them."""
    began = time.process_time()
    owned = ownership(R=["/**/a/**/c type", "/**/x", "/** additionalProperties"])
    assert owned.owner("/a/b" * 50 + "/" + "y" * 100_000, "type") is None
    assert time.process_time() - began < 2
