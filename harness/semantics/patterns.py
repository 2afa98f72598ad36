"""Regular expressions that come from outside: matched by an engine that gives up instead of running away."""

from __future__ import annotations

import jsonschema_rs


def matches(pattern: str, text: str) -> bool | None:
    """Whether a text matches a pattern as JSON Schema has it (anywhere, ECMA-262); None where it is no pattern."""
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text)
    except (ValueError, jsonschema_rs.ValidationError):
        return None
