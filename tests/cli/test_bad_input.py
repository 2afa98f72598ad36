"""Bad input on the command line: a clear message on the right stream, the right exit code, and every file in the result."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from harness.cli import main
from harness.evidence import Evidence
from harness.reference.chain import reference_bundle

CHECKOUT = Path(__file__).resolve().parents[2]
AT = "2026-11-01T00:00:00Z"
V2 = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
NAME = "untp-0.7.0/dpp-pack-item"

Done = subprocess.CompletedProcess[bytes]


def harness(*words: str | Path, stdin: bytes = b"", **environment: str) -> Done:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "harness", *map(str, words)]
    return subprocess.run(
        command, input=stdin, capture_output=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
    )  # fmt: skip


def rows(done: Done) -> dict[str, dict[str, Any]]:
    """The lines of `--format jsonl` by subject."""
    found = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len({row["subject"] for row in found}) == len(found)
    return {row["subject"]: row for row in found}


def archive() -> bytes:
    """An archive with a path that leads out of it, and a good member."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("../../escaped.json", b'{"evil": 1}')
        made.writestr("good.jwt", reference_bundle().delivered(NAME).body)
    return held.getvalue()


def publish(folder: Path) -> None:
    """Put the web of the reference vendor where --web finds it; what is a folder too becomes its index.json."""
    bodies = {
        url.removeprefix("https://"): answer.body
        for url, answer in reference_bundle().web.items()
        if isinstance(answer, Evidence)
    }
    for path, body in bodies.items():
        plain, mark, query = path.partition("?")
        is_folder = plain.endswith("/") or any(other.startswith(f"{plain}/") for other in bodies)
        file = (
            folder / plain / "index.json"
            if is_folder and not query
            else folder / f"{plain}{quote(mark + query, safe='')}"
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good credential among everything that can be wrong with a file."""
    folder = tmp_path_factory.mktemp("bad")
    passport = {
        "@context": [V2, UNTP],
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "issuer": {"id": "did:web:a.example"},
    }
    files: dict[str, bytes] = {
        "a-good.jwt": reference_bundle().delivered(NAME).body,
        "b-binary.json": bytes(range(256)) * 100,
        "c-deep.json": b"[" * 100_000 + b"]" * 100_000,
        "d-deep-objects.json": b'{"a":' * 100_000,
        "e-context.json": json.dumps(
            {**passport, "@context": [V2, "https://unknown.example/context"]}
        ).encode(),
        "f-type.json": json.dumps({**passport, "type": ["SomethingElse", "VerifiableCredential"]}).encode(),
        "g-paths.zip": archive(),
        "h-empty.json": b"",
        "i-cut.json": b'{"@context": ["x"], "type": [',
        "j-twice.json": json.dumps(passport)[:-1].encode() + b',\n"issuer": 1}',
        "k-nan.json": b'{"@context": [],\n "type": "VerifiableCredential", "credentialSubject": {"x": NaN}}',
        "l-lines.jsonl": b'{"@context": []}\n{broken\n' + json.dumps(passport).encode(),
        "m-no-archive.zip": b"no archive",
        "n-schema.json": b'{"$schema": "https://json-schema.org/draft/2020-12/schema"}',
        "o-token.jwt": b"eyJhbGciOiJub25lIn0.e30.",
        "p-junk.json": json.dumps(
            {**passport, "credentialSubject": [[None], 5], "credentialStatus": "x", "proof": [[]]}
        ).encode(),
        "q-number.json": json.dumps({**passport, "name": 10**400}).encode(),
        "r-surrogate.json": rb'{"@context": ["\ud800"]}',
        "s-terminal.json": json.dumps(
            {**passport, "name": "\x1b[31m\u202e</script><script>alert(1)</script>"}
        ).encode(),
        "photo.jpg": b"\xff\xd8\xff",
        "new\nline.json": b"{}",
        "t-nan-beside.json": b'{"x": NaN}',
        "u-twice-beside.json": b'{"x": 1, "x": 2}',
        ".hidden.json": b"{}",
    }
    for name, body in files.items():
        (folder / name).write_bytes(body)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.json")).write_bytes(b"{}")
    with (folder / "z-big.json").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    return folder


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web of the reference vendor as a folder."""
    folder = tmp_path_factory.mktemp("web")
    publish(folder)
    return folder


@pytest.fixture(scope="module")
def checked(bad: Path, web: Path) -> Done:
    """The whole folder, judged once."""
    return harness("check", bad, "--web", web, "--at", AT, "--format", "jsonl")


def test_a_bad_folder_is_judged_to_its_end(checked: Done) -> None:
    """One run over all of it ends with exit code 1, without a traceback, and with a line for every file."""
    assert checked.returncode == 1
    assert b"Traceback" not in checked.stderr + checked.stdout
    assert sorted(rows(checked)) == [
        "\\xff.json", "a-good.jwt", "b-binary.json", "c-deep.json", "d-deep-objects.json", "e-context.json", "f-type.json",
        "g-paths.zip!/../../escaped.json", "g-paths.zip!/good.jwt", "h-empty.json", "i-cut.json", "j-twice.json", "k-nan.json",
        "l-lines.jsonl#L1", "l-lines.jsonl#L2", "l-lines.jsonl#L3", "m-no-archive.zip", "n-schema.json", "new\nline.json",
        "o-token.jwt", "p-junk.json", "q-number.json", "r-surrogate.json", "s-terminal.json", "t-nan-beside.json",
        "u-twice-beside.json", "z-big.json",
    ]  # fmt: skip
    assert b"photo.jpg" in checked.stderr
    assert b".hidden.json" in checked.stderr


def test_the_good_ones_among_them_are_conformant(checked: Done) -> None:
    """A good credential is conformant whatever lies beside it, also inside of a bad archive."""
    found = rows(checked)
    assert {found[name]["verdict"] for name in ("a-good.jwt", "g-paths.zip!/good.jwt")} == {"conformant"}


def findings(done: Done, subject: str) -> list[dict[str, Any]]:
    """The findings on one subject."""
    found: list[dict[str, Any]] = rows(done)[subject]["findings"]
    return found


@pytest.mark.parametrize(
    ("subject", "verdict", "message", "line", "column"),
    [
        ("b-binary.json", "undetermined", "neither JSON nor a compact JWS", None, None),
        ("c-deep.json", "nonconformant", "nested more than 100 levels deep", 1, 101),
        ("d-deep-objects.json", "nonconformant", "nested more than 100 levels deep", 1, 501),
        ("g-paths.zip!/../../escaped.json", "undetermined", "its path leads out of the archive", None, None),
        ("h-empty.json", "undetermined", "an empty file", None, None),
        ("i-cut.json", "nonconformant", "not JSON", 1, 30),
        ("j-twice.json", "nonconformant", "'issuer' occurs twice", 2, 1),
        ("k-nan.json", "nonconformant", "NaN is not a JSON number", 2, 61),
        ("l-lines.jsonl#L2", "nonconformant", "not JSON", 2, 2),
        ("m-no-archive.zip", "undetermined", "no readable zip archive", None, None),
        ("n-schema.json", "undetermined", "this is a JSON Schema", 1, 1),
        ("new\nline.json", "undetermined", "nothing in it was judged", 1, 1),
        ("q-number.json", "nonconformant", "is out of range", 1, None),
        ("r-surrogate.json", "nonconformant", "half of a surrogate pair", 1, 16),
        ("t-nan-beside.json", "undetermined", "nothing in it was judged", 1, 1),
        ("u-twice-beside.json", "undetermined", "nothing in it was judged", 1, 1),
        ("z-big.json", "undetermined", "209,715,200 bytes are more than the limit", None, None),
    ],
)
def test_what_cannot_be_read_says_why_and_where(
    checked: Done, subject: str, verdict: str, message: str, line: int | None, column: int | None
) -> None:
    """A file that is no strict credential has its reason, its place and a way out."""
    assert rows(checked)[subject]["verdict"] == verdict
    found = [finding for finding in findings(checked, subject) if message in finding["message"]]
    assert found, findings(checked, subject)
    assert found[0]["line"] == line
    assert column is None or found[0]["column"] == column
    assert found[0]["hint"]


def test_an_unknown_context_is_not_run_with_its_url(checked: Done) -> None:
    """A context that nobody brought leaves the cases that need it open, with the URL; it fails nobody by itself."""
    found = [finding for finding in findings(checked, "e-context.json") if finding["outcome"] == "not_run"]
    assert any("https://unknown.example/context" in finding["message"] for finding in found)


def test_an_unknown_type_is_told(checked: Done) -> None:
    """A credential of a type that no profile knows is judged as far as it goes, and the type is named."""
    assert any("SomethingElse" in json.dumps(finding) for finding in findings(checked, "f-type.json"))


def test_no_error_of_ours_is_hidden_among_them(checked: Done) -> None:
    """Nothing in the folder makes a case stumble."""
    assert b"stumbled" not in checked.stdout


@pytest.mark.parametrize("subject", ["t-nan-beside.json", "u-twice-beside.json"])
def test_json_that_is_no_credential_fails_nothing(checked: Done, subject: str) -> None:
    """Its faults are no vendor's: verdict and findings say the same."""
    assert {finding["outcome"] for finding in findings(checked, subject)} == {"error"}


def test_nothing_is_written_outside(bad: Path, checked: Done) -> None:
    """The member that leads out of its archive is nowhere on the disk."""
    around = (bad, bad.parent, bad.parent.parent, CHECKOUT, CHECKOUT.parent, Path("/"))
    assert not [folder for folder in around if (folder / "escaped.json").exists()]


@pytest.fixture(scope="module")
def reported(bad: Path, web: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """The same folder as text, by two processes, with the report folder, where no colour is known."""
    out = tmp_path_factory.mktemp("out")
    return harness("check", bad, "--web", web, "--at", AT, "--out", out, "--jobs", "2", NO_COLOR="1"), out


def test_the_report_shows_every_file(reported: tuple[Done, Path], checked: Done) -> None:
    """The record names every subject of the run, in its order, and the exit code is the same."""
    done, out = reported
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr + done.stdout
    record = json.loads((out / "record.json").read_bytes())
    assert [subject["name"] for subject in record["subjects"]] == list(rows(checked))
    for name in ("report.html", "junit.xml", "results.sarif"):
        assert (out / name).stat().st_size > 1000


def test_nothing_steers_the_terminal_or_the_browser(reported: tuple[Done, Path]) -> None:
    """Escape sequences, bidirectional signs and script of a stranger reach neither terminal nor page."""
    done, out = reported
    assert b"\x1b" not in done.stdout
    assert "\u202e".encode() not in done.stdout
    assert b"<script>alert(1)" not in (out / "report.html").read_bytes()


def test_an_empty_folder_is_undetermined(tmp_path: Path) -> None:
    """A run that tested nothing says so on standard error and ends with 3; the result is empty."""
    done = harness("check", tmp_path, "--format", "jsonl")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Nothing to judge" in done.stderr


def test_names_that_are_cut_say_how_many_more(tmp_path: Path) -> None:
    """Five names of seven are the first five, not all."""
    for number in range(7):
        (tmp_path / f"{number}.html").write_text("<html></html>", encoding="utf-8")
    done = harness("check", tmp_path, "--format", "jsonl")
    assert b"7 (0.html, 1.html, 2.html, 3.html, 4.html and 2 more)" in done.stderr


def test_a_run_that_is_stopped_at_once_does_not_say_that_nothing_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C before the first part: raised here, since a signal cannot be timed to come before it."""

    def stopped(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    (tmp_path / "a.json").write_bytes(reference_bundle().delivered(NAME).body)
    monkeypatch.setattr("harness.cli.runs.progress", stopped)
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "a.json"), "--out", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert ended.value.code == 3
    assert "Stopped before the first part was finished" in told
    assert "--resume" in told
    assert "Nothing to judge" not in told


def test_compare_of_a_missing_record_is_wrong_usage(tmp_path: Path) -> None:
    """A path that does not exist is 4 here as everywhere."""
    done = harness("compare", tmp_path / "a.json", tmp_path / "b.json")
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"there is no file" in done.stderr


def test_inspect_says_that_a_folder_is_empty(tmp_path: Path) -> None:
    """Silence and 0 would look like a credential without values."""
    done = harness("inspect", tmp_path)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Nothing to inspect" in done.stderr


def test_files_that_cannot_be_judged_end_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing failed and something could not be judged, the exit code is 3."""
    (tmp_path / "a.json").write_bytes(b"\x00")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "a.json"), "--format", "jsonl"])
    assert ended.value.code == 3
    assert json.loads(capsys.readouterr().out)["outcomes"]["error"] == 1


def test_standard_input_is_judged(web: Path) -> None:
    """A good credential from a pipe ends with 0, and standard error says nothing of trouble."""
    done = harness(
        "check",
        "-",
        "--web",
        web,
        "--at",
        AT,
        "--format",
        "jsonl",
        stdin=reference_bundle().delivered(NAME).body,
    )
    assert done.returncode == 0
    assert [row["verdict"] for row in rows(done).values()] == ["conformant"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "nowhere.json"], "there is no file or folder 'nowhere.json'"),
        (["check", "x" * 5000], "there is no file or folder"),
        (["check", "new\nline.json"], "there is no file or folder"),
        (["check", "\udcff.json"], "there is no file or folder"),
        (["check"], "Missing argument"),
        (["check", ".", "--nonsense"], "No such option"),
        (["nonsense"], "No such command"),
        (["check", ".", "--profile", "untp-9"], "there is no profile 'untp-9'"),
        (["check", ".", "--at", "yesterday"], "is no time"),
        (["check", ".", "--at", "0001-01-01T00:00:00+23:59"], "is no time"),
        (["check", ".", "--jobs", "0"], "--jobs"),
        (["check", ".", "--format", "pdf"], "pdf"),
        (["check", ".", "--engine", "magic"], "magic"),
        (["check", ".", "--web", "nowhere"], "is not a folder"),
    ],
)
def test_wrong_usage_ends_with_four(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A missing path, an unknown option or a value that means nothing is told on standard error with exit code 4."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(words)
    streams = capsys.readouterr()
    assert ended.value.code == 4
    assert told in streams.err
    assert streams.out == ""
    assert "Traceback" not in streams.err


def test_a_missing_path_stops_before_anything_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Among good paths a missing one is wrong usage: nothing is judged, and standard output stays empty."""
    (tmp_path / "a.json").write_bytes(b"{}")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "a.json"), str(tmp_path / "nowhere.json"), "--format", "jsonl"])
    streams = capsys.readouterr()
    assert (ended.value.code, streams.out) == (4, "")
    assert "nowhere.json" in streams.err
