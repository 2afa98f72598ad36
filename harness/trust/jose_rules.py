"""Rules about a JOSE token that are requirements of their own and stop no verification.

Each function looks at one rule and yields nothing where it holds. Source: W3C VC-JOSE-COSE sections
1.1.2.1, 3.1.1, 3.1.2, 3.1.3 and 4; VCDM 2.0 sections 4.12 and 4.13; RFC 7519 section 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import gt, le, lt
from typing import Any

from harness.evidence import Web
from harness.trust.codes import Problem
from harness.trust.did import DidDocument, resolve
from harness.trust.jose import Jws, kid_of, read_compact
from harness.trust.moments import from_seconds, moment, utc
from harness.trust.trace import Trace, TrustError, Verification

VCDM2 = "https://www.w3.org/ns/credentials/v2"
ENVELOPES: Mapping[str, str] = {
    "EnvelopedVerifiableCredential": "application/vc+jwt",
    "EnvelopedVerifiablePresentation": "application/vp+jwt",
}
_FOREIGN_KEYS = ("jwk", "jku", "x5c", "x5u")
_JOSE_TYP = "VC-JOSE-COSE section 3.1.1"
_CLAIMS = "VC-JOSE-COSE section 3.1.3"


def secured_with_jose(document: str | Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-01: what was delivered is a compact JWS or an enveloped credential around one."""
    if isinstance(document, Mapping):
        if any(name in _types(document) for name in ENVELOPES):
            return []
        what = "an embedded proof" if "proof" in document else "no proof"
        return [Problem("not-enveloped", f"the credential has {what} and no JOSE envelope", "", _JOSE_TYP,
                        expected="a JWS in compact serialisation", actual=what,
                        hint="Sign the credential as a JWS of media type application/vc+jwt.")]  # fmt: skip
    return compact_form(document)


def compact_form(token: str) -> list[Problem]:
    """VCP-JOSE-02: three base64url parts, without padding, strict alphabet (RFC 7515 section 7.1)."""
    try:
        read_compact(token)
    except TrustError as error:
        if error.code == "token-malformed":
            return [_problem(error)]
    return []


def payload_is_credential(jws: Jws) -> list[Problem]:
    """VCP-JOSE-03: the payload is the credential itself, with @context and type at its root."""
    try:
        missing = [name for name in ("@context", "type") if name not in jws.claims]
    except TrustError as error:
        return [_problem(error)]
    if not missing:
        return []
    wrapped = next((name for name in ("vc", "vp") if isinstance(jws.claims.get(name), Mapping)), None)
    actual = f"the credential is wrapped in {wrapped}" if wrapped else f"no {' and no '.join(missing)}"
    return [Problem("payload-not-credential", "the payload is not the credential itself", "", _JOSE_TYP,
                    expected="@context and type at the root of the payload", actual=actual,
                    hint="Sign the credential as it is, with no claim around it.")]  # fmt: skip


def vcdm11_claims(jws: Jws) -> list[Problem]:
    """VCP-JOSE-04: no vc and no vp claim, which belong to VCDM 1.1 (VC-JOSE-COSE 1.1.2.1 and 3.1.3)."""
    return [
        Problem("vcdm11-claim", f"the payload has the claim {name} of VCDM 1.1", f"/{name}",
                "VC-JOSE-COSE section 1.1.2.1", expected=f"no {name}", actual=name,
                hint=f"Put the members of {name} at the root of the payload and remove it.")  # fmt: skip
        for name in ("vc", "vp")
        if name in _claims(jws)
    ]


def header_typ(jws: Jws, kind: str = "vc") -> list[Problem]:
    """VCP-JOSE-05: the header typ is vc+jwt, or vp+jwt for `kind` "vp" (VC-JOSE-COSE 3.1.1, 3.1.2)."""
    typ = jws.header.get("typ")
    expected = f"{kind}+jwt"
    if isinstance(typ, str) and typ.lower().removeprefix("application/") == expected:
        return []
    hint = {
        "vc+ld+jwt": "This was the type in a draft.", "vc-ld+jwt": "This was the type in a draft.",
        "vc+ld+json+jwt": "This was the type in a draft.", "jwt": "JWT says nothing about what is inside.",
    }  # fmt: skip
    return [Problem("typ", f"the header typ is not {expected}", "/typ", _JOSE_TYP, expected=expected,
                    actual="no typ" if typ is None else _short(typ),
                    hint=f"{hint.get(str(typ).lower(), '')} Write {expected}.".strip())]  # fmt: skip


def header_cty(jws: Jws, kind: str = "vc") -> list[Problem]:
    """VCP-JOSE-06: where the header has cty, it is vc, or vp for `kind` "vp" (VC-JOSE-COSE 3.1.1, 3.1.2)."""
    if "cty" not in jws.header:
        return []
    cty = jws.header["cty"]
    if isinstance(cty, str) and cty.lower().removeprefix("application/") == kind:
        return []
    return [Problem("cty", f"the header cty is not {kind}", "/cty", _JOSE_TYP, expected=kind, actual=_short(cty),
                    hint=f"Write {kind}, or leave cty out.")]  # fmt: skip


def kid_present(jws: Jws) -> list[Problem]:
    """VCP-JOSE-09: the header names the key (VC-JOSE-COSE 4.1.1)."""
    try:
        kid_of(jws)
    except TrustError as error:
        if error.code in ("kid-missing", "header-malformed"):
            return [_problem(error, "/kid")]
    return []


def kid_dereferences(jws: Jws, web: Web, *, at: datetime | None = None) -> Verification:
    """VCP-JOSE-10: kid is the absolute URL of a method that is in the document that it names (4.3)."""
    trace = Trace()
    try:
        kid = kid_of(jws)
        document = resolve(kid.partition("#")[0], web, trace, at=at)
        identifier = f"{document.did}#{kid.partition('#')[2]}"
        if identifier not in document.methods:
            raise TrustError(
                "key-not-found", f"{_short(identifier)} is in no method of the document", step="verification method",
                clause="VC-JOSE-COSE section 4.3", expected=_short(identifier),
                actual=", ".join(_short(one) for one in list(document.methods)[:8]) or "no verification method",
                hint="Let kid be the id of the verification method, letter for letter.",
            )  # fmt: skip
    except TrustError as problem:
        return Verification(tuple(trace.steps), problem)
    return Verification(tuple(trace.steps))


def issuer_claim(jws: Jws, credential: Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-11: iss, in payload or header, is the issuer (or the holder), letter for letter (4.1.2)."""
    name = "holder" if "holder" in credential and "issuer" not in credential else "issuer"
    expected = _id(credential.get(name))
    return [
        Problem("iss", f"iss in the {where} is not the {name}", pointer, "VC-JOSE-COSE section 4.1.2",
                expected=expected or f"no iss, since there is no {name}", actual=_short(found["iss"]),
                hint=f"Leave iss out, or let it be the {name}.")  # fmt: skip
        for where, pointer, found in (("payload", "/iss", _claims(jws)), ("header", "/iss", jws.header))
        if "iss" in found and found["iss"] != expected
    ]


def claims_against_credential(jws: Jws, credential: Mapping[str, Any], at: datetime | None = None) -> list[Problem]:
    """VCP-JOSE-13: jti, sub, iat, exp and nbf do not contradict the credential (VC-JOSE-COSE 3.1.3).

    exp and iat are about the signature, validFrom and validUntil about the data: they contradict only where
    the signature ends before the data does, or where it begins after the data has ended. `iss` is VCP-JOSE-11.
    With `at`, a token that is expired, not yet valid or from the future is a problem too (RFC 7519 4.1).
    """
    claims = _claims(jws)
    found = list(_identities(claims, credential))
    times: dict[str, datetime] = {}
    for name in ("iat", "nbf", "exp"):
        if name not in claims:
            continue
        value = claims[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        when = from_seconds(value) if number else None
        if when is None:
            found.append(Problem("claim-type", f"{name} is not a NumericDate", f"/{name}", "RFC 7519 section 2",
                                 expected="seconds since 1970 as a number", actual=_short(value)))  # fmt: skip
        else:
            times[name] = when
    found.extend(_validity(times, credential))
    if at is not None:
        found.extend(token_times(jws, at))
    return found


def token_times(jws: Jws, at: datetime) -> list[Problem]:
    """Whether the token is in force at a moment: exp ahead, nbf and iat behind (RFC 7519 4.1.4 to 4.1.6)."""
    rules: tuple[tuple[str, str, str, Callable[[datetime], bool]], ...] = (
        ("exp", "token-expired", "the token has expired", lambda when: when > at),
        ("nbf", "token-not-yet-valid", "the token is not valid yet", lambda when: when <= at),
        ("iat", "token-not-yet-valid", "the token was issued in the future", lambda when: when <= at),
    )
    found = []
    for name, code, what, holds in rules:
        value = _claims(jws).get(name)
        when = from_seconds(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        if when is not None and not holds(when):
            found.append(Problem(code, what, f"/{name}", "RFC 7519 section 4.1", expected=f"judged at {utc(at)}",
                                 actual=utc(when), hint="Issue again, or correct the clock of the issuer."))  # fmt: skip
    return found


def keys_in_header(jws: Jws) -> list[Problem]:
    """Keys that the token brings along or points to, which nobody may trust (RFC 8725 section 3.10)."""
    return [
        Problem("key-in-header", f"the header brings a key along ({name}), which was not used", f"/{name}",
                "RFC 8725 section 3.10", expected="kid alone", actual=_short(jws.header[name]),
                hint="Publish the key in the DID document and name it with kid.")  # fmt: skip
        for name in _FOREIGN_KEYS
        if name in jws.header
    ]


def key_is_json_web_key(document: DidDocument, kid: str) -> list[Problem]:
    """VCP-JOSE-14: the key that signs is published as JsonWebKey with publicKeyJwk (VC-JOSE-COSE 4.3)."""
    found = []
    for pointer, entry in document.methods.get(document.absolute(kid), [])[:1]:
        kind = entry.get("type")
        if kind != "JsonWebKey":
            found.append(Problem("method-type", "the verification method is not a JsonWebKey", f"{pointer}/type",
                                 "VC-JOSE-COSE section 4.3", expected="JsonWebKey", actual=_short(kind),
                                 hint="Publish the same key as a JsonWebKey."))  # fmt: skip
        if "publicKeyJwk" not in entry:
            found.append(Problem("method-material", "the verification method has no publicKeyJwk", pointer,
                                 "VC-JOSE-COSE section 4.3", expected="publicKeyJwk",
                                 actual=", ".join(one for one in entry if one.startswith("publicKey")) or "no key",
                                 hint="Publish the same key in publicKeyJwk."))  # fmt: skip
    return found


def enveloped_object(envelope: Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-19: context, type and data: URL of an enveloped credential or presentation (VCDM 2.0 4.12.1)."""
    clause = "VCDM 2.0 section 4.12.1"
    found = []
    contexts = envelope.get("@context")
    if VCDM2 not in (contexts if isinstance(contexts, list) else [contexts]):
        found.append(Problem("envelope-context", "the envelope lacks the VCDM 2.0 context", "/@context", clause,
                             expected=VCDM2, actual=_short(contexts)))  # fmt: skip
    names = [name for name in ENVELOPES if name in _types(envelope)]
    if not names:
        found.append(Problem("envelope-type", "the envelope does not say what it is", "/type", clause,
                             expected="EnvelopedVerifiableCredential", actual=_short(envelope.get("type"))))  # fmt: skip
    expected = ENVELOPES[names[0]] if names else "application/vc+jwt"
    target = envelope.get("id")
    head = re.match(r"data:([^;,]*)((?:;[^,;]*)*),", target) if isinstance(target, str) else None
    if head is None:
        found.append(Problem("envelope-data", "the id of the envelope is no data: URL", "/id", clause,
                             expected=f"data:{expected},<token>", actual=_short(target)))  # fmt: skip
    elif head[1].lower() != expected:
        found.append(Problem("envelope-media-type", "the data: URL has another media type", "/id", clause,
                             expected=expected, actual=_short(head[1]) or "none"))  # fmt: skip
    return found


def served_as(content_type: str, kind: str = "vc") -> list[Problem]:
    """VCP-JOSE-20: a JOSE credential is served as application/vc+jwt; parameters are ignored (6.1.1)."""
    expected = f"application/{kind}+jwt"
    if content_type.partition(";")[0].strip().lower() == expected:
        return []
    return [Problem("content-type", "the credential is served with another media type", None,
                    "VC-JOSE-COSE section 6.1", expected=expected, actual=_short(content_type) or "none",
                    hint=f"Answer with Content-Type: {expected}.")]  # fmt: skip


def _identities(claims: Mapping[str, Any], credential: Mapping[str, Any]) -> Iterator[Problem]:
    subjects = credential.get("credentialSubject")
    known = [_id(one) for one in (subjects if isinstance(subjects, list) else [subjects])]
    pairs = (("jti", "id", [credential.get("id")]), ("sub", "credentialSubject.id", known))
    for claim, name, values in pairs:
        expected = [value for value in values if isinstance(value, str)]
        if claim in claims and expected and claims[claim] not in expected:
            yield Problem("claim-contradicts", f"{claim} contradicts {name}", f"/{claim}", _CLAIMS,
                          expected=" or ".join(expected), actual=_short(claims[claim]),
                          hint=f"Leave {claim} out, or let it be the {name}.")  # fmt: skip


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
        yield Problem("claim-contradicts", f"{claim} {how} {name}", f"/{claim}", _CLAIMS,
                      expected=f"{name} is {utc(own)}", actual=utc(when),
                      hint=f"Leave {claim} out: {name} says how long the credential is valid.")  # fmt: skip


def _claims(jws: Jws) -> Mapping[str, Any]:
    try:
        return jws.claims
    except TrustError:
        return {}


def _types(document: Mapping[str, Any]) -> list[Any]:
    kind = document.get("type")
    return kind if isinstance(kind, list) else [kind]


def _id(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else None


def _problem(error: TrustError, pointer: str | None = None) -> Problem:
    return Problem(error.code, error.message, pointer, error.clause, error.expected, error.actual, error.hint)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 160 else text[:160] + "…"
