"""Platforms of a generated pilot: the software that issues, how it secures and how it writes."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.reference.keys import DemoKey
from harness.reference.payloads import dump
from harness.trust.keys import ED25519, P256


@cache
def pilot_data() -> dict[str, Any]:
    """benchmarks/pilot.toml."""
    return tomllib.loads(Path(__file__).with_name("pilot.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Platform:
    """A software that issues: how it secures and how it writes."""

    name: str
    host: str
    version: str
    alg: str
    delivery: str
    style: str
    proof: str | None = None

    def written(self, value: Any) -> str:
        """A credential as this platform writes JSON."""
        match self.style:
            case "compact":
                return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            case "escaped":
                return json.dumps(value, indent=1)
            case _:
                return dump(value)

    def key(self, did: str) -> DemoKey:
        """The key of an issuer on this platform."""
        return DemoKey(did, "demo-key-1", P256 if self.alg == "ES256" else ED25519)

    def software(self) -> dict[str, Any]:
        """What it puts under issuingSoftware."""
        vendor = {"id": f"did:web:{self.host}", "name": f"{self.name} (made up)"}
        return {
            "id": f"https://{self.host}/product",
            "name": self.name,
            "version": self.version,
            "vendor": vendor,
        }


def platforms() -> dict[str, Platform]:
    """The platforms of the pilot by name."""
    return {row["name"]: Platform(**row) for row in pilot_data()["platform"]}
