"""The registry of schemas and contexts: official URL -> our file, and the digests that go with it.

A context of the registry is always taken from here, never from a vendor's web (VCDM 2.0, section 4.3:
the base context is fixed). What is not in the registry has to come as evidence.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from harness.errors import ArtefactError
from harness.resources import resource


@dataclass(frozen=True)
class Artefact:
    """One official document: its URL, our equivalent file and the digest of the official bytes."""

    url: str
    kind: str
    file: str
    sha256: str | None
    digest_form: str | None
    digest_source: str | None


class Registry:
    """Looks artefacts up by official URL or by our file name; reads each file once."""

    def __init__(self, artefacts: Mapping[str, Artefact]) -> None:
        self.artefacts = artefacts

    @classmethod
    def load(cls) -> Registry:
        """The registry that ships with the harness (schemas/registry.toml)."""
        text = resource("schemas", "registry.toml").read_text(encoding="utf-8")
        rows = tomllib.loads(text).get("artefact", [])
        found: dict[str, Artefact] = {}
        for row in rows:
            artefact = Artefact(
                row["url"], row["kind"], row["file"], row.get("sha256"), row.get("digest_form"), row.get("digest_source")
            )
            if artefact.url in found:
                raise ArtefactError(f"the URL {artefact.url} occurs twice", where="schemas/registry.toml")
            found[artefact.url] = artefact
        return cls(found)

    @cached_property
    def contexts(self) -> dict[str, Artefact]:
        """The contexts among them, by URL."""
        return {url: artefact for url, artefact in self.artefacts.items() if artefact.kind == "context"}

    def digest(self, url: str) -> str:
        """SHA-256 of the file that we use for a URL."""
        path = resource("schemas", *self.artefacts[url].file.split("/"))
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def context(self, url: str) -> Any | None:
        """The context document behind an official URL, or None where we hold none."""
        artefact = self.contexts.get(url)
        return read_schema_file(artefact.file) if artefact else None


@cache
def read_schema_file(name: str) -> Any:
    """A JSON file under schemas/, parsed once; it must not be changed by the reader."""
    path = resource("schemas", *name.split("/"))
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtefactError(f"schemas/{name} does not exist", hint="Correct schemas/registry.toml.") from None
    except json.JSONDecodeError as error:
        raise ArtefactError(f"schemas/{name}:{error.lineno}:{error.colno}: {error.msg}") from None


@cache
def registry() -> Registry:
    """The one registry of this process."""
    return Registry.load()
