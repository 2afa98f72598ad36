"""Dependencies point one way: what stands further left never imports what stands further right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2] / "harness"
ORDER = (
    "errors", "model", "evidence", "exchange", "resources", "data_files", "catalogue", "vendor_mistakes", "vendor", "credential", "gather", "trust",
    "semantics", "graph", "judge", "run", "volume", "report", "listing", "reference", "live", "cli", "pytest_plugin", "__main__",
)  # fmt: skip
"""The rooms of the house from left to right; `report` is left of nothing that judges."""

RENDERS = ("report",)
"""Rooms that read a record and must not reach what computes verdicts."""

JUDGING = {"judge", "semantics", "trust", "gather", "credential", "run", "graph"}


def _room(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[0]


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("harness"):
            parts = node.module.split(".")
            yield from ((parts[1], node.lineno) for _ in [0] if len(parts) > 1)
            if len(parts) == 1:
                yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                (alias.name.split(".")[1], node.lineno)
                for alias in node.names
                if alias.name.startswith("harness.")
            )


MODULES = sorted(path for path in HOUSE.rglob("*.py") if path.name != "__init__.py" or path.parent != HOUSE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_imports_point_left(path: Path) -> None:
    """No module imports from a room to the right of its own."""
    own = _room(path)
    assert own in ORDER, f"{own} is no room of the house"
    wrong = [
        f"{path.name}:{line} imports {room}"
        for room, line in _imports(path)
        if room in ORDER and ORDER.index(room) > ORDER.index(own)
    ]
    assert not wrong


@pytest.mark.parametrize("path", [p for p in MODULES if _room(p) in RENDERS], ids=lambda path: path.name)
def test_what_renders_does_not_judge(path: Path) -> None:
    """The report reads a record; it reaches nothing that computes a verdict."""
    assert not [room for room, _ in _imports(path) if room in JUDGING]


def test_the_harness_never_imports_test_cases() -> None:
    """Cases are loaded by path, so that an extension can bring its own."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py"))
    assert "import test_cases" not in text
    assert "from test_cases" not in text
