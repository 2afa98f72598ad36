"""COSE_Sign1 taken apart strictly: its headers, payload and signature. Nothing is verified here.

Sources: RFC 9052 sections 3 and 4.2; W3C VC-JOSE-COSE section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.credential.cbor import Value, decode_cbor
from harness.errors import MalformedError

COSE_SIGN1 = 18
"""The CBOR tag of a COSE_Sign1 message (RFC 9052 section 2)."""
MEDIA_TYPE = "application/vc+cose"
PARTS = 4
_TAGGED, _ARRAY_OF_FOUR = b"\xd2\x84", b"\x84"

Label = int | str


@dataclass(frozen=True)
class CoseSign1:
    """One message: the protected header as bytes and as a map, the unprotected one, payload and signature."""

    raw: bytes = field(repr=False)
    protected_bytes: bytes = field(repr=False)
    protected: Mapping[Label, Value]
    unprotected: Mapping[Label, Value]
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def parameter(self, label: Label) -> Value | None:
        """A header parameter, wherever it stands; `label` is its number or name."""
        return self.protected.get(label, self.unprotected.get(label))


def looks_like_cose(body: bytes, media_type: str = "") -> bool:
    """Whether bytes are meant to be a COSE_Sign1 message: by their tag, or by what they are declared to be."""
    declared = media_type.partition(";")[0].strip().lower() in (MEDIA_TYPE, "application/cose")
    return body.startswith(_TAGGED) or (declared and body.startswith(_ARRAY_OF_FOUR))


def read_cose(raw: bytes) -> CoseSign1:
    """Take a COSE_Sign1 message apart. Raises MalformedError where it is none."""
    value = decode_cbor(raw, form="any", tag=COSE_SIGN1)
    if not isinstance(value, list) or len(value) != PARTS:
        raise MalformedError("this is not an array of four: protected, unprotected, payload, signature")
    protected_bytes, unprotected, payload, signature = value
    if not isinstance(protected_bytes, bytes) or not isinstance(signature, bytes):
        raise MalformedError("the protected header and the signature are byte strings")
    if not isinstance(payload, bytes):
        raise MalformedError(
            "the message has no payload of its own",
            hint="Credentials are never secured with a detached payload.",
        )
    protected = decode_cbor(protected_bytes, form="any") if protected_bytes else {}
    return CoseSign1(raw, protected_bytes, *_headers(protected, unprotected), payload, signature)


def _headers(protected: Value, unprotected: Value) -> tuple[dict[Label, Value], dict[Label, Value]]:
    if not isinstance(protected, dict) or not isinstance(unprotected, dict):
        raise MalformedError("a header of the message is no CBOR map")
    found: list[dict[Label, Value]] = []
    for header in (protected, unprotected):
        if not all(isinstance(label, int | str) for label in header):
            raise MalformedError("a header label is neither a number nor text")
        found.append({label: value for label, value in header.items() if isinstance(label, int | str)})
    both = found[0].keys() & found[1].keys()
    if both:
        raise MalformedError(
            f"the header parameter {min(map(str, both))} stands in both headers",
            hint="A label occurs once in a message (RFC 9052 section 3).",
        )
    return found[0], found[1]
