"""The vendor.toml of the live reference vendor: it claims every role, and names what each suite asks for."""

from __future__ import annotations

import hashlib
import json

from harness.reference.payloads import dump
from harness.reference.server.catalogues import FROZEN_CRITERION, Catalogues
from harness.reference.server.estate import Estate
from harness.reference.server.further import ENDED, VERSION
from harness.reference.server.possessions import LOT
from harness.reference.server.vault import ITEMS, RECYCLER, SHORT

CREDENTIALS = (
    "dpp-pack-item",
    "dpp-pack-model",
    "dfr-cell-plant",
    "dcc-pack-test",
    "dte-foil-and-pack",
    "dte-pack-repair",
)
MEMBERS = ("dia-cell-maker-business", "dia-smelter-business")
PASSPORT = "dpp-pack-item"

HEAD = """\
# The reference vendor as a live server: `untp-crm reference serve` in one terminal, and in another
# `untp-crm certify {place}`. Written by the server; every key is described in docs/vendor.md, what is
# asked of each role in docs/live.md. All companies are made up, all keys are DEMO keys.

[vendor]
name = "Cadenza Trace Oy"
website = "https://cadenza-trace.example/"
country = "FI"

[product]
name = "Cadenza Trace"
version = "1.4.2"
url = "https://cadenza-trace.example/product"

[scope]
profile = "untp-0.7.0"
components = ["VCP", "DPP", "DCC", "DTE", "DFR", "DIA", "IDR", "DAC", "CVC"]
roles = ["issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary"]
"""


def vendor_toml(estate: Estate, catalogues: Catalogues, *, place: str, folder: str = "") -> str:
    """The file; `folder` is where both authorities stand, relative to it, with a slash at its end."""
    base, possessions, vault = estate.base, catalogues.possessions, catalogues.possessions.vault
    resolver: list[tuple[str, object]] = [
        ("base", f"{base}/"),
        ("identifiers", [possessions.item.removeprefix(f"{base}/")]),
        ("carriers", [["01/09521300002224", "01/9521300002224"]]),
        ("urns", [{"urn": f"urn:gtr:voltara-cells.example:{LOT}", "template": f"{base}/lots/{{id}}"}]),
        ("variants", [RECYCLER]),
    ]
    contexts = [url for url in estate.documents if "/contexts/" in url and "0.6" not in url]
    criteria = possessions.named("Criterion")
    publisher: list[tuple[str, object]] = [
        ("credentials", [estate.payloads[f"{VERSION}/{name}"].url for name in CREDENTIALS]),
        ("contexts", contexts),
        ("schemas", [url for url, value in possessions.site.items() if "$schema" in value]),
        ("templates", [url for url in estate.documents if url.endswith("/dpp-1.html")]),
        ("presentations", [f"{base}/presentations/1"]),
        ("register", _register(catalogues, "swi")),
        ("frozen", [_frozen(url, estate.documents[url][0]) for url in contexts]),
        ("wallet", True),
    ]
    registrar: list[tuple[str, object]] = [
        ("register", _register(catalogues, "idr")),
        (
            "members",
            [
                str(estate.payloads[f"{VERSION}/{name}"].value["credentialSubject"]["publicInformation"])
                for name in MEMBERS
            ],
        ),
        ("ended", [estate.payloads[f"{VERSION}/{ENDED.name}"].url]),
    ]
    vocabulary: list[tuple[str, object]] = [
        ("schemes", list(possessions.named("ConformityScheme"))),
        ("profiles", list(possessions.named("ConformityProfile"))),
        ("criteria", list(criteria)),
        ("register", _register(catalogues, "cvc")),
        ("maturity", 3),
        (
            "frozen",
            [
                _frozen(url, dump(possessions.site[url]).encode())
                for url in criteria
                if url.endswith(FROZEN_CRITERION)
            ],
        ),
    ]
    access: list[tuple[str, object]] = [
        ("public", [estate.payloads[f"{VERSION}/{PASSPORT}"].url, *possessions.pages]),
        ("unguessable", [f"{base}/{ITEMS}/{address}" for address in vault.unguessable]),
        ("codes", list(vault.codes)),
        ("short", [f"{base.upper()}/{SHORT}/{vault.short}"]),
        ("authentication", f"{base}/exchanges/did-auth"),
    ]
    tables: dict[str, list[tuple[str, object]]] = {
        "issuer": [("adapter", "vc-api"), ("endpoint", f"{base}/credentials/issue"), ("id", estate.did)],
        "verifier": [("adapter", "vc-api"), ("endpoint", f"{base}/credentials/verify")],
        "resolver": resolver,
        "publisher": publisher,
        "registrar": registrar,
        "vocabulary": vocabulary,
        "access_control": access,
    }
    text = HEAD.format(place=place)
    for name, rows in tables.items():
        text += f"\n[[{name}]]\n" + "".join(f"{key} = {_written(value)}\n" for key, value in rows)
    host = base.removeprefix("https://")
    return text + (
        f'\n[network]\nallow = ["{host}"]\nca = "{folder}authority.pem"\n'
        f'\n[harness]\nauthority = "{folder}untp-crm-authority.pem"\n'
    )


def _frozen(url: str, body: bytes) -> dict[str, str]:
    """What stays as it was published, with its digest."""
    return {"url": url, "sha256": hashlib.sha256(body).hexdigest()}


def _register(catalogues: Catalogues, kind: str) -> str:
    return next(url for url in catalogues.possessions.site if url.endswith(f"/{kind}"))


def _written(value: object) -> str:
    """A value as TOML writes it: JSON is TOML for strings, numbers, truth values and lists."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(item, str) for item in value):
        return "[\n" + "".join(f"    {json.dumps(item)},\n" for item in value) + "]"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_written(item)}' for key, item in value.items())} }}"
    return json.dumps(value)
