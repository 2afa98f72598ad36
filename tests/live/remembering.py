"""What does not depend on a fault of the reference vendor is worked out once: for tests that try many faults."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from unittest import mock

from harness.evidence import Evidence
from harness.judge import probed as judging
from harness.judge import recording as running
from harness.live import verifier as asking
from harness.reference.server import verifier as answering


@contextlib.contextmanager
def remembering(*, unless: Callable[[], bool]) -> Iterator[None]:
    """Remember the worlds of trials, what stands around them, the server's opinions, and the judge's natures.

    All of them are pure functions of the nonce, the moment and the bytes, which stay the same from fault to fault.
    """
    known: dict[Any, Any] = {}

    def once(function: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*arguments: Any) -> Any:
            if unless():
                return function(*arguments)
            name = (function.__qualname__, key(*arguments))
            if name not in known:
                found = function(*arguments)
                known[name] = list(found) if isinstance(found, Iterator) else found
            return known[name]

        return remembered

    nature = judging.ProbedVerifier._judge

    def around(subject: judging.ProbedVerifier, probe: str) -> Any:
        kept, web = subject.find(probe, judging.CREDENTIAL), subject.web_of(probe)
        assert kept is not None
        assert kept.answer is not None
        return kept.answer.sha256, tuple(
            (url, found.sha256 if isinstance(found, Evidence) else found.reason)
            for url in web
            for found in [web[url]]
        )

    keys: dict[tuple[ModuleType, str], Callable[..., Any]] = {
        (asking, "twin_world"): _named,
        (asking, "trial_world"): _named,
        (asking, "referred"): lambda world: (world.name, world.body),
        (answering, "opinions"): lambda evidence, *_: evidence.sha256,
    }
    with contextlib.ExitStack() as stack:
        for (module, name), key in keys.items():
            stack.enter_context(mock.patch.object(module, name, once(getattr(module, name), key)))
        stack.enter_context(mock.patch.object(judging.ProbedVerifier, "_judge", once(nature, around)))
        stack.enter_context(mock.patch.object(running, "run_endpoint", _lately(running.run_endpoint)))
        yield


KEPT = 16
"""So many results of endpoints are kept: those of the good vendor, which are asked for again and again, stay."""


def _lately(function: Callable[..., Any]) -> Callable[..., Any]:
    """The results of the cases of an endpoint, for the very same exchanges and terms, as they were before."""
    known: dict[Any, Any] = {}

    def remembered(subject: Any, suite: Any, terms: Any, **scope: Any) -> Any:
        exchanges = subject.exchanges
        name = (tuple(map(id, exchanges)), terms.at, repr(scope))
        kept = known.pop(name, None) or (exchanges, function(subject, suite, terms, **scope))
        known[name] = kept  # with its exchanges, so that none of them gives its id to another
        if len(known) > KEPT:
            del known[next(iter(known))]
        return kept[1]

    return remembered


def _named(*arguments: Any) -> tuple[str, ...]:
    return tuple(str(getattr(one, "name", None) or repr(one)) for one in arguments)
