"""Synthetic records: a good vendor, a failing one with hostile strings, and one with thousands of findings."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .faults import faults
from .pieces import CHAIN, HOSTILE, OUTCOMES, STATUS, Json, catalogue, digest, excerpt_of, finding


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
            {
                "sha256": digest(name),
                "media_type": "application/vc+ld+json",
                "origin": "file",
                "bytes": 3412,
                "name": name,
            }
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
    return [
        name
        for name, row in catalogue().items()
        if row["component"] in {component, "VCP"} and row["role"] == "issuer"
    ]


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
    known_faults = faults()
    results = []
    for row in record["results"]:
        fault = known_faults.get((row["requirement"], row["subject"]))
        if fault is None:
            results.append(row)
        else:
            outcome, findings, reason = fault
            again = result(row["case"], row["subject"], outcome, findings)
            results.append(again if reason is None else {**again, "reason": reason})
    endpoint = "https://id.minerals.example/"
    results.append(
        result("IDR-ID-01", endpoint, "not_run", reason=f"{endpoint} did not answer within 10 seconds.")
    )
    results.append(
        result("IDR-ID-02", endpoint, "error", reason="The harness could not read its own vector.")
    )
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
                {
                    "says": "The id is optional.",
                    "source": "https://www.w3.org/TR/vc-data-model-2.0/#identifiers",
                },
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
                "failed" if catalogue()[name]["level"] == "MUST" else "warning",
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
