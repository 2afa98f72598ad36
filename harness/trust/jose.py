"""JOSE: a compact JWS read strictly, and verified with the key of the issuer that it claims.

Sources: RFC 7515 (JWS), 7518, 7519, 7797, 8037, 8725; W3C VC-JOSE-COSE sections 3.1.1, 3.1.2 and 4.
Rules about the header and the claims that say nothing about the signature are in `jose_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from harness.credential.did_url import parse_did_url
from harness.errors import MalformedError
from harness.evidence import Web
from harness.trust.codes import shown
from harness.trust.did import VerificationMethod, find_method, resolve
from harness.trust.encoding import decode_base64url, read_object
from harness.trust.signatures import ALGORITHMS, Algorithm, verify
from harness.trust.trace import Step, Trace, TrustError, Verification

MAX_TOKEN = 24 * 1024 * 1024
MAX_HEADER = 64 * 1024
MAX_KID = 4096
JWS_PARTS, JWE_PARTS = 3, 5

UNSUPPORTED = frozenset(
    {
        "RS384",
        "RS512",
        "PS384",
        "PS512",
        "ES256K",
        "Ed448",
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
    }
)
"""Registered signature algorithms that the harness cannot judge: undetermined."""

HEADER, INPUT, PAYLOAD, SIGNATURE = "JOSE Header", "JWS Signing Input", "JWS Payload", "JWS Signature"
_ED25519 = frozenset({"EdDSA", "Ed25519"})


@dataclass(frozen=True)
class Jws:
    """A JWS in compact serialisation, taken apart (RFC 7515 section 7.1)."""

    token: str = field(repr=False)
    header: Mapping[str, Any]
    header_bytes: bytes = field(repr=False)
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signing_input: bytes = field(repr=False)

    @cached_property
    def claims(self) -> Mapping[str, Any]:
        """The payload as a JSON object; raises TrustError (payload-malformed) where it is none."""
        try:
            return read_object(self.payload, "the JWS payload")
        except MalformedError as error:
            raise TrustError(
                "payload-malformed",
                error.message,
                step=PAYLOAD,
                clause="RFC 7519 section 7.2",
                hint=error.hint,
            ) from error


def read_compact(token: str) -> Jws:
    """Take a compact JWS apart; raises TrustError: token-malformed, header-malformed, signature-malformed."""
    if len(token) > MAX_TOKEN:
        raise _malformed(f"a token of {len(token):,} characters", f"At most {MAX_TOKEN:,} are read.")
    parts = token.split(".", JWE_PARTS)
    if len(parts) != JWS_PARTS:
        count = len(parts) if len(parts) <= JWE_PARTS else "more than five"
        raise _malformed(
            f"a compact JWS has three parts, this text has {count}", _form_hint(token, len(parts))
        )
    if len(parts[0]) > MAX_HEADER:
        raise TrustError("header-malformed", f"a JOSE header of {len(parts[0]):,} characters", step=HEADER)
    header_bytes, header = _read_header(parts[0])
    payload, signature = _read_part("payload", parts[1]), _read_part("signature", parts[2])
    return Jws(token, header, header_bytes, payload, signature, token[: token.rindex(".")].encode())


@lru_cache(maxsize=256)
def _read_header(part: str) -> tuple[bytes, Mapping[str, Any]]:
    raw = _read_part("header", part)
    try:
        return raw, read_object(raw, "the JOSE header", max_bytes=MAX_HEADER)
    except MalformedError as error:
        raise TrustError(
            "header-malformed", error.message, step=HEADER, clause="RFC 7515 section 5.2", hint=error.hint
        ) from error


def _read_part(name: str, part: str) -> bytes:
    try:
        return decode_base64url(part)
    except MalformedError as error:
        raise _malformed(f"the {name} is {error.message}", error.hint) from error


def verify_jose(
    token: str | Jws, *, web: Web, at: datetime, issuer: str | None = None, purpose: str = "assertionMethod"
) -> Verification:
    """Verify the signature of a credential or presentation secured with JOSE (VC-JOSE-COSE 3.1, 5.1).

    `issuer` is the DID that has to control the key; without it the payload's own issuer (or holder, for
    purpose "authentication") is taken. Never raises for what a stranger wrote.
    """
    trace = Trace()
    try:
        jws = read_compact(token) if isinstance(token, str) else token
        trace.steps.append(Step.of_text(HEADER, jws.header_bytes, "RFC 7515 section 4"))
        trace.steps.append(Step.of_text(INPUT, jws.signing_input, "RFC 7515 section 5.2"))
        trace.steps.append(Step.of_text(PAYLOAD, jws.payload, "RFC 7515 section 5.2"))
        algorithm = check_header(jws)
        controller = issuer if issuer is not None else claimed_controller(jws, purpose)
        method = key_of(kid_of(jws), controller, Search(web, trace, at, purpose))
        check_signature(jws, algorithm, method, trace)
    except TrustError as problem:
        return Verification(tuple(trace.steps), problem)
    return Verification(tuple(trace.steps))


def check_header(jws: Jws) -> Algorithm:
    """The algorithm of a token whose header allows verification; raises TrustError where it does not.

    Codes: alg-missing, alg-none, alg-symmetric, alg-not-allowed, crit-not-understood, payload-not-encoded.
    Keys that the header carries or points to (jwk, jku, x5c, x5u) are never used (RFC 8725 section 3.10).
    """
    algorithm = _algorithm(jws.header)
    _check_critical(jws.header)
    if jws.header.get("b64", True) is not True:
        raise TrustError(
            "payload-not-encoded",
            "the header says b64=false",
            step=HEADER,
            clause="RFC 7797 section 7",
            expected="no b64",
            hint="A JWT always has an encoded payload.",
        )
    return algorithm


def claimed_controller(jws: Jws, purpose: str = "assertionMethod") -> str:
    """Whom the payload names as issuer, or as holder for purpose "authentication" (VCDM 2.0, 4.7, 4.13)."""
    return named_controller(jws.claims, PAYLOAD, purpose)


def named_controller(claims: Mapping[str, Any], step: str, purpose: str = "assertionMethod") -> str:
    """The same for claims that were read already; `step` is the name of the payload in its standard."""
    names = ("holder", "iss") if purpose == "authentication" else ("issuer", "iss")
    for name in names:
        value = claims.get(name)
        if isinstance(value, Mapping):
            value = value.get("id")
        if isinstance(value, str) and value:
            return value
    raise TrustError(
        "issuer-missing",
        f"the payload names no {names[0]}",
        step=step,
        clause="VCDM 2.0 section 4.7",
        expected=f"{names[0]}: a DID",
        hint="Without it nobody can say whose key it has to be.",
    )


def kid_of(jws: Jws) -> str:
    """The name of the key in the header, which has to be an absolute URL (VC-JOSE-COSE 4.1, 4.3)."""
    return checked_kid(jws.header.get("kid"), HEADER)


def checked_kid(kid: object, step: str) -> str:
    """The same for a parameter that was read already; `step` is the name of the header in its standard."""
    if kid is None:
        raise TrustError(
            "kid-missing",
            "the header does not name the key (kid)",
            step=step,
            clause="VC-JOSE-COSE section 4.1.1",
            expected="kid: the DID URL of the key",
            actual="no kid",
            hint="Put the id of the verification method into kid.",
        )
    if not isinstance(kid, str):
        raise TrustError(
            "header-malformed", "kid is not a string", step=step, clause="RFC 7515 section 4.1.4"
        )
    if kid.startswith("https://") and "#" in kid and len(kid) <= MAX_KID:
        return kid
    try:
        found = parse_did_url(kid)
    except MalformedError as error:
        raise _not_absolute(kid, error.hint, step) from error
    if found.fragment is None:
        raise _not_absolute(kid, "It names a document; the key in it is named after a '#'.", step)
    return kid


def check_signature(jws: Jws, algorithm: Algorithm, method: VerificationMethod, trace: Trace) -> None:
    """Verify the signature with a key that may be used; raises TrustError if it does not hold."""
    require_key_for(method, algorithm, step=SIGNATURE)
    trace.step(SIGNATURE, jws.signature, algorithm.clause)
    verify(algorithm, method.key, jws.signature, jws.signing_input, step=SIGNATURE)


def require_key_for(method: VerificationMethod, algorithm: Algorithm, *, step: str) -> None:
    """Raise TrustError (alg-does-not-fit-key) where the key names another algorithm than the message."""
    wanted = method.key.alg
    if wanted is not None and wanted != algorithm.name and {wanted, algorithm.name} != _ED25519:
        raise TrustError(
            "alg-does-not-fit-key",
            f"the key is for {wanted}, the token says {algorithm.name}",
            step=step,
            clause="RFC 7517 section 4.4",
            expected=wanted,
            actual=algorithm.name,
            hint="Let both name one algorithm.",
        )


def _algorithm(header: Mapping[str, Any]) -> Algorithm:
    name = header.get("alg")
    if not isinstance(name, str):
        raise TrustError(
            "alg-missing",
            "the header names no algorithm (alg)",
            step=HEADER,
            clause="RFC 7515 section 4.1.1",
            expected="alg: one of " + ", ".join(ALGORITHMS),
            hint="Every JWS says how it was signed.",
        )
    found = ALGORITHMS.get(name)
    if found is not None:
        return found
    code, what, hint = (
        "alg-not-allowed",
        f"{shown(name)} is not an allowed algorithm",
        "Sign with ES256 or EdDSA.",
    )
    if name.lower() == "none":
        code, what = "alg-none", "the token is not signed (alg none)"
    elif name.upper().startswith("HS"):
        code, what = "alg-symmetric", f"{shown(name)} uses a shared secret: who can verify can also forge"
    raise TrustError(
        code,
        what,
        step=HEADER,
        clause="RFC 8725 sections 3.1 and 3.2",
        expected=", ".join(ALGORITHMS),
        actual=shown(name),
        hint=hint,
        undetermined=name in UNSUPPORTED,
    )


def _check_critical(header: Mapping[str, Any]) -> None:
    if "crit" not in header:
        return
    names = header["crit"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        what = "crit is not a list of names"
    elif len(set(names)) < len(names):
        what = "crit names a parameter twice"
    elif missing := [name for name in names if name not in header]:
        what = f"crit names {shown(missing[0])}, which the header does not have"
    elif unknown := [name for name in names if name != "b64"]:
        what = f"the critical header parameter {shown(unknown[0])} is not understood"
    else:
        return
    raise TrustError(
        "crit-not-understood",
        what,
        step=HEADER,
        clause="RFC 7515 section 4.1.11",
        expected="no crit",
        actual=shown(str(names)),
        hint="UNTP needs no critical parameters.",
    )


@dataclass(frozen=True)
class Search:
    """What it takes to look for a key."""

    web: Web
    trace: Trace
    at: datetime
    purpose: str


def key_of(kid: str, controller: str, search: Search) -> VerificationMethod:
    """The key that a header names, where the controller vouches for it. Raises TrustError where not."""
    document = resolve(controller, search.web, search.trace, at=search.at)
    owner = kid.partition("#")[0].partition("?")[0]
    if owner == document.did:
        # A version in kid (?versionId=) is not followed: it would bring keys back that were rotated out.
        return find_method(document, kid, search.purpose, search.trace, at=search.at)
    if document.deactivated or search.purpose not in document.relationships_of(kid):
        raise TrustError(
            "issuer-does-not-control-key",
            f"the key {shown(kid)} is not one of {document.did}",
            step="verification method",
            clause="VC-JOSE-COSE section 4.1.1; CID 1.0 section 3.3",
            expected=f"a key of {document.did}",
            actual=shown(kid),
            hint="Sign with a key of the issuer, or list this key in the issuer's DID document.",
        )
    foreign = resolve(owner, search.web, search.trace, at=search.at)
    return find_method(foreign, kid, search.purpose, search.trace, at=search.at)


def _malformed(what: str, hint: str | None) -> TrustError:
    return TrustError("token-malformed", what, step="JWS", clause="RFC 7515 section 7.1", hint=hint)


def _not_absolute(kid: str, hint: str | None, step: str) -> TrustError:
    return TrustError(
        "kid-not-absolute",
        "kid is not the absolute DID URL of a key",
        step=step,
        clause="VC-JOSE-COSE section 4.3",
        expected="did:web:issuer.example.com#key-1",
        actual=shown(kid),
        hint=hint,
    )


def _form_hint(token: str, parts: int) -> str:
    start = token.lstrip()[:1]
    if start == "{":
        return "This is JSON: UNTP credentials are JWS in compact serialisation."
    if parts == JWE_PARTS:
        return "This looks encrypted (JWE): credentials are signed."
    return "header.payload.signature"
