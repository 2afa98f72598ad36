"""JUnit XML: one test suite for each credential or endpoint, one test case for each result.

| outcome | JUnit | why |
|--|--|--|
| passed | a test case | |
| warning | a test case with the warning in system-out | a warning fails nobody |
| failed | failure | |
| error | error | the harness or the line failed |
| not_run, review | skipped, with the reason | nobody can say yet; the suite's verdict says what it comes to |
| not_applicable | skipped, with the reason | |

JUnit has no word for "undetermined": a build that must not pass on it looks at the exit code, or at the
property `verdict`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harness.report.commands import again
from harness.report.findings import Place
from harness.report.plain import finding_lines, place_line
from harness.report.visible import one_line, visible

_ELEMENTS: Mapping[str, str] = {
    "failed": "failure",
    "error": "error",
    "not_run": "skipped",
    "review": "skipped",
    "not_applicable": "skipped",
    "warning": "system-out",
}


def render_junit(record: Mapping[str, Any]) -> bytes:
    """Render a record as JUnit XML in UTF-8."""
    known = {row["name"]: row for row in record["subjects"]}
    by_subject: dict[str, list[Mapping[str, Any]]] = {name: [] for name in known}
    for result in record["results"]:
        by_subject.setdefault(result["subject"], []).append(result)
    root = Element("testsuites", {"name": "untp-crm", **_totals(record["results"])})
    del root.attrib["skipped"]  # the schema of Jenkins has it on suites only
    for name, results in by_subject.items():
        about = {"name": visible(name), "timestamp": record["at"][:19], **_totals(results)}
        suite = SubElement(root, "testsuite", about)
        described = known.get(name)
        if described is not None:
            facts = {key: described[key] for key in ("sha256", "type", "profile", "verdict")}
            properties = SubElement(suite, "properties")
            for key, value in facts.items():
                SubElement(properties, "property", name=key, value=visible(str(value or "")))
        for result in results:
            _case(suite, result, record)
    indent(root, " ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _case(suite: Element, result: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    about = record["requirements"][result["requirement"]]
    case = SubElement(
        suite,
        "testcase",
        name=visible(f"{result['case']} {about['title']}"),
        classname=f"{about['component']}.{result['role']}",
        time="0",
    )
    element = _ELEMENTS.get(result["outcome"])
    if element is None:
        return
    first = next((finding["message"] for finding in result["findings"]), result.get("reason", ""))
    text = _text(result, again(result, record["reproduce"]))
    if element == "system-out":
        SubElement(case, element).text = text
    elif element == "skipped":
        SubElement(case, element, message=one_line(f"{result['outcome']}: {result.get('reason') or first}"))
    else:
        SubElement(case, element, message=one_line(first), type=result["level"]).text = text


def _text(result: Mapping[str, Any], command: str) -> str:
    lines = [visible(result["reason"])] if "reason" in result else []
    for finding in result["findings"]:
        lines += [place_line(Place(result, finding)), *(f"  {line}" for line in finding_lines(finding))]
    return "\n".join([*lines, f"judge again: {command}"])


def _totals(results: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    elements = [_ELEMENTS.get(result["outcome"]) for result in results]
    counted = {"tests": len(elements)}
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        counted[attribute] = elements.count(element)
    return {**{name: str(count) for name, count in counted.items()}, "time": "0"}
