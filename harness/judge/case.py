"""`@case`: one executable test of one requirement, as a plain function of one subject.

    @case("DPP-GRAN-02")
    def item_level_names_the_item(credential: CredentialUnderTest) -> Findings:
        '''A passport at item level gives the item number.'''
        ...
        yield node.finds("…", expected="…", hint="…")

Yielding nothing is passing. Severity belongs to the requirement. A case never does I/O.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from harness.model import Finding

Findings = Iterator[Finding]
"""What a case gives back."""

Function = TypeVar("Function", bound=Callable[[Any], Iterable[Finding]])

When = Callable[[Any], object]
"""Whether a case applies to a subject: anything true, such as the nodes that it speaks of."""


@dataclass(frozen=True)
class Case:
    """One test: its id, the requirement it decides, the function, and when it applies.

    `owns` are the schema faults that belong to its requirement: JSON pointers with `*` for one segment and
    `**` for any number. A pointer alone takes everything below too; followed by a blank and a keyword it
    takes just that keyword at just that place. Where two cases have the very same pattern, the fault is
    answered when one of them has failed.
    """

    id: str
    requirement: str
    function: Callable[[Any], Iterable[Finding]]
    suite: str
    file: str
    line: int
    types: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    when: When | None = None
    check: Any = None
    """The data of a case that was written without Python, None for a function."""

    @property
    def title(self) -> str:
        """The first line of its docstring: the sentence that it tests."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]


_collected: list[Case] = []


def case(
    identifier: str,
    *,
    requirement: str | None = None,
    types: Iterable[str] = (),
    owns: str | Iterable[str] = (),
    when: When | None = None,
) -> Callable[[Function], Function]:
    """Make a function a case of the requirement (by default the one of the same id).

    `types` limits it to credential types; without them a case of component DPP is for passports, of
    DCC for conformity credentials and so on, and one of VCP for all.
    """

    def register(function: Function) -> Function:
        code = function.__code__
        _collected.append(
            Case(
                id=identifier,
                requirement=requirement or identifier,
                function=function,
                suite="",
                file=code.co_filename,
                line=code.co_firstlineno,
                types=tuple(types),
                owns=(owns,) if isinstance(owns, str) else tuple(owns),
                when=when,
            )
        )
        return function

    return register


def take_collected() -> list[Case]:
    """The cases registered since the last call: for the loader of case files."""
    taken, _collected[:] = list(_collected), []
    return taken


@dataclass(frozen=True)
class Ownership:
    """Which requirement owns which schema fault: the most exact pattern wins."""

    rules: tuple[tuple[int, re.Pattern[str], str | None, str], ...]

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Ownership:
        """The rules of some cases, most exact first."""
        rules = []
        for item in cases:
            for pattern in item.owns:
                pointer, _, keyword = pattern.partition(" ")
                compiled = _compiled(pointer, end=r"\Z" if keyword else r"(?:/|\Z)")
                rules.append((_exactness(pointer, keyword), compiled, keyword or None, item.requirement))
        return cls(tuple(sorted(rules, key=lambda rule: (-rule[0], rule[3]))))

    def owner(self, pointer: str, keyword: str) -> str | None:
        """The requirement that owns a fault, or None: then the umbrella does."""
        return next(iter(self.owners(pointer, keyword)), None)

    def owners(self, pointer: str, keyword: str) -> tuple[str, ...]:
        """The requirements that share the most exact pattern of a fault: one of them has to answer for it."""
        for _, pattern, wanted, _ in self.rules:
            if (wanted is None or wanted == keyword) and pattern.match(pointer):
                return tuple(name for _, same, word, name in self.rules if (same, word) == (pattern, wanted))
        return ()


def _exactness(pointer: str, keyword: str) -> int:
    segments = [part for part in pointer.split("/") if part]
    literal = sum(2 for part in segments if part not in ("*", "**"))
    return 2 * (literal + sum(1 for part in segments if part == "*")) + bool(keyword)


def _compiled(pointer: str, *, end: str) -> re.Pattern[str]:
    made = ""
    for part in pointer.split("/")[1:]:
        made += r"(?:/[^/]*)*" if part == "**" else r"/[^/]*" if part == "*" else "/" + re.escape(part)
    return re.compile(made + end)
