"""The same files through a Node stack and through the harness, in one run: JSON Schema, JSON-LD expansion and SHACL.

    python benchmarks/node_compare.py [--credentials N] [--rounds R]      (make bench brings the npm packages)

Both sides get the same JSON files (copies of the good credentials, each with an id and a name of its own), our schemas,
contexts and shapes, one process, no signature. Schemas are compiled, contexts and shapes read before the clock starts,
and both sides judge a few files first to warm up. Rounds alternate; the median counts. What each side does:

* Node: JSON.parse; ajv (first error only) with ajv-formats; jsonld.toRDF, contexts kept from one call to the next (tag
  "static"); rdf-validate-shacl (first error only) over n3. Most of its time goes into the type-scoped contexts of UNTP,
  which jsonld works out anew for each object; a larger cache of resolved contexts was tried and changed nothing.
* harness: strict JSON with positions; jsonschema-rs with formats; expansion that also watches for dropped terms; RDF
  whose subjects are places in the file; the shacl package; a sample of all judged again by the reference engines.

Beside it stands the whole of `check`: all cases, with signatures, status lists and DID documents, on the signed files.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from throughput import distinct_credentials

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite, under_test
from harness.reference.chain import good_plan, reference_bundle
from harness.resources import resource
from harness.run import Bench
from harness.semantics.artefacts import registry

HERE = Path(__file__).parent / "node"
STAGES = ("parse", "schema", "expand", "shapes")
AIM = 5.0
MISSING = 3


@dataclass(frozen=True)
class Measured:
    """One side in one round: milliseconds by stage, CPU and wall for all files, and how many passed what."""

    credentials: int
    cpu: float
    wall: float
    stages: Mapping[str, float]
    passed: Mapping[str, int]


def written(folder: Path, count: int) -> list[Evidence]:
    """Distinct credentials of 0.7.0 as JSON files."""
    made = []
    names = [name for name in good_plan().issuances if name.startswith("untp-0.7.0/")]
    for number in range(count):
        value = json.loads(good_plan().issuances[names[number % len(names)]].payload)
        value["id"] = f"{value['id']}-{number}"
        value["name"] = f"{value.get('name', 'Credential')}, lot {number}"
        path = folder / f"{number}.json"
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
        made.append(Evidence(str(path), path.read_bytes(), "application/vc", "benchmark"))
    return made


def by_harness(bench: Bench, files: list[Evidence], warm: int) -> Measured:
    """The same three engines of the harness, stage by stage."""
    stages: Counter[str] = Counter()
    passed: Counter[str] = Counter()

    def judge(evidence: Evidence) -> None:
        marks = [time.perf_counter()]
        (credential,) = read_credentials(evidence)
        subject = under_test(credential, bench.suite, bench.terms, bench.closure.of(credential))
        marks.append(time.perf_counter())
        faults = subject.schema_faults
        marks.append(time.perf_counter())
        expanded = subject.expansion
        marks.append(time.perf_counter())
        results = subject.shape_results
        marks.append(time.perf_counter())
        for name, begins, ends in zip(STAGES, marks, marks[1:], strict=False):
            stages[name] += (ends - begins) * 1000  # type: ignore[assignment]
        passed.update(schema=not faults, expand=bool(expanded.expanded), shapes=not results)

    for evidence in files[:warm]:
        judge(evidence)
    stages.clear()
    passed.clear()
    began, cpu = time.perf_counter(), time.process_time()
    for evidence in files:
        judge(evidence)
    return Measured(
        len(files), (time.process_time() - cpu) * 1000, (time.perf_counter() - began) * 1000, stages, passed
    )


def vendor_contexts(folder: Path) -> dict[str, str]:
    """The contexts that credentials of the chain bring themselves, as files."""
    found = {}
    for number, (url, answer) in enumerate(reference_bundle().web.items()):
        if isinstance(answer, Evidence) and url.endswith(".jsonld"):
            path = folder / f"context-{number}.jsonld"
            path.write_bytes(answer.body)
            found[url] = str(path)
    return found


def by_node(files: list[Evidence], warm: int, contexts: Mapping[str, str]) -> Measured:
    """The Node stack on the same files."""
    suite = load_suite()
    profile = suite.profile("untp-0.7.0")
    rows = []
    for evidence in files:
        types = json.loads(evidence.body)["type"]
        kind = next(profile.types[name] for name in types if name in profile.types)
        schema = json.loads(resource("schemas", kind.schema).read_text(encoding="utf-8"))["$id"]
        rows.append({"path": evidence.name, "schema": schema, "component": kind.component})
    known = registry().artefacts
    plan = {
        "files": rows,
        "warm": warm,
        "schemas": [str(path) for path in sorted(resource("schemas", "untp-0.7.0").glob("*.json"))],
        "contexts": {
            url: str(resource("schemas", artefact.file)) for url, artefact in known.items() if artefact.file.endswith(".jsonld")
        } | dict(contexts),
        "shapes": {
            kind.component: [str(resource("shapes", name)) for name in kind.shapes] for kind in profile.types.values() if kind.shapes
        },
    }  # fmt: skip
    done = subprocess.run(
        ["node", "compare.mjs"], cwd=HERE, input=json.dumps(plan), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the Node stack failed:\n{done.stderr}")
    said: dict[str, Any] = json.loads(done.stdout)
    return Measured(said["credentials"], said["cpu_ms"], said["wall_ms"], said["stages"], said["passed"])


def whole_check(bench: Bench, count: int) -> float:
    """CPU milliseconds for one signed credential with every case."""
    signed, web = distinct_credentials(count)
    bench = replace(bench, sources=(web,))
    for evidence in signed[: len(good_plan().issuances)]:
        bench.judge(evidence)
    began = time.process_time()
    for evidence in signed:
        bench.judge(evidence)
    return (time.process_time() - began) * 1000 / len(signed)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--credentials", type=int, default=81)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        print(
            "Not measured: node, or benchmarks/node/node_modules, is missing. make bench brings the packages."
        )
        return MISSING
    bundle = reference_bundle()
    bench = Bench(Terms(bundle.at), (HeldWeb(bundle.web),))
    with tempfile.TemporaryDirectory() as folder:
        files = written(Path(folder), chosen.credentials)
        warm = min(len(files), 54)
        contexts = vendor_contexts(Path(folder))
        pairs = [
            (by_harness(bench, files, warm), by_node(files, warm, contexts)) for _ in range(chosen.rounds)
        ]
    size = statistics.mean(len(evidence.body) for evidence in files)
    print(
        f"{len(files)} distinct credentials of 0.7.0, {size / 1024:.1f} KiB each, one process, {chosen.rounds} rounds, medians"
    )
    print(f"{'':<10}{'harness':>12}{'Node':>12}{'ratio':>9}")
    for name in STAGES:
        ours, theirs = (
            statistics.median(pair[i].stages[name] / pair[i].credentials for pair in pairs) for i in (0, 1)
        )
        print(f"{name:<10}{ours:>9.3f} ms{theirs:>9.3f} ms{theirs / ours:>8.1f}x")
    ours, theirs = (statistics.median(pair[i].cpu / pair[i].credentials for pair in pairs) for i in (0, 1))
    print(f"{'CPU':<10}{ours:>9.3f} ms{theirs:>9.3f} ms{theirs / ours:>8.1f}x")
    rates = [statistics.median(pair[i].credentials * 1000 / pair[i].wall for pair in pairs) for i in (0, 1)]
    print(
        f"{'rate':<10}{rates[0]:>9.0f} /s{rates[1]:>9.0f} /s{rates[0] / rates[1]:>8.1f}x  credentials per second of wall time"
    )
    for name in ("schema", "expand", "shapes"):
        counts = {side.passed[name] for pair in pairs for side in pair}
        print(f"passed {name:<7} {', '.join(map(str, sorted(counts)))} of {len(files)}, both sides" if len(counts) == 1
              else f"passed {name}: the two sides differ: {[tuple(s.passed[name] for s in p) for p in pairs]}")  # fmt: skip
    every = whole_check(bench, chosen.credentials)
    print(f"check      {every:>9.3f} ms CPU each: every case, signatures, status lists and DID documents too")
    print(f"aim: at least {AIM:.0f} times: {'reached' if rates[0] / rates[1] >= AIM else 'NOT reached'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
