"""`untp-crm init`: a commented vendor.toml to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import out
from harness.errors import UsageError
from harness.vendor import Vendor

ROLES = ("issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary")

SAMPLE = {
    "vendor.name": "Sample Minerals Ltd",
    "vendor.website": "https://minerals.example",
    "product.name": "TraceMine",
    "product.url": "https://minerals.example/tracemine",
}
"""What `init` writes for a vendor to replace."""

_HEAD = """\
# What is tested, and where it is found. Every key: docs/vendor.md

[vendor]                        # the organisation
name = "Sample Minerals Ltd"
website = "https://minerals.example"
country = "CA"                  # ISO 3166-1, two letters

[product]                       # what is certified, in exactly one version
name = "TraceMine"
version = "4.2.0"
url = "https://minerals.example/tracemine"

[scope]                         # what is claimed; a fault in a credential counts, claimed or not
profile = "untp-0.7.0"
components = ["VCP", "DPP", "DCC", "DFR", "DTE", "DIA"]
roles = [{roles}]

[[bundle]]                      # credentials that the product has issued
path = "credentials/"
# web = "web/"                  # answers https://host/path from web/host/path, for DID documents and status lists

# [trust]                       # where chains of trust may end; without it nobody is trusted
# anchors = "anchors.toml"      # roots = ["did:web:register.example"]
"""

_ENDPOINTS = {
    "issuer": """
[[issuer]]
adapter = "vc-api"
endpoint = "https://api.minerals.example/credentials/issue"
headers = { Authorization = "env:ISSUER_TOKEN" }   # secrets come from the environment only
""",
    "verifier": """
[[verifier]]
adapter = "vc-api"
endpoint = "https://api.minerals.example/credentials/verify"
# depth = "full"                # all questions instead of about 140
# checks = ["anchors", "links"] # where it also looks at identity anchors and linked credentials, and says so

[harness]                       # where the verifier finds the DID documents and status lists of the test credentials
authority = "untp-crm-authority.pem"   # made at the first run: let the product trust this certificate
# public_base = "https://vectors.minerals.example"   # where it runs elsewhere: a proxy or tunnel to listen
# listen = "127.0.0.1:8088"
""",
    "resolver": """
[[resolver]]
base = "https://id.minerals.example/"
identifiers = ["01/09359502000034/21/10001"]   # known ones, the richest link sets first; docs/live.md has more keys
""",
    "publisher": """
[[publisher]]
credentials = ["https://minerals.example/credentials/dpp.jwt"]   # where issued credentials stand on the web
# contexts, schemas, presentations, frozen: docs/live.md

# [[access_control]]            # protected data, for the component DAC: docs/live.md
""",
    "registrar": """
[[registrar]]
members = ["https://register.example/90664869327"]   # registered ids, as the register resolves them
""",
    "vocabulary": """
[[vocabulary]]
schemes = ["https://scheme.example/copper/1.0.0"]    # and profiles, criteria: docs/live.md
""",
}


def left_from_sample(vendor: Vendor) -> list[str]:
    """The members of a vendor.toml that still say what `init` wrote."""
    said = {"vendor": vendor.vendor, "product": vendor.product}
    return [
        name
        for name, value in SAMPLE.items()
        if said[name.partition(".")[0]].get(name.partition(".")[2]) == value
    ]


def init(
    role: Annotated[
        list[str] | None,
        typer.Option(help="A role that the product plays: issuer, verifier, resolver, publisher …"),
    ] = None,
    path: Annotated[Path, typer.Option(help="Where to write it.")] = Path("vendor.toml"),
) -> int:
    """Write a commented vendor.toml."""
    roles = role or ["issuer"]
    for name in roles:
        if name not in ROLES:
            raise UsageError(f"there is no role {name!r} to set up", hint=f"Roles: {', '.join(ROLES)}.")
    if path.exists():
        raise UsageError(
            f"{path} exists already", hint="Give another place with --path; nothing was written."
        )
    named = ", ".join(f'"{name}"' for name in roles)
    try:
        path.write_text(
            _HEAD.replace("{roles}", named) + "".join(_ENDPOINTS[n] for n in roles if n != "issuer"),
            encoding="utf-8",
        )
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    out(f"Wrote {path}. Next: put credentials under credentials/ and run untp-crm certify {path}")
    return 0
