"""A generated pilot with bad files among the good ones: nothing is lost, each is said, the others are judged as before.

    python benchmarks/bad_pilot.py --credentials 10000 --items 50000 [--jobs 2]

Beside the credentials lie, in a folder `bad`: a file cut off in the middle, a second credential of one id, two events
that make their goods of each other, an event with very many items, and an event with quantities without a unit. The run
is repeated on a disk that is full before its end, and taken up. Exit code 1 where anything is not as it has to be.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.reference.issuing import Edit

sys.path.insert(0, str(Path(__file__).parent))
from gaps import lot_code
from generate import Lots, generate
from houses import House
from ledger import found_in
from measured import load, run
from pilot import terms, told

MAKE, MOVE = "untp-0.7.0/dte-concentrating", "untp-0.7.0/dte-concentrate-shipment"
SAID: Mapping[str, frozenset[str]] = {
    "bad/broken.json": frozenset({"VCP-JSON-01"}),
    "bad/twin.jwt": frozenset({"DTE-ID-01"}),
    "bad/circle-1.jwt": frozenset({"DTE-ORDER-01"}),
    "bad/circle-2.jwt": frozenset(),
    "bad/many-items.jwt": frozenset(),
    "bad/no-unit.jwt": frozenset({"DTE-MAKE-01", "MB-CONS-06"}),
}
"""The requirements that say something of each bad file: a circle is told once, at one of its two events, and an event
with many items is none to be told of. Of no other file anything is said."""


FULL = 3
"""Exit code where something could not be read or written."""


def bad_files(items: int) -> Any:
    """What `generate` puts beside a pilot whose first house is one of 0.7.0."""

    def made(lots: Lots, cast: Sequence[House]) -> Iterator[tuple[str, bytes]]:
        house = cast[0]
        short = next(
            (one for one in cast if one.chain == house.chain and one.platform.style == "compact"), house
        )
        yield "broken.json", b'{"@context": ["https://www.w3.org/ns/credentials/v2", '
        for name, base, code, edit in (
            ("twin", MAKE, lot_code(0), other_goods),
            ("circle-1", MAKE, "-BAD1", circle("A", "B")),
            ("circle-2", MAKE, "-BAD2", circle("B", "A")),
            ("no-unit", MAKE, "-BAD4", without_unit),
        ):
            yield f"{name}.jwt", lots.another(house, base, code, edit).line
        yield "many-items.jwt", lots.another(short, MOVE, "-BAD3", many(items)).line

    return made


def other_goods(value: dict[str, Any]) -> dict[str, Any]:
    """Another event, of other goods, under the ids of one that is told already."""
    (event,) = value["credentialSubject"]
    for member in ("inputProduct", "outputProduct"):
        event[member] = json.loads(json.dumps(event[member]).replace("/10/QS-", "/10/TWIN-"))
    return value


def circle(source: str, product: str) -> Edit:
    """An event that makes one lot of another, as another event makes that one of this, at the same moment."""

    def edit(value: dict[str, Any]) -> dict[str, Any]:
        (event,) = value["credentialSubject"]
        goods = event["outputProduct"][1]
        for member, letter in (("inputProduct", source), ("outputProduct", product)):
            text = json.dumps(goods).replace("QS-TAL-2026-02", f"CIRCLE-{letter}")
            event[member] = [json.loads(text)]
        event.pop("relatedDocument")
        return value

    return edit


def many(items: int) -> Edit:
    """A shipment of so many lots; 50,000 stay below the limit for one file where JSON is written without spaces."""

    def edit(value: dict[str, Any]) -> dict[str, Any]:
        (event,) = value["credentialSubject"]
        (item,) = event["movedProduct"]
        item["product"]["name"] = "Concentrate"
        text = json.dumps(item)
        event["movedProduct"] = [
            json.loads(text.replace("QS-CON-2026-031", f"M{n:06}")) for n in range(items)
        ]
        return value

    return edit


def without_unit(value: dict[str, Any]) -> dict[str, Any]:
    """An event whose quantities are bare numbers."""
    (event,) = value["credentialSubject"]
    for goods in (*event["inputProduct"], *event["outputProduct"]):
        del goods["quantity"]["unit"]
    return value


# --- what has to come of it ----------------------------------------------------------------------------


def wrong_in(found: Path, credentials: int, items: int) -> Iterator[str]:
    """What is not as it has to be in a run over so many good credentials and the bad files."""
    from harness.volume.parts import RunFolder, evidence_rows  # noqa: PLC0415 - costs a second

    names = Counter(row["name"] for row in evidence_rows(RunFolder(found / "parts").parts()))
    if len(names) != credentials + len(SAID) or set(names.values()) != {1}:
        yield f"{len(names)} files have a result, of {credentials + len(SAID)}"
    said = {(subject, requirement) for subject, requirement, _ in found_in(found)}
    wanted = {(subject, requirement) for subject, names in SAID.items() for requirement in names}
    yield from (f"nothing says {requirement} of {subject}" for subject, requirement in sorted(wanted - said))
    yield from (f"{requirement} is said of {subject}" for subject, requirement in sorted(said - wanted))
    report = json.loads((found / "audit.json").read_text(encoding="utf-8"))
    if report["credentials"]["total"] != credentials + len(SAID) - 1:
        yield f"the graph has {report['credentials']['total']} credentials: all but the broken file belong there"
    twins = [set(row["credentials"]) for row in report["credentials"]["same_id"]]
    if [len(pair) for pair in twins] != [2] or "bad/twin.jwt" not in twins[0]:
        yield f"{twins} are told to share an id"
    if report["entities"]["products"] < items:
        yield f"the graph has {report['entities']['products']} products, fewer than one event has"
    undecided = {row["credential"] for row in report["balance"] if row["result"] == "undecided"}
    if "bad/no-unit.jwt" not in undecided:
        yield "the sum of bare numbers is not called undecided"


def wrong_on_a_full_disk(words: Sequence[str], out: Path, whole: Path) -> Iterator[str]:
    """What is not as it has to be where the disk takes every part but the largest, and the run is then taken up."""
    limit = max(path.stat().st_size for path in (whole / "parts").iterdir()) - 1
    done = subprocess.run(
        [sys.executable, "-m", "harness", *words, "--out", str(out)], capture_output=True, text=True,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    kept, parts = (len(list((run / "parts").glob("part-*.jsonl"))) for run in (out, whole))
    told_so = "cannot be written" in done.stderr and "--resume" in done.stderr
    if done.returncode != FULL or not told_so or "Traceback" in done.stderr:
        yield f"a full disk ends with {done.returncode} and says {done.stderr[-300:]}"
    if list((out / "parts").glob("*.writing")) or not kept < parts:
        yield f"{kept} of {parts} parts were kept"
    run(*words, "--out", str(out), "--resume")
    for path in sorted((whole / "parts").glob("part-*.jsonl")):
        if (out / "parts" / path.name).read_bytes() != path.read_bytes():
            yield f"{path.name} is another after the run was taken up"
    print(f"{'full disk':<12}{kept:,} of {parts:,} parts kept, the others judged when there was room")


def main() -> int:
    """Generate, put bad files in, judge, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--credentials", type=int, default=10_000, help="good ones, each in a file")
    parser.add_argument("--items", type=int, default=50_000, help="lots in one shipment")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, help="keep everything in this folder, which does not exist yet")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        pilot, out = work / "pilot", work / "run"
        made = generate(
            pilot, consignments=sys.maxsize, credentials=given.credentials, form="files", bad=bad_files(given.items)
        )["credentials"]  # fmt: skip
        print(f"{made:,} good files, {len(SAID)} bad ones, {given.items:,} items in one; {load()}")
        words = [str(pilot / "credentials"), *terms(pilot), "--jobs", str(given.jobs)]
        check = ["check", *words, "--readings"]
        print(told("check", run(*check, "--out", str(out)), made))
        print(told("audit", run("audit", *words, "--out", str(out), "--resume"), made))
        wrong = list(wrong_in(out, made, given.items))
        wrong += wrong_on_a_full_disk(check, work / "full", out)
    for one in wrong:
        print(f"  {one}")
    print("as it has to be" if not wrong else f"{len(wrong)} things are not as they have to be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
