"""A reader that goes away, as `head` does, changes no exit code."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SAMPLE = "test_cases/vectors/good/untp-0.7.0/dpp-cathode-batch.json"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "requirements"), 0),
        (("check", SAMPLE), 1),
        (("check", SAMPLE, "--format", "jsonl"), 1),
        (("check", "nowhere.json"), 4),
    ],
)
def test_the_exit_code_stays(words: tuple[str, ...], code: int) -> None:
    """Whether somebody reads the output or not, the code is that of the verdict."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "harness", *words],
            stdout=writer, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == code, ended.stderr
