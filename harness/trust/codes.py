"""The rules that a verification can stop at, by the code that a TrustError carries, and Problem.

A code is kebab-case, stable and never reused; cases and reports may rely on it. Marked with (?) are
those that leave a verification undetermined: they neither pass nor fail a vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.model import Finding
from harness.trust.trace import TrustError

CODES: Mapping[str, str] = {
    "token-malformed": "the text is not a JWS in compact serialisation",
    "header-malformed": "the JOSE header is not one strict JSON object, or a parameter has the wrong type",
    "payload-malformed": "the payload is not one strict JSON object",
    "alg-missing": "the JOSE header names no algorithm",
    "alg-none": "the token says that it is not signed",
    "alg-symmetric": "the token is secured with a shared secret (HMAC), which proves nothing to others",
    "alg-not-allowed": "the algorithm is not on the list of those allowed",
    "alg-does-not-fit-key": "the algorithm belongs to another type of key than the one found",
    "crit-not-understood": "the header lists a critical parameter that is not understood, or lists it wrongly",
    "payload-not-encoded": "the header says b64=false, which a JWT must not",
    "kid-missing": "the header does not name the key",
    "kid-not-absolute": "the name of the key is not an absolute DID URL",
    "issuer-missing": "the credential names no issuer that could be resolved",
    "token-expired": "exp lies in the past",
    "token-not-yet-valid": "nbf lies in the future",
    "signature-malformed": "the signature does not have the form that its algorithm demands",
    "signature-mismatch": "the signature does not belong to these bytes and this key",
    "did-malformed": "the identifier is not a DID, or its method cannot turn it into a place",
    "did-method-unsupported": "(?) no resolver for this DID method",
    "did-document-absent": "(?) the document was not brought, through no fault of the issuer that is known",
    "did-document-not-found": "the issuer's own site answered that there is no such document",
    "did-document-malformed": "the document is not a JSON object with the members that DID Core demands",
    "did-document-for-another-did": "the document says that it belongs to another DID",
    "did-deactivated": "the DID has been deactivated by its controller",
    "no-keys-in-document": "the document has no verification method at all",
    "key-not-found": "the document has no verification method with this identifier",
    "key-ambiguous": "the document has two different verification methods with this identifier",
    "key-not-in-relationship": "the key is not authorised for this purpose",
    "key-revoked": "the verification method was revoked before the moment of judgement",
    "key-expired": "the verification method expired before the moment of judgement",
    "issuer-does-not-control-key": "the key belongs to somebody else than the issuer",
    "method-malformed": "the verification method lacks a member or has one of the wrong type",
    "key-malformed": "the key material cannot be read",
    "key-off-curve": "the key is not a point on the curve that it names",
    "key-symmetric": "the key material is a shared secret, and now everybody has it",
    "key-ambiguous-material": "one verification method holds more than one form of key",
    "key-too-weak": "the RSA key has fewer than 2,048 bits",
    "key-not-for-signatures": "the key is for key agreement or encryption, not for signatures",
    "key-unsupported": "(?) a kind of key that the harness cannot use",
    "webvh-log-malformed": "the log is not a list of entries as the method defines them",
    "webvh-method-unsupported": "(?) the log follows a version of did:webvh that the harness does not know",
    "webvh-parameter": "a parameter of the log is missing, unknown or of the wrong type",
    "webvh-version-id": "version numbers do not count up by one from 1",
    "webvh-version-time": "version times are not in order, or lie in the future",
    "webvh-scid": "the SCID is not the hash of the first entry, or changes",
    "webvh-entry-hash": "an entry is not what its hash says: it was altered",
    "webvh-proof": "the proof of an entry is missing, of the wrong kind or does not verify",
    "webvh-key-not-authorised": "an entry was signed by a key that had no right to",
    "webvh-pre-rotation": "the new keys are not those that the entry before had committed to",
    "webvh-witness": "fewer witnesses than the threshold approved an entry",
    "webvh-witness-absent": "(?) the witness proofs were not brought",
    "webvh-not-portable": "the DID moved although the log does not allow it",
    "webvh-version-not-found": "the log has no version with the number, id or time that was asked for",
    "webvh-log-too-long": "(?) the log is longer than the harness reads",
    "webvh-after-deactivation": "the log goes on after the DID was deactivated",
    "sd-jwt-malformed": "the text is not an SD-JWT",
    "sd-jwt-disclosure": "a disclosure is malformed, repeated, or belongs to no digest",
    "sd-jwt-digest": "a digest is malformed or appears twice",
    "sd-jwt-alg": "_sd_alg names a hash function that is not supported",
    "sd-jwt-claim": "a disclosed claim has a forbidden name or collides with another",
    "key-binding-missing": "a key binding JWT is demanded and there is none",
    "key-binding": "the key binding JWT does not belong to this presentation, holder, audience or nonce",
}


DECIDES: Mapping[str, str] = {
    **dict.fromkeys(("token-malformed",), "VCP-JOSE-02"),
    **dict.fromkeys(("payload-malformed",), "VCP-JOSE-03"),
    **dict.fromkeys(("kid-missing",), "VCP-JOSE-09"),
    "issuer-missing": "VCP-ENV-06",
    **dict.fromkeys(("kid-not-absolute", "key-not-found"), "VCP-JOSE-10"),
    **dict.fromkeys(
        (
            "header-malformed",
            "alg-missing",
            "alg-none",
            "alg-symmetric",
            "alg-not-allowed",
            "alg-does-not-fit-key",
            "crit-not-understood",
            "payload-not-encoded",
            "issuer-does-not-control-key",
            "key-revoked",
            "key-expired",
            "signature-malformed",
            "signature-mismatch",
            "sd-jwt-malformed",
            "sd-jwt-disclosure",
            "sd-jwt-digest",
            "sd-jwt-alg",
            "sd-jwt-claim",
        ),
        "VCP-JOSE-15",
    ),
    **dict.fromkeys(
        ("did-document-not-found", "did-document-malformed", "did-method-unsupported", "did-deactivated"),
        "VCP-DID-01",
    ),
    "did-malformed": "VCP-DID-03",
    "did-document-for-another-did": "VCP-DID-04",
    **dict.fromkeys(
        (
            "no-keys-in-document",
            "method-malformed",
            "key-ambiguous",
            "key-ambiguous-material",
            "key-malformed",
            "key-off-curve",
            "key-symmetric",
            "key-too-weak",
            "key-not-for-signatures",
        ),
        "VCP-DID-05",
    ),
    "key-not-in-relationship": "VCP-DID-06",
    **{code: "VCP-DID-12" for code in CODES if code.startswith("webvh-") and "(?)" not in CODES[code]},
}
"""Which issuer requirement a code decides, so that one fault fails one requirement and no other."""

SHOWN = 160
"""Longest piece of a stranger's text that a message repeats, in characters."""


def shown(value: object) -> str:
    """A stranger's value as a message may repeat it: text as it is, other JSON as Python writes it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


@dataclass(frozen=True)
class Problem:
    """One rule that does not hold and that stops no verification: what, where in the JSON, and why."""

    code: str
    message: str
    pointer: str | None = None
    clause: str = ""
    expected: str | None = None
    actual: str | None = None
    hint: str | None = None

    def finding(self, **place: Any) -> Finding:
        """The same as a finding of a case; `place` may set line, column, pointer or step.

        Its source is that of the requirement, a URL; the clause is for traces.
        """
        members: dict[str, Any] = {"pointer": self.pointer, **place}
        return Finding(
            self.message,
            expected=self.expected,
            actual=self.actual,
            hint=self.hint,
            **members,
        )


def problem_of(error: TrustError, pointer: str | None = None) -> Problem:
    """The rule that a verification stopped at, as a problem."""
    return Problem(error.code, error.message, pointer, error.clause, error.expected, error.actual, error.hint)
