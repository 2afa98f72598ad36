"""A new UNTP version needs files and no Python: a made-up 0.9.0, added to a copy of the suite as CONTRIBUTING says."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = ("test_cases", "schemas", "shapes", "reports")
OLD_CONTEXT: Final = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
CONTEXT: Final = "https://vocabulary.uncefact.org/untp/0.9.0/context/"
TWIN: Final = "untp-0.7.0/dpp-cathode-batch.json"
STATUS_INDEX: Final = 70_707

REGISTRY: Final = f"""
[[artefact]]
url = "{CONTEXT}"
kind = "context"
file = "untp-0.9.0/context.jsonld"

[[artefact]]
url = "https://untp.unece.org/artefacts/schema/v0.9.0/dpp/DigitalProductPassport.json"
kind = "schema"
file = "untp-0.9.0/dpp.json"
"""

PROFILE: Final = f"""
name = "untp-0.9.0"
title = "UN Transparency Protocol 0.9.0, which does not exist"
version = "0.9.0"
model = "0.7.0"
contexts = ["{CONTEXT}"]
components = ["VCP", "DPP", "IDR"]
shapes = ["dpp.ttl"]
proposed = false

[types.DigitalProductPassport]
component = "DPP"
subject = ["Product"]
schema = "untp-0.9.0/dpp.json"
context = "{CONTEXT}"
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the suite with one more version in it: a passport that has to say who reviewed it."""
    folder = tmp_path_factory.mktemp("suite")
    for part in PARTS:
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    _schemas(folder / "schemas")
    _profile(folder / "test_cases")
    good = folder / "test_cases" / "vectors" / "good"
    (good / "untp-0.9.0").mkdir()
    twin = json.loads((good / TWIN).read_text(encoding="utf-8"))
    (good / "untp-0.9.0" / "dpp-cathode-batch.json").write_text(
        json.dumps(passport(twin), indent=2), encoding="utf-8"
    )
    return folder


def _schemas(schemas: Path) -> None:
    """Step 1: schemas and context under schemas/untp-0.9.0, and rows in the registry."""
    new, old = schemas / "untp-0.9.0", schemas / "untp-0.7.0"
    new.mkdir()
    for name in ("core.json", "dpp.json", "context.jsonld"):
        text = (old / name).read_text(encoding="utf-8")
        (new / name).write_text(text.replace("0.7.0", "0.9.0"), encoding="utf-8")
    schema = json.loads((new / "dpp.json").read_text(encoding="utf-8"))
    schema["required"] = ["reviewedBy"]
    schema["properties"]["reviewedBy"] = {"type": "string", "format": "uri"}
    (new / "dpp.json").write_text(json.dumps(schema), encoding="utf-8")
    context = json.loads((new / "context.jsonld").read_text(encoding="utf-8"))
    context["@context"]["reviewedBy"] = {
        "@id": "https://vocabulary.uncefact.org/untp/reviewedBy",
        "@type": "@id",
    }
    (new / "context.jsonld").write_text(json.dumps(context), encoding="utf-8")
    with (schemas / "registry.toml").open("a", encoding="utf-8") as rows:
        rows.write(REGISTRY)


def _profile(test_cases: Path) -> None:
    """Steps 2 and 3: shapes serve all versions; a profile, and the version in the requirements that apply."""
    (test_cases / "profiles" / "untp-0.9.0.toml").write_text(PROFILE, encoding="utf-8")
    for path in (test_cases / "requirements").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        widened = re.sub(r'^(versions = \[.*"0\.7\.0")', r'\1, "0.9.0"', text, flags=re.MULTILINE)
        path.write_text(widened, encoding="utf-8")


def passport(twin: dict[str, Any]) -> dict[str, Any]:
    """Step 4: a good credential of the new version, made from one of 0.7.0."""
    made: dict[str, Any] = json.loads(json.dumps(twin).replace(OLD_CONTEXT, CONTEXT))
    made["id"] += "-toy"
    made["reviewedBy"] = "https://reviewer.example/"
    for entry in (
        made["credentialStatus"] if isinstance(made["credentialStatus"], list) else [made["credentialStatus"]]
    ):
        entry["statusListIndex"] = STATUS_INDEX
    return made


def command(suite: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `untp-crm` with another folder for the suite."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *map(str, arguments)],
        cwd=CHECKOUT, env={**os.environ, "UNTP_CRM_SUITE": str(suite)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _python(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in PARTS
        for path in (folder / part).rglob("*.py")
    }


def test_a_credential_of_the_new_version_is_certified(suite: Path, tmp_path: Path) -> None:
    """The embedded vendor issues one; it is judged by the new profile, by as many cases as its twin, and conforms."""
    done = command(suite, "demo", "--out", tmp_path)
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    by_profile = {row["profile"]: row for row in record["subjects"] if "dpp-cathode-batch" in row["name"]}
    assert done.returncode == 0, done.stderr
    new, old = by_profile["untp-0.9.0"], by_profile["untp-0.7.0"]
    assert new["verdict"] == "conformant"
    assert new["counts"]["passed"] == old["counts"]["passed"] > 50
    assert CONTEXT in {row["url"] for row in record["artefacts"]}


def test_a_fault_against_the_new_schema_is_found(suite: Path, tmp_path: Path) -> None:
    """What only the new schema demands is demanded: the passport has to say who reviewed it."""
    good = json.loads(
        (suite / "test_cases/vectors/good/untp-0.9.0/dpp-cathode-batch.json").read_text(encoding="utf-8")
    )
    del good["reviewedBy"]
    (tmp_path / "broken.json").write_text(json.dumps(good), encoding="utf-8")
    (line,) = command(suite, "check", tmp_path / "broken.json", "--format", "jsonl").stdout.splitlines()
    judged = json.loads(line)
    assert judged["profile"] == "untp-0.9.0"
    assert "/reviewedBy" in {
        finding["pointer"] for finding in judged["findings"] if finding["outcome"] == "failed"
    }


def test_no_python_was_needed(suite: Path) -> None:
    """Every Python file of the copy is the one of the checkout, and there is none besides."""
    assert _python(suite) == _python(CHECKOUT)


def test_the_record_tells_that_another_suite_was_used(suite: Path, tmp_path: Path) -> None:
    """The digest of the suite is not that of the checkout."""
    digests = set()
    sample = CHECKOUT / "test_cases" / "vectors" / "good" / TWIN
    for folder in (suite, CHECKOUT):
        out = tmp_path / folder.name
        command(folder, "check", sample, "--out", out)
        digests.add(json.loads((out / "record.json").read_text(encoding="utf-8"))["harness"]["suite"])
    assert len(digests) == 2


def test_a_version_that_no_profile_has_is_an_error(suite: Path, tmp_path: Path) -> None:
    """Requirements that name the version before there is a profile for it are told apart from slips of the pen."""
    folder = tmp_path / "suite"
    shutil.copytree(suite, folder)
    (folder / "test_cases" / "profiles" / "untp-0.9.0.toml").unlink()
    done = command(folder, "list", "profiles")
    assert done.returncode == 4
    assert "names the version 0.9.0, which no profile has" in done.stderr
