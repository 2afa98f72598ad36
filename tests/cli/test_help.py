"""The first thing that a newcomer reads: every command in one line, and that line whole."""

from __future__ import annotations

import re

import typer
from typer.testing import CliRunner

from harness.cli import app


def test_every_command_has_one_whole_line() -> None:
    """Each command of the program is listed with what it is for, and no line is cut off."""
    text = CliRunner().invoke(app, ["--help"], terminal_width=80).output
    _, _, commands = text.partition("Commands:")
    rows = dict(re.findall(r"^  (\S+) +(\S.*)$", commands, flags=re.MULTILINE))
    assert set(rows) == set(getattr(typer.main.get_command(app), "commands", ()))
    assert [name for name, line in rows.items() if not line.endswith(".") or line.endswith("...")] == []
