"""Whom a vendor says to trust is part of the submission: judged again with the same, and shown to the reviewer."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli import main
from harness.listing.review import review_file
from harness.listing.submission import RunTerms
from harness.reference.bundle_vectors import good_anchors
from harness.reference.chain import reference_bundle

AT = "2026-11-01T00:00:00Z"
CHOSEN = ("untp-0.7.0/dia-assurer-accreditation", "untp-0.7.0/dia-smelter-business")
VENDOR = """
[vendor]
name = "Cadenza Trace Oy"
[product]
name = "Cadenza Trace"
version = "1.4.2"
[scope]
profile = "untp-0.7.0"
components = ["DIA", "GRAPH"]
roles = ["registrar", "graph"]
[[bundle]]
path = "in"
[trust]
anchors = "anchors.toml"
"""


@pytest.fixture(name="vendor")
def the_vendor(tmp_path: Path) -> Path:
    """Two anchors, and a file that trusts the issuer of one of them."""
    bundle = reference_bundle()
    (tmp_path / "in").mkdir()
    for name in CHOSEN:
        evidence = bundle.delivered(name)
        (tmp_path / "in" / Path(evidence.name).name).write_bytes(evidence.body)
    (tmp_path / "anchors.toml").write_text(
        'roots = ["did:web:accreditation-forum.example"]\n', encoding="utf-8"
    )
    path = tmp_path / "vendor.toml"
    path.write_text(VENDOR, encoding="utf-8")
    return path


def certified(vendor: Path) -> Path:
    """The report folder of a run."""
    out = vendor.parent / "out"
    with pytest.raises(SystemExit):
        main(["--quiet", "certify", str(vendor), "--at", AT, "--out", str(out)])
    return out


def test_the_record_names_whom_the_run_trusted(vendor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The record, the report and the terms of the submission name the roots."""
    out = certified(vendor)
    capsys.readouterr()
    assert json.loads((out / "record.json").read_bytes())["trusted"] == [
        "did:web:accreditation-forum.example"
    ]
    assert "did:web:accreditation-forum.example" in (out / "report.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(out / "submission.zip") as archive:
        terms = json.loads(archive.read("manifest.json"))["terms"]
    assert terms["anchors"] == {"roots": ["did:web:accreditation-forum.example"]}


def test_a_reviewer_judges_with_the_same_and_is_told(
    vendor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The review gives the same bytes, and names the roots for the reviewer to confirm."""
    out = certified(vendor)
    capsys.readouterr()
    found = review_file(out / "submission.zip", at=datetime(2026, 11, 2, tzinfo=UTC))
    assert found.submission is not None
    assert found.again == found.submission.record_body
    assert [line for line in found.confirm if "did:web:accreditation-forum.example" in line]


def test_terms_without_anchors_are_as_before() -> None:
    """Who trusts nobody writes the same terms as ever, and anchors survive being written."""
    bare = RunTerms(None, datetime(2026, 11, 1, tzinfo=UTC), "fast", None, (), ())
    assert "anchors" not in bare.as_json()
    full = RunTerms(None, bare.at, "fast", None, (), (), good_anchors())
    assert RunTerms.from_json(full.as_json()).anchors.parties == good_anchors().parties
