"""A suite of schemas and shapes of one's own, broken where a test wants it broken."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import resources
from harness.semantics.schema import BASE


class OwnSuite:
    """A data folder of its own: `schemas/x/*.json` and `shapes/*.ttl`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("harness", "schemas/x", "shapes"):
            (folder / name).mkdir(parents=True)
        (folder / "schemas" / "registry.toml").write_text("artefact = []\n")

    def schema(self, name: str, contents: Any) -> str:
        """Write a schema (JSON value or text) and give the name under which it is used."""
        text = (
            contents
            if isinstance(contents, str)
            else json.dumps({"$id": f"{BASE}x/{name}", **contents}, indent=1)
        )
        (self.folder / "schemas" / "x" / name).write_text(text)
        forget()
        return f"x/{name}"

    def shape(self, name: str, contents: str | bytes) -> tuple[str, ...]:
        """Write a shape file after the usual prefixes."""
        head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix s: <https://untp-crm.example/shapes/> .\n@prefix p: <http://p.example/> .\n"
        body = contents if isinstance(contents, bytes) else (head + contents).encode()
        (self.folder / "shapes" / name).write_bytes(body)
        forget()
        return (name,)


def forget() -> None:
    """Empty every memory of the semantics, so that files are read again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("harness.semantics"):
            for member in vars(module).values():
                clear = getattr(member, "cache_clear", None)
                if clear is not None and getattr(member, "__module__", "") == name:
                    clear()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnSuite]:
    """A suite of one's own in place of the one that ships: a broken suite cannot ship, so it is put beside."""
    made = OwnSuite(tmp_path)
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path / "none")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "harness")
    forget()
    yield made
    forget()
