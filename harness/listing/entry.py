"""A record as the UN's registers want it: the entry of a software implementer, the form, a row of the CRM table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.catalogue import load_catalogue
from harness.listing.attestation import slug, versions_of
from harness.report.countries import country_name
from harness.report.visible import one_line

REGISTER = "https://untp.unece.org/registers/swi/"
IN_REGISTER: Mapping[str, str] = {
    "VCP": "VCP", "DPP": "DPP", "DTE": "DTE", "DCC": "DCC", "DFR": "DFR", "IDR": "IDR", "DIA": "DIA",
    "DAC": "DAC", "CVC": "SVC",
}  # fmt: skip
"""Our components and the scope codes of the register; it calls the vocabulary catalogue SVC."""

ON_FORM: tuple[tuple[str, str], ...] = (
    ("DPP", "Digital Product Passport (DPP)"),
    ("DFR", "Digital Facility Record (DFR)"),
    ("DTE", "Digital Traceability Events (DTE)"),
    ("DCC", "Digital Conformity Credential (DCC)"),
    ("IDR", "Identity Resolver (IDR)"),
    ("DAC", "Decentralised Access Control (DAC)"),
    ("SVC", "Sustainability Vocabulary Profile"),
)
"""The scope ticks of the registration form, in its order; it has none for VCP and DIA."""

RESULT: Mapping[str, str] = {"conformant": "pass", "nonconformant": "fail", "undetermined": "partial"}


def register_entry(record: Mapping[str, Any], *, evidence_url: str | None = None) -> dict[str, Any]:
    """The entry of a vendor for the UN's register of software implementers, with one result for each version."""
    vendor, product = record["vendor"] or {}, record["product"] or {}
    scope = scope_of(record)
    name = str(vendor.get("name") or "Unnamed vendor")
    entry: dict[str, Any] = {
        "id": f"{REGISTER}{slug(name)}",
        "name": name,
        "website": vendor.get("website") or product.get("url") or f"{REGISTER}{slug(name)}",
        "commitmentDate": record["at"][:10],
        "untpScope": scope,
        "status": "conformant" if record["verdict"] == "conformant" else "active",
        "products": [
            {
                "name": str(product.get("name") or "Unnamed product"),
                "untpScope": scope,
                "untpVersions": versions_of(record),
                "testResults": [_result(record, version, evidence_url) for version in versions_of(record)],
            }
        ],
    }
    if product.get("url"):
        entry["products"][0]["url"] = product["url"]
    country = country_name(vendor.get("country"))
    if country is not None:
        entry["registrationCountry"] = country
    return entry


def _result(record: Mapping[str, Any], version: str, evidence_url: str | None) -> dict[str, Any]:
    row = {
        "softwareVersion": str((record["product"] or {}).get("version") or "unknown"),
        "untpVersion": version,
        "testDate": record["at"][:10],
        "testSuite": f"UNTP-CRM conformance harness {record['harness']['version']}, {record['harness']['suite']}",
        "result": RESULT[_verdict(record, version)],
    }
    if evidence_url is not None:
        row["evidenceCredentialURL"] = evidence_url
    return row


def _verdict(record: Mapping[str, Any], version: str) -> str:
    """The verdict for one version: that of its credentials; that of the run where it is the only one."""
    known = load_catalogue().profiles
    verdicts = {
        row["verdict"]
        for row in record["subjects"]
        if row["profile"] in known and known[row["profile"]].version == version
    }
    if len(versions_of(record)) == 1 or not verdicts:
        return str(record["verdict"])
    return next(word for word in ("nonconformant", "undetermined", "conformant") if word in verdicts)


def scope_of(record: Mapping[str, Any]) -> list[str]:
    """The claimed components as scope codes of the register."""
    return [IN_REGISTER[name] for name in record["scope"]["components"] if name in IN_REGISTER]


def registration_form(record: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """The UN's form Register_UNTP_Implementation.md, filled in as far as a record can."""
    vendor, product = record["vendor"] or {}, entry["products"][0]
    conformant = record["verdict"] == "conformant"
    evidence = next((row.get("evidenceCredentialURL") for row in product["testResults"]), None)
    scope = entry["untpScope"]
    versions = product["untpVersions"]
    lines = [
        f"# Register UNTP implementation: {_plain(entry['name'])}",
        "",
        "Filled in from record.json by the UNTP-CRM conformance harness. Lines marked ✎ are for you.",
        "",
        "## Organisation",
        "",
        f"* Organisation name: {_plain(entry['name'])}",
        f"* Homepage: {_plain(entry['website'])}",
        "* Logo: ✎ attach a PNG of 300 by 300 pixels",
        f"* Registration country: {_plain(entry.get('registrationCountry') or '✎')}",
        f"* Operating countries (codes): ✎ {_plain(vendor.get('country') or '')}".rstrip(),
        "* Industry sectors (ISIC): ✎",
        "",
        "## Implementation statement",
        "",
        "✎ About 100 words on why and for whom you implement UNTP.",
        "",
        "## Status",
        "",
        f"- [{' ' if conformant else 'x'}] Commitment",
        f"- [{'x' if conformant else ' '}] Tested implementation (attach test evidence)",
        "",
        "Test evidence: submission.zip"
        + (f", and the signed credential at {_plain(evidence)}" if evidence else ""),
        "",
        "## Scope",
        "",
        *(f"- [{'x' if code in scope else ' '}] {title}" for code, title in ON_FORM),
        "",
        f"Also tested, and not on the form: {', '.join(c for c in scope if c in ('VCP', 'DIA')) or 'none'}.",
        "",
        "## Version",
        "",
        f"- [{'x' if any(v.startswith('0.') for v in versions) else ' '}] 0.x",
        f"- [{'x' if any(v.startswith('1.') for v in versions) else ' '}] 1.x",
        "",
        "## Software",
        "",
        f"* Product name: {_plain(product['name'])}",
        f"* Product URL: {_plain(product.get('url') or '✎')}",
        f"* Major version: {_plain(str((record['product'] or {}).get('version') or '✎').partition('.')[0])}",
        f"* Specifications supported: UNTP {', '.join(versions)}",
        "",
        "## Row for the table of software providers of the CRM project",
        "",
        *crm_row(record, entry),
        "",
    ]
    return "\n".join(lines)


def crm_row(record: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    """Head and row for the CRM project's table of software providers."""
    product = entry["products"][0]
    cells = [
        entry["name"], product["name"], str((record["product"] or {}).get("version") or ""), ", ".join(entry["untpScope"]),
        ", ".join(product["untpVersions"]), ", ".join(record["scope"]["roles"]),
        f"{record['verdict']}, {record['at'][:10]}",
    ]  # fmt: skip
    return [
        "| provider | product | version | UNTP scope | UNTP versions | roles | test result |",
        "|--|--|--|--|--|--|--|",
        "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |",
    ]


def _plain(text: object) -> str:
    """A stranger's text as one line of Markdown that formats nothing."""
    line = one_line(str(text), 300)
    return (
        "".join(f"\\{sign}" if sign in "\\`*_[]<>#!" else sign for sign in line)
        if "://" not in line
        else line.replace("<", "%3C").replace(">", "%3E")
    )
