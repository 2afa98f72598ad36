"""`untp-crm audit` and `untp-crm pilot` on the good chain, a mutated one, and nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.evidence import Evidence
from harness.reference.bundle_vectors import apply_to_chain, load_bundle_vectors
from harness.reference.chain import Bundle, reference_bundle
from harness.resources import resource

AT = "2026-11-01T00:00:00Z"
ANCHORS = str(resource("test_cases", "vectors", "good", "anchors.toml"))


def handed_over(bundle: Bundle, folder: Path) -> tuple[str, str]:
    """A chain as a folder of credentials and a folder that answers URLs."""
    for evidence in bundle.evidence:
        path = folder / "in" / evidence.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(evidence.body)
    for url, answer in bundle.web.items():
        if isinstance(answer, Evidence) and "linkset" not in answer.media_type:
            name = url.removeprefix("https://")
            path = folder / "web" / (f"{name}index.json" if name.endswith("/") else name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer.body)
    return str(folder / "in"), str(folder / "web")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and standard output of a command."""
    with pytest.raises(SystemExit) as ended:
        main(["--quiet", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().out


def as_json(text: str) -> dict[str, Any]:
    """The one JSON object of an output."""
    made: dict[str, Any] = json.loads(text)
    return made


def test_the_good_chain_is_audited_without_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every claim is held, every anchor leads to a root, every sum is even; the result is written too."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    out = str(tmp_path / "out")
    code, text = run(
        capsys,
        "audit",
        paths,
        "--web",
        web,
        "--at",
        AT,
        "--anchors",
        ANCHORS,
        "--format",
        "json",
        "--out",
        out,
    )
    report = as_json(text)
    assert code == 0
    assert report["findings"] == []
    assert set(report["claims"]["counts"]) == {"held"}
    assert all(row["reaches_root"] for row in report["anchors"])
    assert {row["result"] for row in report["balance"]} == {"even"}
    assert json.loads((tmp_path / "out" / "audit.json").read_text()) == report
    assert "Findings     0" in (tmp_path / "out" / "audit.txt").read_text()


def test_a_fault_is_told_with_its_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text names event, credential and both sides of the sum."""
    vector = next(v for v in load_bundle_vectors() if v.name == "mass-slag")
    paths, web = handed_over(apply_to_chain(vector, reference_bundle()), tmp_path)
    code, text = run(capsys, "audit", paths, "--web", web, "--at", AT, "--anchors", ANCHORS)
    assert code == 0
    assert "warning MB-CONS-01 (SHOULD) in untp-0.7.0/dte-smelting.jwt" in text
    assert "3,000 t Granulated iron silicate slag" in text


def test_the_pilot_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Verified and declared numbers stand beside the targets; the good chain breaks nowhere."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    code, text = run(capsys, "pilot", paths, "--web", web, "--at", AT, "--format", "json")
    report = as_json(text)
    assert code == 0
    assert report["measures"]["consignments"] == {
        "verified": 3, "declared_only": 0, "target": 10_000, "gap": 9_997, "reached": False,
    }  # fmt: skip
    assert report["measures"]["countries"]["verified"] == 3
    assert report["measures"]["platforms"]["verified"] == 1
    assert report["breaks"] == []


def test_without_keys_everything_is_only_declared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same credentials without the web around them count as declared, and the break is named."""
    paths, _ = handed_over(reference_bundle(), tmp_path)
    _, text = run(capsys, "pilot", paths, "--at", AT)
    lines = text.splitlines()
    assert "0 verified" in lines[0]
    assert lines[2].split() == ["actors", "0", "6", "50", "50"]
    assert "first here" in text


def test_nothing_to_judge_is_undetermined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder cannot be judged."""
    assert run(capsys, "audit", str(tmp_path), "--at", AT)[0] == 3
    assert run(capsys, "pilot", str(tmp_path), "--at", AT)[0] == 3


@pytest.mark.parametrize("text", ["roots = 7", "roots = [1]", "no toml", ""])
def test_a_wrong_anchors_file_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Anchors that are no list of DIDs are refused before anything is judged."""
    path = tmp_path / "anchors.toml"
    path.write_text(text)
    assert run(capsys, "audit", str(tmp_path), "--anchors", str(path))[0] == 4


def test_one_broken_file_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no credential is said, and the others are joined all the same."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    (Path(paths) / "broken.json").write_text('{"type": [', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["audit", paths, "--web", web, "--at", AT, "--anchors", ANCHORS])
    told = capsys.readouterr()
    assert ended.value.code == 3
    assert "broken.json" in told.err
    assert "Credentials  37: 37 verified" in told.out


def test_an_audit_of_damaged_files_is_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of the first is told with its reason, the others are counted, and check is named; the graph is not whole."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    damaged = {
        "cut.jwt": b"eyJhbGciOiJFUzI1NiIsInR5cCI6InZjK2p3dCJ9.eyJAY29udGV4", "empty.json": b"", "noise.json": bytes(range(128, 256)),
        "open.json": b'{"type": [', "payload.jwt": b"eyJhbGciOiJFUzI1NiJ9.eyJ.AAAA", "zero.jwt": b"",
    }  # fmt: skip
    for name, body in damaged.items():
        (Path(paths) / name).write_bytes(body)
    with pytest.raises(SystemExit) as ended:
        main(["audit", paths, "--web", web, "--at", AT, "--anchors", ANCHORS, "--format", "json"])
    told = capsys.readouterr()
    assert ended.value.code == 3
    assert [row["name"] for row in as_json(told.out)["unread"]] == sorted(damaged)
    assert "Could not be read, so not in the graph: 6" in told.err
    assert "  empty.json: an empty file (0 bytes)" in told.err
    assert "  and 1 more" in told.err
    assert "untp-crm check" in told.err


def test_a_pilot_with_a_damaged_file_is_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be read may have counted, or may have spoiled a count."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    (Path(paths) / "cut.json").write_bytes(b'{"type": [')
    with pytest.raises(SystemExit) as ended:
        main(["pilot", paths, "--web", web, "--at", AT, "--anchors", ANCHORS])
    assert ended.value.code == 3
    assert "cut.json" in capsys.readouterr().err


def test_what_is_plainly_no_credential_leaves_an_audit_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page, a configuration, a JSON document of another kind and a link set are left out; nothing went unread."""
    paths, web = handed_over(reference_bundle(), tmp_path)
    linkset = {"linkset": [{"anchor": "https://id.example/01/1", "https://example.org/x": []}]}
    for name, text in {
        "page.html": "<html></html>", "vendor.toml": "x = 1", "index.json": '{"lots": 3}', "links.json": json.dumps(linkset),
    }.items():  # fmt: skip
        (Path(paths) / name).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["audit", paths, "--web", web, "--at", AT, "--anchors", ANCHORS, "--format", "json"])
    told = capsys.readouterr()
    assert ended.value.code == 0
    assert as_json(told.out)["unread"] == []
    assert "No credential, so not in the graph: 2 (index.json, links.json)" in told.err
