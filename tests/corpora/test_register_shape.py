"""Registers in a file of trust anchors have the shape of the UN's register of identifier schemes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.data_files import validator


def shape(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The members of an object and those that it cannot be without."""
    return set(schema["properties"]), set(schema["required"])


def test_our_register_has_the_published_members(corpora: Path) -> None:
    """Register, registrar and entry have the members of the published schema, and the same are compulsory."""
    path = corpora / "spec" / "register" / "idr" / "register-schema.json"
    official = json.loads(path.read_text("utf-8"))
    schema = validator("anchors").schema
    assert not isinstance(schema, bool)
    ours = schema["$defs"]
    entry = official["$defs"]["IdentifierSchemeEntry"]
    assert shape(ours["register"]) == shape(official)
    assert shape(ours["register"]["properties"]["registrar"]) == shape(official["properties"]["registrar"])
    assert shape(ours["scheme"]) == shape(entry)
    assert ours["scheme"]["properties"]["registerType"]["enum"] == entry["properties"]["registerType"]["enum"]
