"""What the published standards of CTRF and SARIF demand of the members that we write, typed by hand."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def _closed(required: str, **members: Json) -> Json:
    """An object with these members and no others; the names in `required` must be there."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": members,
        "additionalProperties": False,
    }


_TEXT: Json = {"type": "string"}
_NAME: Json = {"type": "string", "minLength": 1}
_COUNT: Json = {"type": "integer", "minimum": 0}
_OBJECT: Json = {"type": "object"}
_TEXTS: Json = {"type": "array", "items": _TEXT, "minItems": 1}
_DIGEST: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_MESSAGE: Json = _closed("text", text=_NAME)

CTRF: Json = _closed(
    "results reportFormat specVersion",
    reportFormat={"const": "CTRF"},
    specVersion={"type": "string", "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$"},
    reportId={"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    timestamp={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"},
    generatedBy=_TEXT,
    extra=_OBJECT,
    results=_closed(
        "tool summary tests",
        tool=_closed("name", name=_NAME, version=_TEXT, extra=_OBJECT),
        summary=_closed(
            "tests passed failed skipped pending other start stop",
            **dict.fromkeys(
                ("tests", "passed", "failed", "skipped", "pending", "other", "suites", "start", "stop"),
                _COUNT,
            ),
        ),
        tests={
            "type": "array",
            "items": _closed(
                "name status duration",
                name=_NAME,
                status={"enum": ["passed", "failed", "skipped", "pending", "other"]},
                duration=_COUNT,
                suite=_TEXTS,
                message=_TEXT,
                trace=_TEXT,
                snippet=_TEXT,
                rawStatus=_TEXT,
                tags=_TEXTS,
                type=_TEXT,
            ),
        },
        environment=_closed("", appName=_TEXT, appVersion=_TEXT, extra=_OBJECT),
    ),
)
"""https://github.com/ctrf-io/ctrf: objects are closed, suites are lists, statuses are five."""

_ARTIFACT = _closed("uri", uri=_NAME, index=_COUNT)
_LINE: Json = {"type": "integer", "minimum": 1}
_REGION = _closed(
    "startLine", startLine=_LINE, startColumn=_LINE, endLine=_LINE, snippet=_closed("text", text=_TEXT)
)
_PHYSICAL = _closed(
    "artifactLocation",
    artifactLocation=_ARTIFACT,
    region=_REGION,
    contextRegion=_REGION,
)
_LOCATION = _closed(
    "physicalLocation",
    physicalLocation=_PHYSICAL,
    logicalLocations={
        "type": "array",
        "items": _closed("fullyQualifiedName", fullyQualifiedName=_TEXT, kind=_NAME),
    },
)
_LEVEL: Json = {"enum": ["none", "note", "warning", "error"]}
_RULE = _closed(
    "id",
    id=_NAME,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    helpUri={"type": "string", "pattern": "^https?://[!-~]+$"},
    defaultConfiguration=_closed("level", level=_LEVEL),
    properties=_OBJECT,
)
_RESULT = _closed(
    "message",
    ruleId=_NAME,
    ruleIndex=_COUNT,
    kind={"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
    level=_LEVEL,
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": _DIGEST},
    properties=_OBJECT,
)
_RESULT["if"] = {"properties": {"kind": {"const": "fail"}}}
_RESULT["then"] = {"properties": {"level": {"enum": ["note", "warning", "error"]}}}
_RESULT["else"] = {"properties": {"level": {"const": "none"}}}
_NOTIFICATION = _closed(
    "message",
    level=_LEVEL,
    message=_MESSAGE,
    associatedRule=_closed("id", id=_NAME),
    locations={"type": "array", "items": _LOCATION},
)

SARIF: Json = {
    **_closed(
        "version runs",
        **{"$schema": {"type": "string", "pattern": "^https://"}},
        version={"const": "2.1.0"},
        runs={
            "type": "array",
            "items": _closed(
                "tool",
                tool=_closed(
                    "driver",
                    driver=_closed(
                        "name",
                        name=_NAME,
                        version=_NAME,
                        informationUri={"type": "string", "pattern": "^https://"},
                        rules={"type": "array", "items": _RULE, "uniqueItems": True},
                    ),
                ),
                invocations={
                    "type": "array",
                    "items": _closed(
                        "executionSuccessful",
                        executionSuccessful={"type": "boolean"},
                        toolExecutionNotifications={"type": "array", "items": _NOTIFICATION},
                    ),
                },
                artifacts={
                    "type": "array",
                    "uniqueItems": True,
                    "items": _closed(
                        "",
                        location=_ARTIFACT,
                        length={"type": "integer", "minimum": -1},
                        hashes={"type": "object", "additionalProperties": _TEXT},
                    ),
                },
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                properties=_OBJECT,
                results={"type": "array", "items": _RESULT},
            ),
        },
    )
}
"""SARIF 2.1.0, OASIS Standard: 3.13 log, 3.14 run, 3.27 result (level and kind: 3.27.9 and 3.27.10), 3.49 rule."""
