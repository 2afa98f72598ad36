"""The pages of `review` and `register build`, made through the commands of the contract."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer
from typer.testing import CliRunner

from harness.cli import app

_NAMES = frozenset(getattr(typer.main.get_command(app), "commands", ()))
COMMANDS = [name for name in ("review", "register") if name in _NAMES]
"""Those of the two that this version has."""


def listing_pages(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Certify the reference vendor, review and list its submission, and find every HTML page by command."""
    submission = folder / "demo/submission.zip"
    _run("demo", "--out", str(submission.parent))
    made: dict[str, tuple[Path, ...]] = {}
    for command in COMMANDS:
        words = [command, str(submission)]
        if command == "register":
            accepted = folder / "accepted"
            accepted.mkdir()
            shutil.copy(submission, accepted / "reference.zip")
            words = [command, "build", str(accepted)]
        _run(*words, "--out", str(folder / command))
        made[command] = tuple(sorted((folder / command).rglob("*.html")))
    return made


def _run(*words: str) -> None:
    run = CliRunner().invoke(app, list(words))
    assert run.exception is None, (words, run.output, run.exception)
