"""A small vendor whose run takes a moment, its submission, and the means to change and re-seal it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from harness.evidence import Evidence
from harness.gather.store import EvidenceStore
from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite
from harness.listing import layout
from harness.listing.attestation import attested, base_of, did_document_of, signed_list
from harness.listing.replay import kept, record_of
from harness.listing.signer import Signer, signer_of
from harness.listing.submission import Made, RunTerms, make_submission, manifest_of, vendor_text
from harness.reference.chain import DEMO_CLOCK, reference_bundle
from harness.report import read_record, write_record
from harness.run import Bench, Scope
from harness.trust.signing import key_from_seed

Json = dict[str, Any]
DID = "did:web:cadenza-trace.example"
CHOSEN = ("untp-0.7.0/dpp-cathode-batch", "untp-0.7.0/dcc-cathode-footprint")
VENDOR: Json = {
    "vendor": {"name": "Cadenza Trace Oy", "website": "https://cadenza-trace.example/", "country": "FI"},
    "product": {"name": "Cadenza Trace", "version": "1.4.2", "url": "https://cadenza-trace.example/product"},
    "scope": {"profile": "untp-0.7.0", "components": ["VCP", "DPP", "DCC"], "roles": ["issuer"]},
}


def signer(seed: str = "vendor", did: str | None = DID) -> Signer:
    """A signer from a seed; without a DID it is a did:key."""
    return signer_of(key_from_seed(f"DEMO KEY {seed}"), did=did)


@dataclass(frozen=True)
class Run:
    """A run and all that goes into its submission."""

    record: Json
    store: EvidenceStore
    terms: RunTerms
    vendor: Json

    def submitted(self, sealer: Signer | None = None, **more: Any) -> Made:
        """The submission of the run."""
        return make_submission(
            self.record, self.store, vendor_text(self.vendor), self.terms, signer=sealer or signer(), **more
        )


def run(
    vendor: Json = VENDOR, *, only: tuple[str, ...] = (), profile: str | None = "untp-0.7.0", evidence: Any = None,
    nonce: str | None = None,
) -> Run:  # fmt: skip
    """Judge a few credentials of the embedded vendor."""
    bundle = reference_bundle()
    given = evidence or [bundle.delivered(name) for name in CHOSEN]
    terms = Terms(DEMO_CLOCK, load_suite().profile(profile) if profile else None, "fast", only)
    bench = Bench(terms, (HeldWeb(bundle.web),))
    store = EvidenceStore()
    judged = list(kept(bench.judge_all(store.taking(given)), store))
    scope = Scope(
        tuple(vendor["scope"]["components"]),
        tuple(vendor["scope"]["roles"]),
        vendor["vendor"],
        vendor["product"],
    )
    stated = RunTerms.of(terms, nonce=nonce, reproduce=("untp-crm certify vendor.toml",))
    return Run(read_record(write_record(record_of(judged, bench, scope, stated))), store, stated, vendor)


@cache
def good() -> Run:
    """The run of the small vendor."""
    return run()


@cache
def broken() -> Run:
    """A run with a credential that fails: its signature is another's."""
    given = reference_bundle().delivered(CHOSEN[0])
    head, _, signature = given.body.rpartition(b".")
    spoiled = head + b"." + signature[:-8] + b"AAAAAAAA"
    return run(evidence=[replace(given, body=spoiled), reference_bundle().delivered(CHOSEN[1])])


@cache
def submission() -> Made:
    """The good submission."""
    return good().submitted()


def remanifested(members: Mapping[str, bytes], terms: RunTerms | None = None) -> dict[str, bytes]:
    """The same members under a manifest that fits them; the seal is left as it is."""
    fitted = dict(members)
    fitted[layout.MANIFEST] = manifest_of(fitted, terms or good().terms)
    return fitted


def resealed(
    members: Mapping[str, bytes], *, terms: RunTerms | None = None, sealer: Signer | None = None
) -> dict[str, bytes]:
    """The same members as a vendor himself would seal them again: the manifest and the attestation fit."""
    sealer = sealer or signer()
    fitted = dict(members)
    record = json.loads(fitted[layout.RECORD])
    base = base_of(record, sealer.did)
    fitted[layout.STATUS_LIST] = signed_list(record, sealer, base).encode()
    document = did_document_of(sealer)
    if document is None:
        fitted.pop(layout.DID_DOCUMENT, None)
    else:
        fitted[layout.DID_DOCUMENT] = document
    fitted[layout.MANIFEST] = manifest_of(fitted, terms or good().terms)
    fitted[layout.ATTESTATION] = attested(
        record, fitted[layout.RECORD], fitted[layout.MANIFEST], sealer, base
    ).encode()
    return fitted


def with_record(members: Mapping[str, bytes], edit: Callable[[Json], None]) -> dict[str, bytes]:
    """The members with an edited record."""
    record = copy.deepcopy(json.loads(members[layout.RECORD]))
    edit(record)
    return {**members, layout.RECORD: write_record(record)}


def sha256(body: bytes) -> str:
    """Digest in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def evidence(name: str, body: bytes) -> Evidence:
    """A piece of evidence in JSON."""
    return Evidence(name, body, "application/json", "file")
