"""A seeded pilot of any size: credentials of made-up supply chains, signed, with known faults in a ledger.

    python benchmarks/generate.py OUT --consignments 10000 --faults 0.01 --seed 7

OUT/credentials/*.jsonl   the credentials, one a line (--form files: one a file)
OUT/web/                  what they refer to: DID documents, status lists, linked documents and credentials
OUT/anchors.toml          whom a verifier trusts by itself
OUT/ledger.jsonl          the faults: subject, requirement, fault, and what cannot but fail with it
OUT/index.jsonl           which credential of which chain each line is
OUT/pilot.json            how much of everything there is

The same seed gives the same bytes. Memory does not grow with the number of consignments: lots are written as they
are made. Everybody in it is made up, and the keys are DEMO keys that nobody may trust.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from harness.reference.issuing import Edit
from harness.reference.payloads import DIGESTS

sys.path.insert(0, str(Path(__file__).parent))
from faults import Fault, faults_of, forget
from gaps import lot_code
from houses import House, Issued, Template, houses, status_lists

LINES = 200
"""Credentials in one file of lines: what one task of a pool judges."""


@dataclass
class Lots:
    """Issues houses and lots, and counts what they use of each status list."""

    used: Counter[str] = field(default_factory=Counter)
    shared: dict[int, dict[str, str]] = field(default_factory=dict)
    """The digests of what the lots of each house may link to."""

    def of_house(self, house: House) -> Iterator[Issued]:
        """What the lots of a house share."""
        digests = self.shared.setdefault(house.number, {})
        for name in house.of_house:
            yield self._issue(house, name, "", digests)

    def lot(self, house: House, code: str, fault: Fault | None = None) -> Iterator[Issued]:
        """One lot of a house."""
        digests = dict(self.shared[house.number])
        for name in house.of_lots:
            issued = self._issue(house, name, code, digests, fault)
            if fault is None or name not in fault.drop:
                yield issued

    def another(self, house: House, name: str, code: str, patch: Edit) -> Issued:
        """One more credential of a house, with a change to its payload."""
        return self._issued(house, house.template(name, patch=patch), code, dict(self.shared[house.number]))

    def _issue(
        self, house: House, name: str, code: str, digests: dict[str, str], fault: Fault | None = None
    ) -> Issued:
        template = house.template(name, patch=fault.patches.get(name) if fault else None)
        return self._issued(house, template, code, digests, fault.changed(name) if fault else None)

    def _issued(
        self, house: House, template: Template, code: str, digests: dict[str, str], changed: Any = None
    ) -> Issued:
        index = self.used[template.status]
        self.used[template.status] += 1
        issued = house.issue(template, code, index, digests, change=changed)
        if issued.served:
            for member, digest in DIGESTS.items():
                digests[f"{member}:{template.name}"] = digest(issued.token)
        return issued


@dataclass
class Folder:
    """The folder that a pilot is written to."""

    path: Path
    form: str = "lines"
    lines: int = LINES
    written: int = 0
    _file: TextIO | Any = None

    def __post_init__(self) -> None:
        (self.path / "credentials").mkdir(parents=True)
        self._index = (self.path / "index.jsonl").open("w", encoding="utf-8")

    def credential(self, house: House, lot: str, issued: Issued) -> str:
        """Write one credential; gives the name that it will have in a report."""
        short = issued.name.rpartition("/")[2]
        subject = self._write(f"{house.number}{lot}-{short}", issued.line)
        row = {
            "subject": subject,
            "chain": house.chain,
            "credential": short,
            "house": house.number,
            "lot": lot,
        }
        self._index.write(json.dumps(row) + "\n")
        return subject

    def _write(self, name: str, line: bytes) -> str:
        number, self.written = self.written, self.written + 1
        folder = self.path / "credentials"
        if self.form == "files":
            suffix = "json" if line.startswith(b"{") else "jwt"
            shard = folder / f"{number // 1000:04}"
            shard.mkdir(exist_ok=True)
            (shard / f"{number:07}-{name}.{suffix}").write_bytes(line)
            return f"{shard.name}/{number:07}-{name}.{suffix}"
        if number % self.lines == 0:
            self.close()
            self._file = (folder / f"{number // self.lines:06}.jsonl").open("wb")
        self._file.write(line + b"\n")
        return f"{number // self.lines:06}.jsonl#L{number % self.lines + 1}"

    def aside(self, name: str, body: bytes) -> None:
        """Write a file beside the credentials of the pilot, in the folder `bad`."""
        path = self.path / "credentials" / "bad" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)

    def web(self, url: str, body: bytes) -> None:
        """Write what stands at a URL."""
        path = self.path / "web" / url.removeprefix("https://")
        if url.endswith("/"):
            path = path / "index.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def close(self) -> None:
        """Finish the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def end(self) -> None:
        """Finish everything."""
        self.close()
        self._index.close()


Bad = Callable[[Lots, Sequence[House]], Iterable[tuple[str, bytes]]]


def generate(
    out: Path, *, consignments: int, credentials: int | None = None, share: float = 0.0, seed: int = 1,
    form: str = "lines", lines: int = LINES, chosen: Iterable[House] | None = None, bad: Bad | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write a pilot of so many consignments, or the first so many credentials of it; gives what pilot.json says.

    `bad` makes files to put beside them, by name, in which it may use the houses and their status lists.
    """
    dice = random.Random(seed)
    cast = tuple(chosen) if chosen is not None else houses()
    folder, lots, counted = Folder(out, form, lines), Lots(), Counter()
    for house in cast:
        for issued in lots.of_house(house):
            folder.credential(house, "", issued)
            if issued.served:
                folder.web(issued.url, issued.token)
        for url, body in (*house.documents(), *house.did_documents()):
            folder.web(url, body)
    with (out / "ledger.jsonl").open("w", encoding="utf-8") as ledger:
        number = 0
        while counted["consignments"] < consignments and (
            credentials is None or folder.written < credentials
        ):
            house = cast[number % len(cast)]
            code = lot_code(number // len(cast))
            known = faults_of(house.chain)
            fault = dice.choice(known) if known and dice.random() < share else None
            names = {}
            for issued in lots.lot(house, code, fault):
                names[issued.name] = folder.credential(house, code, issued)
                if issued.served:
                    folder.web(issued.url, issued.token)
            if fault is not None:
                subjects = [names[base] for base in fault.bases if base in names]
                row = {
                    "subject": subjects[0] if subjects else None, "requirement": fault.requirement,
                    "fault": fault.name, "outcome": fault.outcome, "also": list(fault.also),
                    "lot": list(names.values()), "house": house.number,
                }  # fmt: skip
                ledger.write(json.dumps(row) + "\n")
                counted["faults"] += 1
                forget()
            counted["consignments"] += house.consignments
            number += 1
    for name, body in bad(lots, cast) if bad is not None else ():
        folder.aside(name, body)
    folder.end()
    for url, body in status_lists(lots.used):
        folder.web(url, body)
    trusted = [anchor for house in cast for anchor in house.anchors()]
    (out / "anchors.toml").write_text(f"roots = {json.dumps(trusted, indent=4)}\n", encoding="utf-8")
    told = {
        "seed": seed, "credentials": folder.written, "lots": number, **counted, "houses": len(cast),
        "at": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    (out / "pilot.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def main() -> None:
    """Write a pilot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="folder that does not exist yet")
    parser.add_argument("--consignments", type=int, default=100)
    parser.add_argument("--credentials", type=int, help="stop at the lot that reaches so many credentials")
    parser.add_argument("--faults", type=float, default=0.0, help="share of lots that have a fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=("lines", "files"), default="lines")
    given = parser.parse_args()
    if given.out.exists():
        parser.error(f"{given.out} exists already")
    began = time.process_time()
    consignments = sys.maxsize if given.credentials else given.consignments
    told = generate(
        given.out, consignments=consignments, credentials=given.credentials, share=given.faults, seed=given.seed,
        form=given.form,
    )  # fmt: skip
    seconds = time.process_time() - began
    print(json.dumps(told))
    print(f"{told['credentials'] / seconds:,.0f} credentials a second of CPU", file=sys.stderr)


if __name__ == "__main__":
    main()
