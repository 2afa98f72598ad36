"""SARIF 2.1.0: findings with file, line and column, for code review and editors.

failed is an error and warning a warning of kind fail; review and not_run have kinds of their own and no
level. An error of the harness is no result: it is a notification of the invocation. What passed or does
not apply is left out.

A token is a file of one line. What is found in its payload stands at that line, and the place in the payload is
told in the message and as properties: a region names lines of the file alone (SARIF 2.1.0, section 3.30).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from harness.report.findings import Place, places_of
from harness.report.json_text import json_text
from harness.report.visible import linkable, visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PROJECT = "https://github.com/uncefact/project-crm"

_KINDS: Mapping[str, tuple[str, str]] = {
    "failed": ("fail", "error"),
    "warning": ("fail", "warning"),
    "review": ("review", "none"),
    "not_run": ("open", "none"),
}
_LEVELS: Mapping[str, str] = {"MUST": "error", "SHOULD": "warning", "MAY": "note"}


def render_sarif(record: Mapping[str, Any]) -> bytes:
    """Render a record as one SARIF log with one run, in UTF-8."""
    places = list(places_of(record))
    named = sorted({place.result["requirement"] for place in places})
    ranks = {name: index for index, name in enumerate(named)}
    files = Files.of(record)
    seen: Counter[str] = Counter()
    broken = [_notification(place) for place in places if place.result["outcome"] == "error"]
    run = {
        "tool": {
            "driver": {
                "name": "untp-crm-harness",
                "version": record["harness"]["version"],
                "informationUri": PROJECT,
                "rules": [_rule(name, record["requirements"][name]) for name in named],
            }
        },
        "invocations": [{"executionSuccessful": not broken, "toolExecutionNotifications": broken}],
        "artifacts": [
            {
                "location": {"uri": _uri(row["name"])},
                "length": row["bytes"],
                "hashes": {"sha-256": row["sha256"]},
            }
            for row in record["subjects"]
        ],
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": record["verdict"], "at": record["at"], "suite": record["harness"]["suite"]},
        "results": [
            _result(place, ranks, files, seen) for place in places if place.result["outcome"] in _KINDS
        ],
    }
    return (json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n").encode()


@dataclass(frozen=True)
class Files:
    """What was judged, by name: its index among the artifacts, and whether it is a token."""

    indexes: Mapping[str, int]
    tokens: frozenset[str]
    endpoints: Mapping[str, str]
    """The URL of each live endpoint by its name."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Files:
        """The subjects of a record; the media type of each is that of its evidence."""
        kinds = {row["sha256"]: row["media_type"] for row in record["evidence"]}
        indexes = {row["name"]: index for index, row in enumerate(record["subjects"])}
        return cls(
            indexes,
            frozenset(
                row["name"]
                for row in record["subjects"]
                if "jwt" in kinds.get(row["sha256"], "") or row["name"].endswith((".jwt", ".jws"))
            ),
            {row["name"]: row["url"] for row in record.get("live", {}).get("endpoints", ())},
        )

    def token_of(self, place: Place) -> bool:
        """Whether a finding lies in the payload of a token."""
        return place.subject in self.tokens and place.finding["line"] is not None


def _rule(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": visible(about["title"])},
        "fullDescription": {"text": visible(about["statement"])},
        "help": {"text": visible(f"{about['statement']} Sources: {', '.join(about['sources'])}")},
        "defaultConfiguration": {"level": _LEVELS[about["level"]]},
        "properties": {"tags": [about["component"], about["level"], about["basis"]]},
    }
    if linkable(about["sources"][0]):
        rule["helpUri"] = about["sources"][0]
    return rule


def _result(place: Place, ranks: Mapping[str, int], files: Files, seen: Counter[str]) -> dict[str, Any]:
    finding, requirement = place.finding, place.result["requirement"]
    kind, level = _KINDS[place.result["outcome"]]
    extras: dict[str, Any] = {
        key: visible(finding[key])
        for key in ("expected", "actual", "hint", "source")
        if finding[key] is not None
    }
    message = _message(finding)
    if files.token_of(place):
        line, column = finding["line"], finding["column"] or 1
        extras |= {"payloadLine": line, "payloadColumn": column}
        message += f"\nLine {line}, column {column} of the payload of the token"
    return {
        "ruleId": requirement,
        "ruleIndex": ranks[requirement],
        "kind": kind,
        "level": level,
        "message": {"text": message},
        "locations": [_location(place, files)],
        "partialFingerprints": {"finding/v1": _fingerprint(place, seen)},
        "properties": {"case": place.result["case"], "outcome": place.result["outcome"], **extras},
    }


def _fingerprint(place: Place, seen: Counter[str]) -> str:
    """What makes a finding the same one in the next run; equal ones in one place are told apart by their order."""
    finding = place.finding
    text = "\n".join((place.result["case"], place.subject, finding["pointer"] or "", finding["message"]))
    seen[text] += 1
    if seen[text] > 1:
        text += f"\n{seen[text]}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _location(place: Place, files: Files) -> dict[str, Any]:
    finding = place.finding
    artifact: dict[str, Any] = {"uri": _uri(files.endpoints.get(place.subject, place.subject))}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.subject in files.indexes:
        artifact["index"] = files.indexes[place.subject]
        if finding["line"] is None or files.token_of(place):
            physical["region"] = {"startLine": 1}
        else:
            physical |= _regions(finding)
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding["pointer"] is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(finding["pointer"]), "kind": "member"}]
    return location


def _regions(finding: Mapping[str, Any]) -> dict[str, Any]:
    """The place in the file and, where there is an excerpt, the guilty text and the lines around it."""
    region: dict[str, Any] = {"startLine": finding["line"], "startColumn": finding["column"] or 1}
    excerpt = finding.get("excerpt")
    if excerpt is None or excerpt["reflowed"] or excerpt["first_line"] is None:
        return {"region": region}
    lines, first = excerpt["lines"], excerpt["first_line"]
    guilty = lines[excerpt["marked"]][excerpt["from"] : excerpt["to"]]
    if guilty:
        region["snippet"] = {"text": visible(guilty)}
    around = {"startLine": first, "endLine": first + len(lines) - 1}
    return {"region": region, "contextRegion": {**around, "snippet": {"text": visible("\n".join(lines))}}}


def _message(finding: Mapping[str, Any]) -> str:
    """SARIF shows only the message in many places, so it says expected and actual as well."""
    parts = [finding["message"]]
    parts += [f"{label}: {finding[key]}" for key, label in _PARTS if finding[key] is not None]
    return visible("\n".join(parts))


_PARTS = (("expected", "Expected"), ("actual", "Actual"), ("hint", "What to do"))


def _notification(place: Place) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": visible(place.finding["message"])},
        "associatedRule": {"id": place.result["requirement"]},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(place.subject)}}}],
    }


def _uri(name: str) -> str:
    """A path or URL as a URI reference: what is not allowed in one is percent-encoded."""
    safe = "/:?#[]@!$&'()*+,;=%~" if linkable(name) else "/!$&'()*+,;=~"
    return quote(name.encode("utf-8", "surrogatepass"), safe=safe)
