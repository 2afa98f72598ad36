"""JSON values, and texts that say them with whatever white space and escapes the grammar allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import strategies as st

from harness.credential.strict_json import escape

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
NAMES = st.text(max_size=6) | st.sampled_from(
    ["a/b", "~", "~1", "", "0", "é", "\U0001f600", 'q"', "\\", "\n"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
RANDOMS = st.randoms(use_true_random=False)
BLANKS = ("", "", "", " ", "\n", "\t", "\r\n", "  \n ", "\r")


def written(value: Any, dice: Random) -> str:
    """The value as JSON text, with random white space around every token."""

    def blank() -> str:
        return dice.choice(BLANKS)

    def told(item: Any) -> str:
        if isinstance(item, dict):
            members = [f"{blank()}{string(name)}{blank()}:{told(part)}" for name, part in item.items()]
            return f"{blank()}{{{','.join(members) or blank()}}}{blank()}"
        if isinstance(item, list):
            return f"{blank()}[{','.join(map(told, item)) or blank()}]{blank()}"
        return f"{blank()}{string(item) if isinstance(item, str) else json.dumps(item)}{blank()}"

    def string(text: str) -> str:
        return json.dumps(text, ensure_ascii=dice.random() < 0.5)

    return told(value)


def parts(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside a value with its JSON pointer, the value itself first."""
    yield pointer, value
    if isinstance(value, dict):
        for name, part in value.items():
            yield from parts(part, f"{pointer}/{escape(name)}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from parts(part, f"{pointer}/{index}")
