"""Bad files in a generated pilot: nothing is lost, each is said, the others are judged as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from volume.pilots import Pilot, benchmark, make_pilot

CREDENTIALS, ITEMS = 1000, 2000


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pilot, Path]:
    """A pilot with bad files, checked and audited; `python benchmarks/bad_pilot.py` does it with 10,000 and 50,000."""
    folder = tmp_path_factory.mktemp("bad")
    bad = benchmark("bad_pilot").bad_files(ITEMS)
    made = make_pilot(
        folder / "pilot", consignments=10 * CREDENTIALS, credentials=CREDENTIALS, form="files", bad=bad
    )
    run = str(folder / "run")
    assert made.check("--out", run, "--readings", "--jobs", "2") == 1
    assert made.check("--out", run, "--resume", command="audit") == 3
    return made, folder / "run"


def test_nothing_is_lost_and_each_is_said(judged: tuple[Pilot, Path]) -> None:
    """Each bad file by its requirement, the good ones by none, and all that can be read is in the graph."""
    made, run = judged
    number = made.told["credentials"]
    assert number >= CREDENTIALS
    assert list(benchmark("bad_pilot").wrong_in(run, number, ITEMS)) == []


def test_the_audit_tells_people_of_it(judged: tuple[Pilot, Path]) -> None:
    """The page for people names what shares an id, what is in a circle, and what cannot be weighed."""
    _, run = judged
    text = (run / "audit.txt").read_text(encoding="utf-8")
    assert "is the id of 2 credentials" in text
    assert "circle" in text
    assert "no unit" in text


def test_the_file_that_was_cut_off_is_unread(judged: tuple[Pilot, Path]) -> None:
    """It alone could not be read, with the reason, and for it the audit is undetermined."""
    _, run = judged
    (unread,) = json.loads((run / "audit.json").read_bytes())["unread"]
    assert unread["name"] == "bad/broken.json"
    assert unread["why"].startswith("not JSON")


def test_what_is_lost_would_be_noticed(judged: tuple[Pilot, Path], tmp_path: Path) -> None:
    """A run without the bad files, or with fewer credentials than there are, is not as it has to be."""
    made, run = judged
    wrong = list(benchmark("bad_pilot").wrong_in(run, made.told["credentials"] + 1, ITEMS + 10_000))
    assert [any(word in one for one in wrong) for word in ("have a result", "the graph has", "products")] == [
        True
    ] * 3
    good = make_pilot(tmp_path / "good", consignments=2)
    good.check("--out", str(tmp_path / "run"), "--readings")
    good.check("--out", str(tmp_path / "run"), "--resume", command="audit")
    said = list(benchmark("bad_pilot").wrong_in(tmp_path / "run", good.told["credentials"], 0))
    wanted = sum(len(names) for names in benchmark("bad_pilot").SAID.values())
    assert sum(one.startswith("nothing says") for one in said) == wanted


def test_a_full_disk_is_said_and_the_run_is_taken_up(
    pilot: Pilot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, exit code 3, the parts before are whole, and --resume with room comes to the same bytes."""
    words = pilot.words("check", "--readings")
    assert pilot.check("--out", str(tmp_path / "whole"), "--readings") == 1
    found = benchmark("bad_pilot").wrong_on_a_full_disk(words, tmp_path / "full", tmp_path / "whole")
    assert list(found) == []
    assert "parts kept" in capsys.readouterr().out
    records = [(tmp_path / name / "record.json").read_bytes() for name in ("full", "whole")]
    assert json.loads(records[0])
    assert records[0] == records[1]
