"""A verdict is the same whether official documents are used or ours: on the corpora and on every mutation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.reference.chain import reference_bundle
from harness.reference.vectors import apply, load_vectors

from .pairs import ARTEFACTS, CHECKOUT, CORPORA

Record = Callable[[str, object], None]


def command(official: Path | None, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `untp-crm` with a folder of official documents, or with none."""
    environment = {**os.environ, "UNTP_CRM_ARTEFACTS": "" if official is None else str(official)}
    words = [sys.executable, "-m", "harness", *map(str, arguments)]
    return subprocess.run(words, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official documents beside the checkout, imported."""
    folder = tmp_path_factory.mktemp("official")
    done = command(folder, "artefacts", "import", ARTEFACTS)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def mutations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each mutation of the suite as it is delivered."""
    folder = tmp_path_factory.mktemp("mutations")
    for vector in load_vectors():
        (folder / f"{vector.name}.json").write_bytes(
            apply(vector, reference_bundle()).delivered(vector.base).body
        )
    return folder


def test_all_official_documents_are_used(official: Path, record_property: Record) -> None:
    """Every URL whose official document is beside the checkout is answered by that document, digest right."""
    done = command(official, "artefacts", "verify", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    used = [row for row in rows if row["digest"] == "ok"]
    assert done.returncode == 0
    assert [row for row in rows if row["digest"] == "refused"] == []
    assert len(used) > 45
    record_property("equivalence: official documents used for verdicts", len(used))


def test_an_altered_document_is_refused(official: Path, tmp_path: Path) -> None:
    """A credential is not judged by an official document that somebody altered: exit code 4, both digests named."""
    altered = tmp_path / "official" / "imported"
    altered.mkdir(parents=True)
    for path in (official / "imported").iterdir():
        text = path.read_text(encoding="utf-8")
        (altered / path.name).write_text(text.replace("object", "string"), encoding="utf-8")
    sample = next(CORPORA.glob("spec-untp/dpp-0.6.1.json"))
    done = command(altered.parent, "check", sample, "--format", "jsonl")
    assert done.returncode == 4
    assert "the published one is" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("what", ["corpora", "mutations"])
def test_verdicts_are_the_same(what: str, official: Path, mutations: Path, record_property: Record) -> None:
    """Line by line, `check` says the same with official documents and with ours."""
    folder = CORPORA if what == "corpora" else mutations
    arguments = (
        "check",
        folder,
        "--web",
        CORPORA / "web",
        "--at",
        "2026-11-22T00:00:00Z",
        "--format",
        "jsonl",
    )
    ours = command(None, *arguments).stdout.splitlines()
    theirs = command(official, *arguments).stdout.splitlines()
    assert len(ours) > 100
    assert [line for line, other in zip(ours, theirs, strict=True) if line != other] == []
    record_property(f"equivalence: verdicts with official documents, {what}", len(ours))


def test_the_record_says_which_was_used(official: Path, tmp_path: Path) -> None:
    """The record gives the place and the digest of the bytes behind each URL."""
    sample = next(CORPORA.glob("spec-untp/dpp-0.6.1.json"))
    for folder, found in ((None, {"ours"}), (official, {"imported"})):
        out = tmp_path / "-".join(found)
        command(folder, "check", sample, "--out", out)
        artefacts = json.loads((out / "record.json").read_text(encoding="utf-8"))["artefacts"]
        assert artefacts
        assert {row["found"] for row in artefacts} == found
        assert all(len(row["sha256"]) == 64 for row in artefacts)
