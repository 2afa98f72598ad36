"""What kind of reason a refusal gives: by the type of its problem details, else by its words.

Source: test_cases/vectors/verifier/reasons.toml. VCDM 2.0 section "Problem Details"; RFC 9457.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from harness.data_files import read_toml
from harness.judge.trials import FOLDER, REASONS
from harness.resources import resource

LONGEST = 4_000
"""Characters of one reason that are read."""
_TYPE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


@dataclass(frozen=True)
class Kind:
    """A kind of reason and how it is recognised."""

    name: str
    types: frozenset[str]
    words: re.Pattern[str]


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of reason. Raises SuiteError where the file does not follow its schema."""
    data = read_toml(resource(*FOLDER, REASONS), "reason")
    return tuple(
        Kind(row["kind"], frozenset(row["types"]), re.compile("|".join(row["words"]), re.IGNORECASE))
        for row in data["reason"]
    )


def kinds_of(reasons: Iterable[str]) -> frozenset[str]:
    """The kinds that some reasons are of; nothing where none is recognised.

    A type of problem details that is known decides alone; words count only where no type does.
    """
    found: set[str] = set()
    for reason in reasons:
        text = reason[:LONGEST]
        named = set(_TYPE.findall(text))
        typed = {kind.name for kind in kinds() if named & kind.types}
        found |= typed or {kind.name for kind in kinds() if kind.words.search(text)}
    return frozenset(found)
