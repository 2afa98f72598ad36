"""The registry of schemas and contexts: official URL -> the document that is used for it, and where it was found.

That is the official document where it lies on this machine under its published digest (see official.py), else
our own equivalent file. A context of the registry is always taken from here, never from a vendor's web (VCDM
2.0, section 4.3: the base context is fixed). What is not in the registry has to come as evidence.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.errors import ArtefactError, SuiteError, Where
from harness.resources import resource
from harness.semantics.official import Artefact, Document, held, official_folder


class Registry:
    """Looks artefacts up by official URL or by our file name; reads each file once."""

    def __init__(self, artefacts: Mapping[str, Artefact], official: Path | None = None) -> None:
        self.artefacts = artefacts
        self.official = official
        self._documents: dict[str, Document] = {}
        self._sound: set[str] = set()

    @classmethod
    def load(cls) -> Registry:
        """The registry that ships with the harness (schemas/registry.toml)."""
        path = resource("schemas", "registry.toml")
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("artefact", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ArtefactError(f"not TOML: {error}", where="schemas/registry.toml") from None
        found: dict[str, Artefact] = {}
        for number, row in enumerate(rows, start=1):
            missing = [name for name in ("url", "kind", "file") if name not in row]
            if missing:
                raise ArtefactError(f"artefact {number} has no {missing[0]}", where="schemas/registry.toml")
            artefact = Artefact(
                row["url"],
                row["kind"],
                row["file"],
                row.get("sha256"),
                row.get("digest_form"),
                row.get("digest_source"),
                row.get("bytes_sha256"),
            )
            if artefact.url in found:
                raise ArtefactError(f"the URL {artefact.url} occurs twice", where="schemas/registry.toml")
            found[artefact.url] = artefact
        return cls(found, official_folder())

    @cached_property
    def contexts(self) -> dict[str, Artefact]:
        """The contexts among them, by URL."""
        return {url: artefact for url, artefact in self.artefacts.items() if artefact.kind == "context"}

    def document(self, url: str) -> Document:
        """The document that is used for a URL. Raises ArtefactError where its file is not what it has to be."""
        if url not in self._documents:
            artefact = self.artefacts[url]
            self._documents[url] = held(artefact, self.official) or _ours(artefact.file)
        return self._documents[url]

    def context(self, url: str) -> Any | None:
        """The context document behind an official URL, or None where it is none of the registry."""
        if url not in self.contexts:
            return None
        self._require_end(url, ())
        return self.document(url).value

    def schema(self, file: str) -> Any:
        """The schema that is used where a profile names a file of ours."""
        url = self._schemas.get(file)
        return self.document(url).value if url else read_schema_file(file)

    @cached_property
    def _schemas(self) -> dict[str, str]:
        return {artefact.file: url for url, artefact in self.artefacts.items() if artefact.kind == "schema"}

    def _require_end(self, url: str, trail: tuple[str, ...]) -> None:
        """Raise ArtefactError where contexts of the registry include each other in a circle."""
        if url in self._sound:
            return
        if url in trail:
            circle = " -> ".join((*trail[trail.index(url) :], url))
            path = self.document(trail[-1]).path
            raise ArtefactError(
                f"contexts include each other without end: {circle}",
                where=Where(str(path), None, line_of(path, f'"{url}"')),
                hint="Take the URL out of @context or @import of one of them.",
            )
        for included in _included(self.document(url).value):
            if included in self.contexts:
                self._require_end(included, (*trail, url))
        self._sound.add(url)


def _included(document: Any) -> Iterator[str]:
    """The URLs of the contexts that a context takes in wherever it is used; not those scoped to a term."""
    context = document.get("@context") if isinstance(document, dict) else None
    for item in context if isinstance(context, list) else [context]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and isinstance(item.get("@import"), str):
            yield item["@import"]


def line_of(path: Path, text: str) -> int | None:
    """The first line of a file that holds a text, from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), None)


def _ours(file: str) -> Document:
    value = read_schema_file(file)
    path = resource("schemas", *file.split("/"))
    return Document("ours", path, hashlib.sha256(path.read_bytes()).hexdigest(), value)


def verified(known: Registry) -> Iterator[dict[str, Any]]:
    """One row for each URL: `digest` is "ok" for an official document, "ours", or "refused" with the reason."""
    for url, artefact in known.artefacts.items():
        refused = None
        try:
            document = known.document(url)
        except ArtefactError as error:
            document, refused = None, f"{error.where}: {error.message}"
        yield {
            "url": url,
            "kind": artefact.kind,
            "file": artefact.file,
            "found": document.found if document else None,
            "digest": "refused" if document is None else "ours" if document.found == "ours" else "ok",
            "sha256": document.sha256 if document else None,
            "official_sha256": artefact.sha256,
            "digest_form": artefact.digest_form,
            "source": artefact.digest_source,
            "refused": refused,
        }


@cache
def read_schema_file(name: str) -> Any:
    """A JSON file under schemas/, parsed once; it must not be changed by the reader."""
    try:
        path = resource("schemas", *name.split("/"))
        return json.loads(path.read_text(encoding="utf-8"))
    except (SuiteError, FileNotFoundError):
        raise ArtefactError(
            "the artefact does not exist", where=f"schemas/{name}", hint="Correct schemas/registry.toml."
        ) from None
    except json.JSONDecodeError as error:
        raise ArtefactError(
            f"not JSON: {error.msg}", where=Where(f"schemas/{name}", None, error.lineno, error.colno)
        ) from None
    except UnicodeDecodeError as error:
        raise ArtefactError(f"not UTF-8: {error}", where=f"schemas/{name}") from None


@cache
def registry() -> Registry:
    """The one registry of this process."""
    return Registry.load()
