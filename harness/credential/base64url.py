"""base64url as RFC 7515 section 2 wants it: one spelling for each value, so nobody alters a text and keeps its bytes."""

from __future__ import annotations

import binascii
import re

from harness.errors import MalformedError

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")


def decode_base64url(text: str) -> bytes:
    """Read base64url without padding (RFC 7515 section 2, RFC 4648 sections 3.5 and 5)."""
    signs = text.encode("ascii", "replace")
    if b"=" in signs or b"+" in signs or b"/" in signs:
        raise _not_base64url(text)
    if b"-" in signs or b"_" in signs:
        signs = signs.translate(_TO_STANDARD)
    try:
        raw = binascii.a2b_base64(signs + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as error:
        raise _not_base64url(text) from error
    if len(text) % 4 and encode_base64url(raw[-(len(raw) % 3) :]) != text[-(len(text) % 4) :]:
        raise MalformedError(
            "base64url with stray bits after the last byte",
            hint="Set the unused bits to zero (RFC 4648 section 3.5).",
        )
    return raw


def _not_base64url(text: str) -> MalformedError:
    if "=" in text:
        return MalformedError("base64url with padding", hint="Remove the '=' signs (RFC 7515 section 2).")
    odd = re.search("[^A-Za-z0-9_-]", text)
    if odd is None:
        return MalformedError("not base64url: it is cut off", hint="No base64 text has a length of 4n + 1.")
    hint = (
        "Use '-' and '_' in place of '+' and '/'." if odd[0] in "+/" else "Remove white space and line ends."
    )
    return MalformedError(f"not base64url: it has {odd[0]!r} at {odd.start()}", hint=hint)


def encode_base64url(raw: bytes) -> str:
    """Write base64url without padding (RFC 7515 section 2)."""
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode()
