"""Random edits of valid documents, drawn by hypothesis, the same ones on every run."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from .attacks import JUNK, STRINGS, Path, put
from .valid_documents import ABSENT, Json

Edit = tuple[str, int, int, Json]
"""What to do, at which place, with which other place, with which value."""

OPERATIONS: Final = ("replace", "remove", "rename", "add", "repeat", "copy")
DOCUMENTS_PER_EXAMPLE: Final = 20
EXAMPLES: Final = 90

_VALUES: Final = st.one_of(
    st.sampled_from(JUNK),
    st.sampled_from([text for texts in STRINGS.values() for text in texts]),
    st.text(max_size=8),
    st.integers(-400, 400),
    st.floats(-400, 400, allow_nan=False),
)
_PLACES: Final = st.integers(0, 9_999)
_EDITS: Final = st.tuples(st.sampled_from(OPERATIONS), _PLACES, _PLACES, _VALUES)

EDIT_LISTS: Final = st.lists(
    st.lists(_EDITS, min_size=1, max_size=2),
    min_size=DOCUMENTS_PER_EXAMPLE,
    max_size=DOCUMENTS_PER_EXAMPLE,
)
"""For each of many documents the one or two edits that make it."""


def _steps(value: Json) -> list[tuple[str | int, Json]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _nodes(value: Json, path: Path = ()) -> list[tuple[Path, Json]]:
    found: list[tuple[Path, Json]] = []
    for step, child in _steps(value):
        found.append(((*path, step), child))
        found.extend(_nodes(child, (*path, step)))
    return found


def edited(document: Json, edits: list[Edit]) -> Json:
    """A copy of a document after one edit after the other."""
    for operation, place, other, value in edits:
        nodes = _nodes(document)
        if nodes:
            path, node = nodes[place % len(nodes)]
            _, elsewhere = nodes[other % len(nodes)]
            document = _after(document, operation, path, node, elsewhere if operation == "copy" else value)
    return document


def _after(document: Json, operation: str, path: Path, node: Json, value: Json) -> Json:
    match operation, path[-1], node:
        case "remove", _, _:
            return put(document, path, ABSENT)
        case "rename", str(), _:
            return put(put(document, path, ABSENT), (*path[:-1], f"{value}"), node)
        case "add", _, dict():
            return put(document, (*path, "added"), value)
        case "repeat", _, list() if node:
            return put(document, path, [*node, node[0]])
        case _:
            return put(document, path, value)
