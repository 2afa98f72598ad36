"""The same content in the shape of the UN's draft Conformance Assertion Protocol (merge request 772 of spec-untp).

PROVISIONAL: the draft says of itself that its context, its verifier and the registration of its well-known address do
not exist yet. It names two credentials: the declaration of a provider, which stands at /.well-known/untp-conformance,
and the report of its tests, which can be revoked. Members and context are ours until the draft settles them.
docs/attestation.md maps them to the attestation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from harness.credential.did_url import document_url
from harness.listing.attestation import (
    STATUS_FILE,
    WELL_KNOWN,
    digest_multibase,
    status_entry,
    valid_until,
    vendor_name,
    versions_of,
)
from harness.listing.signer import Signer

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://untp-crm.example/untp-conformance/0.1/context.jsonld",
]
"""Ours; the draft names https://vocabulary.uncefact.org/untp/conformance/v1, which does not exist."""
DECLARED, REPORTED = "UNTPConformanceAssertion", "UNTPConformanceTestReport"
REPORT_FILE = "untp-conformance-test-report.jwt"


def declaration_address(url: str) -> str:
    """Where the host of a URL declares its conformance."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}"


def declared(record: Mapping[str, Any], signer: Signer, base: str) -> str:
    """The declaration of a record's scope, signed."""
    return signer.token(_json(declaration_of(record, did=signer.did, base=base)))


def reported(record: Mapping[str, Any], record_body: bytes, signer: Signer, base: str) -> str:
    """The test report of a record, signed; it is withdrawn together with the attestation."""
    return signer.token(_json(report_of(record, record_body, did=signer.did, base=base)))


def declaration_of(record: Mapping[str, Any], *, did: str, base: str) -> dict[str, Any]:
    """What a software provider declares at /.well-known/untp-conformance: product, versions, components, roles."""
    product = record["product"] or {}
    return {
        "@context": CONTEXTS,
        "type": ["VerifiableCredential", DECLARED],
        "id": declaration_address(document_url(did) or base),
        "issuer": {"id": did, "name": vendor_name(record)},
        "validFrom": record["at"],
        "validUntil": valid_until(record),
        "credentialSubject": {
            "id": product.get("url") or base,
            "type": "SoftwareProduct",
            "name": product.get("name"),
            "softwareVersion": product.get("version"),
            "untpVersion": versions_of(record),
            "component": list(record["scope"]["components"]),
            "role": list(record["scope"]["roles"]),
            "testReport": f"{base}{REPORT_FILE}",
        },
    }


def report_of(record: Mapping[str, Any], record_body: bytes, *, did: str, base: str) -> dict[str, Any]:
    """What a run showed: verdict, outcomes by level, the suite, and the record by its digest."""
    declaration = declaration_of(record, did=did, base=base)
    return {
        **declaration,
        "type": ["VerifiableCredential", REPORTED],
        "id": f"{base}{REPORT_FILE}",
        "credentialStatus": status_entry(record_body, f"{base}{STATUS_FILE}"),
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


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
