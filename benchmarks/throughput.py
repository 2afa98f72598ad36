"""Credentials per second of `check`, all cases on: the fast engines against the reference engines, in one run.

    python benchmarks/throughput.py [--credentials N] [--reference M]

Makes N distinct credentials from the good twins (id, name and number differ, each signed anew), judges them
with the fast engines, and M of them with the reference engines, in alternation. CPU time of this process.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.reference.chain import good_plan, reference_bundle
from harness.run import Bench

ROUNDS = 4


def distinct_credentials(count: int) -> Iterator[Evidence]:
    """Copies of the good credentials, each with an id and a name of its own, signed by its issuer."""
    plan = good_plan()
    for number, (name, issuance) in enumerate(
        itertools.islice(itertools.cycle(plan.issuances.items()), count)
    ):
        value = json.loads(issuance.payload)
        value["id"] = f"{value['id']}-{number}"
        if "name" in value:
            value["name"] = f"{value['name']}, lot {number}"
        copy = replace(
            issuance, name=f"{name}-{number}", payload=json.dumps(value, indent=2), delivery="token"
        )
        yield Evidence(f"{copy.name}.jwt", copy.delivered(), copy.media_type, "benchmark")


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
    bundle = reference_bundle()
    evidence = list(distinct_credentials(chosen.credentials))
    sources = (HeldWeb(bundle.web),)
    fast = Bench(Terms(bundle.at, None, "fast"), sources)
    slow = Bench(Terms(bundle.at, None, "reference"), sources)
    kinds = len(good_plan().issuances)
    for item in evidence[:kinds]:
        fast.judge(item)
    for item in evidence[:kinds:6]:
        slow.judge(item)
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
