"""Which official schema each of our schemas stands for, and a document to start from."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
SHARED: Final = Path(os.environ.get("UNTP_CRM_SHARED", CHECKOUT.parent / "shared"))
SCHEMAS: Final = CHECKOUT / "schemas"
ARTEFACTS: Final = SHARED / "artefacts"
CORPORA: Final = SHARED / "corpora"

_TYPES: Final = ("dpp", "dcc", "dfr", "dte", "dia")
_VERSIONS: Final = ("0.7.0", "0.6.1", "0.6.0", "0.5.0")
_W3C: Final = "w3c/vcdm-schema/v2/verifiable-{}-schema.json"
_NAMES_0_7: Final = {
    "dpp": "DigitalProductPassport",
    "dcc": "ConformityCredential",
    "dfr": "DigitalFacilityRecord",
    "dte": "DigitalTraceabilityEvent",
    "dia": "DigitalIdentityAnchor",
}


@dataclass(frozen=True)
class Pair:
    """Our schema, the official schema that it stands for, and an official sample where one passes."""

    name: str
    ours: Path
    official: Path
    sample: Path | None


def read(path: Path) -> Any:
    """The JSON value of a file."""
    return json.loads(path.read_text(encoding="utf-8"))


def _untp(kind: str, version: str) -> Pair:
    published = "0.2.1" if (kind, version) == ("dia", "0.5.0") else version
    sample: Path | None = ARTEFACTS / kind / version / "instance.json"
    if version == "0.7.0":
        sample = CORPORA / "spec-untp-0.7.0-prerelease" / f"{_NAMES_0_7[kind]}_instance.json"
    elif version == "0.5.0":
        sample = None
    return Pair(
        name=f"{kind}-{version}",
        ours=SCHEMAS / f"untp-{version}" / f"{kind}.json",
        official=ARTEFACTS / kind / published / "schema.json",
        sample=sample,
    )


def _vcdm(kind: str, example: str) -> Pair:
    return Pair(
        name=f"{kind}-2.0",
        ours=SCHEMAS / "vcdm-2.0" / f"{kind}.json",
        official=ARTEFACTS / _W3C.format(kind),
        sample=CORPORA / "vcdm-schema-examples" / example,
    )


def _other(name: str, ours: str, official: str, sample: str | None = None) -> Pair:
    """A document that is no credential: vocabulary, link set or register."""
    return Pair(name, SCHEMAS / ours, ARTEFACTS / official, CORPORA / sample if sample else None)


def _catalogue(kind: str, official: str, sample: str) -> Pair:
    return _other(
        f"cvc-{kind}-0.7.0",
        f"untp-0.7.0/cvc-{kind}.json",
        f"prerelease-0.7.0/cvc/20260403/{official}.json",
        f"spec-untp-0.7.0-prerelease/{sample}_instance.json",
    )


_REGISTERS: Final = ("swi", "idr", "cvc")

PAIRS: Final = (
    *(_untp(kind, version) for version in _VERSIONS for kind in _TYPES),
    _other("svc-0.6.1", "untp-0.6.1/svc.json", "svc/0.6.1/schema.json"),
    _catalogue("scheme", "ConformityScheme", "ConformityScheme"),
    _catalogue("profile", "ConformityProfile", "ConformityProfile"),
    _catalogue("criterion", "Criterion", "Criterion_mass_balance"),
    _other("linkset-0.7.0", "untp-0.7.0/linkset.json", "idr/0.7.0/LinksetSchema.json"),
    *(
        _other(
            f"register-{kind}",
            f"untp-0.7.0/register-{kind}.json",
            f"registers-{kind}/20260403/register-schema.json",
        )
        for kind in _REGISTERS
    ),
    _vcdm("credential", "verifiable-credential_example-4.json"),
    _vcdm("presentation", "verifiable-presentation_example-2.json"),
)


@cache
def our_documents() -> dict[str, Any]:
    """Every schema file of ours by its `$id`."""
    files = sorted(file for folder in ("untp-*", "vcdm-*") for file in SCHEMAS.glob(f"{folder}/*.json"))
    return {document["$id"]: document for document in map(read, files)}


@cache
def official_documents() -> dict[str, Any]:
    """Every official schema that is compared, by its `$id`, or by its file URL where it has none."""
    documents = ((pair.official.as_uri(), read(pair.official)) for pair in PAIRS)
    return {document.get("$id", url): document for url, document in documents}


def official_address(pair: Pair) -> str:
    """The key of a pair's official schema in `official_documents`."""
    address: str = read(pair.official).get("$id", pair.official.as_uri())
    return address


@cache
def corpora() -> dict[str, Any]:
    """Every file under `corpora` that parses as JSON, by its path."""
    documents: dict[str, Any] = {}
    for path in sorted(CORPORA.rglob("*")):
        if path.is_file():
            try:
                documents[str(path.relative_to(CORPORA))] = read(path)
            except ValueError:
                continue
    return documents
