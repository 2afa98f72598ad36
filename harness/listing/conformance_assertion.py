"""The same content in the shape of the UN's draft Conformance Assertion Protocol (merge request 772 of spec-untp).

PROVISIONAL: the draft has neither a context nor a verifier yet. It names two credential types, of which the
first stands at /.well-known/untp-conformance; members and context are ours until the draft settles them.
docs/attestation.md maps them to the attestation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.listing.attestation import digest_multibase, versions_of
from harness.listing.rules import Breach
from harness.report.visible import one_line

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://untp-crm.example/untp-conformance/0.1/context.jsonld",
]
DECLARED, REPORTED = "UNTPConformanceAssertion", "UNTPConformanceTestReport"
DECLARATION_RULE = "declaration"


def declaration_of(record: Mapping[str, Any], *, did: str, base: str) -> dict[str, Any]:
    """What a software provider declares at /.well-known/untp-conformance: product, versions, components, roles."""
    product = record["product"] or {}
    origin = "/".join(base.split("/")[:3])
    return {
        "@context": CONTEXTS,
        "type": ["VerifiableCredential", DECLARED],
        "id": f"{origin}/.well-known/untp-conformance",
        "issuer": {"id": did, "name": str((record["vendor"] or {}).get("name") or "An unnamed vendor")},
        "validFrom": record["at"],
        "credentialSubject": {
            "id": product.get("url") or base,
            "type": "SoftwareProduct",
            "name": product.get("name"),
            "softwareVersion": product.get("version"),
            "untpVersion": versions_of(record),
            "component": list(record["scope"]["components"]),
            "role": list(record["scope"]["roles"]),
            "testReport": f"{base}untp-conformance-test-report.json",
        },
    }


def report_of(record: Mapping[str, Any], record_body: bytes, *, did: str, base: str) -> dict[str, Any]:
    """What a run showed: verdict, outcomes by level, the suite, and the record by its digest."""
    declaration = declaration_of(record, did=did, base=base)
    return {
        **declaration,
        "type": ["VerifiableCredential", REPORTED],
        "id": f"{base}untp-conformance-test-report.json",
        "credentialSubject": {
            **{n: v for n, v in declaration["credentialSubject"].items() if n != "testReport"},
            "assertion": declaration["id"],
            "verdict": record["verdict"],
            "roleVerdict": [
                {"role": role, "verdict": said} for role, said in sorted(record["roles"].items())
            ],
            "tally": [{"level": level, **found} for level, found in record["counts"].items()],
            "testSuite": {
                "name": "UNTP-CRM conformance harness",
                "softwareVersion": record["harness"]["version"],
                "digest": record["harness"]["suite"],
            },
            "record": {"id": f"{base}record.json", "digestMultibase": digest_multibase(record_body)},
        },
    }


def check_declaration(declaration: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Breach]:
    """Where a live declaration promises more than the record shows."""
    subject = declaration.get("credentialSubject")
    types = declaration.get("type")
    if not isinstance(subject, Mapping) or not isinstance(types, list) or DECLARED not in types:
        yield Breach(
            DECLARATION_RULE, f"This is no {DECLARED}.", "/type", DECLARED, one_line(str(types), 200)
        )
        return
    product = record["product"] or {}
    for member, shown in (("name", product.get("name")), ("softwareVersion", product.get("version"))):
        if subject.get(member) != shown:
            yield Breach(
                DECLARATION_RULE, f"The record is of another {member}.", f"/credentialSubject/{member}", str(shown),
                one_line(str(subject.get(member)), 200),
            )  # fmt: skip
    about = record["requirements"]
    passed = {
        about[row["requirement"]]["component"]
        for row in record["results"]
        if row["outcome"] == "passed" and row["level"] == "MUST"
    }
    failed = {about[r["requirement"]]["component"] for r in record["results"] if r["outcome"] == "failed"}
    conformant = {role for role, said in record["roles"].items() if said == "conformant"}
    for member, shown_ones in (
        ("component", passed - failed), ("role", conformant), ("untpVersion", set(versions_of(record))),
    ):  # fmt: skip
        declared = subject.get(member)
        for one in declared if isinstance(declared, list) else [declared]:
            if not isinstance(one, str) or one not in shown_ones:
                yield Breach(
                    DECLARATION_RULE, "The record does not show what is declared.", f"/credentialSubject/{member}",
                    ", ".join(sorted(shown_ones)) or "nothing", one_line(str(one), 200),
                )  # fmt: skip
