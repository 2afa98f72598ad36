"""Lists that cases look values up in: link relations, topics, entries of the UNTP registers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from harness.resources import resource

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
"""An absolute URI, CURIEs such as untp:dpp among them."""

TOPIC = re.compile(
    r"https?://vocabulary\.uncefact\.org/(?:untp/)?conformity-topics?/(?P<name>[a-z0-9-]+)\Z",
)
"""A concept of the UN conformity topics under any of its base paths (CONFLICT-25)."""


@cache
def listed(name: str) -> Mapping[str, Any]:
    """One file of test_cases/codes/."""
    return tomllib.loads(resource("test_cases", "codes", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def relations() -> frozenset[str]:
    """Relations that need no URI: those of IANA and of UNTP."""
    table = listed("link_relations")
    return frozenset(f"{table['iana']} {table['untp']} {table['printed']}".split())


def is_topic(uri: object) -> bool:
    """Whether a URI is that of a UN conformity topic."""
    match = TOPIC.match(uri) if isinstance(uri, str) else None
    return match is not None and match["name"] in listed("topics")["codes"].split()
