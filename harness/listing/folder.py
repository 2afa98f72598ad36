"""What a run adds to its report folder for a reviewer and the register: submission, seal, entry and form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from harness.errors import UsageError
from harness.listing import layout
from harness.listing.attestation import seal_web
from harness.listing.entry import register_entry, registration_form
from harness.listing.submission import Made
from harness.report.json_text import json_text
from harness.report.texts import texts

WEB = "web"
"""The folder of everything that has to be published, laid out as --web takes it."""


def write_listing(record: Mapping[str, Any], made: Made, folder: Path) -> None:
    """Write submission.zip, the register entry, the registration form and, where sealed, what to publish."""
    files = {"submission.zip": made.body}
    place = None
    if made.seal is not None:
        place = f"{made.seal.base}{layout.ATTESTATION}"
        files[layout.ATTESTATION] = made.seal.token.encode()
        published = seal_web(made.seal, made.members[layout.RECORD], made.members[layout.MANIFEST])
        for url, body in published.items():
            parts = urlsplit(url)
            files[f"{WEB}/{quote(parts.netloc, safe='.-')}{parts.path}"] = body
    entry = register_entry(record, evidence_url=place)
    files["register-entry.json"] = _json(entry)
    files["registration.md"] = registration_form(record, entry).encode()
    try:
        for name, body in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    except OSError as problem:
        raise UsageError(
            f"The submission cannot be written: {problem.strerror or problem}.",
            where=str(problem.filename or folder),
            hint="Name a folder that you may write to with --out.",
        ) from problem


def seal_text(made: Made, language: str = "en") -> str | None:
    """How the report says that the record is sealed."""
    if made.seal is None:
        return None
    return texts(language)("facts.sealed_by", file=layout.ATTESTATION, did=made.seal.did)


def base_url(publish: str | None) -> str | None:
    """The folder on the web that --publish names, ending in a slash. Raises UsageError where it is none."""
    if publish is None:
        return None
    parts = urlsplit(publish)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
        raise UsageError(
            f"--publish {publish!r} is no https folder", hint="For example https://vendor.example/untp/."
        )
    return publish if publish.endswith("/") else f"{publish}/"


def _json(value: Any) -> bytes:
    return json_text(value, indent=2).encode() + b"\n"
