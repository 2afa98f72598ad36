"""The credentials of the chain before they are signed: test_cases/vectors/good/<version>/<name>.json.

What they link to stands under good/web/<host>/<path>. A link to another credential of the chain carries
the digest of that credential as it is served, so digests are filled in when the chain is issued.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from harness.errors import SuiteError
from harness.resources import resource
from harness.trust.encoding import encode_multibase

FOLDER = ("test_cases", "vectors", "good")
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "html": "text/html",
    "csv": "text/csv",
    "png": "image/png",
    "jsonld": "application/ld+json",
    "json": "application/json",
}
SHA2_256 = b"\x12\x20"
"""Multihash prefix: SHA-256, 32 bytes."""


@dataclass(frozen=True)
class Payload:
    """One unsigned credential: `name` is its path below good/, without .json."""

    name: str
    text: str

    @cached_property
    def value(self) -> dict[str, Any]:
        """The credential as JSON."""
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed

    @property
    def version(self) -> str:
        """The UNTP version, as in `untp-0.7.0`."""
        return self.name.partition("/")[0]

    @property
    def kind(self) -> str:
        """The component of its type in lower case: dpp, dcc, dfr, dte or dia."""
        return self.name.partition("/")[2][:3]

    @property
    def url(self) -> str:
        """Its id, which is where it is served."""
        return str(self.value["id"])

    @property
    def issuer(self) -> str:
        """The DID of its issuer."""
        return str(self.value["issuer"]["id"])

    @property
    def status(self) -> tuple[str, int]:
        """The URL of its status list and its index there."""
        entry = self.value["credentialStatus"]
        entry = entry[0] if isinstance(entry, list) else entry
        return str(entry["statusListCredential"]), int(entry["statusListIndex"])


@cache
def load_payloads() -> Mapping[str, Payload]:
    """Every good payload by name, in the order of the names. Raises SuiteError where one is no JSON."""
    found = {}
    folder = resource(*FOLDER)
    for path in sorted(folder.glob("untp-*/*.json")):
        payload = Payload(f"{path.parent.name}/{path.stem}", path.read_text(encoding="utf-8"))
        try:
            if not isinstance(payload.value, dict):
                raise SuiteError("this good payload is no JSON object", where=str(path))
        except json.JSONDecodeError as error:
            raise SuiteError(f"this good payload is no JSON: {error}", where=str(path)) from None
        found[payload.name] = payload
    return found


@cache
def linked_documents() -> Mapping[str, tuple[bytes, str]]:
    """What the payloads link to: URL -> bytes and media type."""
    folder = resource(*FOLDER, "web")
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        media_type = MEDIA_TYPES.get(path.suffix[1:], "application/octet-stream")
        found[f"https://{path.relative_to(folder).as_posix()}"] = (path.read_bytes(), media_type)
    return found


def dump(value: Any) -> str:
    """JSON as the good payloads are written: indented, so that findings point to lines."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def multihash(body: bytes) -> str:
    """The SHA-256 multihash of some bytes in base58 multibase, as `digestMultibase` has it."""
    return encode_multibase(SHA2_256 + hashlib.sha256(body).digest())


def linked(value: Any) -> Iterator[dict[str, Any]]:
    """Every link of a payload that gives a digest: `digestMultibase` in 0.7.0, `hashDigest` in 0.6.1."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if isinstance(item.get("linkURL"), str) and DIGESTS.keys() & item.keys():
                yield item
            todo.extend(reversed(item.values()))
        elif isinstance(item, list):
            todo.extend(reversed(item))


def fill_digests(value: Any, bodies: Mapping[str, bytes]) -> None:
    """Write into each link to one of these URLs the digest of the bytes that are served there."""
    for link in linked(value):
        body = bodies.get(link["linkURL"])
        if body is not None:
            for member in DIGESTS.keys() & link.keys():
                link[member] = DIGESTS[member](body)


DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "digestMultibase": multihash,
    "hashDigest": lambda body: hashlib.sha256(body).hexdigest(),
}
"""Members that hold the digest of what a link leads to, and how each is written."""
