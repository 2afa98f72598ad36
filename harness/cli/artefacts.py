"""`untp-crm artefacts`: the official schemas and contexts on this machine, each used only under its published digest."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import typer

from harness.cli.catalogue import ListFormat
from harness.cli.console import note, out, progress
from harness.errors import UnreadableError, UsageError
from harness.evidence import Absence
from harness.gather.publisher import Publisher
from harness.semantics.artefacts import Registry, registry, verified
from harness.semantics.official import MAX_DOCUMENT, VARIABLE, Artefact, compact_digest, keep

COULD_NOT = 3
REFUSED = 4
MAX_FILES = 100_000
"""Most files that `import` looks at."""

app = typer.Typer(no_args_is_help=True, help="Official schemas and contexts: verify, fetch, import.")


@app.command("verify")
def verify(
    output_format: Annotated[ListFormat, typer.Option("--format", help="text or json.")] = ListFormat.TEXT,
) -> int:
    """List every official URL with the document that is used for it: where it was found, and whether its digest is right."""
    rows = list(verified(registry()))
    if output_format is ListFormat.JSON:
        out(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            out(f"{row['digest']:<8} {row['found'] or '-':<9} {row['url']}")
            if row["refused"]:
                out(f"         {row['refused']}")
        counted = ", ".join(
            f"{sum(r['digest'] == word for r in rows)} {word}" for word in ("ok", "ours", "refused")
        )
        out(f"{len(rows)} artefacts: {counted}")
        note(
            "ok: the official document, under its published digest. ours: our equivalent file stands in for it."
        )
    return REFUSED if any(row["refused"] for row in rows) else 0


@app.command("fetch")
def fetch(
    urls: Annotated[
        list[str] | None, typer.Argument(help="URLs of the registry; all of them by default.")
    ] = None,
) -> int:
    """Fetch official documents over HTTPS into the cache; one whose digest is not the published one is refused."""
    return fetch_into(registry(), urls or [], transport=None)


def fetch_into(known: Registry, urls: list[str], *, transport: httpx.BaseTransport | None) -> int:
    """Fetch documents of a registry, through a transport of a test where there is one; the exit code."""
    folder = _folder(known)
    unknown = [url for url in urls if url not in known.artefacts]
    if unknown:
        raise UsageError(
            f"{unknown[0]} is not in the registry", hint="untp-crm list artefacts names the URLs."
        )
    wanted = [a for a in known.artefacts.values() if a.sha256 is not None and (not urls or a.url in urls)]
    publisher = Publisher(frozenset(known.artefacts), MAX_DOCUMENT, transport)
    code, taken = 0, 0
    for artefact in progress(wanted, total=len(wanted), label="Fetching"):
        answer = publisher.fetch(artefact.url)
        if isinstance(answer, Absence):
            out(f"not had  {artefact.url}: {answer.reason}")
            code = max(code, COULD_NOT)
        elif not artefact.is_document(answer.body):
            out(_refused(artefact, artefact.url, answer.body))
            code = REFUSED
        else:
            keep(artefact, answer.body, folder, "cache")
            out(f"took     {artefact.url}")
            taken += 1
    out(f"{taken} of {len(wanted)} fetched into {folder / 'cache'}")
    return code


@app.command("import")
def import_folder(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A folder with official schemas and contexts, in any layout."),
    ],
) -> int:
    """Take official documents from a folder: each *.json and *.jsonld whose digest is a published one."""
    return import_into(registry(), folder)


def import_into(known: Registry, folder: Path) -> int:
    """Take the documents of a registry from a folder; the exit code."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    target = _folder(known)
    wanted = published(known)
    taken: set[str] = set()
    refused = others = 0
    for path in _files(folder):
        body = _read(path)
        matching = [artefact for digest in _digests(body) for artefact in wanted.get(digest, ())]
        for artefact in matching:
            if artefact.url not in taken:
                keep(artefact, body, target, "imported")
                taken.add(artefact.url)
                out(f"took     {artefact.url}  from {path}")
        claimed = None if matching else _claimed(path, folder, body, known)
        if claimed is not None:
            out(_refused(claimed, str(path), body))
            refused += 1
        others += not matching and claimed is None
    total = len({artefact.url for artefacts in wanted.values() for artefact in artefacts})
    out(
        f"{len(taken)} of {total} imported into {target / 'imported'}; {refused} refused; {others} other files left alone"
    )
    if not taken and not refused:
        raise UsageError(
            f"no file in {folder} is an official document of the registry",
            hint="A file is told by its digest: untp-crm list artefacts --format json has the published ones.",
        )
    return REFUSED if refused else 0


def _folder(known: Registry) -> Path:
    folder = known.official
    if folder is None:
        raise UsageError(
            f"{VARIABLE} is set and empty, so there is no folder for official documents", hint="Unset it."
        )
    return folder


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for directory, names, files in os.walk(folder, followlinks=False):
        names.sort()
        for name in sorted(files):
            if name.endswith((".json", ".jsonld")):
                seen += 1
                if seen > MAX_FILES:
                    raise UsageError(
                        f"{folder} has more than {MAX_FILES:,} JSON files", hint="Name a smaller folder."
                    )
                yield Path(directory, name)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_DOCUMENT else b""
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}", where=str(path)) from None


def published(known: Registry) -> dict[str, list[Artefact]]:
    """The artefacts of the registry by each digest under which they are published."""
    found: dict[str, list[Artefact]] = {}
    for artefact in known.artefacts.values():
        for digest in {artefact.sha256, artefact.bytes_sha256} - {None}:
            found.setdefault(str(digest), []).append(artefact)
    return found


def _digests(body: bytes) -> set[str]:
    return {hashlib.sha256(body).hexdigest(), compact_digest(body) or ""}


def _claimed(path: Path, folder: Path, body: bytes, known: Registry) -> Artefact | None:
    """The artefact that a file says it is: by its $id, or by a path that spells host and path of the URL."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    identifier = value.get("$id") if isinstance(value, dict) else None
    if isinstance(identifier, str) and identifier in known.artefacts:
        return known.artefacts[identifier]
    spelled = f"https://{path.relative_to(folder).as_posix()}"
    return known.artefacts.get(spelled) or known.artefacts.get(spelled.removesuffix("index.json"))


def _refused(artefact: Artefact, name: str, body: bytes) -> str:
    return (
        f"refused  {name}: its digest is {artefact.digest_of(body)}, the published one is {artefact.sha256}"
    )
