"""Asking what checks written as data ask: round by round, each step with the variables that are there by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.exchange import Exchange, Line, Request
from harness.judge.endpoint_check import Check, Step, about, taken, url_of
from harness.judge.endpoint_expectation import fill


def ask_checks(
    checks: Iterable[Check], table: Mapping[str, Any], line: Line, *, role: str, endpoint: str
) -> Iterator[Exchange]:
    """Ask every check of an endpoint whose table in vendor.toml has what it needs."""
    for check in checks:
        for number, given in enumerate(check.rounds(table)):
            variables = dict(given)
            for step in check.steps:
                if step.variables - variables.keys():
                    if step.optional:
                        continue
                    break
                exchange = line.ask(
                    _request(step, variables), role=role, endpoint=endpoint, probe=check.id,
                    step=f"{number}/{step.name}", about=about(given), redirects=step.redirects,
                )  # fmt: skip
                yield exchange
                variables |= taken(step, exchange)


def _request(step: Step, variables: Mapping[str, str]) -> Request:
    headers = tuple((name.lower(), fill(value, variables)) for name, value in step.headers)
    return Request(step.method, url_of(step, variables), headers, fill(step.body, variables).encode())
