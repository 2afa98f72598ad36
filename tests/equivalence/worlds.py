"""Two worlds that differ in one thing only: the contexts behind the registered URLs are ours, or official."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pyld import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from .pairs import ARTEFACTS, SCHEMAS

VCDM_2: Final = "https://www.w3.org/ns/credentials/v2"
EMPTY: Final[dict[str, Any]] = {"@context": {}}
ALTERNATIVE: Final = "#spec"
"""In the index, marks a second copy of an official context, from the repository of its specification."""

Side = Literal["ours", "official"]
Active = Mapping[str, Any]
"""An active context, as pyld keeps it."""


@dataclass(frozen=True)
class Refusal:
    """The JSON-LD error code with which a context or a document was refused."""

    code: str


@cache
def registry() -> tuple[dict[str, str], ...]:
    """The entries of the artefact registry that stand for an official document: all but those of our own profile."""
    entries = tomllib.loads((SCHEMAS / "registry.toml").read_text(encoding="utf-8"))["artefact"]
    return tuple(entry for entry in entries if entry["digest_source"] != "untp-crm")


@cache
def registered() -> dict[str, Path]:
    """Official URL of each registered context, and our file for it."""
    return {entry["url"]: SCHEMAS / entry["file"] for entry in registry() if entry["kind"] == "context"}


@cache
def mirrored() -> dict[str, Path]:
    """URL of each mirrored artefact, official or of an extension, and the copy beside the checkout."""
    with (ARTEFACTS / "index.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["url"]: ARTEFACTS / row["file"] for row in rows}


@cache
def official_copies(ours: Path) -> dict[Path, str]:
    """Every mirrored official copy of the context that our file stands for, with its URL."""
    urls = [url for url, file in registered().items() if file == ours]
    spellings = [(url, copy) for url in urls for copy in (url, url + ALTERNATIVE)]
    return {mirrored()[copy]: url for url, copy in spellings if copy in mirrored()}


@cache
def document(path: Path) -> dict[str, Any]:
    """The JSON document in a file."""
    parsed = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(parsed, dict), path
    return parsed


class World:
    """A JSON-LD processor that reaches mirrored contexts only; any other URL gives an empty context."""

    def __init__(self, side: Side, *, replaced: Mapping[str, Path] | None = None) -> None:
        order = (registered(), mirrored()) if side == "official" else (mirrored(), registered())
        self._files = {**order[0], **order[1], **(replaced or {})}
        self._processor = JsonLdProcessor()
        self._options = {
            "base": "",
            "isFrame": False,
            "processingMode": "json-ld-1.1",
            "documentLoader": self._load,
            "contextResolver": ContextResolver({}, self._load),
        }

    def _load(self, url: str, _options: object) -> dict[str, object]:
        found = document(self._files[url]) if url in self._files else EMPTY
        return {"contextUrl": None, "documentUrl": url, "document": found, "tag": "static"}

    def raw(self, url: str) -> dict[str, Any]:
        """The context behind a registered URL, as written."""
        context = document(self._files[url])["@context"]
        assert isinstance(context, dict), url
        return context

    def enter(self, *urls: str) -> Active | Refusal:
        """The active context of a document that names these contexts, in this order."""
        initial = self._processor._get_initial_context(self._options)
        return self._process(initial, list(urls))

    def enter_property(self, active: Active, scoped: object) -> Active | Refusal:
        """The active context inside the value of a term that has a scoped context."""
        return self._process(active, scoped, override_protected=True)

    def enter_type(self, active: Active, scoped: object) -> Active | Refusal:
        """The active context of a node whose type has a scoped context."""
        return self._process(active, scoped, propagate=False)

    def expand(self, written: object) -> object:
        """The expanded document, or a refusal."""
        try:
            return self._processor.expand(written, dict(self._options))
        except JsonLdError as error:
            return Refusal(_root_code(error))
        except KeyError as error:  # pyld 3.3 does not survive `"@vocab": null` where no @vocab is set
            return Refusal(f"KeyError {error}")

    def _process(
        self, active: Active, local: object, *, override_protected: bool = False, propagate: bool = True
    ) -> Active | Refusal:
        try:
            entered: Active = self._processor._process_context(
                active, local, self._options, override_protected=override_protected, propagate=propagate
            )
        except JsonLdError as error:
            return Refusal(_root_code(error))
        return entered


def _root_code(error: BaseException) -> str:
    while isinstance(error.__cause__, JsonLdError):
        error = error.__cause__
    return str(getattr(error, "code", error))
