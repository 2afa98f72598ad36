"""Credentials per second of `check`, all cases on: the fast engines against the reference engines, in one run.

    python benchmarks/throughput.py [--credentials N] [--reference M]

Makes N distinct credentials from the good twins (ids and numbers differ, each signed anew), judges them
with the fast engines, and M of them with the reference engines, in alternation. CPU time of this process.
"""

from __future__ import annotations

import argparse
import statistics
import time

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.reference.chain import distinct_credentials, reference_bundle
from harness.run import Bench


def measure(bench: Bench, batch: list[Evidence]) -> float:
    """CPU seconds for one credential, over a batch."""
    began = time.process_time()
    for evidence in batch:
        bench.judge(evidence)
    return (time.process_time() - began) / len(batch)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--credentials", type=int, default=240)
    parser.add_argument("--reference", type=int, default=48)
    chosen = parser.parse_args()
    bundle = reference_bundle()
    evidence = list(distinct_credentials(chosen.credentials))
    sources = (HeldWeb(bundle.web),)
    fast = Bench(Terms(bundle.at, None, "fast"), sources)
    slow = Bench(Terms(bundle.at, None, "reference"), sources)
    for bench in (fast, slow):
        for item in evidence[:27]:
            bench.judge(item)
    size = statistics.mean(len(item.body) for item in evidence)
    rounds = 4
    fast_times, slow_times = [], []
    for turn in range(rounds):
        part = evidence[turn::rounds]
        fast_times.append(measure(fast, part))
        slow_times.append(measure(slow, part[: max(1, chosen.reference // rounds)]))
    quick, thorough = statistics.median(fast_times), statistics.median(slow_times)
    print(f"{len(evidence)} distinct credentials, {size / 1024:.1f} KiB each on average, all cases on, one core")
    print(f"  fast       {1 / quick:8.1f} credentials/s   {quick * 1000:7.2f} ms CPU each")
    print(f"  reference  {1 / thorough:8.1f} credentials/s   {thorough * 1000:7.2f} ms CPU each")
    print(f"  fast is {thorough / quick:.1f} times as fast")


if __name__ == "__main__":
    main()
