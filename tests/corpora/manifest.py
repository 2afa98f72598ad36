"""The corpora file by file: what their manifest says of each, and what the harness says."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from harness.credential import read_credentials
from harness.evidence import Absence, Web
from harness.gather.files import gather_paths
from harness.gather.web import FolderWeb
from harness.judge import Terms
from harness.model import Basis, Outcome, SubjectReport, Verdict, worst
from harness.run import Bench
from harness.semantics.expansion import expand
from harness.semantics.schema import explain

AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
W3C_FOLDERS: Final = (
    "vcdm2-suite",
    "vcdm-schema-examples",
    "vc-di-eddsa-vectors",
    "vc-jose-cose-suite",
    "bitstring-suite",
)
"""Corpora of W3C: their files are no UNTP credentials, so only requirements of basis w3c are asked about them."""

UNSIGNED: Final = frozenset({"VCP-JOSE-01", "VCP-JOSE-02"})
"""What every sample fails that is published without a signature."""

SCHEMAS: Final = {
    "0.5.0": "untp-0.5.0",
    "0.6.0": "untp-0.6.0",
    "0.6.1": "untp-0.6.1",
    "0.7.0": "untp-0.7.0",
    "0.2.1": "untp-0.5.0",
}
TYPES: Final = {
    "DigitalProductPassport": "dpp",
    "DigitalConformityCredential": "dcc",
    "DigitalFacilityRecord": "dfr",
    "DigitalTraceabilityEvent": "dte",
    "DigitalIdentityAnchor": "dia",
}

NOT_SIGNED: Final = "valid but for the signature that it does not have: VCP-JOSE-01 or -02 alone fails."
NO_UNTP: Final = "valid by every requirement of W3C; it is no UNTP credential, so those of UNTP fail."

WORDS: Final = {"pass": "safe", "FAIL": "fault", "ctx-missing": "context missing"}
NOTHING: Final = Web()
"""A web on which nothing is found: contexts come from the registry alone."""


@dataclass(frozen=True)
class Comparison:
    """One file and one column of the manifest: both say one word, "-" where they have none for it."""

    file: str
    column: str
    ours: str
    theirs: str
    detail: str = ""

    @property
    def differs(self) -> bool:
        """Whether both have a word for it, and not the same one."""
        return self.ours != self.theirs and "-" not in (self.ours, self.theirs)


@dataclass(frozen=True)
class Judged:
    """One file of the corpora: its row in the manifest, its verdict, and the comparisons."""

    row: dict[str, str]
    verdict: Verdict
    comparisons: tuple[Comparison, ...]


def rows(corpora: Path) -> list[dict[str, str]]:
    """The manifest."""
    with (corpora / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def judged(corpora: Path) -> Iterator[Judged]:
    """Every file of the manifest, judged by what the harness guesses from its contexts."""
    bench = Bench(Terms(AT), (FolderWeb(corpora / "web"),))
    for row in rows(corpora):
        reports = []
        values = []
        for evidence in gather_paths([str(corpora / row["file"])]):
            reports += [judged.report for judged in bench.judge(evidence)]
            if not isinstance(evidence, Absence):
                values += [c.document.value for c in read_credentials(evidence) if c.document is not None]
        value = values[0] if len(values) == 1 else None
        comparisons = (_schema(row, value), _json_ld(row, value), _expected(row, reports, bench))
        yield Judged(row, worst([report.verdict for report in reports]), comparisons)


def _schema(row: dict[str, str], value: Any) -> Comparison:
    said = row["schema_result"]
    theirs = "fault" if "FAIL" in said else "no fault" if "pass" in said else "-"
    name = None
    if said.startswith("vcdm:"):
        name = "vcdm-2.0/credential.json"
    elif row["version"] in SCHEMAS and row["type"] in TYPES:
        name = f"{SCHEMAS[row['version']]}/{TYPES[row['type']]}.json"
    if name is None or value is None:
        return Comparison(row["file"], "schema", "-", theirs)
    faults = explain(name, value)
    shown = "; ".join(f"{fault.pointer} {fault.keyword}" for fault in faults[:3])
    return Comparison(row["file"], "schema", "fault" if faults else "no fault", theirs, shown)


def _json_ld(row: dict[str, str], value: Any) -> Comparison:
    said = row["jsonld_safe"]
    theirs = next((word for start, word in WORDS.items() if said.startswith(start)), "-")
    if value is None or theirs == "-":
        return Comparison(row["file"], "json-ld", "-", theirs)
    expansion = expand(value, NOTHING, engine="reference")
    if expansion.fault is not None:
        missing = expansion.fault.absence is not None
        return Comparison(
            row["file"], "json-ld", "context missing" if missing else "fault", theirs, expansion.fault.message
        )
    lost = [item for item in expansion.dropped if item.reason != "catch-all"]
    shown = "; ".join(f"{item.pointer} {item.reason}" for item in lost[:3])
    return Comparison(row["file"], "json-ld", "fault" if lost else "safe", theirs, shown)


def _expected(row: dict[str, str], reports: list[SubjectReport], bench: Bench) -> Comparison:
    said = row["expected_verdict"]
    theirs = "valid" if said.startswith("valid") else "invalid" if said.startswith("invalid") else "-"
    results = [result for report in reports for result in report.results]
    if not results or all(report.profile is None for report in reports):
        return Comparison(row["file"], "expected", "-", theirs)
    official = row["file"].partition("/")[0] in W3C_FOLDERS
    requirements = bench.suite.catalogue.requirements
    failed = sorted(
        {
            result.requirement
            for result in results
            if result.outcome is Outcome.FAILED
            and (requirements[result.requirement].basis is Basis.W3C or not official)
            and not (result.requirement in UNSIGNED and row["signed"] == "no")
        }
    )
    return Comparison(row["file"], "expected", "invalid" if failed else "valid", theirs, ", ".join(failed))


def table(corpora: Path, explained: Mapping[tuple[str, str, str, str], str]) -> Iterator[str]:
    """One line for each file: its verdict, what is expected of it, and for each difference the reason."""
    for one in judged(corpora):
        said = one.row["expected_verdict"] or "-"
        yield f"{one.row['file']}\t{one.verdict}\t{said}"
        expected = next(found for found in one.comparisons if found.column == "expected")
        if expected.theirs == "valid" and expected.ours == "valid" and one.verdict is Verdict.NONCONFORMANT:
            foreign = one.row["file"].partition("/")[0] in W3C_FOLDERS
            yield f"\texpected: {NO_UNTP if foreign else NOT_SIGNED}"
        for found in one.comparisons:
            if found.differs:
                why = explained.get((found.column, found.file, found.ours, found.theirs), "NOT EXPLAINED")
                yield f"\t{found.column}: ours {found.ours}, the manifest's {found.theirs} ({found.detail}): {why}"
