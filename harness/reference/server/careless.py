"""What a careless issuer does to a credential between checking and signing it, each by its fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.reference.server.estate import Estate


def careless_value(value: dict[str, Any], estate: Estate) -> dict[str, Any]:
    """The credential that is signed: the one that was checked, unless a fault changes it."""
    made, faults = dict(value), estate.faults
    if faults.has("issuer-changes-what-it-signs"):
        made["name"] = str(made.get("name", "")).upper()
    return made


def careless_token(value: dict[str, Any], issuer: str, estate: Estate) -> bytes:
    """The token, unless a fault signs it in another way."""
    issuance, faults = estate.signed(value, issuer), estate.faults
    if faults.has("issuer-leaves-out-kid"):
        issuance = issuance.with_header(kid=None)
    if faults.has("issuer-signs-with-an-unpublished-key"):
        issuance = replace(issuance, key=replace(issuance.key, seed="a key that nobody published"))
    return issuance.served()
