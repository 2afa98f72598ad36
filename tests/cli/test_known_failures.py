"""Known failures of a vendor, from the file beside vendor.toml to the record, the terminal and the replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main

from .chains import AT, chain, on_disk

REPORT = "untp-0.7.0/dcc-pack-test"
VENDOR = """
[vendor]
name = "Prüfwerk Elbtal GmbH"
[product]
name = "Reports"
version = "1"
[scope]
profile = "untp-0.7.0"
components = ["VCP", "DCC"]
roles = ["issuer"]
[[bundle]]
path = "{credential}"
web = "web"
"""
EXPECTED = """
[[expected]]
requirement = "VCP-JOSE-15"
reason = "Signatures are cut off by the old proxy."
issue = "https://tracker.example/7"

[[expected]]
requirement = "VCP-STAT-06"
reason = "Lists were not published in time."
issue = "https://tracker.example/8"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certification of a credential with a flipped bit, by a vendor who knows of that and of something else."""
    folder = tmp_path_factory.mktemp("known")
    disk = on_disk(chain(REPORT, "flip-signature-bit"), REPORT, folder)
    (folder / "vendor.toml").write_text(VENDOR.format(credential=disk.credential.name))
    (folder / "expected-failures.toml").write_text(EXPECTED)
    return folder


def exits(*words: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(str(ended.value.code))


def certify(run: Path, *words: str) -> tuple[int, dict[str, Any], Path]:
    """Exit code, record and report folder."""
    out = run / "out"
    asked = words or (str(run / "vendor.toml"), "--at", AT)
    code = exits("--quiet", "certify", *asked, "--out", str(out))
    return code, json.loads((out / "record.json").read_text()), out


def test_a_selection_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who runs some cases only is told so, is not conformant by them, and finds in the record how to run the same again."""
    code, record, _ = certify(run, str(run / "vendor.toml"), "--at", AT, "--only", "DCC-REQ-*")
    assert code == 3
    assert "Only cases that match DCC-REQ-* were run" in capsys.readouterr().err
    assert record["reproduce"][0].endswith("--only 'DCC-REQ-*'")


def test_a_claim_that_nothing_shows_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A component in scope without evidence is named, also with --quiet, as review will refuse it."""
    vendor = (run / "vendor.toml").read_text().replace('"DCC"]', '"DCC", "CVC"]')
    (run / "wider.toml").write_text(vendor)
    certify(run, str(run / "wider.toml"), "--at", AT)
    assert "Claimed, but nothing shows it: CVC." in capsys.readouterr().err
    certify(run)
    assert "Claimed, but nothing shows it" not in capsys.readouterr().err


def test_a_known_failure_is_marked_and_stays_a_failure(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nonconformant as before; the failure has its issue, what passes is told."""
    code, record, out = certify(run)
    assert (code, record["verdict"]) == (1, "nonconformant")
    (failed,) = [row for row in record["results"] if row["outcome"] == "failed"]
    assert (failed["requirement"], failed["expected_failure"]) == ("VCP-JOSE-15", "https://tracker.example/7")
    assert [(r["requirement"], r["state"]) for r in record["expected_failures"]] == [
        ("VCP-JOSE-15", "failed"), ("VCP-STAT-06", "passed"),
    ]  # fmt: skip
    shown = " ".join(capsys.readouterr().out.split())
    assert "VCP-STAT-06. Passes now: it has to leave the list." in shown
    page = (out / "report.html").read_text()
    assert "https://tracker.example/7" in page
    assert "Passes now" in page


def test_a_submission_carries_them_and_is_judged_to_the_same_bytes(run: Path) -> None:
    """The list is part of the terms: who judges again needs no file."""
    _, _, out = certify(run)
    first = (out / "record.json").read_bytes()
    (run / "expected-failures.toml").rename(run / "elsewhere.toml")
    certify(run, "--replay", str(out / "submission.zip"))
    assert (out / "record.json").read_bytes() == first
    (run / "elsewhere.toml").rename(run / "expected-failures.toml")


def test_a_named_file_that_is_not_there_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list that is named has to be there."""
    text = (run / "vendor.toml").read_text()
    (run / "other.toml").write_text(f'{text}\n[expected]\nfailures = "nowhere.toml"\n')
    assert exits("certify", str(run / "other.toml"), "--out", str(run / "out")) == 4
    assert "nowhere.toml" in capsys.readouterr().err
