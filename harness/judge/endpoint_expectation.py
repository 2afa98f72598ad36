"""What a check written as data expects of an answer, and what it takes from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from jsonschema import Draft202012Validator

from harness.credential.strict_json import escape
from harness.exchange import Answer, Exchange
from harness.judge.answers import redirect_target, value_at
from harness.judge.endpoint import EndpointUnderTest, body_of
from harness.model import Finding
from harness.semantics.schema import explain

PLACE = re.compile(r"\{\+?([a-z][a-z0-9_]*)\}")
"""A variable in a text that is no URL."""

_HUNDRED = 100
_MISSING = object()


def fill(text: str, variables: Mapping[str, str]) -> str:
    """The text with the value of each {name} as it is; a name without a value stays."""
    return PLACE.sub(lambda match: variables.get(match[1], match[0]), text)


@dataclass(frozen=True)
class Capture:
    """A value of an answer that becomes a variable: of a header, at a JSON pointer, the redirect target, or the status."""

    name: str
    header: str | None = None
    pointer: str | None = None
    redirect: bool = False
    status: bool = False

    def of(self, exchange: Exchange) -> str | None:
        """The value, None where the answer has none."""
        if self.status:
            return str(exchange.answer.status) if exchange.answer else None
        if self.header is not None:
            return exchange.answer.header(self.header) if exchange.answer else None
        if self.redirect:
            return redirect_target(exchange)
        value = value_at(exchange, self.pointer or "")
        return None if value is None or isinstance(value, dict | list) else str(value)


@dataclass(frozen=True)
class Expectation:
    """One thing that has to hold of an answer, with what to say where it does not: one `subject` of them is set."""

    message: str
    hint: str
    status: tuple[int | str, ...] = ()
    media_type: tuple[str, ...] = ()
    header: str | None = None
    pointer: str | None = None
    redirect: bool = False
    sha256: str | None = None
    schema: str | Mapping[str, Any] | None = None
    absent: bool = False
    equals: str | float | None = None
    matches: str | None = None

    def judge(
        self, subject: EndpointUnderTest, exchange: Exchange, variables: Mapping[str, str]
    ) -> Finding | None:
        """The finding where it does not hold of an answer that came."""
        return _Judgement(self, subject, exchange, variables).finding()


@dataclass(frozen=True)
class _Judgement:
    """One expectation about one answer."""

    wanted: Expectation
    subject: EndpointUnderTest
    exchange: Exchange
    variables: Mapping[str, str]

    def finding(self) -> Finding | None:
        answer, wanted = self.answer, self.wanted
        if wanted.status:
            allowed = tuple(
                fill(code, self.variables) if isinstance(code, str) else code for code in wanted.status
            )
            return self.unless(_has_status(answer, allowed), _listed(allowed), str(answer.status))
        if wanted.media_type:
            good = any(fnmatchcase(answer.media_type, pattern) for pattern in wanted.media_type)
            return self.unless(
                good, _listed(wanted.media_type), answer.header("content-type") or "no Content-Type"
            )
        if wanted.sha256 is not None:
            digest = fill(wanted.sha256, self.variables)
            return self.unless(answer.sha256 == digest, f"SHA-256 {digest}", f"SHA-256 {answer.sha256}")
        return self.by_schema() if wanted.schema is not None else self.by_value()

    @property
    def answer(self) -> Answer:
        answer = self.exchange.answer
        assert answer is not None
        return answer

    def unless(self, good: object, expected: str, actual: str | None) -> Finding | None:
        if good:
            return None
        return self.subject.finds(
            self.exchange, self.wanted.message, pointer=self.wanted.pointer, expected=expected, actual=actual,
            hint=self.wanted.hint,
        )  # fmt: skip

    def by_value(self) -> Finding | None:
        wanted = self.wanted
        value, what = self.value()
        missing = value is _MISSING
        if wanted.pointer is not None and body_of(self.answer) is None:
            return self.unless(False, "a JSON document", self.answer.header("content-type"))
        if wanted.absent:
            return self.unless(missing, f"no {what}", None if missing else _shown(value))
        actual = f"no {what}" if missing else _shown(value)
        if wanted.equals is not None:
            exact = fill(wanted.equals, self.variables) if isinstance(wanted.equals, str) else wanted.equals
            return self.unless(value == exact, f"{what}: {exact}", actual)
        if wanted.matches is not None:
            good = isinstance(value, str) and re.search(wanted.matches, value)
            return self.unless(good, f"{what} that matches {wanted.matches}", actual)
        return self.unless(not missing, what, actual)

    def value(self) -> tuple[Any, str]:
        """The value that is spoken of, and what it is called."""
        wanted = self.wanted
        if wanted.header is not None:
            found = self.answer.header(wanted.header)
            return _MISSING if found is None else found, f"header {wanted.header}"
        if wanted.redirect:
            target = redirect_target(self.exchange)
            return _MISSING if target is None else target, "redirect"
        pointer = wanted.pointer or ""
        return value_at(
            self.exchange, pointer, _MISSING
        ), f"value at {pointer}" if pointer else "JSON document"

    def by_schema(self) -> Finding | None:
        document = body_of(self.answer)
        if document is None:
            return self.unless(False, "a JSON document", self.answer.header("content-type"))
        first = next(iter(_faults(self.wanted.schema, document.value)), None)
        if first is None:
            return None
        pointer, message, expected = first
        told = f"{self.wanted.message}: {message}"
        return self.subject.finds(
            self.exchange, told, pointer=pointer, expected=expected, hint=self.wanted.hint
        )


def _faults(schema: str | Mapping[str, Any] | None, value: Any) -> list[tuple[str, str, str | None]]:
    if isinstance(schema, str):
        return [(fault.pointer, fault.message, fault.expected) for fault in explain(schema, value)]
    errors = Draft202012Validator(dict(schema or {})).iter_errors(value)
    return [
        ("".join(f"/{escape(str(part))}" for part in error.absolute_path), error.message, None)
        for error in errors
    ]


def _has_status(answer: Answer, wanted: tuple[int | str, ...]) -> bool:
    return not {answer.status, str(answer.status), f"{answer.status // _HUNDRED}xx"}.isdisjoint(wanted)


def _listed(values: tuple[int | str, ...]) -> str:
    return " or ".join(str(value) for value in values)


def _shown(value: Any) -> str | None:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
