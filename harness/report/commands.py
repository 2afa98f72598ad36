"""The command that judges just one thing again, safe to paste into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from harness.report.visible import visible

PROGRAM = "untp-crm"


def again(result: Mapping[str, Any], reproduce: Sequence[str]) -> str:
    """Say how to judge one case again on the same evidence at the same instant.

    `reproduce` are the commands of the record. A record may come from a stranger: what is no call of
    our program is not repeated, and what a shell could read as anything but a word is quoted.
    """
    words = next(filter(None, map(_call, reproduce)), [PROGRAM, "certify", "VENDOR.toml"])
    only = [] if "--only" in words else ["--only", str(result["case"])]
    return visible(shlex.join([*words, *only]))


def explain(requirement: str) -> str:
    """Say how to have one requirement explained."""
    return f"{PROGRAM} explain {requirement}"


def _call(line: str) -> list[str]:
    """The words of a command line that calls our program; none where it does not."""
    try:
        words = shlex.split(line)
    except ValueError:
        return []
    return words if words[:1] == [PROGRAM] else []
