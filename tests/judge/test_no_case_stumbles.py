"""Junk in any place of a good credential is judged: told, passed over or not applicable, never stumbled over."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import Outcome, Result
from harness.reference.chain import reference_bundle
from harness.reference.payloads import load_payloads
from harness.run import Bench

SAMPLES = (
    "untp-0.7.0/dpp-pack-item", "untp-0.7.0/dcc-pack-test", "untp-0.7.0/dte-smelting", "untp-0.7.0/dia-smelter-business",
    "untp-0.7.0/dfr-smelter", "untp-0.6.1/dpp-cathode-batch", "untp-0.6.1/dcc-pack-test", "untp-0.6.1/dte-smelting",
)  # fmt: skip
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 10**300, 1e308, "", " ", "x", "\n", "\x00", "\u202e", "did:web:", "did:web:..:x", "https://", "http://[", "data:,",
     "https://x.example/%ff", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "z", "u", "#", "a" * 5000,
     [], [[]], [None], [[], {}], {}, {"id": 5}, {"type": None}, {"@value": 1}, {"@context": 5}, {"@list": [1]}, {"": {}}, {"a/b": {"~": 1}}]
)  # fmt: skip


def slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder and key in a value, down to its end."""
    for key, part in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(part, dict | list):
            yield from slots(part)


def ours(bench: Bench, value: Any) -> list[tuple[str, str | None]]:
    """The cases that ended in an error of the harness."""

    def is_ours(result: Result) -> bool:
        return result.outcome is Outcome.ERROR and "not a credential" not in (result.reason or "")

    body = json.dumps(value).encode()
    return [
        (result.case, result.reason)
        for judged in bench.judge(Evidence("a.json", body))
        for result in judged.report.results
        if is_ours(result)
    ]


@settings(derandomize=True, database=None, deadline=None, max_examples=40)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 9999), JUNK), min_size=1, max_size=4))
def test_no_junk_makes_a_case_stumble(name: str, edits: list[tuple[int, Any]]) -> None:
    """A good payload with junk thrown in anywhere ends in no error of ours, whatever the case."""
    value = copy.deepcopy(load_payloads()[name].value)
    for place, junk in edits:
        known = list(slots(value))
        if known:
            holder, key = known[place % len(known)]
            holder[key] = copy.deepcopy(junk)
    bundle = reference_bundle()
    assert ours(Bench(Terms(bundle.at), (HeldWeb(bundle.web),)), value) == []
