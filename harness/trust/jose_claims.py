"""Rules about the payload of a JOSE token: what it is, and that its claims do not contradict it.

Each function looks at one rule and returns nothing where it holds. Sources: W3C VC-JOSE-COSE sections
1.1.2.1, 3.1.1, 3.1.3 and 4.1.2; RFC 7519 section 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import gt, le, lt
from typing import Any

from harness.trust.codes import Problem, problem_of, shown
from harness.trust.jose import Jws
from harness.trust.moments import from_seconds, moment, utc
from harness.trust.trace import TrustError

_TYP = "VC-JOSE-COSE section 3.1.1"
_CLAIMS = "VC-JOSE-COSE section 3.1.3"
TIMES = ("iat", "nbf", "exp")


def payload_is_credential(jws: Jws) -> list[Problem]:
    """VCP-JOSE-03: the payload is the credential itself, with @context and type at its root."""
    try:
        missing = [name for name in ("@context", "type") if name not in jws.claims]
    except TrustError as error:
        return [problem_of(error)]
    if not missing:
        return []
    wrapped = next((name for name in ("vc", "vp") if isinstance(jws.claims.get(name), Mapping)), None)
    actual = f"the credential is wrapped in {wrapped}" if wrapped else f"no {' and no '.join(missing)}"
    return [
        Problem(
            "payload-not-credential",
            "the payload is not the credential itself",
            "",
            _TYP,
            expected="@context and type at the root of the payload",
            actual=actual,
            hint="Sign the credential as it is, with no claim around it.",
        )
    ]


def vcdm11_claims(jws: Jws) -> list[Problem]:
    """VCP-JOSE-04: no vc and no vp claim, which belong to VCDM 1.1 (VC-JOSE-COSE 1.1.2.1 and 3.1.3)."""
    return [
        Problem(
            "vcdm11-claim",
            f"the payload has the claim {name} of VCDM 1.1",
            f"/{name}",
            "VC-JOSE-COSE section 1.1.2.1",
            expected=f"no {name}",
            actual=name,
            hint=f"Put the members of {name} at the root of the payload and remove it.",
        )
        for name in ("vc", "vp")
        if name in _claims(jws)
    ]


def issuer_claim(jws: Jws, credential: Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-11: iss, in payload or header, is the issuer (or the holder), letter for letter (4.1.2)."""
    name = "holder" if "holder" in credential and "issuer" not in credential else "issuer"
    expected = _id(credential.get(name))
    return [
        Problem(
            "iss",
            f"iss in the {where} is not the {name}",
            pointer,
            "VC-JOSE-COSE section 4.1.2",
            expected=expected or f"no iss, since there is no {name}",
            actual=shown(found["iss"]),
            hint=f"Leave iss out, or let it be the {name}.",
        )
        for where, pointer, found in (("payload", "/iss", _claims(jws)), ("header", "/iss", jws.header))
        if "iss" in found and found["iss"] != expected
    ]


def claims_against_credential(
    jws: Jws, credential: Mapping[str, Any], at: datetime | None = None
) -> list[Problem]:
    """VCP-JOSE-13: jti, sub, iat, exp and nbf do not contradict the credential (VC-JOSE-COSE 3.1.3).

    exp and iat are about the signature, validFrom and validUntil about the data: they contradict only where
    the signature ends before the data does, or where it begins after the data has ended. `iss` is VCP-JOSE-11.
    With `at`, a token that is expired, not yet valid or from the future is a problem too (RFC 7519 4.1).
    """
    claims = _claims(jws)
    found = [*_identities(claims, credential), *untimely_claims(jws)]
    read = ((name, from_seconds(claims.get(name))) for name in TIMES)
    found.extend(_validity({name: when for name, when in read if when is not None}, credential))
    if at is not None:
        found.extend(token_times(jws, at))
    return found


def untimely_claims(jws: Jws) -> list[Problem]:
    """Those of iat, nbf and exp that are no NumericDate (RFC 7519 section 2)."""
    return [
        Problem(
            "claim-type",
            f"{name} is not a NumericDate",
            f"/{name}",
            "RFC 7519 section 2",
            expected="seconds since 1970 as a number",
            actual=shown(value),
            hint="Write the seconds since 1970-01-01T00:00:00Z as a JSON number.",
        )
        for name, value in _claims(jws).items()
        if name in TIMES and from_seconds(value) is None
    ]


def token_times(jws: Jws, at: datetime) -> list[Problem]:
    """Whether the token is in force at a moment: exp ahead, nbf and iat behind (RFC 7519 4.1.4 to 4.1.6)."""
    rules: tuple[tuple[str, str, str, Callable[[datetime], bool]], ...] = (
        ("exp", "token-expired", "the token has expired", lambda when: when > at),
        ("nbf", "token-not-yet-valid", "the token is not valid yet", lambda when: when <= at),
        ("iat", "token-not-yet-valid", "the token was issued in the future", lambda when: when <= at),
    )
    found = []
    for name, code, what, holds in rules:
        when = from_seconds(_claims(jws).get(name))
        if when is not None and not holds(when):
            found.append(
                Problem(
                    code,
                    what,
                    f"/{name}",
                    "RFC 7519 section 4.1",
                    expected=f"judged at {utc(at)}",
                    actual=utc(when),
                    hint="Issue again, or correct the clock of the issuer.",
                )
            )
    return found


def _identities(claims: Mapping[str, Any], credential: Mapping[str, Any]) -> Iterator[Problem]:
    subjects = credential.get("credentialSubject")
    known = [_id(one) for one in (subjects if isinstance(subjects, list) else [subjects])]
    pairs = (("jti", "id", [credential.get("id")]), ("sub", "credentialSubject.id", known))
    for claim, name, values in pairs:
        expected = [value for value in values if isinstance(value, str)]
        if claim in claims and expected and claims[claim] not in expected:
            yield Problem(
                "claim-contradicts",
                f"{claim} contradicts {name}",
                f"/{claim}",
                _CLAIMS,
                expected=" or ".join(expected),
                actual=shown(claims[claim]),
                hint=f"Leave {claim} out, or let it be the {name}.",
            )


def _validity(times: Mapping[str, datetime], credential: Mapping[str, Any]) -> Iterator[Problem]:
    since, until = (moment(credential.get(name)) for name in ("validFrom", "validUntil"))
    rules: tuple[tuple[str, datetime | None, str, str, Callable[[datetime, datetime], bool]], ...] = (
        ("exp", until, "validUntil", "ends before", lt),
        ("exp", since, "validFrom", "ends before", le),
        ("iat", until, "validUntil", "begins after", gt),
        ("nbf", until, "validUntil", "begins after", gt),
        ("nbf", since, "validFrom", "begins after", gt),
    )
    reported = set()
    for claim, own, name, how, contradicts in rules:
        when = times.get(claim)
        if when is None or own is None or claim in reported or not contradicts(when, own):
            continue
        reported.add(claim)
        yield Problem(
            "claim-contradicts",
            f"{claim} {how} {name}",
            f"/{claim}",
            _CLAIMS,
            expected=f"{name} is {utc(own)}",
            actual=utc(when),
            hint=f"Leave {claim} out: {name} says how long the credential is valid.",
        )


def _claims(jws: Jws) -> Mapping[str, Any]:
    try:
        return jws.claims
    except TrustError:
        return {}


def _id(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else None
