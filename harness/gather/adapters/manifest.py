"""Implementation manifests as the W3C test suites read them: where a product issues and verifies, by tags.

{"name": …, "issuers": [{"id": "did:…", "endpoint": "https://…", "tags": ["vc2.0"], "options": {…}}], "verifiers": [ … ]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.errors import VendorFileError, Where
from harness.vendor import Endpoint, Vendor

LARGEST = 1024 * 1024
"""Most bytes of a manifest."""
_LISTS = {"issuer": "issuers", "verifier": "verifiers"}


def with_manifests(vendor: Vendor) -> Vendor:
    """The vendor with the endpoints of its manifests filled in. Raises VendorFileError where a manifest has none that fits."""
    endpoints = {
        role: tuple(_filled(one, vendor.folder) if "manifest" in one.row else one for one in found)
        for role, found in vendor.endpoints.items()
    }
    return replace(vendor, endpoints=endpoints)


def _filled(endpoint: Endpoint, folder: Path) -> Endpoint:
    name = str(endpoint.row["manifest"])
    listed = _read(folder / name, endpoint.where).get(_LISTS[endpoint.role], [])
    rows = [row for row in listed if isinstance(row, dict) and isinstance(row.get("endpoint"), str)]
    wanted = set(endpoint.row.get("tags", ()))
    for row in rows:
        if wanted <= set(row.get("tags") or ()):
            told = {key: row[key] for key in ("endpoint", "options") if isinstance(row.get(key), str | dict)}
            if endpoint.role == "issuer" and isinstance(row.get("status"), str):
                told["status"] = row["status"]
            if endpoint.role == "issuer" and str(row.get("id", "")).startswith("did:"):
                told["id"] = row["id"]
            return replace(endpoint, row={**told, **endpoint.row})
    tags = sorted({str(tag) for row in rows for tag in row.get("tags") or ()})
    hint = f"Its tags: {', '.join(tags)}." if tags else "It names no endpoint with a URL of its own."
    raise VendorFileError(
        f"{endpoint.name}: {name} has no {endpoint.role} with the tags {sorted(wanted)}",
        where=endpoint.where,
        hint=hint,
    )


def _read(path: Path, where: Where) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
        value = json.loads(body) if len(body) <= LARGEST else None
    except OSError as error:
        raise VendorFileError(
            f"the manifest {path.name!r} cannot be read: {error.strerror}", where=where,
            hint="Paths are relative to vendor.toml.",
        ) from None  # fmt: skip
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise VendorFileError(
            f"the manifest {path.name!r} is no JSON object", where=where,
            hint="It is the file that the W3C test suites call an implementation, as JSON.",
        )  # fmt: skip
    return value
