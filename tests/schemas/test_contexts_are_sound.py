"""Every context in `schemas/` can be processed, and the registry says where each is used."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from pyld.jsonld import JsonLdProcessor

SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schemas"
CONTEXTS: Final = sorted(SCHEMAS.rglob("*.jsonld"))
REGISTRY_FILE: Final = SCHEMAS / "registry.toml"
REGISTRY: Final[list[dict[str, str]]] = tomllib.loads(REGISTRY_FILE.read_text(encoding="utf-8"))["artefact"]
MEMBERS: Final = {"url", "kind", "file", "sha256", "digest_form", "digest_source"}
OPTIONAL: Final = {"bytes_sha256", "written_from"}
UNPUBLISHED: Final = frozenset({"untp-crm", "none"})
OURS: Final = {"url", "kind", "file", "digest_source"}
"""What an entry has for which there is no digest: of a profile of our own, or where nobody published one."""
OWN_CONTEXTS: Final = {
    entry["url"]: entry["file"]
    for entry in REGISTRY
    if entry["kind"] == "context" and entry["digest_source"] == "untp-crm"
}
SUFFIX: Final = {"context": ".jsonld", "schema": ".json"}
DIGEST: Final = re.compile(r"[0-9a-f]{64}")

each_context = pytest.mark.parametrize("path", CONTEXTS, ids=lambda path: str(path.relative_to(SCHEMAS)))
each_entry = pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry["url"])


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(members)) == len(members), f"a member is there twice: {[name for name, _ in members]}"
    return dict(members)


def _context(path: Path) -> dict[str, Any]:
    parsed = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique)
    assert isinstance(parsed, dict)
    return parsed


def _loader(url: str, _options: object) -> dict[str, object]:
    """A context of a profile of our own may stand on another of them, and on nothing else."""
    file = OWN_CONTEXTS.get(url)
    if file is None:
        pytest.fail(f"a context of ours asks for {url}")
    return {"documentUrl": url, "contextUrl": None, "document": _context(SCHEMAS / file)}


@each_context
def test_context_holds_nothing_else(path: Path) -> None:
    """A context file has one member, `@context`, and no member twice."""
    assert _context(path).keys() == {"@context"}


@each_context
def test_context_can_be_processed(path: Path) -> None:
    """A context can be processed with its scoped contexts, and refers to no file but those of our own profiles."""
    expanded = JsonLdProcessor().expand(
        {**_context(path), "@id": "urn:example:node", "urn:example:term": 1}, {"documentLoader": _loader}
    )
    assert expanded == [{"@id": "urn:example:node", "urn:example:term": [{"@value": 1}]}]


@each_context
def test_context_is_registered(path: Path) -> None:
    """A context file stands for at least one URL."""
    assert str(path.relative_to(SCHEMAS)) in {entry["file"] for entry in REGISTRY}


def test_urls_are_unique() -> None:
    """A URL is registered once."""
    urls = [entry["url"] for entry in REGISTRY]
    assert len(urls) == len(set(urls))


@each_entry
def test_entry_is_whole(entry: dict[str, str]) -> None:
    """An entry has the members that the registry explains, and a file of its kind."""
    assert entry.keys() - OPTIONAL == (OURS if entry["digest_source"] in UNPUBLISHED else MEMBERS)
    assert entry["url"].startswith("https://")
    assert (SCHEMAS / entry["file"]).is_file()
    assert entry["file"].endswith(SUFFIX[entry["kind"]])


@pytest.mark.parametrize(
    "entry", [e for e in REGISTRY if e["digest_source"] not in UNPUBLISHED], ids=lambda entry: entry["url"]
)
def test_digest_has_its_form(entry: dict[str, str]) -> None:
    """A digest is SHA-256 in lower-case hex, and says over what it is, and where it is from."""
    digests = [value for name, value in entry.items() if name.endswith("sha256")]
    assert all(DIGEST.fullmatch(digest) for digest in digests)
    assert entry["digest_form"] in {"compact-json", "bytes"}
    assert entry["digest_source"] in {"un-cefact", "harness-mirror", "source-repository"}
