"""`untp-crm inspect`: every step under its name, and the first that differs from a trace of somebody else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main

from .chains import AT, OnDisk, chain, on_disk

REPAIR = "untp-0.7.0/dte-pack-repair"
"""It has all of it: a token, an embedded proof and a status."""

NAMED = (
    "Expanded document",
    "Canonical N-Quads of the whole document",
    "JOSE Header",
    "JWS Signing Input",
    "JWS Payload",
    "DID document URL",
    "DID resolution result",
    "verification method",
    "JWS Signature",
    "proofBytes",
    "transformedDocument",
    "canonicalProofConfig",
    "transformedDocumentHash",
    "proofConfigHash",
    "hashData",
    "statusListCredential",
    "uncompressed bitstring",
    "status",
)
"""Steps of the three standards, each under the name that it has there."""

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(name="place", scope="module")
def the_place(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """The credential and its web."""
    return on_disk(chain(REPAIR), REPAIR, tmp_path_factory.mktemp("inspected"))


def inspect(place: OnDisk, capsys: Capsys, *words: str) -> tuple[int, str]:
    """Exit code and standard output."""
    with pytest.raises(SystemExit) as ended:
        main(["inspect", str(place.credential), "--web", str(place.web), "--at", AT, *words])
    return int(ended.value.code or 0), capsys.readouterr().out


@pytest.fixture(name="trace")
def the_trace(place: OnDisk, capsys: Capsys) -> list[dict[str, Any]]:
    """The trace of the credential, as --json prints it."""
    code, text = inspect(place, capsys, "--json")
    assert code == 0
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def compared(place: OnDisk, capsys: Capsys, folder: Path, rows: object) -> tuple[int, str]:
    """What --compare says of a trace."""
    path = folder / "theirs.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return inspect(place, capsys, "--compare", str(path))


def test_steps_of_jose_proof_and_status_appear(
    place: OnDisk, capsys: Capsys, trace: list[dict[str, Any]]
) -> None:
    """Every intermediate value of token, embedded proof and status is in the trace and in the text."""
    names = [row["name"] for row in trace]
    _, text = inspect(place, capsys)
    assert [name for name in NAMED if name not in names] == []
    assert [name for name in NAMED if f"  {name}" not in text] == []
    assert "status      index" in text
    assert "proof 0     ecdsa-jcs-2019: verifies" in text


def test_the_own_trace_agrees(
    place: OnDisk, capsys: Capsys, tmp_path: Path, trace: list[dict[str, Any]]
) -> None:
    """A trace compared with itself agrees, repeated names and all."""
    assert compared(place, capsys, tmp_path, trace) == (0, f"All {len(trace)} steps agree.\n")


@pytest.mark.parametrize("name", ["JWS Signing Input", "proofConfigHash", "uncompressed bitstring"])
def test_the_first_step_that_differs_is_named(
    place: OnDisk, capsys: Capsys, tmp_path: Path, trace: list[dict[str, Any]], name: str
) -> None:
    """Where two steps differ the first is named, with both values."""
    rows = [dict(row) for row in trace]
    at = next(number for number, row in enumerate(rows) if row["name"] == name)
    for row in rows[at : at + 2]:
        row |= {"text": "something else", "sha256": hashlib.sha256(b"something else").hexdigest()}
    code, text = compared(place, capsys, tmp_path, rows)
    assert code == 1
    assert text.startswith(f"First step that differs: {name}")
    assert trace[at]["sha256"] in text
    assert "something else" in text


def test_what_differs_late_in_a_long_value_is_shown(
    place: OnDisk, capsys: Capsys, tmp_path: Path, trace: list[dict[str, Any]]
) -> None:
    """Both values are shown from just before their first difference."""
    row = next(dict(row) for row in trace if row["name"] == "Expanded document")
    row["text"] = row["text"][:-1] + "OTHER END"
    row["sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()
    code, text = compared(place, capsys, tmp_path, [row])
    assert code == 1
    assert "OTHER END" in text


def test_the_second_step_of_a_name_is_compared_with_the_second(
    place: OnDisk, capsys: Capsys, tmp_path: Path, trace: list[dict[str, Any]]
) -> None:
    """The document of the issuer and that of the status service are two steps of one name."""
    rows = [row for row in trace if row["name"] == "DID document URL"]
    assert len({row["sha256"] for row in rows}) == 2
    assert compared(place, capsys, tmp_path, rows[::-1])[0] == 1
    code, text = compared(place, capsys, tmp_path, [*rows, rows[0], rows[0]])
    assert code == 1
    assert "no step 'DID document URL' here any more" in text


def test_values_alone_are_compared(
    place: OnDisk, capsys: Capsys, tmp_path: Path, trace: list[dict[str, Any]]
) -> None:
    """A trace without digests is compared by its texts, bytes in hexadecimal."""
    rows = [
        {"name": row["name"], "text": row["text"]} for row in trace if row["name"] in ("hashData", "status")
    ]
    assert compared(place, capsys, tmp_path, rows) == (0, "All 2 steps agree.\n")
    assert compared(place, capsys, tmp_path, [{"name": "hashData", "text": "00"}])[0] == 1


def test_a_step_that_is_not_here_is_told(place: OnDisk, capsys: Capsys, tmp_path: Path) -> None:
    """A name that no standard has is told, with the names that there are."""
    code, text = compared(place, capsys, tmp_path, [{"name": "magic", "text": ""}])
    assert code == 1
    assert "no step 'magic' here" in text
    assert "JWS Signing Input" in text


@pytest.mark.parametrize("rows", [{}, [1], "text"])
def test_what_is_no_trace_is_wrong_usage(place: OnDisk, capsys: Capsys, tmp_path: Path, rows: object) -> None:
    """A file that is no list of steps is refused."""
    assert compared(place, capsys, tmp_path, rows)[0] == 4
