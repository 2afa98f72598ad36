"""Synthetic records: a good vendor, a failing one with hostile strings, and one with thousands of findings."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from harness.resources import resource

Json = dict[str, Any]

OUTCOMES = ("passed", "failed", "warning", "not_applicable", "not_run", "error", "review")
HOSTILE = (
    "<script>alert('x')</script>",
    "</style><img src=x onerror=alert(1)>",
    "safe\u202egnp.exe",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m [bold]rich[/bold]",
    "line\u2028separator \ud800 lone",
    "]]> --> & < > ' \"",
)
BAD_LINKS = (
    "javascript:alert(document.domain)",
    "JaVaScRiPt:alert(1)//https://untp.unece.org",
    "data:text/html,<script>alert(1)</script>",
    "https://untp.unece.org@evil.example/",
    "https://evil.example/\u202egpj",
    "file:///etc/passwd",
)
CHAIN = (
    ("mine-dfr.json", "DigitalFacilityRecord"),
    ("mine-identity.json", "DigitalIdentityAnchor"),
    ("concentrate-dpp.json", "DigitalProductPassport"),
    ("concentrate-make.json", "DigitalTraceabilityEvent"),
    ("smelter-dcc.json", "DigitalConformityCredential"),
    ("cathode-dpp.json", "DigitalProductPassport"),
    ("cathode-move.json", "DigitalTraceabilityEvent"),
    ("battery-dpp.json", "DigitalProductPassport"),
)
STATUS = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
    "type": ["DigitalProductPassport", "VerifiableCredential"],
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": 94567,
        "statusListCredential": "https://status.minerals.example/3",
    },
    "validFrom": "2026-03-01T00:00:00",
}


@cache
def catalogue() -> dict[str, Json]:
    """Every requirement of the checkout, as a record describes it."""
    entries: dict[str, Json] = {}
    for path in sorted(Path(resource("test_cases", "requirements")).glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]:
            keys = ("title", "statement", "decide", "level", "basis", "role", "kind", "sources")
            entry = {key: row[key] for key in keys}
            entries[row["id"]] = {**entry, "component": row["id"].partition("-")[0], "conflict": row.get("conflict")}
    return entries


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def finding(message: str, **members: Any) -> Json:
    """A finding with every member of the contract; what is not given is null."""
    nothing = dict.fromkeys(("pointer", "line", "column", "message", "expected", "actual", "hint", "source"))
    return {**nothing, "message": message, **members}


def excerpt_of(document: Json, needle: str) -> Json:
    """Five lines of source around the first line that has `needle`, which is marked."""
    lines = json.dumps(document, indent=2).splitlines()
    guilty = next(index for index, line in enumerate(lines) if needle in line)
    first = max(0, guilty - 2)
    start = lines[guilty].index(needle)
    return {
        "first_line": first + 1,
        "lines": lines[first : guilty + 3],
        "marked": guilty - first,
        "from": start,
        "to": start + len(needle),
        "reflowed": False,
    }


def result(case: str, subject: str, outcome: str, findings: list[Json] | None = None, **members: Any) -> Json:
    """A result whose level and role are those of the catalogue; the case has the requirement's id."""
    about = catalogue()[case]
    return {
        "case": case,
        "requirement": case,
        "level": about["level"],
        "role": about["role"],
        "subject": subject,
        "outcome": outcome,
        "findings": findings or [],
        **members,
    }


def record_of(results: list[Json], *, subjects: list[tuple[str, str]], verdict: str, **members: Any) -> Json:
    """A whole record around results: counts, subjects and requirements are added up from them."""
    untested = members.get("untested", [])
    named = {row["requirement"] for row in [*results, *untested]}
    counts = {level: dict.fromkeys(OUTCOMES, 0) for level in ("MUST", "SHOULD", "MAY")}
    for row in results:
        counts[row["level"]][row["outcome"]] += 1
    tallies: dict[str, Counter[str]] = {name: Counter() for name, _ in subjects}
    for row in results:
        if row["subject"] in tallies:
            tallies[row["subject"]][row["outcome"]] += 1
    described = []
    for name, kind in subjects:
        tally = {outcome: tallies[name][outcome] for outcome in OUTCOMES}
        own = "nonconformant" if tally["failed"] else "conformant"
        described.append(
            {
                "name": name,
                "sha256": digest(name),
                "type": kind,
                "profile": "untp-0.7.0",
                "verdict": own,
                "origin": "file",
                "bytes": 3412,
                "counts": tally,
            }
        )
    record = {
        "record": 1,
        "verdict": verdict,
        "at": "2026-11-22T00:00:00Z",
        "nonce": None,
        "harness": {"version": "0.1.0", "suite": "sha256-" + digest("suite")},
        "profile": "untp-0.7.0",
        "vendor": {"name": "Sample Minerals Ltd", "website": "https://minerals.example", "country": "CA"},
        "product": {"name": "TraceMine", "version": "4.2.0", "url": "https://minerals.example/tracemine"},
        "scope": {
            "profile": "untp-0.7.0",
            "components": ["VCP", "DPP", "DCC", "DTE", "DFR", "DIA", "IDR"],
            "roles": ["issuer", "resolver"],
        },
        "roles": {"issuer": verdict, "resolver": "undetermined"},
        "counts": counts,
        "reasons": [],
        "subjects": described,
        "requirements": {name: catalogue()[name] for name in named},
        "results": results,
        "untested": untested,
        "conflicts": [],
        "evidence": [
            {"sha256": digest(name), "media_type": "application/vc+ld+json", "origin": "file", "bytes": 3412, "name": name}
            for name, _ in subjects
        ],
        "artefacts": [
            {
                "url": "https://www.w3.org/ns/credentials/v2",
                "sha256": digest("v2"),
                "found": "ours",
                "file": "schemas/w3c/credentials-v2.jsonld",
                "official_sha256": digest("v2"),
            },
            {
                "url": "https://vocabulary.uncefact.org/untp/0.7.0/context/",
                "sha256": digest("untp"),
                "found": "ours",
                "file": "schemas/untp-0.7.0/context.jsonld",
                "official_sha256": digest("official"),
            },
        ],
        "engines": {"mode": "fast", "jsonschema": "4.26.0", "jsonschema-rs": "0.60.3", "pyld": "3.0.0"},
        "expected_failures": [],
        "reproduce": ["untp-crm certify vendor.toml --at 2026-11-22T00:00:00Z --out out"],
    }
    return {**record, **members}


def own_requirements(kind: str) -> list[str]:
    """The requirements that one type of credential answers, in order: its own and those of every envelope."""
    component = {
        "DigitalFacilityRecord": "DFR",
        "DigitalIdentityAnchor": "DIA",
        "DigitalProductPassport": "DPP",
        "DigitalTraceabilityEvent": "DTE",
        "DigitalConformityCredential": "DCC",
    }[kind]
    return [name for name, row in catalogue().items() if row["component"] in {component, "VCP"} and row["role"] == "issuer"]


def good() -> Json:
    """A vendor whose every credential passes."""
    results = [
        result(name, subject, "passed")
        if index % 3
        else result(name, subject, "not_applicable", reason="The credential has nothing that it speaks of.")
        for subject, kind in CHAIN
        for index, name in enumerate(own_requirements(kind))
    ]
    untested = [
        {"requirement": name, "level": row["level"], "reason": "This suite version has no case for it."}
        for name, row in catalogue().items()
        if row["component"] == "IDR" and row["role"] == "resolver"
    ]
    return record_of(results, subjects=list(CHAIN), verdict="conformant", untested=untested)


def failing() -> Json:
    """A vendor with about thirty findings, many of them hostile, and with every outcome."""
    record = good()
    faults = dict(_faults())
    results = []
    for row in record["results"]:
        fault = faults.get((row["requirement"], row["subject"]))
        if fault is None:
            results.append(row)
        else:
            outcome, findings, reason = fault
            again = result(row["case"], row["subject"], outcome, findings)
            results.append(again if reason is None else {**again, "reason": reason})
    endpoint = "https://id.minerals.example/"
    results.append(result("IDR-ID-01", endpoint, "not_run", reason=f"{endpoint} did not answer within 10 seconds."))
    results.append(result("IDR-ID-02", endpoint, "error", reason="The harness could not read its own vector."))
    reasons = [
        {
            "requirement": "VCP-ENV-01",
            "outcome": "failed",
            "text": catalogue()["VCP-ENV-01"]["title"],
            "count": 3,
            "subjects": ["concentrate-dpp.json", "cathode-dpp.json", "battery-dpp.json"],
        },
        {
            "requirement": "VCP-ENV-05",
            "outcome": "failed",
            "text": HOSTILE[0],
            "count": 1,
            "subjects": ["cathode-dpp.json"],
        },
        {
            "requirement": "IDR-ID-02",
            "outcome": "error",
            "text": "The harness could not read its own vector.",
            "count": 1,
            "subjects": [endpoint],
        },
        {
            "requirement": "IDR-ID-01",
            "outcome": "not_run",
            "text": f"{endpoint} did not answer within 10 seconds.",
            "count": 1,
            "subjects": [endpoint],
        },
    ]
    conflicts = [
        {
            "id": "CONFLICT-01",
            "title": "Does a credential need an id?",
            "sides": [
                {"says": "The id is optional.", "source": "https://www.w3.org/TR/vc-data-model-2.0/#identifiers"},
                {"says": "The id is required.", "source": "https://untp.unece.org/docs/0.7.0/specification/"},
            ],
            "requirements": ["VCP-ENV-04"],
            "subjects": ["cathode-dpp.json", HOSTILE[1]],
        }
    ]
    return record_of(
        results,
        subjects=list(CHAIN),
        verdict="nonconformant",
        untested=record["untested"],
        reasons=reasons,
        conflicts=conflicts,
    )


def large(findings: int) -> Json:
    """A vendor with 400 credentials and as many findings as asked for, most of them all different."""
    subjects = [(f"bundle/{number:04d}-cathode-dpp.json", "DigitalProductPassport") for number in range(400)]
    names = own_requirements("DigitalProductPassport")[:60]
    excerpt = excerpt_of(STATUS, "94567")
    results = []
    for index in range(findings):
        name, (subject, _) = names[index % len(names)], subjects[(index // len(names)) % len(subjects)]
        different = f"{index}" if index % 4 else "the same everywhere"
        results.append(
            result(
                name,
                subject,
                "failed" if index % 3 else "warning",
                [
                    finding(
                        f"The member statusListIndex is a number: {different}.",
                        pointer=f"/credentialSubject/{index % 7}/credentialStatus/statusListIndex",
                        line=41,
                        column=24,
                        expected="a string of digits",
                        actual=different,
                        hint="Write the index as a string: the standard defines it so.",
                        source=catalogue()[name]["sources"][0],
                        excerpt=excerpt,
                    )
                ],
            )
        )
    return record_of(results, subjects=subjects, verdict="nonconformant")


def _faults() -> list[tuple[tuple[str, str], tuple[str, list[Json], str | None]]]:
    context = finding(
        "The first entry of @context is not the context of the data model.",
        pointer="/@context/0",
        line=3,
        column=5,
        expected="https://www.w3.org/ns/credentials/v2",
        actual="https://vocabulary.uncefact.org/untp/0.7.0/context/",
        hint="Put https://www.w3.org/ns/credentials/v2 first; the order decides how terms are read.",
        source="https://www.w3.org/TR/vc-data-model-2.0/#contexts",
        excerpt=excerpt_of({**STATUS, "@context": STATUS["@context"][::-1]}, f'"{STATUS["@context"][1]}"'),
    )
    faults: list[tuple[tuple[str, str], tuple[str, list[Json], str | None]]] = [
        (("VCP-ENV-01", name), ("failed", [context], None))
        for name in ("concentrate-dpp.json", "cathode-dpp.json", "battery-dpp.json")
    ]
    hostile = [
        finding(text, pointer=f"/{text}", expected=text, actual=text * 3, hint=text, source=BAD_LINKS[index % len(BAD_LINKS)])
        for index, text in enumerate(HOSTILE)
    ]
    hostile += [finding("An address that is none.", actual=link, source=link) for link in BAD_LINKS]
    faults.append((("VCP-ENV-05", "cathode-dpp.json"), ("failed", hostile, None)))
    long_line = "x" * 5000 + HOSTILE[0] + "y" * 5000
    flat = {"first_line": None, "lines": [long_line], "marked": 0, "from": 5000, "to": 5026, "reflowed": True}
    faults.append(
        (
            ("VCP-ENV-07", "mine-dfr.json"),
            ("failed", [finding("The issuer has no name.", pointer="/issuer", actual="z" * 20_000, excerpt=flat)], None),
        )
    )
    status = [
        finding(
            "The index is a number.",
            pointer=f"/credentialStatus/{place}",
            line=11,
            column=24,
            expected="a string of digits",
            actual="94567",
            hint="Write the index as a string.",
            source="https://www.w3.org/TR/vc-bitstring-status-list/",
            excerpt=excerpt_of(STATUS, "94567"),
        )
        for place in ("statusListIndex", "0/statusListIndex", "1/statusListIndex")
    ]
    faults.append((("VCP-ENV-09", "battery-dpp.json"), ("warning", status, None)))
    trace = [
        {"name": "protected header", "text": '{"alg":"ES256","typ":"vc+jwt"}', "sha256": digest("h"), "clause": ""},
        {"name": "signing input", "text": "ZXlK" * 300, "sha256": digest("s"), "clause": BAD_LINKS[0]},
        {
            "name": "signature value",
            "text": "00" * 64 + HOSTILE[1],
            "sha256": digest("v"),
            "clause": "https://www.rfc-editor.org/rfc/rfc7515#section-5.2",
        },
    ]
    broken = finding("The signature does not verify.", step="signature value", trace=trace, hint="Sign the bytes that you send.")
    unknown = finding("The key is not in the DID document.", step="key lookup", trace=trace[:1])
    faults.append((("VCP-ENV-06", "smelter-dcc.json"), ("failed", [broken, unknown], None)))
    faults.append((("VCP-ENV-03", "mine-identity.json"), ("review", [finding("A person has to read it.")], None)))
    faults.append((("VCP-ENV-02", "mine-dfr.json"), ("not_run", [], "https://status.minerals.example/3 was not asked for")))
    return faults
