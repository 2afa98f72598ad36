"""EARL 1.0 as JSON-LD with a context of its own: one assertion for each result.

| outcome | EARL | why |
|--|--|--|
| passed | earl:passed | |
| failed | earl:failed | a MUST does not hold |
| warning | earl:cantTell | EARL has no word for a fault that fails nobody |
| review | earl:cantTell | a person has to look |
| error | earl:cantTell | the harness or the line failed |
| not_run | earl:untested | |
| not_applicable | earl:inapplicable | |

The house's own word stands beside it, as `outcome`, so that nothing is lost. Requirements that no case
tests have no assertion. The source is https://www.w3.org/TR/EARL10-Schema/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.report.findings import Place
from harness.report.json_text import json_text
from harness.report.plain import finding_lines, place_line
from harness.report.visible import linkable, visible

OUTCOMES: Mapping[str, str] = {
    "passed": "earl:passed",
    "failed": "earl:failed",
    "warning": "earl:cantTell",
    "review": "earl:cantTell",
    "error": "earl:cantTell",
    "not_run": "earl:untested",
    "not_applicable": "earl:inapplicable",
}
VOCABULARY = "urn:untp-crm:"
"""Prefix of the terms and requirements that are ours."""

CONTEXT: Mapping[str, Any] = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "ptr": "http://www.w3.org/2009/pointers#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "assertedBy": {"@id": "earl:assertedBy", "@type": "@id"},
    "subject": {"@id": "earl:subject", "@type": "@id"},
    "test": {"@id": "earl:test", "@type": "@id"},
    "mode": {"@id": "earl:mode", "@type": "@id"},
    "result": "earl:result",
    "earlOutcome": {"@id": "earl:outcome", "@type": "@id"},
    "info": "earl:info",
    "pointer": "earl:pointer",
    "line": {"@id": "ptr:lineNumber", "@type": "xsd:positiveInteger"},
    "column": {"@id": "ptr:charNumber", "@type": "xsd:positiveInteger"},
    "of": {"@id": "ptr:reference", "@type": "@id"},
    "title": "dct:title",
    "description": "dct:description",
    "date": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "identifier": "dct:identifier",
    "source": {"@id": "dct:source", "@type": "@id"},
    "isPartOf": {"@id": "dct:isPartOf", "@type": "@id"},
    "version": "doap:revision",
    "level": VOCABULARY + "level",
    "outcome": VOCABULARY + "outcome",
    "case": VOCABULARY + "case",
    "verdict": VOCABULARY + "verdict",
}


def render_earl(record: Mapping[str, Any]) -> bytes:
    """Render a record as EARL in JSON-LD, in UTF-8."""
    names = [row["name"] for row in record["subjects"]] + [row["subject"] for row in record["results"]]
    nodes = {name: f"_:subject{number}" for number, name in enumerate(dict.fromkeys(names))}
    graph = [*_parties(record), *_subjects(record, nodes), *_requirements(record)]
    graph += [_assertion(result, record, nodes) for result in record["results"]]
    return (json_text({"@context": CONTEXT, "@graph": graph}, indent=1) + "\n").encode()


def _parties(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    harness = record["harness"]
    yield {
        "@id": "_:harness",
        "@type": ["earl:Assertor", "earl:Software"],
        "title": "untp-crm-harness",
        "version": harness["version"],
        "identifier": harness["suite"],
    }
    product = record["product"] or {"name": "Credentials without a product"}
    tested: dict[str, Any] = {
        "@id": "_:product",
        "@type": ["earl:TestSubject", "doap:Project"],
        "title": visible(product["name"]),
        "verdict": record["verdict"],
    }
    if product.get("version"):
        tested["version"] = visible(product["version"])
    if linkable(product.get("url")):
        tested["source"] = product["url"]
    yield tested


def _subjects(record: Mapping[str, Any], nodes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    described = {row["name"]: row for row in record["subjects"]}
    for name, node in nodes.items():
        subject = {"@id": node, "@type": "earl:TestSubject", "title": visible(name), "isPartOf": "_:product"}
        if name in described:
            subject["identifier"] = f"sha256:{described[name]['sha256']}"
            subject["verdict"] = described[name]["verdict"]
        yield subject


def _requirements(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, about in sorted(record["requirements"].items()):
        yield {
            "@id": _requirement(name),
            "@type": "earl:TestRequirement",
            "identifier": name,
            "title": visible(about["title"]),
            "description": visible(about["statement"]),
            "level": about["level"],
            "source": [url for url in about["sources"] if linkable(url)],
        }


def _assertion(
    result: Mapping[str, Any], record: Mapping[str, Any], nodes: Mapping[str, str]
) -> dict[str, Any]:
    places = [Place(result, finding) for finding in result["findings"]]
    said = {
        "@type": "earl:TestResult",
        "earlOutcome": OUTCOMES[result["outcome"]],
        "outcome": result["outcome"],
    }
    news = [visible(result["reason"])] if "reason" in result else []
    for place in places:
        news += [place_line(place), *(f"  {line}" for line in finding_lines(place.finding))]
    if news:
        said["info"] = "\n".join(news)
    pointers = [_pointer(place, nodes) for place in places if place.finding["line"] is not None]
    return {
        "@type": "earl:Assertion",
        "assertedBy": "_:harness",
        "subject": nodes[result["subject"]],
        "test": _requirement(result["requirement"]),
        "case": result["case"],
        "mode": "earl:automatic",
        "result": {**said, "date": record["at"], **({"pointer": pointers} if pointers else {})},
    }


def _pointer(place: Place, nodes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "ptr:LineCharPointer",
        "of": nodes[place.subject],
        "line": str(place.finding["line"]),
        "column": str(place.finding["column"] or 1),
    }


def _requirement(name: str) -> str:
    return f"{VOCABULARY}requirement:{name}"
