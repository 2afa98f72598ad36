"""Writes did:webvh logs as a controller would, so that tests can then break them one rule at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import rfc8785

from harness.credential.did_url import document_url, witness_url
from harness.evidence import Evidence, Web
from harness.trust.encoding import encode_base58, encode_multibase, multihash_of
from harness.trust.keys import ED25519
from harness.trust.signing import PrivateKey, key_from_seed, multikey_of, sign_bytes

START = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = "issuer.example.com"

Change = Callable[[dict[str, Any]], None]


def a_log_key(seed: str) -> PrivateKey:
    """An Ed25519 key."""
    return key_from_seed(seed, ED25519)


def key_hash(key: PrivateKey) -> str:
    """The commitment to a key."""
    return encode_base58(multihash_of(multikey_of(key).encode()))


def jcs(value: Any) -> bytes:
    """RFC 8785."""
    return rfc8785.dumps(value)


def prove(document: Mapping[str, Any], key: PrivateKey, **changes: Any) -> dict[str, Any]:
    """An eddsa-jcs-2022 proof by a did:key; `changes` go in before it is signed."""
    multikey = multikey_of(key)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "created": "2026-01-01T00:00:00Z",
        "proofPurpose": "assertionMethod",
        **changes,
    }
    signed = hashlib.sha256(jcs(proof)).digest() + hashlib.sha256(jcs(document)).digest()
    return {**proof, "proofValue": encode_multibase(sign_bytes(signed, key))}


@dataclass
class Log:
    """A log that grows by one entry at a time."""

    place: str = PLACE
    entries: list[dict[str, Any]] = field(default_factory=list)
    scid: str = "{SCID}"

    @property
    def did(self) -> str:
        """The DID of the newest entry."""
        return str(self.entries[-1]["state"]["id"]) if self.entries else f"did:webvh:{self.scid}:{self.place}"

    def add(
        self,
        key: PrivateKey,
        parameters: Mapping[str, Any] | None = None,
        *,
        state: Mapping[str, Any] | None = None,
        time: str | None = None,
        before: Change | None = None,
        after: Change | None = None,
        proof: Mapping[str, Any] | None = None,
    ) -> Log:
        """Append an entry; `before` changes it before hash and proof are made, `after` when all is done."""
        first = not self.entries
        number = len(self.entries) + 1
        when = START + timedelta(days=number)
        said: dict[str, Any] = dict(parameters or {})
        if first:
            said = {"method": "did:webvh:1.0", "scid": "{SCID}", "updateKeys": [multikey_of(key)], **said}
        entry: dict[str, Any] = {
            "versionId": "{SCID}" if first else self.entries[-1]["versionId"],
            "versionTime": time or when.isoformat().replace("+00:00", "Z"),
            "parameters": said,
            "state": dict(state or self.document(self.did)),
        }
        if before:
            before(entry)
        if first:
            self.scid = encode_base58(multihash_of(jcs(entry)))
            entry = json.loads(json.dumps(entry).replace("{SCID}", self.scid))
        entry["versionId"] = f"{number}-{encode_base58(multihash_of(jcs(entry)))}"
        entry["proof"] = [prove(entry, key, **(proof or {}))]
        if after:
            after(entry)
        self.entries.append(entry)
        return self

    def document(self, did: str) -> dict[str, Any]:
        """A DID document with one key for assertions."""
        method = {
            "id": f"{did}#key-1",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey_of(a_log_key("document")),
        }
        return {"id": did, "verificationMethod": [method], "assertionMethod": [f"{did}#key-1"]}

    def lines(self) -> bytes:
        """The log as it is published."""
        return b"".join(json.dumps(entry, separators=(",", ":")).encode() + b"\n" for entry in self.entries)

    def web(self, proofs: bytes | None = None, *, did: str | None = None) -> Web:
        """The web with this log, and with witness proofs if there are any."""
        owner = did or self.did
        url, place = document_url(owner), witness_url(owner)
        assert url is not None
        assert place is not None
        answers = {url: Evidence(url, self.lines(), "text/jsonl", "web")}
        if proofs is not None:
            answers[place] = Evidence(place, proofs, "application/json", "web")
        return Web(answers)

    def witnessed(self, *approvals: tuple[int, PrivateKey]) -> bytes:
        """did-witness.json with an approval of each (version number, witness)."""
        records = []
        for number, witness in approvals:
            version = {"versionId": self.entries[number - 1]["versionId"]}
            records.append({**version, "proof": [prove(version, witness)]})
        return json.dumps(records).encode()


def witness_parameter(threshold: int, *witnesses: PrivateKey) -> dict[str, Any]:
    """The parameter that names witnesses."""
    ids = [{"id": f"did:key:{multikey_of(one)}"} for one in witnesses]
    return {"witness": {"threshold": threshold, "witnesses": ids}}
