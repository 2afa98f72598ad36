"""Wrong usage is one clear line and exit code 4, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "harness", *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, timeout=120)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check",), "Missing argument"),
        (("check", "--bogus", "x"), "No such option"),
        (("nonsense",), "No such command"),
        (("check", "README.md", "--profile", "untp-9"), "there is no profile"),
        (("check", "README.md", "--at", "yesterday"), "is no time"),
        (("check", "README.md", "--web", "/nowhere"), "is not a folder"),
        (("check", "/nowhere/at/all"), "there is no file or folder"),
        (("demo", "--fault", "no-such-fault"), "there is no fault"),
        (("explain", "DPP-GRAN-99"), "Did you mean"),
        (("certify", "/nowhere/vendor.toml"), "cannot be read"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: tuple[str, ...], says: str) -> None:
    """Each mistake names itself, ends with exit code 4 and prints nothing on standard output."""
    done = run(*arguments)
    assert done.returncode == 4
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_version_is_printed() -> None:
    """`--version` prints name and version and succeeds."""
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("untp-crm ")
