"""`demo`, `certify`, `review`, `compare` and `register build` as a vendor and a reviewer use them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from harness.cli import main
from harness.evidence import Evidence
from harness.reference.chain import reference_bundle
from harness.reference.payloads import load_payloads

MADE, AT = "2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z"
FOLDER = {
    "audit.html", "audit.json", "audit.txt",
    "report.html", "record.json", "junit.xml", "earl.jsonld", "results.sarif", "ctrf.json", "summary.md", "badge.svg",
    "registration.md", "register-entry.json", "submission.zip", "attestation.jwt", "web",
}  # fmt: skip


def told(*words: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as done:
        main(list(words))
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report folder of the demo."""
    out = tmp_path_factory.mktemp("demo")
    assert told("--quiet", "demo", "--out", str(out), "--at", MADE) == 0
    return out


def test_the_report_folder_is_whole(demo: Path) -> None:
    """Every file of the contract is there, and the report says how the record is sealed."""
    assert {path.name for path in demo.iterdir()} == FOLDER
    assert "did:web:cadenza-trace.example" in (demo / "report.html").read_text(encoding="utf-8")


def test_the_demo_is_listable(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Review says listable, judged again to the same bytes, in text, JSON and HTML."""
    code = told("review", str(demo / "submission.zip"), "--at", AT, "--out", str(tmp_path))
    assert code == 0
    assert "the record has the same bytes" in capsys.readouterr().out
    answer = json.loads((tmp_path / "review.json").read_text(encoding="utf-8"))
    assert (answer["answer"], answer["judged_again"], answer["breaches"]) == ("listable", "same bytes", [])
    page = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;; style-src" in page
    assert "<script" not in page


@pytest.mark.parametrize("moment", ["2028-02-29T23:59:59", "2030-03-17T17:46:40"])
def test_the_demo_is_listable_whenever_it_is_made(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years later `demo` and then `review`, both by the clock alone, say listable; the same moment, the same bytes."""
    epoch = datetime.fromisoformat(f"{moment}+00:00").timestamp()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(epoch)))
    assert told("--quiet", "demo", "--out", str(tmp_path / "one")) == 0
    assert told("review", str(tmp_path / "one" / "submission.zip")) == 0
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert told("--quiet", "demo", "--out", str(tmp_path / "two"), "--at", f"{moment}Z") == 0
    bodies = [(tmp_path / name / "submission.zip").read_bytes() for name in ("one", "two")]
    assert bodies[0] == bodies[1]


def test_a_fault_keeps_its_own_moment(tmp_path: Path) -> None:
    """A fault names the moment that shows it, so --at is wrong usage there."""
    words = ("demo", "--fault", "dpp-item-without-number", "--at", AT, "--out", str(tmp_path))
    assert told(*words) == 4


def test_replay_gives_the_same_record(demo: Path, tmp_path: Path) -> None:
    """Certify --replay judges from the store alone, byte for byte."""
    assert told("--quiet", "certify", "--replay", str(demo / "submission.zip"), "--out", str(tmp_path)) == 0
    assert (tmp_path / "record.json").read_bytes() == (demo / "record.json").read_bytes()


def test_the_attestation_is_conformant(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check judges it like any other credential, with what the run wrote to publish."""
    words = ("--web", str(demo / "web"), "--profile", "untp-0.7.0", "--at", AT, "--format", "jsonl")
    assert told("check", str(demo / "attestation.jwt"), *words) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["verdict"], line["outcomes"]["warning"], line["findings"]) == ("conformant", 0, [])


def test_a_tampered_submission_is_not_listable(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One byte more, and the rule is named; the exit code is 1."""
    (tmp_path / "s.zip").write_bytes((demo / "submission.zip").read_bytes() + b"x")
    assert told("review", str(tmp_path / "s.zip"), "--at", AT, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["breaches"][0]["rule"] == "REV-ZIP-06"


def test_a_missing_submission_is_wrong_usage(tmp_path: Path) -> None:
    """No file, a folder, a nonce that is none."""
    assert told("review", str(tmp_path / "none.zip")) == 4
    assert told("review", str(tmp_path)) == 4
    assert told("review", str(tmp_path / "none.zip"), "--nonce", "xyz") == 4
    assert told("certify") == 4


def test_a_vendor_certifies_seals_and_previews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keygen, certify with the key and the reviewer's nonce, review with the nonce: listable; then a preview."""
    bundle = reference_bundle()
    given = bundle.delivered("untp-0.7.0/dpp-cathode-batch")
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "dpp.jwt").write_bytes(given.body)
    for url in sorted(bundle.web, key=len, reverse=True):
        found = bundle.web[url]
        path = tmp_path / "answers" / url.removeprefix("https://")
        if isinstance(found, Evidence):
            path = path / "index.json" if path.is_dir() or url.endswith("/") else path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found.body)
    (tmp_path / "vendor.toml").write_text(
        '[vendor]\nname = "Sample Minerals Ltd"\nwebsite = "https://minerals.example/"\ncountry = "CA"\n'
        '[product]\nname = "TraceMine"\nversion = "4.2.0"\n'
        '[scope]\nprofile = "untp-0.7.0"\ncomponents = ["VCP", "DPP"]\nroles = ["issuer"]\n'
        '[[bundle]]\npath = "credentials/"\nweb = "answers/"\n'
    )
    key, out = tmp_path / "key.jwk", tmp_path / "out"
    assert told("--quiet", "keygen", "--out", str(key), "--did", "did:web:minerals.example") == 0
    words = ("--out", str(out), "--key", str(key), "--nonce", "c0ffee", "--at", "2026-11-01T00:00:00Z")
    assert told("--quiet", "certify", str(tmp_path / "vendor.toml"), *words) == 0
    assert told("review", str(out / "submission.zip"), "--at", AT, "--nonce", "c0ffee") == 0
    assert told("review", str(out / "submission.zip"), "--at", AT, "--nonce", "beef") == 1
    assert '"d":' not in (out / "submission.zip").read_bytes().decode("latin-1")
    ahead = tmp_path / "ahead"
    told("certify", "--replay", str(out / "submission.zip"), "--preview", "untp-crm", "--out", str(ahead))
    capsys.readouterr()
    told("compare", str(out / "record.json"), str(ahead / "record.json"))
    assert "profile: untp-0.7.0 -> untp-crm" in capsys.readouterr().out


def test_a_folder_without_submissions_makes_no_register(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was found to list: it is said, the exit code is that of what could not be judged, and no site is emptied."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "submission.txt").write_text("no")
    command = ("register", "build", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--at", AT)
    assert told(*command) == 3
    said = capsys.readouterr()
    assert "Nothing to list" in said.err
    assert "what to do" in said.err
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_the_register_is_built_from_submissions(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One accepted submission, one site; what is no submission is left out and named."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes((demo / "submission.zip").read_bytes())
    assert told("register", "build", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--at", AT) == 0
    (tmp_path / "in" / "b.zip").write_bytes(b"no")
    assert told("register", "build", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--at", AT) == 1
    assert "REV-ZIP-01" in capsys.readouterr().err


def test_the_sample_of_init_is_told_until_it_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vendor.toml that nobody edited names nobody; what is told names the members, and stops once they are written."""
    monkeypatch.chdir(tmp_path)
    told("init")
    file, good = Path("vendor.toml"), Path("credentials/dpp.json")
    good.parent.mkdir()
    good.write_text(load_payloads()["untp-0.7.0/dpp-pack-item"].text, encoding="utf-8")
    told("certify", "vendor.toml", "--at", AT)
    said = capsys.readouterr().err
    assert "vendor.name, vendor.website, product.name, product.url" in said
    assert "what to do: Write your own organisation" in said
    text = (
        file.read_text()
        .replace("minerals.example", "ours.example")
        .replace("Sample Minerals Ltd", "Ours Ltd")
    )
    file.write_text(text)
    told("certify", "vendor.toml", "--at", AT)
    assert "still has the sample of untp-crm init in product.name:" in capsys.readouterr().err
    file.write_text(text.replace("TraceMine", "Our Trace"))
    told("certify", "vendor.toml", "--at", AT)
    assert "sample" not in capsys.readouterr().err
