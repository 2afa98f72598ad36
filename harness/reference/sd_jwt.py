"""A credential of the embedded vendor as an SD-JWT: some members behind disclosures, whole or broken in one way.

Source: RFC 9901 section 4; VC-JOSE-COSE section 3.2.1. Salts come from the names, so that all is deterministic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.credential.disclosures import digest_of
from harness.trust.encoding import encode_base64url

FAULTS = (
    "digest-twice", "disclosure-altered", "disclosure-foreign", "disclosure-malformed", "disclosure-twice",
    "hash-unknown", "name-taken",
)  # fmt: skip
"""Ways in which it can be broken."""


@dataclass(frozen=True)
class Hide:
    """A payload with members replaced by the digests of their disclosures."""

    names: tuple[str, ...]
    fault: str | None = None

    def __call__(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The payload that is signed."""
        digests = sorted(digest_of(one) for one in disclosures(value, self.names, self.fault))
        if self.fault == "digest-twice":
            digests.append(digests[0])
        kept = {name: member for name, member in value.items() if name not in self.names}
        if self.fault == "name-taken":
            kept[self.names[0]] = value[self.names[0]]
        return {**kept, "_sd": digests, "_sd_alg": "md5" if self.fault == "hash-unknown" else "sha-256"}


@dataclass(frozen=True)
class Present:
    """A token with its disclosures behind it, but for those of the members in `withhold`."""

    payload: str
    names: tuple[str, ...]
    fault: str | None = None
    withhold: tuple[str, ...] = ()

    def __call__(self, token: str) -> str:
        """The SD-JWT."""
        shown = tuple(name for name in self.names if name not in self.withhold)
        parts = disclosures(json.loads(self.payload), shown, self.fault)
        match self.fault:
            case "disclosure-altered":
                parts.append(_disclosure("added", self.names[0], "altered"))
                del parts[0]
            case "disclosure-foreign":
                parts.append(_disclosure("foreign", "added", "by the holder"))
            case "disclosure-twice":
                parts.append(parts[0])
        return "~".join([token, *parts, ""])


def disclosures(value: Mapping[str, Any], names: tuple[str, ...], fault: str | None) -> list[str]:
    """One disclosure for each member, the first of them malformed where that is the fault."""
    made = [_disclosure(name, name, value[name]) for name in names]
    if fault == "disclosure-malformed":
        made[0] = encode_base64url(json.dumps(["salt alone"]).encode())
    return made


def _disclosure(seed: str, name: str, value: Any) -> str:
    salt = encode_base64url(hashlib.sha256(f"DEMO SALT {seed}".encode()).digest()[:16])
    return encode_base64url(json.dumps([salt, name, value], ensure_ascii=False).encode())
