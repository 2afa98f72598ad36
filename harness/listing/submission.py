"""One file that a reviewer can judge again: record, evidence by digest, seal, vendor file and manifest."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.data_files import validator
from harness.errors import MalformedError, UsageError, VendorFileError
from harness.gather.store import EvidenceStore
from harness.judge import Suite, Terms
from harness.judge.expected import ExpectedFailure
from harness.listing import layout
from harness.listing.attestation import Seal, attested, base_of, did_document_of, signed_list
from harness.listing.conformance_assertion import declared, reported
from harness.listing.rules import Breach, SubmissionRefusedError
from harness.listing.secrets import secrets_in
from harness.listing.signer import Signer
from harness.report import read_record, write_record
from harness.report.json_text import json_text
from harness.report.visible import one_line
from harness.trust.anchors import NOBODY, Anchors, anchors_of
from harness.trust.encoding import read_object
from harness.vendor import vendor_data

LARGEST_LIST = 64 * 1024 * 1024
"""Most bytes of a manifest or a list of evidence."""


@dataclass(frozen=True)
class RunTerms:
    """The terms of a run as a submission states them."""

    profile: str | None
    at: datetime
    engine: str
    nonce: str | None
    only: tuple[str, ...]
    reproduce: tuple[str, ...]
    anchors: Anchors = NOBODY
    expected: tuple[ExpectedFailure, ...] = ()

    @classmethod
    def of(cls, terms: Terms, *, nonce: str | None, reproduce: tuple[str, ...]) -> RunTerms:
        """The terms of a run that was made here."""
        name = terms.profile.name if terms.profile else None
        return cls(name, terms.at, terms.engine, nonce, terms.only, reproduce, terms.anchors, terms.expected)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> RunTerms:
        """The terms in a manifest that follows its schema. Raises ValueError for a day that does not exist."""
        at = datetime.fromisoformat(row["at"]).astimezone(UTC)
        return cls(
            row["profile"], at, row["engine"], row["nonce"], tuple(row["only"]), tuple(row["reproduce"]),
            anchors_of(row["anchors"]) if "anchors" in row else NOBODY,
            tuple(map(ExpectedFailure.from_json, row.get("expected_failures", ()))),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Members: profile, at, engine, nonce, only, reproduce; anchors where anybody is trusted, expected_failures where any are."""
        at = self.at.replace(tzinfo=None).isoformat(
            timespec="microseconds" if self.at.microsecond else "seconds"
        )
        return {
            "profile": self.profile, "at": f"{at}Z", "engine": self.engine, "nonce": self.nonce,
            "only": list(self.only), "reproduce": list(self.reproduce),
            **({"anchors": dict(self.anchors.data)} if self.anchors else {}),
            **({"expected_failures": [one.as_json() for one in self.expected]} if self.expected else {}),
        }  # fmt: skip

    def judging(self, suite: Suite) -> Terms:
        """The same as the judge takes them. Raises UsageError for a profile that the suite does not have."""
        profile = suite.profile(self.profile) if self.profile else None
        return Terms(self.at, profile, self.engine, self.only, self.anchors, self.expected)


@dataclass(frozen=True)
class Made:
    """A submission just made: its members, its bytes, and the seal where there is one."""

    members: Mapping[str, bytes]
    body: bytes
    seal: Seal | None


def make_submission(
    record: Mapping[str, Any],
    store: EvidenceStore,
    vendor_text: str,
    terms: RunTerms,
    *,
    signer: Signer | None = None,
    base: str | None = None,
) -> Made:
    """Put a submission together. Raises UsageError where the vendor file holds what looks like a secret."""
    require_no_secrets(vendor_text)
    body = write_record(record)
    members: dict[str, bytes] = {layout.RECORD: body, layout.VENDOR: vendor_text.encode()}
    members[layout.INDEX] = _written(store.index())
    members |= {f"evidence/{digest}": blob for digest, blob in store.blobs.items()}
    sealed = None
    if signer is None:
        members[layout.MANIFEST] = manifest_of(members, terms)
    else:
        sealed = _sealed(members, read_record(body), terms, signer, base)
    return Made(members, layout.pack(members), sealed)


def require_no_secrets(vendor_text: str) -> None:
    """Raise UsageError where a vendor file holds what looks like a secret: it would go into the submission."""
    for place, what in secrets_in(vendor_text, tomllib.loads(vendor_text)):
        raise UsageError(
            f"vendor.toml holds what looks like a secret at {place}: {what}",
            why="The vendor file goes into the submission, and submissions are public.",
            hint="Put it into an environment variable and write env:NAME.",
        )


def _sealed(
    members: dict[str, bytes], record: Mapping[str, Any], terms: RunTerms, signer: Signer, base: str | None
) -> Seal:
    """Add the manifest, the attestation over it, and what the attestation needs to be verified."""
    base = base or base_of(record, signer.did)
    members[layout.STATUS_LIST] = signed_list(record, signer, base).encode()
    document = did_document_of(signer)
    if document is not None:
        members[layout.DID_DOCUMENT] = document
    members[layout.MANIFEST] = manifest_of(members, terms)
    token = attested(record, members[layout.RECORD], members[layout.MANIFEST], signer, base)
    members[layout.ATTESTATION] = token.encode()
    return Seal(
        token, document, members[layout.STATUS_LIST].decode(), base, signer.did,
        declared(record, signer, base), reported(record, members[layout.RECORD], signer, base),
    )  # fmt: skip


def manifest_of(members: Mapping[str, bytes], terms: RunTerms) -> bytes:
    """The manifest: the terms of the run, and digest and size of every member but itself and the attestation."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(members[name]).hexdigest(), "bytes": len(members[name])}
        for name in sorted(set(members) - layout.UNLISTED)
    ]
    return _written({"submission": 1, "terms": terms.as_json(), "members": listed})


def _written(value: Any) -> bytes:
    return json_text(value, indent=1).encode() + b"\n"


@dataclass(frozen=True)
class Submission:
    """A submission that was read: everything in it that could be parsed."""

    members: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    index: Mapping[str, Any]
    record: Mapping[str, Any]
    vendor: Mapping[str, Any]
    terms: RunTerms

    @property
    def record_body(self) -> bytes:
        """The record as it stands in the submission."""
        return self.members[layout.RECORD]

    def store(self) -> EvidenceStore:
        """The evidence, to judge it again."""
        blobs = {name[-64:]: body for name, body in self.members.items() if layout.BLOB.fullmatch(name)}
        return EvidenceStore.restored(self.index, blobs)


def open_members(members: Mapping[str, bytes]) -> tuple[Submission, list[Breach]]:
    """Parse a submission and check it against itself. Raises SubmissionRefusedError where it cannot be parsed."""
    refused: list[Breach] = []
    manifest = _parsed(members, layout.MANIFEST, "manifest", "REV-MAN-01", refused)
    if manifest is not None:
        refused += list(_digests(members, manifest))
    index = _parsed(members, layout.INDEX, "index", "REV-EVI-01", refused)
    refused += list(_names(members))
    if index is not None:
        refused += list(_listed(members, index))
    record = _record(members[layout.RECORD], refused)
    vendor = _vendor(members[layout.VENDOR], refused)
    terms = None
    if manifest is not None:
        try:
            terms = RunTerms.from_json(manifest["terms"])
        except ValueError:
            refused.append(
                Breach("REV-MAN-01", "The time of the run does not exist.", "manifest.json at /terms/at")
            )
    blocked = any(breach.rule == "REV-EVI-03" and breach.expected == "evidence" for breach in refused)
    if manifest is None or index is None or record is None or vendor is None or terms is None or blocked:
        raise SubmissionRefusedError(*refused)
    return Submission(members, manifest, index, record, vendor, terms), refused


def _parsed(
    members: Mapping[str, bytes], name: str, definition: str, rule: str, refused: list[Breach]
) -> dict[str, Any] | None:
    try:
        value = read_object(members[name], name, max_bytes=LARGEST_LIST)
    except MalformedError as problem:
        refused.append(Breach(rule, one_line(problem.message), name))
        return None
    schema = {"$ref": f"submission.schema.json#/$defs/{definition}"}
    for fault in validator("submission").evolve(schema=schema).iter_errors(value):
        place = "/".join(str(part) for part in fault.absolute_path)
        refused.append(Breach(rule, one_line(fault.message, 300), f"{name} at /{place}"))
        return None
    return value


def _digests(members: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Breach]:
    found = []
    listed: dict[str, Mapping[str, Any]] = {}
    for row in manifest["members"]:
        if row["name"] in listed:
            found.append(Breach("REV-MAN-02", "The manifest lists the member twice.", one_line(row["name"])))
        listed[row["name"]] = row
    for name in sorted(listed.keys() - members.keys()):
        found.append(Breach("REV-MAN-02", "The manifest lists a member that is not there.", one_line(name)))
    for name in sorted(members.keys() - listed.keys() - layout.UNLISTED):
        found.append(Breach("REV-MAN-02", "The manifest does not list the member.", name))
    for name in sorted(listed.keys() & members.keys()):
        actual, expected = hashlib.sha256(members[name]).hexdigest(), listed[name]["sha256"]
        if actual != expected or listed[name]["bytes"] != len(members[name]):
            found.append(Breach("REV-MAN-02", "The member was changed.", name, expected, actual))
    return found


def _names(members: Mapping[str, bytes]) -> list[Breach]:
    return [
        Breach("REV-EVI-02", "The evidence was changed.", name, name[-64:], hashlib.sha256(body).hexdigest())
        for name, body in members.items()
        if layout.BLOB.fullmatch(name) and hashlib.sha256(body).hexdigest() != name[-64:]
    ]


def _listed(members: Mapping[str, bytes], index: Mapping[str, Any]) -> list[Breach]:
    named = {row["sha256"] for row in (*index["given"], *index["web"]) if "sha256" in row}
    for row in index.get("exchanges", ()):
        named |= {side["sha256"] for side in (row["request"], row.get("answer")) if side is not None}
    there = {name[-64:] for name in members if layout.BLOB.fullmatch(name)}
    found = [
        Breach("REV-EVI-03", "Evidence is missing.", f"evidence/{digest}", "evidence")
        for digest in sorted(named - there)
    ]
    found += [
        Breach("REV-EVI-03", "Nothing lists this evidence.", f"evidence/{digest}")
        for digest in sorted(there - named)
    ]
    urls = [row["name"] for row in index["web"]]
    if urls != sorted(set(urls)):
        found.append(Breach("REV-EVI-03", "A URL is answered twice, or they are out of order.", layout.INDEX))
    return found


def _record(body: bytes, refused: list[Breach]) -> dict[str, Any] | None:
    try:
        record = read_record(body)
        same = write_record(record) == body
    except MalformedError as problem:
        refused.append(Breach("REV-REC-01", one_line(problem.message), one_line(str(problem.where))))
        return None
    except RecursionError:
        refused.append(Breach("REV-REC-01", "The record is nested too deeply.", layout.RECORD))
        return None
    if not same:
        refused.append(Breach("REV-REC-02", "The record is spelled in another way.", layout.RECORD))
    return record


def _vendor(body: bytes, refused: list[Breach]) -> dict[str, Any] | None:
    try:
        text = body.decode("utf-8")
        data = vendor_data(text, layout.VENDOR)
    except UnicodeDecodeError:
        refused.append(Breach("REV-VEN-01", "The vendor file is not UTF-8 text.", layout.VENDOR))
        return None
    except VendorFileError as problem:
        refused.append(Breach("REV-VEN-01", one_line(problem.message), str(problem.where)))
        return None
    for place, what in secrets_in(text, data):
        refused.append(Breach("REV-VEN-02", f"This looks like a secret: {what}.", f"vendor.toml at {place}"))
    return data


def vendor_text(data: Mapping[str, Any]) -> str:
    """A vendor file of tables of plain values, for a vendor that has none of its own: the embedded one."""
    lines = []
    for table, rows in data.items():
        lines.append(f"[{table}]")
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items()]
        lines.append("")
    return "\n".join(lines)
