"""`untp-crm list` shows the suite aligned for people and whole for scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.cli import main
from harness.cli.catalogue import COLUMNS, Kind


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints when it ends well."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0
    return capsys.readouterr().out


def listed(capsys: pytest.CaptureFixture[str], kind: str) -> list[dict[str, Any]]:
    """The rows of a list in JSON."""
    rows: list[dict[str, Any]] = json.loads(run(capsys, "list", kind, "--format", "json"))
    return rows


@pytest.mark.parametrize("kind", list(Kind))
def test_text_has_a_line_for_each_row_and_their_number(
    kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each row begins a line, in the order of the JSON, and the last line counts them."""
    rows = listed(capsys, kind)
    *lines, last = run(capsys, "list", kind).splitlines()
    starts = [line.split("  ")[0].strip() for line in lines if not line.startswith(" ")]
    assert starts == [str(row[COLUMNS[kind][0]]) for row in rows]
    assert last == f"{len(rows)} {kind}"


def test_columns_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """The second column of the vectors begins at one place."""
    *lines, _ = run(capsys, "list", "vectors").splitlines()
    begins = {len(line) - len(line[line.index(" ") :].lstrip()) for line in lines}
    assert len(begins) == 1


def test_a_vector_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has the change, the expected outcomes and the place of each vector, those of the CRM profile too."""
    rows = listed(capsys, "vectors")
    assert len(rows) > 400
    assert {"VCP", "DPP", "CRM"} <= {row["component"] for row in rows}
    for row in rows:
        assert row["requirement"] in row["expected"]
        assert sum(row[name] is not None for name in ("patch", "text", "envelope")) == 1
        assert ".toml:" in row["file"]


def test_vectors_of_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    """--profile leaves out what is not of the profile."""
    rows = json.loads(run(capsys, "list", "vectors", "--profile", "untp-0.6.1", "--format", "json"))
    assert rows
    assert "CRM" not in {row["component"] for row in rows}


def test_an_artefact_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has place, digests and the source of the digest of each artefact."""
    for row in listed(capsys, "artefacts"):
        assert row["found"] == "ours"
        assert len(row["sha256"]) == 64
        assert row["source"] in ("un-cefact", "harness-mirror", "source-repository", "untp-crm", "none")


def test_a_conflict_shows_its_sides(capsys: pytest.CaptureFixture[str]) -> None:
    """The text form of a conflict has both sides with their sources, and what is accepted."""
    told = run(capsys, "list", "conflicts")
    for row in listed(capsys, "conflicts"):
        assert len(row["sides"]) >= 2
        for side in row["sides"]:
            assert f"{side['says']}  {side['source']}" in told
        assert row["note"] in told


def test_explain_shows_the_mutations(capsys: pytest.CaptureFixture[str]) -> None:
    """A requirement is explained with its named mutations, those of the CRM profile too."""
    rows = listed(capsys, "vectors")
    for component in ("DPP", "CRM"):
        vector = next(row for row in rows if row["component"] == component)
        assert f"mutation  {vector['name']}: {vector['summary']}" in run(
            capsys, "explain", vector["requirement"]
        )
