"""Packaging, labels and images."""

from __future__ import annotations

import base64
import binascii
import re

from _product import all_materials, passports
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "image/bmp": (b"BM",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "application/pdf": (b"%PDF-",),
}
"""How the bytes of a media type begin; types that are not listed are not looked into."""


@case(
    "DPP-PKG-01",
    when=lambda credential: any(node["packaging"] or node["productLabel"] for node in passports(credential)),
    owns=["/credentialSubject/packaging", "/credentialSubject/productLabel"],
)
def packaging_and_labels_are_complete(credential: CredentialUnderTest) -> Findings:
    """Packaging has description, dimensions and materials; a label has name, data and media type."""
    yield from credential.schema_findings("DPP-PKG-01")


def images(credential: CredentialUnderTest) -> list[tuple[Node, str | None]]:
    """Every place of embedded image data, with the media type that it states."""
    found = [
        *along(passports(credential), "productLabel"),
        *along(passports(credential), "packaging", "packageLabel"),
        *along(all_materials(credential), "symbol"),
    ]
    stated = [(node["imageData"], node.get("mediaType")) for node in found]
    bare = [
        (node["symbol"], None) for node in all_materials(credential) if isinstance(node.get("symbol"), str)
    ]
    return [
        (place, kind if isinstance(kind, str) else None)
        for place, kind in stated + bare
        if place is not None and isinstance(place.value, str)
    ]


@case("DPP-IMG-01", when=images)
def embedded_images_decode(credential: CredentialUnderTest) -> Findings:
    """Embedded image data is base64 and begins as its media type does."""
    for place, kind in images(credential):
        data = decoded(place.value)
        if data is None:
            yield place.finds(
                "the image data is no base64",
                expected="base64 (RFC 4648, section 4)",
                hint="Embed the bytes of the image in base64, or leave the member out.",
            )
        elif not begins_as(data, kind):
            yield place.finds(
                f"the bytes are no {kind or 'image'}",
                expected=f"{kind} in base64" if kind else "an image in base64",
                actual=f"{len(data)} bytes that begin with {data[:8].hex(' ') or 'nothing'}",
                hint="Embed the image itself and state its own media type.",
            )


def decoded(value: str) -> bytes | None:
    """Base64 as bytes, or None where it is none."""
    try:
        return base64.b64decode(re.sub(r"\s", "", value), validate=True)
    except (binascii.Error, ValueError):
        return None


def begins_as(data: bytes, kind: str | None) -> bool:
    """Whether bytes begin as their media type does; without a type, as any image does."""
    kind = kind.partition(";")[0].strip().lower() if kind else None
    if kind in ("image/svg+xml", None) and data.lstrip()[:1] == b"<":
        return True
    if kind is None:
        return any(data.startswith(start) for starts in SIGNATURES.values() for start in starts)
    return any(data.startswith(start) for start in SIGNATURES[kind]) if kind in SIGNATURES else bool(data)
