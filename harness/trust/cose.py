"""COSE_Sign1: verified with the key of the issuer that it claims, by the same rules as JOSE.

Sources: RFC 9052 sections 3.1 and 4.4 (Sig_structure), RFC 9053 section 2, RFC 9596 (typ), RFC 9864;
W3C VC-JOSE-COSE section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.credential.cose import CoseSign1, read_cose
from harness.errors import MalformedError
from harness.evidence import Web
from harness.trust.codes import shown
from harness.trust.encoding import read_object
from harness.trust.jose import Search, checked_kid, key_of, named_controller, require_key_for
from harness.trust.signatures import ALGORITHMS, Algorithm, verify
from harness.trust.trace import Trace, TrustError, Verification

ALG, CRIT, CONTENT_TYPE, KID, TYP = 1, 2, 3, 4, 16
"""Header labels: RFC 9052 table 3; typ is RFC 9596."""

NAMES: Mapping[int, str] = {
    -7: "ES256", -9: "ES256", -35: "ES384", -51: "ES384", -36: "ES512", -52: "ES512",
    -8: "EdDSA", -19: "Ed25519", -37: "PS256", -257: "RS256",
}  # fmt: skip
"""COSE algorithm numbers that are verified, by the name that JOSE gives them (IANA COSE Algorithms)."""
SYMMETRIC = frozenset({4, 5, 6, 7, 14, 15, 25, 26})
UNDERSTOOD = frozenset({ALG, CRIT, CONTENT_TYPE, KID, TYP})

MESSAGE, HEADER, PAYLOAD = "COSE_Sign1", "protected header", "payload"
STRUCTURE, SIGNATURE = "Sig_structure", "signature"
_SHORT, _ONE_BYTE, _TWO_BYTES = 24, 0x100, 0x10000


def verify_cose(
    message: CoseSign1 | bytes, *, web: Web, at: datetime, issuer: str | None = None,
    purpose: str = "assertionMethod",
) -> Verification:  # fmt: skip
    """Verify a credential or presentation secured with COSE. `issuer` is the DID that has to control the key.

    Never raises for what a stranger wrote.
    """
    trace = Trace()
    try:
        cose = message if isinstance(message, CoseSign1) else _read(message)
        trace.step(HEADER, cose.protected_bytes, "RFC 9052 section 3")
        trace.step(PAYLOAD, cose.payload.decode(errors="replace"), "RFC 9052 section 4.2")
        structure = sig_structure(cose.protected_bytes, cose.payload)
        trace.step(STRUCTURE, structure, "RFC 9052 section 4.4")
        algorithm = check_headers(cose, purpose)
        controller = issuer if issuer is not None else named_controller(_claims(cose), PAYLOAD, purpose)
        method = key_of(kid_of_cose(cose), controller, Search(web, trace, at, purpose))
        require_key_for(method, algorithm, step=SIGNATURE)
        trace.step(SIGNATURE, cose.signature, algorithm.clause)
        verify(algorithm, method.key, cose.signature, structure, step=SIGNATURE)
    except TrustError as problem:
        return Verification(tuple(trace.steps), problem)
    return Verification(tuple(trace.steps))


def check_headers(cose: CoseSign1, purpose: str = "assertionMethod") -> Algorithm:
    """The algorithm of a message whose headers allow verification; raises TrustError where they do not.

    Codes: alg-missing, alg-symmetric, alg-not-allowed, crit-not-understood, header-malformed.
    """
    number = cose.protected.get(ALG)
    if number is None:
        unprotected = ALG in cose.unprotected
        raise TrustError(
            "alg-missing",
            "the algorithm stands outside of the protected header" if unprotected else "the headers name no algorithm",
            step=HEADER, clause="RFC 9052 section 3.1", expected="label 1 (alg) in the protected header",
            hint="What is not protected can be changed by anybody.",
        )  # fmt: skip
    _check_critical(cose)
    _check_media_types(cose, "vp+cose" if purpose == "authentication" else "vc+cose")
    if isinstance(number, int) and number in NAMES:
        return ALGORITHMS[NAMES[number]]
    symmetric = isinstance(number, int) and number in SYMMETRIC
    raise TrustError(
        "alg-symmetric" if symmetric else "alg-not-allowed",
        f"{number!r} is not an allowed algorithm", step=HEADER, clause="RFC 9053 section 2",
        expected=", ".join(f"{value} ({name})" for value, name in NAMES.items()), actual=shown(str(number)),
        hint="Sign with ES256 (-7).", undetermined=not symmetric,
    )  # fmt: skip


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """What is signed: ["Signature1", protected, external_aad, payload] in CBOR (RFC 9052 section 4.4)."""
    return b"\x84" + _head(3, 10) + b"Signature1" + _bytes(protected) + _bytes(b"") + _bytes(payload)


def _bytes(value: bytes) -> bytes:
    return _head(2, len(value)) + value


def _head(major: int, number: int) -> bytes:
    if number < _SHORT:
        return bytes([major << 5 | number])
    for short, width, above in ((24, 1, _ONE_BYTE), (25, 2, _TWO_BYTES), (26, 4, 1 << 32)):
        if number < above:
            return bytes([major << 5 | short]) + number.to_bytes(width, "big")
    return bytes([major << 5 | 27]) + number.to_bytes(8, "big")


def _read(raw: bytes) -> CoseSign1:
    try:
        return read_cose(raw)
    except MalformedError as error:
        raise TrustError(
            "token-malformed", error.message, step=MESSAGE, clause="RFC 9052 section 4.2", hint=error.hint
        ) from error


def _claims(cose: CoseSign1) -> Mapping[str, Any]:
    try:
        return read_object(cose.payload, "the payload")
    except MalformedError as error:
        raise TrustError("payload-malformed", error.message, step=PAYLOAD, hint=error.hint) from error


def kid_of_cose(cose: CoseSign1) -> str:
    """The name of the key in a header, which has to be an absolute URL (VC-JOSE-COSE 4.1, 4.3)."""
    value = cose.parameter(KID)
    if isinstance(value, bytes):
        return checked_kid(value.decode("utf-8", "replace"), HEADER)
    return checked_kid(value, HEADER)


def _check_critical(cose: CoseSign1) -> None:
    if CRIT not in cose.protected:
        if CRIT in cose.unprotected:
            raise _critical("crit stands outside of the protected header")
        return
    labels = cose.protected[CRIT]
    if not isinstance(labels, list) or not labels:
        raise _critical("crit is not a list of labels")
    for label in labels:
        if not isinstance(label, int | str) or label not in cose.protected:
            raise _critical(f"crit names {label!r}, which the protected header does not have")
        if label not in UNDERSTOOD:
            raise _critical(f"the critical header parameter {label!r} is not understood")


def _critical(what: str) -> TrustError:
    return TrustError(
        "crit-not-understood", what, step=HEADER, clause="RFC 9052 section 3.1", expected="no crit"
    )


def _check_media_types(cose: CoseSign1, wanted: str) -> None:
    """The typ, where there is one, says what this is, so that no other message of the signer is taken for it."""
    typ = cose.parameter(TYP)
    if typ is not None and typ not in (f"application/{wanted}", wanted):
        raise TrustError(
            "header-malformed", "typ names another kind of message", step=HEADER,
            clause="VC-JOSE-COSE section 3.2.1", expected=f"application/{wanted}", actual=shown(str(typ)),
            hint="A message that was signed for another purpose is no credential or presentation.",
        )  # fmt: skip
