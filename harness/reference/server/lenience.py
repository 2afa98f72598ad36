"""What a broken verifier overlooks: each fault forgives some grievances and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.reference.server.faults import Switchboard
from harness.reference.server.judging import Grievance, Opinion


def forgiven(grievance: Grievance, opinion: Opinion, faults: Switchboard) -> bool:
    """Whether a fault that is on makes the verifier overlook a grievance."""
    return any(faults.has(name) and overlooks(grievance, opinion) for name, overlooks in LENIENCE.items())


def _code(*codes: str) -> Callable[[Grievance, Opinion], bool]:
    return lambda grievance, _opinion: grievance.code in codes


def _header(opinion: Opinion) -> Mapping[str, Any]:
    jws = opinion.subject.security.jws
    return jws.header if jws is not None else {}


LENIENCE: Mapping[str, Callable[[Grievance, Opinion], bool]] = {
    "verifier-accepts-revoked": _code("revoked"),
    "verifier-accepts-suspended": _code("suspended"),
    "verifier-accepts-expired": _code("expired"),
    "verifier-accepts-not-yet-valid": _code("not-yet-valid"),
    "verifier-accepts-unreachable-status": _code("status-unknown"),
}
"""Each fault of the verifier that forgives, by name."""
