"""SD-JWT: a JWT whose holder chooses what to disclose, with or without proof that he is the holder.

Sources: RFC 9901 sections 4 and 7; W3C VC-JOSE-COSE sections 3.2 and 5.2. The issuer's signature is
verified as any other JWS is; the disclosures then have to fit the digests that it covers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harness.credential.disclosures import (
    DEFAULT_HASH,
    HASHES,
    MAX_DISCLOSURES,
    DisclosureProblem,
    digest_of,
    process,
    unknown_hash,
)
from harness.evidence import Web
from harness.trust.codes import shown
from harness.trust.jose import Jws, check_header, read_compact, verify_jose
from harness.trust.keys import from_jwk
from harness.trust.moments import from_seconds, utc
from harness.trust.signatures import verify
from harness.trust.trace import Step, TrustError, Verification

TOLERANCE = timedelta(minutes=5)
PAYLOAD = "Processed SD-JWT Payload"


@dataclass(frozen=True)
class SdJwt:
    """An SD-JWT taken apart: the issuer's JWS, the disclosures, and the key binding JWT if there is one."""

    jws: Jws
    disclosures: tuple[str, ...]
    key_binding: str | None
    bound: str = field(repr=False)
    """The text that a key binding JWT covers: all up to and with the last tilde (RFC 9901 section 4.3.1)."""


@dataclass(frozen=True)
class KeyBinding:
    """What a verifier demands of the key binding JWT: for whom, for which request, how fresh."""

    audience: str
    nonce: str
    max_age: timedelta = timedelta(minutes=10)


def read_sd_jwt(text: str) -> SdJwt:
    """Take an SD-JWT or SD-JWT+KB in compact form apart (RFC 9901 section 4)."""
    token, *rest = text.split("~", MAX_DISCLOSURES + 2)
    if not rest:
        raise _wrong("sd-jwt-malformed", "an SD-JWT has at least one tilde", "RFC 9901 section 4")
    if len(rest) > MAX_DISCLOSURES + 1:
        raise _wrong("sd-jwt-malformed", f"more than {MAX_DISCLOSURES:,} disclosures", "RFC 9901 section 4")
    *disclosures, last = rest
    return SdJwt(read_compact(token), tuple(disclosures), last or None, text[: len(text) - len(last)])


def verify_sd_jwt(
    text: str,
    *,
    web: Web,
    at: datetime,
    issuer: str | None = None,
    purpose: str = "assertionMethod",
    key_binding: KeyBinding | None = None,
) -> Verification:
    """Verify an SD-JWT: signature, disclosures and, where it is demanded, the holder (RFC 9901 section 7).

    Whether key binding is demanded is the verifier's decision, never that of the presentation: without
    `key_binding` a key binding JWT is not looked at. Never raises for what a stranger wrote.
    """
    steps: list[Step] = []
    try:
        presented = read_sd_jwt(text)
        signed = verify_jose(presented.jws, web=web, at=at, issuer=issuer, purpose=purpose)
        steps.extend(signed.steps)
        if signed.problem is not None:
            return Verification(tuple(steps), signed.problem)
        payload = processed_payload(presented)
        steps.append(Step.of(PAYLOAD, json.dumps(payload, ensure_ascii=False), "RFC 9901 section 7.1"))
        if key_binding is not None:
            steps.append(check_key_binding(presented, payload, key_binding, at))
    except TrustError as problem:
        return Verification(tuple(steps), problem)
    return Verification(tuple(steps))


def processed_payload(presented: SdJwt) -> dict[str, Any]:
    """The payload with what was disclosed in its place, and all else of SD-JWT removed (RFC 9901, 7.1).

    Raises TrustError: sd-jwt-malformed, sd-jwt-alg, sd-jwt-disclosure, sd-jwt-digest, sd-jwt-claim.
    """
    processed = process(presented.jws.claims, presented.disclosures)
    for problem in processed.problems:
        raise _refused(problem)
    return processed.payload


def _refused(problem: DisclosureProblem) -> TrustError:
    return _wrong(
        problem.code, problem.message, problem.clause, expected=problem.expected, actual=problem.actual
    )


def _hash_of(claims: Mapping[str, Any]) -> str:
    """The name of the hash function of an SD-JWT (RFC 9901 section 4.1.1)."""
    algorithm = claims.get("_sd_alg", DEFAULT_HASH)
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        raise _refused(unknown_hash(algorithm))
    return algorithm


def check_key_binding(
    presented: SdJwt, payload: Mapping[str, Any], demanded: KeyBinding, at: datetime
) -> Step:
    """Verify that the holder made this presentation, for this verifier and now (RFC 9901 section 7.3)."""
    clause = "RFC 9901 section 7.3"
    if presented.key_binding is None:
        raise _wrong(
            "key-binding-missing", "there is no key binding JWT", clause, expected="<SD-JWT>~<KB-JWT>"
        )
    confirmation = payload.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, Mapping) else None
    if not isinstance(jwk, Mapping):
        raise _wrong("key-binding", "the credential names no key of its holder", clause, expected="cnf.jwk")
    binding = read_compact(presented.key_binding)
    verify(
        check_header(binding),
        from_jwk(jwk),
        binding.signature,
        binding.signing_input,
        step="KB-JWT Signature",
    )
    digest = digest_of(presented.bound, _hash_of(presented.jws.claims))
    rules = (
        ("typ", binding.header.get("typ"), "kb+jwt"),
        ("aud", binding.claims.get("aud"), demanded.audience),
        ("nonce", binding.claims.get("nonce"), demanded.nonce),
        ("sd_hash", binding.claims.get("sd_hash"), digest),
    )
    for name, actual, expected in rules:
        if actual != expected:
            what = f"{name} of the key binding JWT is wrong"
            raise _wrong("key-binding", what, clause, expected=expected, actual=shown(actual))
    issued = binding.claims.get("iat")
    when = from_seconds(issued)
    if when is None or not at - demanded.max_age <= when <= at + TOLERANCE:
        raise _wrong(
            "key-binding",
            "the key binding JWT is not fresh",
            clause,
            expected=f"iat between {utc(at - demanded.max_age)} and {utc(at + TOLERANCE)}",
            actual=shown(issued) if when is None else utc(when),
        )
    return Step.of_text("KB-JWT Signing Input", binding.signing_input, clause)


def _wrong(
    code: str, what: str, clause: str, *, expected: str | None = None, actual: str | None = None
) -> TrustError:
    step = "KB-JWT" if code.startswith("key-binding") else "SD-JWT"
    return TrustError(code, what, step=step, clause=clause, expected=expected, actual=actual)
