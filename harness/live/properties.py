"""Inputs that nobody wrote down: drawn by hypothesis from the run's nonce, and shrunk where one breaks the issuer.

Every attempt is recorded, so that the smallest input that still breaks stands in the recording and the case
can name it. What was asked once is not asked again, so that shrinking is bounded and a run repeats itself.
"""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st

from harness.exchange import Exchange, Line
from harness.gather.adapters import Adapter, Kind, given_in, issued_in, put
from harness.judge.issuer import UNJUDGED, Given
from harness.live.inputs import Inputs
from harness.vendor import Endpoint

EXAMPLES = 12
"""So many inputs are drawn."""
MOST = 60
"""Most questions for one property, shrinking included."""
FREE = ("name", "description")
"""Members that hold text for people: any text is as good."""
_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=60).filter(
    str.strip
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcxyz@", min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@dataclass
class _Attempts:
    """The questions of one property: each input once, until there were enough of them or the line broke."""

    line: Line
    endpoint: Endpoint
    adapter: Adapter
    inputs: Inputs
    probe: str
    holds: Callable[[Given], bool]
    about: dict[str, str]
    exchanges: list[Exchange] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)
    broken: bool = False

    def check(self, edits: list[tuple[tuple[str | int, ...], Any]]) -> None:
        """Fail with AssertionError where the property does not hold for the input with these values put in."""
        key = json.dumps(edits, sort_keys=True)
        if key not in self.known and not self.broken and len(self.exchanges) < MOST:
            self.known[key] = self._asked(edits)
        assert self.known.get(key, True)

    def _asked(self, edits: list[tuple[tuple[str | int, ...], Any]]) -> bool:
        step = f"{len(self.exchanges) + 1:03}"
        value: Any = copy.deepcopy(
            dict(self.inputs.input(self.inputs.good[0].name, f"{self.probe} {step}").value)
        )
        for path, new in edits:
            value = _put(value, path, new)
        question = self.adapter.issue(value)
        exchange = put(self.line, self.endpoint, question, probe=self.probe, step=step, about=self.about)
        self.exchanges.append(exchange)
        self.broken = exchange.answer is None
        return self.broken or self.holds(Given(exchange, given_in(exchange), issued_in(exchange)))


def variations(
    line: Line, endpoint: Endpoint, adapter: Adapter, inputs: Inputs, probe: str
) -> Iterator[Exchange]:
    """Good inputs with other texts in them: each is issued, and what is signed is what was given."""
    places = [
        path for path in _paths(dict(inputs.good[0].value)) if path[-1] in FREE and path[0] != "issuer"
    ][:20]
    about = {UNJUDGED: "a variation: whether it was signed as it was given is what is judged"}
    attempts = _Attempts(line, endpoint, adapter, inputs, probe, _kept, about)
    edits = st.lists(
        st.tuples(st.sampled_from(places), _TEXT), min_size=1, max_size=3, unique_by=lambda one: one[0]
    )
    yield from _run(attempts, edits) if places else ()


def garbage(
    line: Line, endpoint: Endpoint, adapter: Adapter, inputs: Inputs, probe: str
) -> Iterator[Exchange]:
    """Inputs with anything anywhere: whatever comes back, it is a decision and no breakdown."""
    places = [path for path in _paths(dict(inputs.good[0].value)) if path[0] != "id"]
    attempts = _Attempts(line, endpoint, adapter, inputs, probe, _decided, {})
    yield from _run(attempts, st.lists(st.tuples(st.sampled_from(places), _JSON), min_size=1, max_size=2))


def _kept(given: Given) -> bool:
    return given.said.kind is Kind.ISSUED and not given.differences


def _decided(given: Given) -> bool:
    return given.said.kind in (Kind.ISSUED, Kind.REFUSED)


def _run(attempts: _Attempts, edits: st.SearchStrategy[Any]) -> Iterator[Exchange]:
    @hypothesis.seed(attempts.inputs.terms.number(attempts.probe, attempts.endpoint.name))
    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet, report_multiple_bugs=False,
    )  # fmt: skip
    @hypothesis.given(edits)
    def holds(drawn: list[tuple[tuple[str | int, ...], Any]]) -> None:
        attempts.check(drawn)

    with contextlib.suppress(AssertionError):  # the case finds it in the recording
        holds()
    yield from attempts.exchanges


def _paths(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value below one."""
    members: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, inner in members:
        yield (*at, name)
        yield from _paths(inner, (*at, name))


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another in one place; unchanged where the place is gone."""
    at = value
    for step in path[:-1]:
        try:
            at = at[step]
        except (LookupError, TypeError):
            return value
    if isinstance(at, dict) or (isinstance(at, list) and isinstance(path[-1], int) and path[-1] < len(at)):
        at[path[-1]] = new
    return value
