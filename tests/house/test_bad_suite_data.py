"""Mistakes in the data of the suite are told with file and line, and end with exit code 4, never with a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from harness.data_files import line_of

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = ("test_cases", "schemas", "shapes", "reports")
SAMPLE: Final = "test_cases/vectors/good/untp-0.7.0/dpp-cathode-batch.json"
CONTEXT: Final = "https://vocabulary.uncefact.org/untp/0.7.0/context/"

CHECK: Final = ("check", SAMPLE, "--format", "jsonl")
SLOW_CHECK: Final = (*CHECK, "--engine", "reference")
LIST: Final = ("list", "profiles")
VECTORS: Final = ("list", "vectors")


def written(path: Path, text: str) -> None:
    """Put another file in the place of one, whose other links stay as they are."""
    path.unlink()
    path.write_text(text, encoding="utf-8")


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A change to a file: the first occurrence of a text becomes another."""

    def change(suite: Path) -> None:
        text = (suite / name).read_text(encoding="utf-8")
        assert old in text
        written(suite / name, text.replace(old, new, 1))

    return change


def circle(suite: Path) -> None:
    """The UNTP context takes in the one for multikeys, and that takes in the UNTP context."""
    multikey = "https://w3id.org/security/multikey/v1"
    for name, url in (("untp-0.7.0/context.jsonld", multikey), ("w3c/multikey-v1.jsonld", CONTEXT)):
        path = suite / "schemas" / name
        document = json.loads(path.read_text(encoding="utf-8"))
        document["@context"] = [document["@context"], url]
        written(path, json.dumps(document, indent=1))


def itself(suite: Path) -> None:
    """The UNTP context imports itself."""
    replaced("schemas/untp-0.7.0/context.jsonld", '"@context": {', f'"@context": {{ "@import": "{CONTEXT}",')(
        suite
    )


PROFILE: Final = "test_cases/profiles/untp-0.7.0.toml"

MISTAKES: Final = {
    "a profile with a component that does not exist": (
        replaced(PROFILE, '"VCP", "DPP"', '"VCP", "DPQ"'), LIST, f"{PROFILE}:5:1", "'DPQ' is not one of"),
    "a profile of whose version no requirement is": (
        replaced(PROFILE, 'version = "0.7.0"', 'version = "0.7.9"'), LIST, f"{PROFILE}:5:1", "no requirement is in 0.7.9"),
    "a profile with a schema that does not exist": (
        replaced(PROFILE, "untp-0.7.0/dcc.json", "untp-0.7.0/dccc.json"), LIST, f"{PROFILE}:18:1",
        "names schemas/untp-0.7.0/dccc.json, which does not exist"),
    "a profile with a shape that does not exist": (
        replaced(PROFILE, '"dcc.ttl"', '"dccc.ttl"'), LIST, f"{PROFILE}:6:1", "names shapes/dccc.ttl"),
    "a profile on an unknown base": (
        replaced("test_cases/profiles/untp-crm.toml", 'base = "untp-0.7.0"', 'base = "untp-0.8.0"'), LIST,
        "profiles/untp-crm.toml:3:1", "stands on the unknown profile untp-0.8.0"),
    "a profile with an unknown key": (
        replaced(PROFILE, "proposed = false", "proposed = false\ncolour = 7"), LIST, PROFILE, "'colour' was unexpected"),
    "a profile that is no TOML": (
        replaced(PROFILE, "proposed = false", "proposed = perhaps"), LIST, f"{PROFILE}:7:12", "not TOML"),
    "a requirement with a level that does not exist": (
        replaced("test_cases/requirements/dia.toml", 'level = "MUST"', 'level = "OUGHT"'), LIST,
        "requirements/dia.toml:", "'OUGHT' is not one of"),
    "a requirement of a version that no profile has": (
        replaced("test_cases/requirements/dia.toml", '"0.7.0"', '"7.0.0"'), LIST, "test_cases/requirements",
        "names the version 7.0.0, which no profile has"),
    "a conflict of a requirement that does not exist": (
        replaced("test_cases/conflicts.toml", '"VCP-STAT-03"', '"VCP-STAT-93"'), LIST, "test_cases/conflicts.toml:9:1",
        "names the unknown requirement VCP-STAT-93"),
    "a case of a requirement that does not exist": (
        replaced("test_cases/credential/test_vcp_status.py", '@case("VCP-STAT-03"', '@case("VCP-STAT-93"'), LIST,
        "test_vcp_status.py:", "names the unknown requirement VCP-STAT-93"),
    "a case file that is no Python": (
        replaced("test_cases/credential/test_vcp_status.py", "from __future__", "from from"), LIST,
        "test_vcp_status.py:", "cannot be loaded"),
    "a vector of a requirement that does not exist": (
        replaced("test_cases/vectors/dia.toml", 'requirement = "DIA-', 'requirement = "DIA-NIL-93"\n# "'), VECTORS,
        "vectors/dia.toml:", "names the unknown requirement DIA-NIL-93"),
    "a vector on a good twin that does not exist": (
        replaced("test_cases/vectors/dia.toml", 'base = "untp-', 'base = "untp-0.7.0/nil"\n# "'), VECTORS,
        "vectors/dia.toml:", "has the unknown base untp-0.7.0/nil"),
    "a vector with an operation that does not exist": (
        replaced("test_cases/vectors/dia.toml", 'op = "', 'op = "do-'), VECTORS, "vectors/dia.toml:", "is not one of"),
    "a good twin that is no JSON": (
        replaced(SAMPLE, "{", "{,"), VECTORS, "dpp-cathode-batch.json", "no JSON"),
    "a context in a circle": (circle, CHECK, "w3c/multikey-v1.jsonld:", f"{CONTEXT} -> https://w3id.org/security/multikey/v1"),
    "a context in a circle, for the reference engine": (circle, SLOW_CHECK, "w3c/multikey-v1.jsonld:", "without end"),
    "a context that imports itself": (
        itself, CHECK, "untp-0.7.0/context.jsonld:2:1", f"include each other without end: {CONTEXT} -> {CONTEXT}"),
    "a context that is no JSON": (
        replaced("schemas/untp-0.7.0/context.jsonld", ":", "="), CHECK, "schemas/untp-0.7.0/context.jsonld:2:", "not JSON"),
    "a schema with a remote reference": (
        replaced("schemas/untp-0.7.0/dpp.json", "core.json#/$defs/Product", "https://elsewhere.example/product.json"),
        CHECK, "schemas/untp-0.7.0/dpp.json:8:1", "a schema that is not there: https://elsewhere.example/product.json"),
    "a remote reference in what a schema refers to": (
        replaced("schemas/untp-0.7.0/core.json", "#/$defs/RenderTemplate2024", "https://elsewhere.example/a.json"), CHECK,
        "schemas/untp-0.7.0/core.json:", "a schema that is not there: https://elsewhere.example/a.json"),
    "a reference to a definition that is not there": (
        replaced("schemas/untp-0.7.0/dpp.json", "$defs/Product", "$defs/Produkt"), SLOW_CHECK,
        "schemas/untp-0.7.0/dpp.json:8:1", "a schema that is not there: core.json#/$defs/Produkt"),
    "a schema that is none": (
        replaced("schemas/untp-0.7.0/core.json", '"minItems": 2', '"minItems": "two"'), CHECK, "schemas/", "minItems"),
    "a schema that is no JSON": (
        replaced("schemas/untp-0.7.0/dpp.json", "{", "{{"), CHECK, "schemas/untp-0.7.0/dpp.json:1:2", "not JSON"),
    "a shape with a syntax error": (
        replaced("shapes/dpp.ttl", " ;", " ;; ]"), CHECK, "shapes/dpp.ttl:", "syntax error"),
    "a registry row without a file": (
        replaced("schemas/registry.toml", 'file = "untp-0.7.0/dpp.json"', ""), CHECK, "schemas/registry.toml", "has no file"),
    "a registry with a URL twice": (
        replaced("schemas/registry.toml", "dcc/ConformityCredential.json", "dpp/DigitalProductPassport.json"), CHECK,
        "schemas/registry.toml", "occurs twice"),
    "a registry row for a file that does not exist": (
        replaced("schemas/registry.toml", '"untp-0.7.0/context.jsonld"', '"untp-0.7.0/nil.jsonld"'), CHECK,
        "schemas/untp-0.7.0/nil.jsonld", "does not exist"),
}  # fmt: skip
"""What is wrong -> how to make it wrong, the command that meets it, the place and the words of the error."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the suite, to be copied again."""
    folder = tmp_path_factory.mktemp("whole")
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / part, folder / part, ignore=ignored)
    return folder


def command(suite: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `untp-crm` with another folder for the suite."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        cwd=CHECKOUT, env={**os.environ, "UNTP_CRM_SUITE": str(suite)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_copy_is_whole(whole: Path) -> None:
    """Before anything is made wrong, the commands end well."""
    for arguments in (LIST, VECTORS):
        assert command(whole, *arguments).returncode == 0
    assert command(whole, *CHECK).returncode in (0, 1)


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_mistake_is_told(mistake: str, whole: Path, tmp_path: Path) -> None:
    """The error names the file, the line where there is one, and what is wrong; the exit code is 4."""
    change, arguments, place, words = MISTAKES[mistake]
    suite = tmp_path / "suite"
    shutil.copytree(whole, suite, copy_function=os.link)
    change(suite)
    done = command(suite, *arguments)
    assert "Traceback" not in done.stderr
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stdout == ""
    assert place in done.stderr
    assert words in done.stderr


TEXT: Final = """\
name = "a"
"quoted" = 1

[types.First]
schema = "x"

[[row]]
id = 1

[[row]]
# a comment
id = 2
list = [
  1,
]
[row.inner]
deep = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("quoted",), 2),
        (("types", "First", "schema"), 5),
        (("types", "First", "missing"), 4),
        (("row", 0, "id"), 8),
        (("row", 1, "id"), 12),
        (("row", 1, "list", 0), 13),
        (("row", 1), 10),
        (("nothing",), None),
        ((), None),
    ],
)
def test_line_of_a_value(path: tuple[str | int, ...], line: int | None) -> None:
    """The line of a value is found by its path: that of its key, else of its table."""
    assert line_of(TEXT, path) == line
