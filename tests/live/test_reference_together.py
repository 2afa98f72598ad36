"""The faults of all suites together, by `certify` on the whole vendor: each is found. Some alone, by both commands.

Faults that hide others are turned on in a later run, together with those that can stand beside them: `round` in the
table of faults. The last lines of the tables that are printed at the end are of these runs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.reference.server.application import live_vendor
from harness.reference.server.faults import Kind, load_live_faults

from .peers import ROOT, certify, record_in

FAULTS = [fault for fault in load_live_faults().values() if fault.kind is not Kind.COMPOUND]
ROUNDS = {number: [f for f in FAULTS if f.round == number] for number in sorted({f.round for f in FAULTS})}
ALONE = ("issuer-signs-undefined-terms", "verifier-accepts-tampered", "hreflang-string", "dir-list")
NONCE = "746f676574686572"


def found_in(record: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """How many findings each requirement has, by outcome."""
    return Counter(
        (row["requirement"], row["outcome"])
        for row in record["results"]
        if row["outcome"] in ("failed", "warning")
        for _ in row["findings"]
    )


def certified(folder: Path, faults: list[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and record of `certify` on the vendor with these faults, from beginning to end."""
    with live_vendor(faults=faults, authorities=[folder / "untp-crm-authority.pem"]) as vendor:
        (folder / "authority.pem").write_bytes(vendor.hosted.authority)
        path = folder / "vendor.toml"
        path.write_text(vendor.vendor_toml(place=str(path)), encoding="utf-8")
        run = certify(path, folder / "out", "--nonce", NONCE)
    assert "Traceback" not in run.errors
    return run.code, run.record


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """What is found in the good vendor, which is conformant: that its made-up scheme is in no register of the UN."""
    code, record = certified(tmp_path_factory.mktemp("good"), [])
    assert (code, record["verdict"]) == (0, "conformant")
    return found_in(record)


@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("number", ROUNDS)
def test_all_at_once(
    number: int, good: Counter[tuple[str, str]], tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    """Every fault of the round, of whatever suite, is found by its requirement: as many findings as it has faults."""
    faults, began = ROUNDS[number], time.monotonic()
    code, record = certified(tmp_path, [fault.name for fault in faults])
    more = found_in(record) - good
    wanted = Counter((fault.requirement, str(fault.expected)) for fault in faults)
    missed = sorted(fault.name for fault in faults if (wanted - more)[fault.requirement, str(fault.expected)])
    record_property(
        "together",
        f"run {number}: {len(faults):>3} faults, {len(faults) - len(missed):>3} found, {record['verdict']}, "
        f"{time.monotonic() - began:.0f} seconds",
    )
    assert not missed
    assert (code, record["verdict"]) == (1, "nonconformant")


@contextmanager
def served(fault: str, folder: Path) -> Iterator[Path]:
    """`untp-crm reference serve --fault NAME` in a process of its own; gives the vendor.toml that it wrote."""
    command = [
        sys.executable,
        "-m",
        "harness",
        "reference",
        "serve",
        "--port",
        "0",
        "--fault",
        fault,
        "--out",
        str(folder),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("https://")
        try:
            yield folder / "vendor.toml"
        finally:
            process.terminate()


@pytest.mark.parametrize("name", ALONE)
def test_a_fault_alone_by_both_commands(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """`reference serve --fault` and `certify`: exit code 1, nonconformant, and one requirement failed."""
    fault, began = load_live_faults()[name], time.monotonic()
    with served(name, tmp_path) as vendor:
        run = certify(vendor, tmp_path / "out")
    failed = {row["requirement"] for row in run.record["results"] if row["outcome"] == "failed"}
    record_property(
        "together",
        f"alone, by both commands: {name} -> {', '.join(sorted(failed))}, {run.record['verdict']}, {time.monotonic() - began:.0f} seconds",
    )
    assert (run.code, run.record["verdict"]) == (1, "nonconformant")
    assert failed == {fault.requirement}
    reasons = [
        reason["requirement"]
        for reason in json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))["reasons"]
    ]
    assert reasons == [fault.requirement]
    assert record_in(tmp_path / "out")["roles"][fault.role] == "nonconformant"
