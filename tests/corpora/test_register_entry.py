"""Entries and the whole register that we write follow the UN's schema for software implementers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from harness.cli import main
from harness.listing.entry import IN_REGISTER


def test_the_entry_and_the_register_validate(corpora: Path, tmp_path: Path) -> None:
    """The demo's entry, and the register of its submission, against the published schema with its formats."""
    path = corpora / "spec" / "register" / "swi" / "register-schema.json"
    official = json.loads(path.read_text("utf-8"))
    (tmp_path / "in").mkdir()
    for words in (
        ["--quiet", "demo", "--out", str(tmp_path / "in" / "demo"), "--at", "2026-11-01T00:00:00Z"],
        [
            "register",
            "build",
            str(tmp_path / "in" / "demo"),
            "--out",
            str(tmp_path / "site"),
            "--at",
            "2026-11-05T00:00:00Z",
        ],
    ):
        with pytest.raises(SystemExit) as done:
            main(words)
        assert done.value.code == 0
    entry = json.loads((tmp_path / "in" / "demo" / "register-entry.json").read_text("utf-8"))
    register = json.loads((tmp_path / "site" / "register.json").read_text("utf-8"))
    entries = {**official["$defs"]["SoftwareImplementerEntry"], "$defs": official["$defs"]}
    checks = FormatChecker()
    assert list(Draft202012Validator(entries, format_checker=checks).iter_errors(entry)) == []
    assert list(Draft202012Validator(official, format_checker=checks).iter_errors(register)) == []
    assert [row["id"] for row in register["entries"]] == [entry["id"]]


def test_our_scope_codes_are_the_registers(corpora: Path) -> None:
    """Every code that we write is one that the register knows, and none of its codes is left out."""
    path = corpora / "spec" / "register" / "swi" / "register-schema.json"
    official = json.loads(path.read_text("utf-8"))["$defs"]["SoftwareProduct"]["properties"]["untpScope"][
        "items"
    ]["enum"]
    assert sorted(IN_REGISTER.values()) == sorted(official)
