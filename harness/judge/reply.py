"""What the reply of a verifier amounts to: no verdict, one that contradicts itself, and how it is told in a finding."""

from __future__ import annotations

from harness.errors import LineError
from harness.exchange import Answer, Exchange
from harness.gather.adapters.said import Verified, at, verified_in

SERVER_ERROR = 500
BREAKS = frozenset({500, 501})
"""Statuses by which the product itself says that it broke; 502 to 504 may be the line's."""
_LONGEST = 300
"""Most characters of a reply in a finding: what one line holds."""


def broke(answer: Answer | None) -> bool:
    """Whether the product itself says that it broke."""
    return answer is not None and answer.status in BREAKS


def no_verdict(exchange: Exchange, said: Verified) -> LineError:
    """An answer that neither accepts nor rejects: nobody can be blamed for it, and nothing passes by it."""
    return LineError(
        f"{exchange.probe}/{exchange.step}: {said.why or 'the answer is no verdict'}",
        hint="Say verified true or false, or refuse with a status of 4xx; a 5xx says only that something broke.",
    )


def told(said: Verified) -> str:
    """What was said, in one line."""
    reasons = "; ".join(said.errors or said.warnings)
    text = f"{said.kind}: {reasons}" if reasons else f"{said.kind} ({said.why})"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def contradicts(said: Verified) -> bool:
    """Whether it says accepted and names errors all the same.

    Such an answer is read against whoever gave it: it accepts no good credential and rejects no broken one.
    """
    errors = at(said.value, "/errors") if isinstance(said.value, dict) else None
    return said.accepted and isinstance(errors, list) and bool(errors)


def verdict_in(exchange: Exchange) -> Verified:
    """What was said, which accepts or rejects. Raises LineError where an answer does neither."""
    said = verified_in(exchange)
    if not (said.accepted or said.rejected):
        raise no_verdict(exchange, said)
    return said


def refuses(said: Verified) -> bool:
    """Whether an answer about a good credential does not accept it, be it by contradicting itself."""
    return said.rejected or contradicts(said)
