"""The example value chains of UNTP-CRM as files for a vendor: signed, with the web around them, ready to check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from harness.catalogue import CredentialType, load_catalogue
from harness.evidence import Evidence
from harness.reference.crm import (
    CHAINS,
    PROFILE,
    crm_anchors,
    crm_chain,
    crm_evidence,
    crm_web,
    load_crm_payloads,
)
from harness.reference.payloads import dump
from harness.resources import resource

CONTEXT = "https://untp-crm.example/0.1/context.jsonld"
PLACE = "https://untp-crm.example/"
TERM = re.compile(r'"crm:([A-Za-z]+)[#"]')
"""A term of the vocabulary, as the context names it."""

DEFINED_BY = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
SHARED = ("core.json",)
"""Schemas that those of the types refer to."""

VENDOR = """# Certifies the three chains under UNTP-CRM: untp-crm certify vendor.toml --out report/
[vendor]
name = "Example value chains"
website = "https://untp-crm.example"
country = "FI"

[product]
name = "Example credentials"
version = "0.1"
url = "https://untp-crm.example/examples"

[scope]
profile = "untp-crm"
components = ["VCP", "DPP", "DCC", "DTE", "DFR", "DIA", "CRM", "GRAPH", "MB"]
roles = ["issuer"]

[trust]
anchors = "anchors.toml"
"""


def crm_files() -> Mapping[str, bytes]:
    """Every file by its path: each chain, web/, anchors.toml, vendor.toml, the extension itself with extension.toml."""
    found: dict[str, bytes] = {}
    for chain in CHAINS:
        for name in crm_chain(chain):
            found[_path(chain, name)] = crm_evidence(name).body
    for url, answer in crm_web().items():
        if isinstance(answer, Evidence):
            found[_in_web(url)] = answer.body
    bundles = "".join(f'\n[[bundle]]\npath = "{chain}/"\nweb = "web/"\n' for chain in CHAINS)
    found["vendor.toml"] = (VENDOR + bundles).encode()
    found["anchors.toml"] = crm_anchors().encode()
    return {**found, **dict(_extension())}


def _path(chain: str, name: str) -> str:
    return f"{chain}/{name.rpartition('/')[2]}.jwt"


def _in_web(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path + ("index.json" if parts.path.endswith("/") else "")
    return f"web/{quote(parts.netloc)}{path}"


def _extension() -> Iterator[tuple[str, bytes]]:
    """The published parts of the profile, and extension.toml which names them."""
    profile = load_catalogue().profiles[PROFILE]
    kinds = [kind for kind in profile.types.values() if kind.extends]
    schemas = [*SHARED, *dict.fromkeys(_file(kind) for kind in kinds)]
    lines = [
        "# The parts of UNTP-CRM as its designer publishes them: untp-crm extension . --web web/",
        'name = "UNTP-CRM"', 'version = "0.1"', f'base = "{profile.base}"',
        f'tests = "{PLACE}tests"', f'report = "{PLACE}report"',
        "", "[[context]]", f'url = "{CONTEXT}"', 'file = "schemas/context.jsonld"',
    ]  # fmt: skip
    for name in SHARED:
        lines += ["", "[[schema]]", f'file = "schemas/{name}"']
    for kind in kinds:
        shown = [
            _path(chain, name)
            for chain in CHAINS
            for name in crm_chain(chain)
            if kind.name in load_crm_payloads()[name].value["type"]
        ]
        listed = "".join(f'\n    "{path}",' for path in shown)
        subjects = ", ".join(f'"{name}"' for name in kind.subject)
        lines += [
            "", "[[type]]", f'name = "{kind.name}"', f'extends = "{kind.extends}"', f"subject = [{subjects}]",
            f'schema = "schemas/{_file(kind)}"', f"examples = [{listed}\n]",
        ]  # fmt: skip
    yield "extension.toml", ("\n".join(lines) + "\n").encode()
    for name in (*schemas, "context.jsonld", "ontology.ttl"):
        body = resource("schemas", PROFILE, name).read_bytes()
        yield f"schemas/{name}", body
        yield _in_web(f"{PLACE}schemas/{PROFILE}/{name}"), body
    yield _in_web(f"{PLACE}vocabulary/"), resource("schemas", PROFILE, "ontology.ttl").read_bytes()
    context = resource("schemas", PROFILE, "context.jsonld").read_text(encoding="utf-8")
    for term in sorted(set(TERM.findall(context))):
        said = {"@id": f"{PLACE}vocabulary/{term}", DEFINED_BY: {"@id": f"{PLACE}vocabulary/"}}
        yield _in_web(f"{PLACE}vocabulary/{term}"), dump(said).encode()
    yield _in_web(CONTEXT), resource("schemas", PROFILE, "context.jsonld").read_bytes()


def _file(kind: CredentialType) -> str:
    return (kind.extension or "").rpartition("/")[2]
