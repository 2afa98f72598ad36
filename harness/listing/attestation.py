"""A record sealed as a UNTP Digital Conformity Credential 0.7.0 about the product.

The scheme is this harness, the profile is the profile of the run, the criteria are its requirements, the
assessments are the outcomes by component, and the evidence is the record and the manifest by their digests.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from harness.catalogue import load_catalogue
from harness.credential.did_url import document_url
from harness.listing.signer import Signer
from harness.trust.bitstring import bits_of, encode_list
from harness.trust.encoding import encode_multibase
from harness.trust.jose import read_compact

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
HOME = "https://untp-crm.example/harness/"
"""Names of the scheme, its profiles and criteria; they stand for themselves and need not resolve."""
TOPIC = "https://vocabulary.uncefact.org/conformity-topics/technical-conformity"
UNIT = "C62"
"""UN/CEFACT Recommendation 20: one, a count."""
DAY_MILLISECONDS = 86_400_000
FILE = "attestation.jwt"
STATUS_FILE = "status-list.jwt"
WELL_KNOWN = "/.well-known/untp-conformance"
SHA2_256 = b"\x12\x20"
TEMPLATE = (
    "<!doctype html><title>{{name}}</title><h1>{{name}}</h1><p>{{credentialSubject.name}}</p>"
    "<p>{{credentialSubject.description}}</p><p>{{issuer.name}}, {{validFrom}} to {{validUntil}}</p>"
    "<ul>{{#credentialSubject.conformityAssessment}}<li>{{name}}: {{conformance}}</li>"
    "{{/credentialSubject.conformityAssessment}}</ul>"
)
"""What a wallet shows of the attestation: Mustache, no script."""
UNSETTLED = ("not_run", "error", "review")


@dataclass(frozen=True)
class Seal:
    """An attestation with what stands around it on the web."""

    token: str
    did_document: bytes | None
    status_list: str
    base: str
    did: str
    declaration: str
    test_report: str


def seal_web(sealed: Seal, record: bytes, manifest: bytes) -> dict[str, bytes]:
    """What has to be published for the attestation to verify: URL -> bytes."""
    published = {
        f"{sealed.base}{FILE}": sealed.token.encode(),
        f"{sealed.base}{STATUS_FILE}": sealed.status_list.encode(),
        f"{sealed.base}record.json": record,
        f"{sealed.base}manifest.json": manifest,
    }
    for text in (sealed.declaration, sealed.test_report):
        published[str(read_compact(text).claims["id"])] = text.encode()
    place = document_url(sealed.did)
    if place is not None and sealed.did_document is not None:
        published[place] = sealed.did_document
    return published


def digest_multibase(body: bytes) -> str:
    """The SHA-256 multihash of bytes in base58, as UNTP links have it."""
    return encode_multibase(SHA2_256 + hashlib.sha256(body).digest())


def base_of(record: Mapping[str, Any], did: str) -> str:
    """Where a vendor publishes the attestation, unless told: on the signer's domain, by product and version."""
    place = document_url(did)
    product, vendor = record["product"] or {}, record["vendor"] or {}
    host = (
        urlsplit(place or product.get("url") or vendor.get("website") or "").netloc or "unpublished.invalid"
    )
    name, version = slug(product.get("name") or "product"), slug(product.get("version") or "0")
    return f"https://{host}/untp-conformance/{name}/{version}/"


def slug(text: str) -> str:
    """A text as a segment of a URL or file name: lower-case letters, digits, dots and hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "unnamed"


def attested(
    record: Mapping[str, Any], record_body: bytes, manifest: bytes, signer: Signer, base: str
) -> str:
    """The attestation of a record and its manifest, signed."""
    return signer.token(_json(payload_of(record, record_body, manifest, did=signer.did, base=base)))


def did_document_of(signer: Signer) -> bytes | None:
    """The DID document to publish; None where the DID is its own document."""
    return _json(signer.did_document()) if signer.document_url else None


def signed_list(
    record: Mapping[str, Any], signer: Signer, base: str, *, revoked: frozenset[int] = frozenset()
) -> str:
    """The revocation list of an attestation, signed; publish it with the index set to withdraw a listing."""
    url = f"{base}{STATUS_FILE}"
    value = {
        "@context": CONTEXTS[:1],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": url,
        "name": "Revocation list of conformance attestations",
        "issuer": {"id": signer.did, "name": vendor_name(record)},
        "validFrom": record["at"],
        "validUntil": valid_until(record),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(bits_of(revoked)),
            "ttl": DAY_MILLISECONDS,
        },
    }
    return signer.token(_json(value))


def payload_of(
    record: Mapping[str, Any], record_body: bytes, manifest: bytes, *, did: str, base: str
) -> dict[str, Any]:
    """The attestation before it is signed: a function of the record, so that anybody can make it again."""
    product = record["product"] or {}
    name = (
        " ".join(str(part) for part in (product.get("name"), product.get("version")) if part) or "a product"
    )
    profile = record["profile"] or "each-credential-by-its-contexts"
    links = {
        "record": _link(f"{base}record.json", "Record of the conformance run", record_body),
        "manifest": _link(f"{base}manifest.json", "Digests of everything that was judged", manifest),
    }
    return {
        "@context": CONTEXTS,
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": f"{base}{FILE}",
        "name": f"UNTP conformance of {name}",
        "issuer": {"type": ["CredentialIssuer"], "id": did, "name": vendor_name(record)},
        "validFrom": record["at"],
        "validUntil": valid_until(record),
        "credentialStatus": status_entry(record_body, f"{base}{STATUS_FILE}"),
        "renderMethod": [
            {
                "type": ["RenderTemplate2024"],
                "name": "Page for people",
                "mediaQuery": "screen",
                "template": TEMPLATE,
                "mediaType": "text/html",
            }
        ],
        "issuingSoftware": {
            "id": HOME,
            "name": "UNTP-CRM conformance harness",
            "version": record["harness"]["version"],
            "vendor": {"id": HOME, "name": "The UNTP-CRM conformance harness team"},
        },
        "credentialSubject": {
            "type": ["ConformityAttestation"],
            "id": f"{base}attestation",
            "name": f"Conformance of {name}: {record['verdict']}",
            "description": (
                f"Judged at {record['at']} by suite {record['harness']['suite']}. "
                f"Roles: {', '.join(f'{role} {said}' for role, said in sorted(record['roles'].items())) or 'none'}."
            ),
            "assessorLevel": "self",
            "assessmentLevel": "scheme-self",
            "attestationType": "declaration",
            "issuedToParty": {"type": ["Party"], "id": did, "name": vendor_name(record)},
            "referenceScheme": {
                "type": ["ConformityScheme"],
                "id": HOME,
                "name": f"UNTP-CRM conformance harness {record['harness']['version']}",
            },
            "referenceProfile": {
                "type": ["ConformityProfile"],
                "id": f"{HOME}profiles/{profile}",
                "name": profile,
            },
            "profileScore": {"code": record["verdict"]},
            "conformityCertificate": links["record"],
            "auditableEvidence": links["manifest"],
            "conformityAssessment": list(_assessments(record, base, name, links["record"])),
        },
    }


def status_entry(record_body: bytes, list_url: str) -> dict[str, Any]:
    """The status entry of what is said of a record: the index is drawn from its bytes."""
    index = int(hashlib.sha256(record_body).hexdigest()[:8], 16) % 131_072
    return {
        "type": "BitstringStatusListEntry",
        "id": f"{list_url}#{index}",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": list_url,
    }


def _assessments(
    record: Mapping[str, Any], base: str, name: str, evidence: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """One assessment for each claimed component with results."""
    about, product = record["requirements"], record["product"] or {}
    for component in record["scope"]["components"]:
        results = [row for row in record["results"] if about[row["requirement"]]["component"] == component]
        criteria = sorted({row["requirement"] for row in results})
        if not criteria:
            continue
        must = [row["outcome"] for row in results if row["level"] == "MUST"]
        yield {
            "type": ["ConformityAssessment"],
            "id": f"{base}attestation#{component}",
            "name": f"UNTP component {component}",
            "description": f"Outcomes of {len(results):,} tests of {len(criteria):,} requirements.",
            "assessmentCriteria": [
                {"type": ["Criterion"], "id": f"{HOME}requirements/{i}", "name": about[i]["title"]}
                for i in criteria
            ],
            "assessmentDate": record["at"][:10],
            "assessedPerformance": [
                {
                    "metric": {"type": ["PerformanceMetric"], "id": f"{HOME}outcomes/{what}", "name": said},
                    "measure": {"value": must.count(what), "unit": UNIT},
                }
                for what, said in (
                    ("passed", "Tests of a MUST that passed"),
                    ("failed", "Tests of a MUST that failed"),
                )
            ],
            "assessedProduct": [
                {
                    "product": {"type": ["Product"], "id": product.get("url") or base, "name": name},
                    "idVerifiedByCAB": False,
                }
            ],
            "referenceStandard": [
                {"type": ["Standard"], "id": "https://untp.unece.org/docs/specification/", "name": said}
                for said in _standards(record)
            ],
            "conformance": "passed" in must
            and "failed" not in must
            and not any(outcome in UNSETTLED for outcome in must),
            "conformityTopic": [{"type": ["ConformityTopic"], "id": TOPIC, "name": "Technical Conformity"}],
            "evidence": [dict(evidence)],
        }


def versions_of(record: Mapping[str, Any]) -> list[str]:
    """The UNTP versions that the record speaks of, oldest first."""
    names = {row["profile"] for row in record["subjects"] if row["profile"]} | {record["profile"]} - {None}
    known = load_catalogue().profiles
    return sorted({known[name].version for name in names if name in known})


def _standards(record: Mapping[str, Any]) -> list[str]:
    return ["UN Transparency Protocol " + " and ".join(versions_of(record) or ["0.7.0"])]


def _link(url: str, name: str, body: bytes) -> dict[str, str]:
    return {
        "linkURL": url,
        "linkName": name,
        "linkType": "https://ref.gs1.org/voc/certificationInfo",
        "mediaType": "application/json",
        "digestMultibase": digest_multibase(body),
    }


def vendor_name(record: Mapping[str, Any]) -> str:
    """Who signs, by name."""
    return str((record["vendor"] or {}).get("name") or "An unnamed vendor")


def valid_until(record: Mapping[str, Any]) -> str:
    """Twelve months after the run; from 29 February to 28 February."""
    at = datetime.fromisoformat(record["at"])
    leap = (at.month, at.day) == (2, 29)
    return at.replace(year=at.year + 1, day=28 if leap else at.day).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
