"""Bounded work: what takes too much ends, and the next task goes on."""

from __future__ import annotations

import json
import math
import operator
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from harness.errors import BudgetError, EngineError, MalformedError
from harness.trust.budget import DEFAULT, Limits, Worker, within_budget
from harness.trust.encoding import decode_base64url

from .canonical import canonical_from_quads

TIGHT: Final = Limits(wall=1.0, cpu=1.0, memory=512 * 1024 * 1024)


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker with tight limits that is ended with the test."""
    made = Worker(limits=TIGHT)
    yield made
    made.close()


def a_poison_graph(nodes: int) -> str:
    """A clique of blank nodes that all look alike: canonicalisation tries every order of them."""
    pairs = [(one, other) for one in range(nodes) for other in range(nodes) if one != other]
    return "".join(f"_:b{one} <urn:p> _:b{other} .\n" for one, other in pairs)


def test_result_comes_back(worker: Worker) -> None:
    """A task within its limits gives its result."""
    assert worker.run(operator.add, 40, 2) == 42


def test_worker_stays_warm(worker: Worker) -> None:
    """Tasks that behave share one process."""
    worker.run(operator.add, 1, 1)
    first = worker.pid
    for number in range(100):
        assert worker.run(operator.neg, number) == -number
    assert worker.pid == first


def test_errors_of_the_harness_come_back_as_they_are(worker: Worker) -> None:
    """A HarnessError of the task is raised here with its message and hint."""
    with pytest.raises(MalformedError, match="base64url with padding") as caught:
        worker.run(decode_base64url, "AA==")
    assert caught.value.hint == "Remove the '=' signs (RFC 7515 section 2)."
    assert worker.run(operator.add, 1, 1) == 2


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        pytest.param(time.sleep, (60,), id="wall clock"),
        pytest.param(math.factorial, (10**7,), id="CPU in one native call"),
        pytest.param(bytearray, (2**32,), id="memory"),
        pytest.param(os.abort, (), id="native code that aborts for want of memory"),
    ],
)
def test_every_limit_ends_the_task_and_the_next_one_works(
    worker: Worker, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Each limit ends in the one same message, in time, and the next task has a new worker."""
    worker.run(operator.add, 1, 1)
    first, started = worker.pid, time.monotonic()
    with pytest.raises(BudgetError, match=r"^canonicalisation budget exceeded: 1 s on the clock, 1 s of CPU"):
        worker.run(function, *arguments)
    assert time.monotonic() - started < 5
    assert worker.run(operator.add, 1, 1) == 2
    assert worker.pid != first


def test_cpu_limit_counts_for_each_task_alone() -> None:
    """Many small tasks never use up the limit of one."""
    worker = Worker(limits=Limits(wall=5.0, cpu=1.0))
    worker.run(operator.add, 1, 1)
    first = worker.pid
    for _ in range(6):
        worker.run(sum, range(8_000_000))
    assert worker.pid == first
    worker.close()


def test_poison_graph_ends_within_five_seconds_and_the_next_graph_works() -> None:
    """A clique of 14 blank nodes, the attack of RDFC-1.0 section 7.1, is given up; others go on."""
    good = '_:a <urn:p> "x" .\n'
    assert within_budget(canonical_from_quads, good, "sha256") == '_:c14n0 <urn:p> "x" .\n'
    started = time.monotonic()
    with pytest.raises(BudgetError, match="budget exceeded"):
        within_budget(canonical_from_quads, a_poison_graph(14), "sha256")
    assert time.monotonic() - started < 5
    assert within_budget(canonical_from_quads, good, "sha256") == '_:c14n0 <urn:p> "x" .\n'


def test_small_clique_is_no_poison() -> None:
    """The good twin: a clique of four is canonicalised."""
    assert within_budget(canonical_from_quads, a_poison_graph(4), "sha256").count("\n") == 12


def test_worker_that_dies_of_something_else_is_our_error(worker: Worker) -> None:
    """A crash is no budget: it is an error of the engine, and the next task works."""
    with pytest.raises(EngineError, match="exit code 7") as caught:
        worker.run(os._exit, 7)
    assert not isinstance(caught.value, BudgetError)
    assert worker.run(operator.add, 1, 1) == 2


def test_unexpected_exception_is_our_error(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    """An exception that is no HarnessError ends the worker, and its traceback is on standard error."""
    with pytest.raises(EngineError, match="exit code 1"):
        worker.run(json.loads, "{")
    assert "JSONDecodeError" in capfd.readouterr().err


def test_worker_killed_from_outside_is_replaced(worker: Worker) -> None:
    """When somebody kills the worker between two tasks, the next task does not notice."""
    worker.run(operator.add, 1, 1)
    assert worker.pid is not None
    os.kill(worker.pid, 9)
    time.sleep(0.2)
    assert worker.run(operator.add, 1, 1) == 2


def test_overhead_of_a_task_is_small() -> None:
    """A warm worker adds less than ten milliseconds to a task (0.1 measured on a quiet machine)."""
    within_budget(operator.add, 1, 1)
    started = time.monotonic()
    for _ in range(200):
        within_budget(operator.add, 1, 1)
    assert (time.monotonic() - started) / 200 < 0.01


def test_shared_worker_is_the_same_for_the_same_limits() -> None:
    """Who asks with the same limits shares the worker."""
    assert within_budget(os.getpid) == within_budget(os.getpid, limits=DEFAULT)
    assert within_budget(os.getpid) != os.getpid()
