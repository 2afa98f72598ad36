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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from harness.catalogue import load_catalogue
from harness.reference import issuing
from harness.reference.bundle_vectors import BundleVector, load_bundle_vectors
from harness.reference.chain import Plan
from harness.reference.crm import load_crm_vectors
from harness.reference.edits import Patch, Replace
from harness.reference.operations import change
from harness.reference.payloads import DIGESTS
from harness.reference.vectors import Vector, load_vectors

sys.path.insert(0, str(Path(__file__).parent))
from gaps import lot_code
from houses import House, Issued, houses, status_lists
from platforms import pilot_data

LINES = 200
"""Credentials in one file of lines: what one task of a pool judges."""
PROFILES = {"lithium": "binds", "copper": "binds", "cobalt": "binds"}
"""Chains of UNTP-CRM, whose profile makes proposed requirements bind."""


@dataclass(frozen=True)
class Fault:
    """A known fault of a lot: what is changed in which of its credentials, and which requirement says so."""

    name: str
    requirement: str
    outcome: str
    patches: Mapping[str, Patch] = field(default_factory=dict)
    envelope: tuple[str, Mapping[str, Any]] | None = None
    text: tuple[str, tuple[Replace, ...]] | None = None
    drop: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def bases(self) -> tuple[str, ...]:
        """The credentials that it changes or leaves out."""
        named = [part[0] for part in (self.envelope, self.text) if part is not None]
        return (*self.patches, *named, *self.drop)


@cache
def faults_of(chain: str) -> tuple[Fault, ...]:
    """The faults that benchmarks/pilot.toml names for a chain, as the vectors of the suite have them."""
    names = next((row["names"] for row in pilot_data()["faults"] if row["chain"] == chain), ())
    vectors: dict[str, Vector | BundleVector] = {v.name: v for v in (*load_vectors(), *load_crm_vectors())}
    vectors |= {v.name: v for v in load_bundle_vectors()}
    return tuple(fault_of(vectors[name], chain) for name in names)


def fault_of(vector: Vector | BundleVector, chain: str) -> Fault:
    """A mutation of the suite as a fault of a lot."""
    requirements = load_catalogue().requirements
    outcome = requirements[vector.requirement].severity(proposed=PROFILES.get(chain, "warns"))
    also = tuple(other.requirement for other in vector.also)
    made = Fault(vector.name, vector.requirement, str(outcome), also=also)
    if isinstance(vector, BundleVector):
        enveloped = [row for row in vector.changes if "envelope" in row]
        patches = {
            row["base"]: Patch.of(row["patch"], vector.name) for row in vector.changes if "patch" in row
        }
        envelope = (enveloped[0]["base"], enveloped[0]["envelope"]) if enveloped else None
        return replace(made, patches=patches, envelope=envelope, drop=vector.drop)
    if vector.envelope is not None:
        return replace(made, envelope=(vector.base, vector.envelope))
    if vector.text:
        return replace(
            made,
            text=(vector.base, tuple(Replace(r["find"], r["replace"], vector.name) for r in vector.text)),
        )
    return replace(made, patches={vector.base: Patch.of(vector.patch, vector.name)})


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

    def _issue(
        self, house: House, name: str, code: str, digests: dict[str, str], fault: Fault | None = None
    ) -> Issued:
        template = house.template(name, patch=fault.patches.get(name) if fault else None)
        index = self.used[template.status]
        self.used[template.status] += 1
        issued = house.issue(template, code, index, digests, change=_changed(fault, name) if fault else None)
        if issued.served:
            for member, digest in DIGESTS.items():
                digests[f"{member}:{name}"] = digest(issued.token)
        return issued


def _changed(fault: Fault, name: str) -> Any:
    """The change to the way in which one credential is issued, where a fault has one."""
    if fault.envelope is not None and fault.envelope[0] == name:
        arguments = fault.envelope[1]
        return lambda issuance: change(Plan({name: issuance}), name, arguments).issuances[name]
    if fault.text is not None and fault.text[0] == name:
        edits = fault.text[1]
        return lambda issuance: replace(issuance, text_edits=edits)
    return None


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


def generate(
    out: Path, *, consignments: int, credentials: int | None = None, share: float = 0.0, seed: int = 1,
    form: str = "lines", lines: int = LINES, chosen: Iterable[House] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write a pilot of so many consignments, or the first so many credentials of it; gives what pilot.json says."""
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
                issuing._edited_text.cache_clear()  # noqa: SLF001 - it remembers every text
                issuing._signed.cache_clear()  # noqa: SLF001
            counted["consignments"] += house.consignments
            number += 1
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
