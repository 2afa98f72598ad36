"""The published parts of an extension, from a folder with an extension.toml: contexts, schemas, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.data_files import place_in, read_toml
from harness.errors import UsageError
from harness.evidence import Evidence
from harness.gather.limits import MAX_FILE

FILE = "extension.toml"


@dataclass(frozen=True)
class ExtensionFiles:
    """What extension.toml says, and the bytes of every file that it names, by the name that it uses."""

    description: Mapping[str, Any]
    files: Mapping[str, Evidence]
    examples: Mapping[str, tuple[str, ...]]
    """The files behind the patterns of each type."""


def gather_extension(path: Path) -> ExtensionFiles:
    """Read an extension: its folder, or its extension.toml. Raises UsageError or SuiteError with the place."""
    table = path / FILE if path.is_dir() else path
    if not table.is_file():
        raise UsageError(
            f"there is no {FILE} in {path}" if path.is_dir() else f"there is no file {path}",
            hint="It names contexts, schemas and examples: see docs/extensions.md.",
        )
    data = read_toml(table, "extension")
    folder = table.parent
    files = {table.name: _read(table, table.name, table)}
    for row in (*data["context"], *data.get("schema", ()), *data["type"]):
        for member in ("file", "previous", "schema"):
            if member in row:
                files[row[member]] = _read(folder / row[member], row[member], table)
    examples: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(data["type"]):
        found: list[str] = []
        for pattern in row.get("examples", ()):
            names = sorted(_relative(file, folder) for file in folder.glob(pattern) if file.is_file())
            if not names:
                raise UsageError(
                    f"no file is called {pattern}", where=place_in(table, "type", number, "examples"),
                    hint="Examples are files or patterns, relative to extension.toml.",
                )  # fmt: skip
            found += names
        examples[row["name"]] = tuple(dict.fromkeys(found))
        files |= {name: _read(folder / name, name, table) for name in found}
    return ExtensionFiles(data, files, examples)


def _relative(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix()


def _read(path: Path, name: str, table: Path) -> Evidence:
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(
            f"{name} cannot be read: {error.strerror or error}",
            where=str(table),
            hint="Paths are relative to it.",
        ) from None
    if len(body) > MAX_FILE:
        raise UsageError(f"{name} is larger than {MAX_FILE:,} bytes", where=str(table))
    return Evidence(name, body, "application/json", "file")
