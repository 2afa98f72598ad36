"""The pages of `review` and `register`, made through the commands of the contract as soon as they exist."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from harness.cli import app

_NAMES = frozenset(getattr(typer.main.get_command(app), "commands", ()))
COMMANDS = [name for name in ("review", "register") if name in _NAMES]
"""Those of the two that this version has."""


@cache
def listing_pages(command: str, factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Certify the reference vendor, review or list its submission, and find every HTML page of it."""
    submission = _submission(factory)
    folder = factory.mktemp(command)
    if command == "review":
        words = ["review", str(submission), "--out", str(folder)]
    else:
        accepted = factory.mktemp("accepted")
        shutil.copy(submission, accepted / "reference.zip")
        words = ["register", "build", str(accepted), "--out", str(folder)]
    run = CliRunner().invoke(app, words)
    assert run.exception is None, (run.output, run.exception)
    return tuple(sorted(folder.rglob("*.html")))


@cache
def _submission(factory: pytest.TempPathFactory) -> Path:
    folder = factory.mktemp("demo")
    run = CliRunner().invoke(app, ["demo", "--out", str(folder)])
    assert run.exception is None, run.exception
    return folder / "submission.zip"
