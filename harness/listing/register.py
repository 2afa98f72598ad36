"""The register: a static site and its data from a folder of accepted submissions.

Each submission is checked for its digests, its seal and its scope before it is listed; it was judged again when it
was accepted, so that is not done here. Only what the record says is shown, and nothing is computed anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.gather.web import Source
from harness.listing.across import Shared, shared_of, verified_across
from harness.listing.attestation import slug, versions_of
from harness.listing.compared import compare
from harness.listing.entry import REGISTER, register_entry, scope_of
from harness.listing.feeds import atom, json_feed
from harness.listing.pages import render_page, write_page
from harness.listing.review import Depth, review_file
from harness.listing.rules import NOT_LISTABLE, Breach, load_rules
from harness.report import render_badge
from harness.report.json_text import json_text
from harness.trust.jose import read_compact
from harness.trust.trace import TrustError

WORST = ("failed", "error", "not_run", "review", "warning", "passed", "not_applicable")
SIGNS: Mapping[str, tuple[str, str]] = {
    "passed": ("✓", "passed"), "failed": ("✗", "failed"), "warning": ("▲", "warning"), "review": ("◆", "review"),
    "not_run": ("○", "open"), "error": ("■", "open"), "not_applicable": ("-", "dim"), "not tested": ("·", "dim"),
}  # fmt: skip
"""Sign and colour of an outcome: colour never stands alone."""


@dataclass(frozen=True)
class Listing:
    """One accepted submission: its file, its record and where its attestation says that it stands."""

    file: str
    record: Mapping[str, Any]
    sha256: str
    attestation_url: str | None
    shared: Shared = field(repr=False)

    @cached_property
    def vendor(self) -> str:
        """Name of the organisation."""
        return str((self.record["vendor"] or {}).get("name") or "Unnamed vendor")

    @cached_property
    def product(self) -> str:
        """Name of the product."""
        return str((self.record["product"] or {}).get("name") or "Unnamed product")

    @cached_property
    def version(self) -> str:
        """Version of the product."""
        return str((self.record["product"] or {}).get("version") or "")

    @cached_property
    def path(self) -> str:
        """Where its page stands, with the digest so that no two names can meet."""
        names = "-".join(part for part in (slug(self.vendor), slug(self.product), slug(self.version)) if part)
        return f"vendors/{names[:80]}-{self.sha256[:8]}"

    @cached_property
    def entry(self) -> dict[str, Any]:
        """The entry for the UN's register."""
        return register_entry(self.record, evidence_url=self.attestation_url)

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The worst outcome of each requirement; not applicable only where nothing else was said."""
        found: dict[str, str] = {}
        for row in self.record["results"]:
            said = found.get(row["requirement"], "not_applicable")
            found[row["requirement"]] = min(said, row["outcome"], key=WORST.index)
        return found

    @cached_property
    def untp_versions(self) -> list[str]:
        """The UNTP versions that were tested."""
        return versions_of(self.record)

    @cached_property
    def scope(self) -> list[str]:
        """Claimed components, as the UN's register names them."""
        return scope_of(self.record)


@dataclass(frozen=True)
class Built:
    """A register that was built: what is listed, and what was left out with the rule that it breaks."""

    listings: tuple[Listing, ...]
    refused: tuple[tuple[str, Breach], ...]


def build_register(
    folder: Path, out: Path, *, at: datetime, address: str, web: Sequence[Source] = ()
) -> Built:
    """Build the site of a folder of submissions; the same one twice counts once. Raises UsageError where it cannot be written.

    `web` answers what vendors publish today: an attestation that was revoked since is left out.
    """
    listings: list[Listing] = []
    refused: list[tuple[str, Breach]] = []
    known: set[str] = set()
    rules = load_rules().rules
    for path in sorted(folder.glob("*.zip")):
        review = review_file(path, at=at, depth=Depth.SEAL, web=web)
        fatal = [breach for breach in review.breaches if rules[breach.rule].severity == NOT_LISTABLE]
        if fatal or review.submission is None:
            refused.append((path.name, review.breaches[0]))
            continue
        submission = review.submission
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in known:
            continue
        known.add(digest)
        listings.append(
            Listing(
                path.name,
                submission.record,
                digest,
                _attestation_url(submission.members),
                shared_of(submission.store(), submission.record),
            )
        )
    listings.sort(key=lambda one: (one.vendor.lower(), one.product.lower(), one.record["at"], one.version))
    built = Built(tuple(listings), tuple(refused))
    write_site(built, out, at, address if address.endswith("/") else f"{address}/")
    return built


def _attestation_url(members: Mapping[str, bytes]) -> str | None:
    try:
        identifier = read_compact(members["attestation.jwt"].decode("ascii", "replace").strip()).claims.get(
            "id"
        )
    except TrustError:
        return None
    return identifier if isinstance(identifier, str) else None


def write_site(built: Built, out: Path, at: datetime, address: str) -> None:
    """Write every page and data file of a register. Raises UsageError where that is not possible."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    shared = {"at": stamp, "signs": SIGNS, "listings": built.listings}
    write_page(
        out / "index.html",
        render_page("register/index.html.j2", {**shared, **_index(built.listings), "root": ""}),
    )
    write_page(
        out / "requirements.html",
        render_page("register/requirements.html.j2", {**shared, **_matrix(built.listings), "root": ""}),
    )
    write_page(
        out / "across.html",
        render_page("register/across.html.j2", {**shared, **_across(built.listings), "root": ""}),
    )
    for listing in built.listings:
        values = {**shared, "one": listing, "trend": _trend(listing, built.listings), "root": "../../"}
        write_page(out / listing.path / "index.html", render_page("register/vendor.html.j2", values))
        write_page(out / listing.path / "badge.svg", render_badge(dict(listing.record)))
        write_page(out / listing.path / "register-entry.json", _json(listing.entry))
    write_page(out / "data.json", _json(_data(built, stamp)))
    write_page(out / "register.json", _json(_official(built.listings, stamp)))
    write_page(out / "feed.json", _json(json_feed(built.listings, address)))
    write_page(out / "feed.atom", atom(built.listings, address, stamp))


def _index(listings: Sequence[Listing]) -> dict[str, Any]:
    scopes = list(dict.fromkeys(code for one in listings for code in one.scope))
    versions = sorted({version for one in listings for version in one.untp_versions})
    return {"scopes": scopes, "versions": versions, "vendors": len({one.vendor for one in listings})}


def _matrix(listings: Sequence[Listing]) -> dict[str, Any]:
    """Requirements by vendor, in the order of their ids."""
    about: dict[str, Mapping[str, Any]] = {}
    for one in listings:
        about |= {name: row for name, row in one.record["requirements"].items() if name in one.outcomes}
    components: dict[str, list[str]] = {}
    for name in sorted(about):
        components.setdefault(about[name]["component"], []).append(name)
    return {"about": about, "components": components}


def _across(listings: Sequence[Listing]) -> dict[str, Any]:
    """How many credentials of each type of each vendor are conformant: whose credentials others can rely on."""
    types = sorted({str(row["type"]) for one in listings for row in one.record["subjects"] if row["type"]})
    cells: dict[tuple[str, str], tuple[int, int]] = {}
    for one in listings:
        for row in one.record["subjects"]:
            good, every = cells.get((one.path, str(row["type"])), (0, 0))
            cells[one.path, str(row["type"])] = (good + (row["verdict"] == "conformant"), every + 1)
    verified = verified_across([(one.path, one.vendor, one.shared) for one in listings])
    return {"types": types, "cells": cells, "verified": verified}


def _trend(listing: Listing, listings: Sequence[Listing]) -> list[tuple[Listing, Listing, Any]]:
    """The runs of the same product one after the other, each compared with the one before it."""
    mine = [one for one in listings if (one.vendor, one.product) == (listing.vendor, listing.product)]
    return [(before, after, compare(before.record, after.record)) for before, after in pairwise(mine)]


def _data(built: Built, stamp: str) -> dict[str, Any]:
    return {
        "register": 1,
        "at": stamp,
        "listings": [
            {
                "vendor": one.record["vendor"], "product": one.record["product"], "verdict": one.record["verdict"],
                "scope": one.record["scope"], "roles": one.record["roles"], "untpVersions": one.untp_versions,
                "at": one.record["at"], "harness": one.record["harness"], "counts": one.record["counts"],
                "submission": {"file": one.file, "sha256": one.sha256}, "attestation": one.attestation_url,
                "page": f"{one.path}/index.html", "badge": f"{one.path}/badge.svg", "requirements": one.outcomes,
            }
            for one in built.listings
        ],
        "verified": [
            {"verifier": page, "credentials": other, "right": told.right, "asked": told.every}
            for (page, other), told in verified_across(
                [(one.path, one.vendor, one.shared) for one in built.listings]
            ).items()
        ],
        "left_out": [{"file": name, "rule": breach.rule, "message": breach.message} for name, breach in built.refused],
    }  # fmt: skip


def _official(listings: Sequence[Listing], stamp: str) -> dict[str, Any]:
    """The whole register in the form of the UN's schema: one entry for each vendor, its products and results joined.

    Two vendors of one name are told apart by their websites, so that nobody lists a product under another's name.
    """
    entries: dict[str, dict[str, Any]] = {}
    homes: dict[str, str] = {}
    for one in listings:
        entry = json.loads(json.dumps(one.entry))
        home = urlsplit(entry["website"]).netloc
        if homes.setdefault(entry["id"], home) != home:
            entry["id"] += f"-{slug(home)}"
        known = entries.setdefault(entry["id"], {**entry, "products": []})
        known["commitmentDate"] = min(known["commitmentDate"], entry["commitmentDate"])
        known["untpScope"] = list(dict.fromkeys([*known["untpScope"], *entry["untpScope"]]))
        for product in entry["products"]:
            same = next((row for row in known["products"] if row["name"] == product["name"]), None)
            if same is None:
                known["products"].append(product)
            else:
                same["testResults"] += product["testResults"]
                for member in ("untpScope", "untpVersions"):
                    same[member] = list(dict.fromkeys([*same[member], *product[member]]))
    return {
        "id": REGISTER.rstrip("/"),
        "name": "Software implementers of the UN Transparency Protocol with test results",
        "lastUpdated": stamp[:10],
        "registrar": {"id": "https://unece.org/", "name": "United Nations Economic Commission for Europe"},
        "entries": list(entries.values()),
    }


def _json(value: Any) -> str:
    return json_text(value, indent=1) + "\n"
