"""An extension brings requirements and checks of its own in a folder: they are listed, asked and judged like all others."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from harness.cli import main
from harness.errors import SuiteError
from harness.judge import load_suite
from harness.judge.suite import OWN_CHECKS
from harness.model import Outcome
from harness.reference.server.application import LiveVendor

from .judging import results
from .resolver_site import ROW, site
from .test_pytest_items import HEAD

REQUIREMENT = """
[[requirement]]
id = "{id}"
title = "Resolvers of the mine name their mine"
level = "MUST"
role = "resolver"
basis = "derived"
versions = ["0.7.0"]
kind = "http"
statement = "The description of the resolver has a name."
decide = "the member name"
sources = ["https://mine.example/rules"]
mutation = {{ name = "mine-unnamed", change = "no name" }}
"""
CHECK = """
[[check]]
id = "EXT-MINE-01"
title = "The description of the resolver has a name."

[[check.step]]
name = "ask"
url = "{+origin}/.well-known/resolver"
expect = [{ pointer = "/name", equals = "NAME", message = "the name is another one", hint = "Name the mine." }]
"""


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an extension, in use."""
    for name in ("requirements", "resolver"):
        (tmp_path / name).mkdir()
    (tmp_path / "requirements" / "mine.toml").write_text(
        REQUIREMENT.format(id="EXT-MINE-01"), encoding="utf-8"
    )
    (tmp_path / "resolver" / "mine.toml").write_text(CHECK.replace("NAME", "Resolver"), encoding="utf-8")
    monkeypatch.setenv(OWN_CHECKS, str(tmp_path))
    return tmp_path


def test_its_checks_are_cases_of_the_suite(checks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commands tell them, with the sentence and the file."""
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["explain", "EXT-MINE-01"])
    assert "case      EXT-MINE-01: The description of the resolver has a name." in capsys.readouterr().out
    item = next(item for item in load_suite().cases if item.id == "EXT-MINE-01")
    assert (item.suite, Path(item.file)) == ("resolver", checks / "resolver" / "mine.toml")


@pytest.mark.parametrize(("name", "outcome"), [("Resolver", Outcome.PASSED), ("Mine", Outcome.WARNING)])
def test_its_checks_are_asked_and_judged(
    checks: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    outcome: Outcome,
) -> None:
    """A good resolver passes, another one is warned: a derived rule never fails."""
    folder = tmp_path_factory.mktemp("checks")
    for path in checks.rglob("*.toml"):
        target = folder / path.relative_to(checks)
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            path.read_text(encoding="utf-8").replace('"Resolver"', f'"{name}"'), encoding="utf-8"
        )
    monkeypatch.setenv(OWN_CHECKS, str(folder))
    found = {result.requirement: result for result in results("resolver", ROW, site())}
    assert found["EXT-MINE-01"].outcome is outcome
    assert found["IDR-WK-01"].outcome is Outcome.PASSED


def test_the_suite_without_it_is_the_same_as_ever(checks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its digest differs only while the folder is in use."""
    extended = load_suite().digest
    monkeypatch.delenv(OWN_CHECKS)
    assert checks.is_dir()
    assert load_suite().digest != extended
    assert "EXT-MINE-01" not in load_suite().catalogue.requirements


def test_an_id_of_the_suite_is_refused(
    checks: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody replaces a requirement by one of the same name."""
    assert checks.is_dir()
    folder = tmp_path_factory.mktemp("taken")
    (folder / "requirements").mkdir()
    (folder / "requirements" / "mine.toml").write_text(REQUIREMENT.format(id="IDR-WK-01"), encoding="utf-8")
    monkeypatch.setenv(OWN_CHECKS, str(folder))
    with pytest.raises(SuiteError, match="IDR-WK-01 is used already"):
        load_suite()


def test_a_folder_beside_vendor_toml_is_used(
    vendor: LiveVendor,
    checks: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Certify takes checks/ beside vendor.toml by itself, and the record has what they say."""
    folder = tmp_path_factory.mktemp("vendor")
    shutil.copytree(checks, folder / "checks")
    monkeypatch.setenv(OWN_CHECKS, "")
    (folder / "authority.pem").write_bytes(vendor.hosted.authority)
    row = tomllib.loads(vendor.vendor_toml(place="x"))["resolver"][0]
    text = HEAD.format(
        base=row["base"], identifier=row["identifiers"][0], host=vendor.base.removeprefix("https://")
    )
    text = text.replace('["IDR"]', '["IDR", "EXT"]')
    (folder / "vendor.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["certify", str(folder / "vendor.toml"), "--out", str(folder / "out"), "--only", "EXT-*"])
    record = json.loads((folder / "out" / "record.json").read_text(encoding="utf-8"))
    found = [result for result in record["results"] if result["case"] == "EXT-MINE-01"]
    assert [result["outcome"] for result in found] == ["warning"]
    assert record["harness"]["suite"] == load_suite().digest
