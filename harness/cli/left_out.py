"""What a run does not judge, in words: names that are cut say how many more, and what could not be read says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.judge import Suite

NAMED = 5


def named(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def why_unread(row: Mapping[str, Any], suite: Suite) -> str | None:
    """Why a row of a part without a reading could not be read; None where it was, and is plainly no credential.

    A JSON document of another kind is read to its root and told there; bytes that are cut off or damaged have no root.
    """
    findings = [finding for told in row["told"].values() for finding in told["findings"]]
    if row["profile"] is not None:
        if row["type"] in suite.catalogue.profiles[row["profile"]].documents:
            return None
    elif any(finding["pointer"] == "" for finding in findings):
        return None
    return str(findings[0]["message"]) if findings else "it could not be read as a credential"


def unread_lines(unread: Mapping[str, str]) -> list[str]:
    """What could not be read, each of the first with its reason, and where there is more on them."""
    lines = [f"Could not be read, so not in the graph: {len(unread)}"]
    lines += [f"  {name}: {why}" for name, why in list(unread.items())[:NAMED]]
    if len(unread) > NAMED:
        lines.append(f"  and {len(unread) - NAMED:,} more")
    return [
        *lines,
        "  what to do: untp-crm check with the same paths says more on each. The graph is not whole.",
    ]
