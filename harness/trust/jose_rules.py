"""Rules about the form, header and key of a JOSE token that are requirements of their own.

Each function looks at one rule and returns nothing where it holds; the rules of the payload are in
`jose_claims`. Sources: W3C VC-JOSE-COSE sections 3.1.1, 3.1.2 and 4; VCDM 2.0 section 4.12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.evidence import Web
from harness.trust.codes import Problem, problem_of, shown
from harness.trust.did import DidDocument, resolve
from harness.trust.jose import Jws, kid_of, read_compact
from harness.trust.trace import Trace, TrustError, Verification

VCDM2 = "https://www.w3.org/ns/credentials/v2"
ENVELOPES: Mapping[str, str] = {
    "EnvelopedVerifiableCredential": "application/vc+jwt",
    "EnvelopedVerifiablePresentation": "application/vp+jwt",
}
_FOREIGN_KEYS = ("jwk", "jku", "x5c", "x5u")
_TYP = "VC-JOSE-COSE section 3.1.1"


def secured_with_jose(document: str | Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-01: what was delivered is a compact JWS or an enveloped credential around one."""
    if isinstance(document, Mapping):
        if any(name in _types(document) for name in ENVELOPES):
            return []
        return not_enveloped("an embedded proof" if "proof" in document else "no proof")
    return compact_form(document)


def not_enveloped(what: str) -> list[Problem]:
    """VCP-JOSE-01: the credential was secured by `what` instead."""
    return [
        Problem(
            "not-enveloped",
            f"the credential has {what} and no JOSE envelope",
            "",
            _TYP,
            expected="a JWS in compact serialisation",
            actual=what,
            hint="Sign the credential as a JWS of media type application/vc+jwt.",
        )
    ]


def compact_form(token: str) -> list[Problem]:
    """VCP-JOSE-02: three base64url parts, without padding, strict alphabet (RFC 7515 section 7.1)."""
    try:
        read_compact(token)
    except TrustError as error:
        if error.code == "token-malformed":
            return [problem_of(error)]
    return []


def header_typ(jws: Jws, kind: str = "vc", form: str = "jwt") -> list[Problem]:
    """VCP-JOSE-05: the header typ is vc+jwt, or vp+jwt for `kind` "vp" (VC-JOSE-COSE 3.1.1, 3.1.2).

    `form` is "sd-jwt" for SD-JWT (VC-JOSE-COSE 3.2).
    """
    typ = jws.header.get("typ")
    expected = f"{kind}+{form}"
    if isinstance(typ, str) and typ.lower().removeprefix("application/") == expected:
        return []
    hint = {
        "vc+ld+jwt": "This was the type in a draft.",
        "vc-ld+jwt": "This was the type in a draft.",
        "vc+ld+json+jwt": "This was the type in a draft.",
        "jwt": "JWT says nothing about what is inside.",
    }
    return [
        Problem(
            "typ",
            f"the header typ is not {expected}",
            "/typ",
            _TYP,
            expected=expected,
            actual="no typ" if typ is None else shown(typ),
            hint=f"{hint.get(str(typ).lower(), '')} Write {expected}.".strip(),
        )
    ]


def header_cty(jws: Jws, kind: str = "vc") -> list[Problem]:
    """VCP-JOSE-06: where the header has cty, it is vc, or vp for `kind` "vp" (VC-JOSE-COSE 3.1.1, 3.1.2)."""
    if "cty" not in jws.header:
        return []
    cty = jws.header["cty"]
    if isinstance(cty, str) and cty.lower().removeprefix("application/") == kind:
        return []
    return [
        Problem(
            "cty",
            f"the header cty is not {kind}",
            "/cty",
            _TYP,
            expected=kind,
            actual=shown(cty),
            hint=f"Write {kind}, or leave cty out.",
        )
    ]


def kid_present(jws: Jws) -> list[Problem]:
    """VCP-JOSE-09: the header names the key (VC-JOSE-COSE 4.1.1)."""
    try:
        kid_of(jws)
    except TrustError as error:
        if error.code in ("kid-missing", "header-malformed"):
            return [problem_of(error, "/kid")]
    return []


def kid_dereferences(jws: Jws, web: Web, *, at: datetime | None = None) -> Verification:
    """VCP-JOSE-10: kid is the absolute URL of a method that is in the document that it names (4.3)."""
    trace = Trace()
    try:
        kid = kid_of(jws)
        _check_named(resolve(kid.partition("#")[0], web, trace, at=at), kid.partition("#")[2])
    except TrustError as problem:
        return Verification(tuple(trace.steps), problem)
    return Verification(tuple(trace.steps))


def keys_in_header(jws: Jws) -> list[Problem]:
    """Keys that the token brings along or points to, which nobody may trust (RFC 8725 section 3.10)."""
    return [
        Problem(
            "key-in-header",
            f"the header brings a key along ({name}), which was not used",
            f"/{name}",
            "RFC 8725 section 3.10",
            expected="kid alone",
            actual=shown(jws.header[name]),
            hint="Publish the key in the DID document and name it with kid.",
        )
        for name in _FOREIGN_KEYS
        if name in jws.header
    ]


def key_is_json_web_key(document: DidDocument, kid: str) -> list[Problem]:
    """VCP-JOSE-14: the key that signs is published as JsonWebKey with publicKeyJwk (VC-JOSE-COSE 4.3)."""
    found = []
    for pointer, entry in document.methods.get(document.absolute(kid), [])[:1]:
        kind = entry.get("type")
        if kind != "JsonWebKey":
            found.append(
                Problem(
                    "method-type",
                    "the verification method is not a JsonWebKey",
                    f"{pointer}/type",
                    "VC-JOSE-COSE section 4.3",
                    expected="JsonWebKey",
                    actual=shown(kind),
                    hint="Publish the same key as a JsonWebKey.",
                )
            )
        if "publicKeyJwk" not in entry:
            found.append(
                Problem(
                    "method-material",
                    "the verification method has no publicKeyJwk",
                    pointer,
                    "VC-JOSE-COSE section 4.3",
                    expected="publicKeyJwk",
                    actual=", ".join(one for one in entry if one.startswith("publicKey")) or "no key",
                    hint="Publish the same key in publicKeyJwk.",
                )
            )
    return found


def enveloped_object(envelope: Mapping[str, Any]) -> list[Problem]:
    """VCP-JOSE-19: context, type and data: URL of an enveloped credential or presentation (VCDM 2.0 4.12.1)."""
    clause = "VCDM 2.0 section 4.12.1"
    found = []
    contexts = envelope.get("@context")
    if VCDM2 not in (contexts if isinstance(contexts, list) else [contexts]):
        found.append(
            Problem(
                "envelope-context",
                "the envelope lacks the VCDM 2.0 context",
                "/@context",
                clause,
                expected=VCDM2,
                actual=shown(contexts),
            )
        )
    names = [name for name in ENVELOPES if name in _types(envelope)]
    if not names:
        found.append(
            Problem(
                "envelope-type",
                "the envelope does not say what it is",
                "/type",
                clause,
                expected="EnvelopedVerifiableCredential",
                actual=shown(envelope.get("type")),
            )
        )
    expected = ENVELOPES[names[0]] if names else "application/vc+jwt"
    target = envelope.get("id")
    head = re.match(r"data:([^;,]*)((?:;[^,;]*)*),", target) if isinstance(target, str) else None
    if head is None:
        found.append(
            Problem(
                "envelope-data",
                "the id of the envelope is no data: URL",
                "/id",
                clause,
                expected=f"data:{expected},<token>",
                actual=shown(target),
            )
        )
    elif head[1].lower() != expected:
        found.append(
            Problem(
                "envelope-media-type",
                "the data: URL has another media type",
                "/id",
                clause,
                expected=expected,
                actual=shown(head[1]) or "none",
            )
        )
    return found


def served_as(content_type: str, kind: str = "vc") -> list[Problem]:
    """VCP-JOSE-20: a JOSE credential is served as application/vc+jwt; parameters are ignored (6.1.1)."""
    expected = f"application/{kind}+jwt"
    if content_type.partition(";")[0].strip().lower() == expected:
        return []
    return [
        Problem(
            "content-type",
            "the credential is served with another media type",
            None,
            "VC-JOSE-COSE section 6.1",
            expected=expected,
            actual=shown(content_type) or "none",
            hint=f"Answer with Content-Type: {expected}.",
        )
    ]


def _check_named(document: DidDocument, fragment: str) -> None:
    identifier = f"{document.did}#{fragment}"
    if identifier not in document.methods:
        known = ", ".join(shown(one) for one in list(document.methods)[:8])
        raise TrustError(
            "key-not-found",
            f"{shown(identifier)} is in no method of the document",
            step="verification method",
            clause="VC-JOSE-COSE section 4.3",
            expected=shown(identifier),
            actual=known or "no verification method",
            hint="Let kid be the id of the verification method, letter for letter.",
        )


def _types(document: Mapping[str, Any]) -> list[Any]:
    kind = document.get("type")
    return kind if isinstance(kind, list) else [kind]
