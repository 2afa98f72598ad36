"""JSON as text that is always valid UTF-8 and never breaks its line, whatever strangers wrote."""

from __future__ import annotations

import json
import re
from typing import Any

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Write a JSON value: readable Unicode, but unpaired surrogates and line separators as escapes.

    All of these only occur inside strings, where an escape means the same. Raises ValueError on NaN.
    """
    separators = (",", ": ") if indent is not None else (", ", ": ")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
