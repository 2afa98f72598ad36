"""Pieces of synthetic records: hostile strings, requirements of the catalogue, findings, excerpts."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from harness.resources import resource

Json = dict[str, Any]

OUTCOMES = ("passed", "failed", "warning", "not_applicable", "not_run", "error", "review")
HOSTILE = (
    "<script>alert('x')</script>",
    "</style><img src=x onerror=alert(1)>",
    "safe\u202egnp.exe",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m [bold]rich[/bold]",
    "line\u2028separator \ud800 lone",
    "]]> --> & < > ' \"",
)
BAD_LINKS = (
    "javascript:alert(document.domain)",
    "JaVaScRiPt:alert(1)//https://untp.unece.org",
    "data:text/html,<script>alert(1)</script>",
    "https://untp.unece.org@evil.example/",
    "https://evil.example/\u202egpj",
    "file:///etc/passwd",
)
CHAIN = (
    ("mine-dfr.json", "DigitalFacilityRecord"),
    ("mine-identity.json", "DigitalIdentityAnchor"),
    ("concentrate-dpp.json", "DigitalProductPassport"),
    ("concentrate-make.json", "DigitalTraceabilityEvent"),
    ("smelter-dcc.json", "DigitalConformityCredential"),
    ("cathode-dpp.json", "DigitalProductPassport"),
    ("cathode-move.json", "DigitalTraceabilityEvent"),
    ("battery-dpp.json", "DigitalProductPassport"),
)
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
STATUS: Json = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://vocabulary.uncefact.org/untp/0.7.0/context/",
    ],
    "type": ["DigitalProductPassport", "VerifiableCredential"],
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": 94567,
        "statusListCredential": "https://status.minerals.example/3",
    },
    "validFrom": "2026-03-01T00:00:00",
}


@cache
def catalogue() -> dict[str, Json]:
    """Every requirement of the checkout, as a record describes it."""
    entries: dict[str, Json] = {}
    for path in sorted(Path(resource("test_cases", "requirements")).glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]:
            keys = ("title", "statement", "decide", "level", "basis", "role", "kind", "sources")
            entry = {key: row[key] for key in keys}
            entries[row["id"]] = {
                **entry,
                "component": row["id"].partition("-")[0],
                "conflict": row.get("conflict"),
            }
    return entries


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def finding(message: str, **members: Any) -> Json:
    """A finding with every member of the contract; what is not given is null."""
    nothing = dict.fromkeys(("pointer", "line", "column", "message", "expected", "actual", "hint", "source"))
    return {**nothing, "message": message, **members}


def excerpt_of(document: Json, needle: str) -> Json:
    """Five lines of source around the first line that has `needle`, which is marked."""
    lines = json.dumps(document, indent=2).splitlines()
    guilty = next(index for index, line in enumerate(lines) if needle in line)
    first = max(0, guilty - 2)
    start = lines[guilty].index(needle)
    return {
        "first_line": first + 1,
        "lines": lines[first : guilty + 3],
        "marked": guilty - first,
        "from": start,
        "to": start + len(needle),
        "reflowed": False,
    }
