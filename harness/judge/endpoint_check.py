"""Checks as data: simple cases of an endpoint in TOML, read here and decided by one small interpreter.

    [[check]]
    id = "IDR-QRY-07"
    title = "A malformed identifier is answered with 400."
    each = "malformed"

    [[check.step]]
    name = "ask"
    url = "{+base}{+item}"
    expect = [{ status = [400], message = "…", hint = "…" }]

`harness.live.endpoint_check` asks, this judges: a pure function of the recording. A check is a `Case` like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import uri_template

from harness.data_files import line_of, read_toml
from harness.errors import AbsentError
from harness.exchange import Exchange
from harness.judge.case import Case, Findings
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.endpoint_expectation import PLACE, Capture, Expectation

SCHEMA = "endpoint_check"

_ABOUT = "var "
"""Prefix in `Exchange.about` of the variables of a round."""

Variables = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One request with what is expected of its answer and what is taken from it."""

    name: str
    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    redirects: int = 0
    optional: bool = False
    needs: tuple[str, ...] = ()
    expects: tuple[Expectation, ...] = ()
    captures: tuple[Capture, ...] = ()

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables without which it cannot be asked."""
        found = {name for text in (*dict(self.headers).values(), self.body) for name in PLACE.findall(text)}
        return frozenset(
            found
            | set(self.needs)
            | {str(variable.name) for variable in uri_template.URITemplate(self.url).variables}
        )


@dataclass(frozen=True)
class Check:
    """One case as data: its id and requirement, for which values it is asked, and its steps."""

    id: str
    requirement: str
    title: str
    steps: tuple[Step, ...]
    each: str | None = None
    needs: tuple[str, ...] = ()
    suite: str = ""
    file: str = ""
    line: int = 1

    def rounds(self, table: Mapping[str, Any]) -> Iterator[Variables]:
        """The variables of each round, from the table of the endpoint: none where something that it needs is lacking."""
        plain = {name: _text(value) for name, value in table.items() if _is_plain(value)}
        if self.each is None:
            rounds: Iterable[Variables] = (plain,)
        else:
            listed = table.get(self.each, ())
            values = listed if isinstance(listed, list | tuple) else (listed,)
            rounds = (plain | _item(value) for value in values)
        for variables in rounds:
            if all(variables.get(name) for name in self.needs):
                yield variables

    def judge(self, subject: EndpointUnderTest) -> Findings:
        """What does not hold, round by round. Raises where a round got no answer."""
        for number in rounds_of(subject, self.id):
            yield from self._judge_round(subject, number)

    def _judge_round(self, subject: EndpointUnderTest, number: int) -> Findings:
        variables: dict[str, str] = {}
        fine = True
        for step in self.steps:
            name = f"{number}/{step.name}"
            lacking = sorted(step.variables - variables.keys()) if variables else []
            if subject.find(self.id, name) is None and lacking:
                if fine and not step.optional:
                    message = f"step {step.name} of {self.id} needs {', '.join(lacking)}, which no earlier answer gave"
                    raise AbsentError(message, hint="Compare the earlier answers with the check.")
                continue
            exchange = subject.exchange(self.id, name)
            variables |= variables_of(exchange)
            variables |= taken(step, exchange)
            for expected in step.expects:
                finding = expected.judge(subject, exchange, variables)
                if finding is not None:
                    fine = False
                    yield finding

    def applies(self, subject: EndpointUnderTest) -> bool:
        """Whether a round was begun that expects something: not where each such step is optional and was left out."""
        for number in rounds_of(subject, self.id):
            variables: dict[str, str] = {}
            for step in self.steps:
                exchange = subject.find(self.id, f"{number}/{step.name}")
                if exchange is not None:
                    variables |= variables_of(exchange) | taken(step, exchange)
                left_out = exchange is None and step.optional and bool(step.variables - variables.keys())
                if step.expects and not left_out:
                    return True
        return False

    def as_case(self) -> Case:
        """The check as a case, so that it is listed, explained and run like any other."""

        def decide(subject: EndpointUnderTest) -> Findings:
            return self.judge(subject)

        decide.__doc__ = self.title
        return Case(
            id=self.id, requirement=self.requirement, function=decide, suite=self.suite, file=self.file,
            line=self.line, when=self.applies,
            check=self,
        )  # fmt: skip


def read_checks(path: Path) -> tuple[Check, ...]:
    """The checks of a file. Raises SuiteError with file and line where it does not follow its schema."""
    text = path.read_text(encoding="utf-8")
    rows = read_toml(path, SCHEMA)["check"]
    return tuple(_check(row, path, line_of(text, ("check", number)) or 1) for number, row in enumerate(rows))


def _check(row: Mapping[str, Any], path: Path, line: int) -> Check:
    steps = tuple(_step(step) for step in row["step"])
    requirement = row.get("requirement", row["id"])
    return Check(
        row["id"], requirement, row["title"], steps, row.get("each"), tuple(row.get("needs", ())),
        path.parent.name, str(path), line,
    )  # fmt: skip


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        name=row["name"],
        url=row["url"],
        method=row.get("method", "GET"),
        headers=tuple(row.get("headers", {}).items()),
        body=row.get("body", ""),
        redirects=row.get("redirects", 0),
        optional=row.get("optional", False),
        needs=tuple(row.get("needs", ())),
        expects=tuple(_expectation(wanted) for wanted in row["expect"]),
        captures=tuple(Capture(**capture) for capture in row.get("capture", ())),
    )


def _expectation(row: Mapping[str, Any]) -> Expectation:
    lists = {name: tuple(row[name]) for name in ("status", "media_type") if name in row}
    return Expectation(**{**row, **lists})


def rounds_of(subject: EndpointUnderTest, identifier: str) -> Iterator[int]:
    """The rounds of a check that were begun at an endpoint, in order."""
    yield from dict.fromkeys(int(exchange.step.partition("/")[0]) for exchange in subject.of(identifier))


def url_of(step: Step, variables: Variables) -> str:
    """The URL of a step: its template expanded as RFC 6570 says."""
    return str(uri_template.URITemplate(step.url).expand(**variables))


def about(variables: Variables) -> dict[str, str]:
    """The variables of a round, as an exchange keeps them."""
    return {f"{_ABOUT}{name}": value for name, value in variables.items()}


def variables_of(exchange: Exchange) -> dict[str, str]:
    """The variables of the round in which an exchange was made."""
    return {
        name.removeprefix(_ABOUT): value for name, value in exchange.about.items() if name.startswith(_ABOUT)
    }


def taken(step: Step, exchange: Exchange) -> dict[str, str]:
    """What a step takes from its answer."""
    found = {capture.name: capture.of(exchange) for capture in step.captures}
    return {name: value for name, value in found.items() if value}


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {name: _text(member) for name, member in value.items() if _is_plain(member)}
    return {"item": _text(value)}
