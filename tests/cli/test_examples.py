"""The example chains as a vendor gets them: written by one command, conformant by the commands that it names."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.reference.crm import CHAINS

CREDENTIALS = 76


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder, and the commands that were named."""
    folder = tmp_path_factory.mktemp("examples") / "chains"
    result = CliRunner().invoke(app, ["examples", str(folder)], standalone_mode=False)
    assert result.return_value == 0, result.output
    return folder, result.output.splitlines()


def test_each_chain_is_conformant(examples: tuple[Path, list[str]]) -> None:
    """Every credential of the three chains is conformant, with nothing warned."""
    _, commands = examples
    judged = 0
    for command in (line for line in commands if line.startswith("untp-crm check")):
        words = [*shlex.split(command)[1:], "--format", "jsonl"]
        result = CliRunner().invoke(app, words, standalone_mode=False)
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        assert {row["verdict"] for row in rows} == {"conformant"}
        assert [row["findings"] for row in rows if row["findings"]] == []
        assert result.return_value == 0
        judged += len(rows)
    assert judged == CREDENTIALS


def test_an_audit_of_a_chain_finds_nothing(examples: tuple[Path, list[str]]) -> None:
    """With the anchors that stand beside the chains every claim is held, every anchor leads to a root, no sum is off."""
    _, commands = examples
    audits = [line for line in commands if line.startswith("untp-crm audit")]
    for command in audits:
        words = [*shlex.split(command)[1:], "--format", "json"]
        result = CliRunner().invoke(app, words, standalone_mode=False)
        report = json.loads(result.stdout)
        assert (result.return_value, report["findings"]) == (0, [])
        assert set(report["claims"]["counts"]) == {"held"}
        assert report["anchors"]
        assert all(anchor["reaches_root"] for anchor in report["anchors"])
    assert len(audits) == len(CHAINS)


def test_the_vendor_of_the_examples_is_conformant(examples: tuple[Path, list[str]]) -> None:
    """Certified with graph and mass balance in its scope, and with the anchors that its file names."""
    folder, commands = examples
    (command,) = [line for line in commands if line.startswith("untp-crm certify")]
    result = CliRunner().invoke(app, shlex.split(command)[1:], standalone_mode=False)
    record = json.loads((folder / "report" / "record.json").read_text(encoding="utf-8"))
    assert (result.return_value, record["verdict"]) == (0, "conformant")
    passed = {row["requirement"] for row in record["results"] if row["outcome"] == "passed"}
    assert {"GRAPH-ACC-03", "GRAPH-CLAIM-02", "MB-CONS-02", "CRM-EVT-03"} <= passed


def test_the_extension_is_conformant(examples: tuple[Path, list[str]]) -> None:
    """The parts of the profile are a conformant extension of UNTP, each type with two examples."""
    folder, _ = examples
    words = ["extension", str(folder), "--web", str(folder / "web"), "--format", "jsonl"]
    result = CliRunner().invoke(app, words, standalone_mode=False)
    row = json.loads(result.stdout.splitlines()[0])
    assert (result.return_value, row["verdict"]) == (0, "conformant")
    assert row["findings"] == []


def test_an_extension_without_description_is_told_what_it_needs(tmp_path: Path) -> None:
    """A folder without extension.toml is wrong usage, and the hint says where it is described."""
    result = CliRunner().invoke(app, ["extension", str(tmp_path)], standalone_mode=False)
    assert "extension.toml" in str(result.exception)


def test_examples_need_an_empty_folder(examples: tuple[Path, list[str]]) -> None:
    """Nothing is written over."""
    folder, _ = examples
    result = CliRunner().invoke(app, ["examples", str(folder)], standalone_mode=False)
    assert "not an empty folder" in str(result.exception)
