"""The trace of a finding at a live endpoint: what was asked and what it answered, not steps of a computation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SIDES = ("question", "answer")
"""The names that the judge gives the two sides of an exchange."""
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Said:
    """One side of an exchange: method and URL, or status; its headers and the beginning of its body; the digest of its body, where it has one."""

    side: str
    head: str
    text: str
    sha256: str


def dialogue_of(finding: Mapping[str, Any]) -> tuple[Said, ...]:
    """Both sides of the exchange that a finding speaks of; nothing where its trace is of another kind."""
    trace: Sequence[Mapping[str, str]] = finding.get("trace") or ()
    if not trace or any(step["name"] not in SIDES for step in trace):
        return ()
    return tuple(Said(step["name"], *_parted(step["text"]), _digest(step["sha256"])) for step in trace)


def _digest(sha256: str) -> str:
    return "" if sha256 == NOTHING else sha256


def _parted(text: str) -> tuple[str, str]:
    head, _, rest = text.partition("\n")
    return head, rest.strip("\n")
