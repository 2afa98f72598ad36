"""Runs of any size: evidence goes through in chunks, finished parts stay on disk, memory stays flat.

    evidence -> chunks -> engine (in process, pool, cluster) -> parts, in order -> record, or summary of a large run

A part holds what some pieces of evidence gave, compact and whole: it can be read back into the same reports, so a
run that was stopped, or cut into shards, ends in the same bytes as one that was not.
"""

from harness.volume.engines import Engine, InProcess, Pool
from harness.volume.parts import Part, RunFolder
from harness.volume.run import LARGE, Run, run_key

__all__ = ["LARGE", "Engine", "InProcess", "Part", "Pool", "Run", "RunFolder", "run_key"]
