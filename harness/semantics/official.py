"""Official documents on this machine: fetched or imported, and used only where their digest is the published one.

They are never part of the harness. They lie under `UNTP_CRM_ARTEFACTS`, else XDG_CACHE_HOME/untp-crm/artefacts:
cache/<digest>.json holds what `untp-crm artefacts fetch` brought, imported/<digest>.json what `artefacts import`
took. The digest in the name is the published one; it is measured again whenever a file is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ArtefactError, UnreadableError

VARIABLE = "UNTP_CRM_ARTEFACTS"
"""The environment variable that names the folder; set and empty, no official document is used."""
PLACES = ("cache", "imported")
"""Where an official document can lie, in the order in which they are looked through."""
MAX_DOCUMENT = 4 * 1024 * 1024
"""Largest official document, in bytes; the largest today has some 130 thousand."""


@dataclass(frozen=True)
class Artefact:
    """One official document: its URL, our equivalent file and the digest of the official bytes."""

    url: str
    kind: str
    file: str
    sha256: str | None
    digest_form: str | None
    digest_source: str | None
    bytes_sha256: str | None = None

    def digest_of(self, body: bytes) -> str:
        """The digest of some bytes, in the form in which that of this artefact is published."""
        if self.digest_form == "compact-json":
            return compact_digest(body) or hashlib.sha256(body).hexdigest()
        return hashlib.sha256(body).hexdigest()

    def is_document(self, body: bytes) -> bool:
        """Whether these bytes are the official document."""
        if self.sha256 is None:
            return False
        return self.sha256 == self.digest_of(body) or self.bytes_sha256 == hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Document:
    """The document that stands behind an artefact: where it was found, its file, digest and contents."""

    found: str
    """"ours", "cache" or "imported"."""
    path: Path
    sha256: str
    """Of the bytes of the file."""
    value: Any


def compact_digest(body: bytes) -> str | None:
    """SHA-256 over the JSON without spaces, keys as they stand, as UN/CEFACT publishes it; None where it is no JSON."""
    try:
        value = json.loads(body)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return None
    return hashlib.sha256(text).hexdigest()


def official_folder() -> Path | None:
    """The folder of official documents, which need not exist; None where the environment says that there is none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    home = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return base / "untp-crm" / "artefacts"


def place_of(artefact: Artefact, folder: Path, place: str) -> Path:
    """The file for an official document in one of the two places."""
    return folder / place / f"{artefact.sha256}.json"


def held(artefact: Artefact, folder: Path | None) -> Document | None:
    """The official document where one lies on this machine.

    Raises ArtefactError where the file is not the document that was published.
    """
    if folder is None or artefact.sha256 is None:
        return None
    for place in PLACES:
        path = place_of(artefact, folder, place)
        if path.is_file():
            return _checked(artefact, place, path)
    return None


def _checked(artefact: Artefact, place: str, path: Path) -> Document:
    try:
        size = path.stat().st_size
        body = path.read_bytes() if size <= MAX_DOCUMENT else b""
    except OSError as error:
        raise ArtefactError(
            f"the official document cannot be read: {error.strerror}", where=str(path)
        ) from None
    if size > MAX_DOCUMENT:
        raise ArtefactError(
            f"the file has {size:,} bytes; no official document has more than {MAX_DOCUMENT:,}",
            where=str(path),
        )
    if not artefact.is_document(body):
        raise ArtefactError(
            f"this is not {artefact.url}: its digest is {artefact.digest_of(body)}, the published one is {artefact.sha256}",
            where=str(path),
            why="A schema or context that somebody altered would give verdicts that nobody can repeat.",
            hint="Delete the file; untp-crm artefacts fetch or import brings it again.",
        )
    return Document(place, path, hashlib.sha256(body).hexdigest(), json.loads(body))


def keep(artefact: Artefact, body: bytes, folder: Path, place: str) -> Path:
    """Write an official document to its place. Raises UnreadableError where that cannot be done."""
    path = place_of(artefact, folder, place)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(body)
        draft.replace(path)
    except OSError as error:
        raise UnreadableError(
            f"the official document cannot be written: {error.strerror}", where=str(path)
        ) from None
    return path
