"""Credentials per second of `check`, all cases on: the fast engines against the reference engines, in one run.

    python benchmarks/throughput.py [--credentials N] [--reference M]

Takes N distinct credentials of a generated pilot (all platforms, chains and versions), judges them
with the fast engines, and M of them with the reference engines, in alternation. CPU time of this process.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.judge.collector import keep_what_is_here
from harness.run import Bench

sys.path.insert(0, str(Path(__file__).parent))
from gaps import lot_code
from generate import Lots
from houses import House, houses, status_lists

ROUNDS = 4
AT = datetime(2026, 11, 1, tzinfo=UTC)


def distinct_credentials(count: int) -> tuple[list[Evidence], HeldWeb]:
    """So many credentials of the lots of a generated pilot, no two alike, and the web around them."""
    made: list[Evidence] = []
    web: dict[str, bytes] = {}
    lots = Lots()
    cast = houses()
    for house in cast:
        for issued in lots.of_house(house):
            web[issued.url] = issued.token
        web.update(house.documents())
        web.update(house.did_documents())
    for house, code in _lots(cast):
        for issued in lots.lot(house, code):
            web[issued.url] = issued.token
            made.append(Evidence(f"{len(made)}", issued.line, "application/vc+jwt", "benchmark"))
        if len(made) >= count:
            break
    web.update(status_lists(lots.used))
    answers = {url: Evidence(url, body, "application/json", "benchmark") for url, body in web.items()}
    return made[:count], HeldWeb(answers)


def _lots(cast: tuple[House, ...]) -> Iterator[tuple[House, str]]:
    number = 0
    while True:
        yield cast[number % len(cast)], lot_code(number // len(cast))
        number += 1


def measure(bench: Bench, batch: list[Evidence]) -> float:
    """CPU seconds for one credential, over a batch."""
    began = time.process_time()
    for evidence in batch:
        bench.judge(evidence)
    return (time.process_time() - began) / len(batch)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--credentials", type=int, default=240)
    parser.add_argument("--reference", type=int, default=48)
    chosen = parser.parse_args()
    evidence, web = distinct_credentials(chosen.credentials)
    fast = Bench(Terms(AT, None, "fast"), (web,))
    slow = Bench(Terms(AT, None, "reference"), (web,))
    kinds = min(105, len(evidence))
    for item in evidence[:kinds]:
        fast.judge(item)
    for item in evidence[:kinds:6]:
        slow.judge(item)
    keep_what_is_here()
    verdicts = {judged.report.verdict for item in evidence for judged in fast.judge(item)}
    size = statistics.mean(len(item.body) for item in evidence)
    cases = statistics.mean(len(j.report.results) for item in evidence[:kinds] for j in fast.judge(item))
    fast_times, slow_times = [], []
    for turn in range(ROUNDS):
        part = evidence[turn::ROUNDS]
        fast_times.append(measure(fast, part))
        slow_times.append(measure(slow, part[: max(1, chosen.reference // ROUNDS)]))
    quick, thorough = statistics.median(fast_times), statistics.median(slow_times)
    print(
        f"{len(evidence)} distinct credentials, {size / 1024:.1f} KiB and {cases:.0f} cases each on average, one core"
    )
    print(f"  verdicts   {', '.join(sorted(verdicts))}")
    print(f"  fast       {1 / quick:8.1f} credentials/s   {quick * 1000:7.2f} ms CPU each")
    print(f"  reference  {1 / thorough:8.1f} credentials/s   {thorough * 1000:7.2f} ms CPU each")
    print(f"  fast is {thorough / quick:.1f} times as fast")


if __name__ == "__main__":
    main()
