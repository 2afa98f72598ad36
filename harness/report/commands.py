"""The command that judges just one thing again, safe to paste into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from harness.report.visible import visible


def again(result: Mapping[str, Any], *, at: str, known: frozenset[str]) -> str:
    """Say how to judge one case on one subject again, at the same instant.

    A credential (a name in `known`) is checked by itself; an endpoint needs the vendor file.
    """
    subject, case = result["subject"], result["case"]
    if subject not in known:
        return f"untp-crm certify VENDOR.toml --only {case} --at {at}"
    return f"untp-crm check {_quoted(subject)} --only {case} --at {at}"


def explain(requirement: str) -> str:
    """Say how to have one requirement explained."""
    return f"untp-crm explain {requirement}"


def _quoted(name: str) -> str:
    """Quote a file name; one that starts like an option is written as a path."""
    return shlex.quote(visible(f"./{name}" if name.startswith("-") and name != "-" else name))
