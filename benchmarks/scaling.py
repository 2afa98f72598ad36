"""How `check` grows: seconds of CPU and memory over the number of credentials, with a straight line through them.

    python benchmarks/scaling.py --sizes 1000 10000 100000 [--jobs 1]

Each size is a pilot of its own, generated, judged in a process of its own, and removed. Printed are the line through
the CPU seconds, how far the points are from it, and how much the memory of the largest run is above the smallest.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generate import generate
from measured import load, run
from pilot import terms


def line_through(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Start and slope of the line of least squares of the relative distances, so that small runs count too."""
    weights = [1 / y**2 for _, y in points]
    total = sum(weights)
    x_mean = sum(w * x for w, (x, _) in zip(weights, points, strict=True)) / total
    y_mean = sum(w * y for w, (_, y) in zip(weights, points, strict=True)) / total
    above = sum(w * (x - x_mean) * (y - y_mean) for w, (x, y) in zip(weights, points, strict=True))
    slope = above / sum(w * (x - x_mean) ** 2 for w, (x, _) in zip(weights, points, strict=True))
    return y_mean - slope * x_mean, slope


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    points: list[tuple[float, float]] = []
    peaks = []
    print(f"{'credentials':>12}{'wall s':>10}{'CPU s':>10}{'ms CPU each':>13}{'MB at most':>12}")
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            pilot = Path(folder) / "pilot"
            made = generate(pilot, consignments=sys.maxsize, credentials=size, share=0.01, seed=3)
            number = made["credentials"]
            words = ["check", str(pilot / "credentials"), *terms(pilot), "--out", str(Path(folder) / "run")]
            took = run(*words, "--jobs", str(given.jobs))
            shutil.rmtree(pilot)
        points.append((number, took.cpu))
        peaks.append(took.peak)
        print(
            f"{number:>12,}{took.wall:>10.1f}{took.cpu:>10.1f}{took.cpu / number * 1000:>13.2f}{took.peak:>12.0f}  {load()}",
            flush=True,
        )
    start, slope = line_through(points)
    off = max(abs(y / (start + slope * x) - 1) for x, y in points)
    print(
        f"CPU: {start:.1f} s to start and {slope * 1000:.2f} ms for each credential; no point is more than {off:.0%} off this line"
    )
    print(f"memory: the largest run has {peaks[-1] / peaks[0] - 1:+.0%} of the smallest")


if __name__ == "__main__":
    main()
