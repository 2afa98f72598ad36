"""A did:webvh of the embedded vendor: a log of three versions with rotation and pre-rotation, whole or broken in one way.

Source: the did:webvh method v1.0, sections "Create", "Update" and "Pre-Rotation Key Hash Generation".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from harness.reference.keys import DemoKey
from harness.trust.encoding import encode_base58, encode_multibase, multihash_of
from harness.trust.keys import ED25519
from harness.trust.signing import did_web_document, multikey_of, sign_bytes

TIMES = ("2026-01-10T08:00:00Z", "2026-03-10T08:00:00Z", "2026-06-10T08:00:00Z")
FRAGMENT = "demo-key-1"
SCID = "{SCID}"

Entry = dict[str, Any]
Spoil = Callable[[list[Entry]], list[Entry]]


@dataclass(frozen=True)
class WebvhIssuer:
    """An issuer under a did:webvh: the DID, the key that signs credentials, and the bytes of the log."""

    did: str
    key: DemoKey
    log: bytes


def webvh_issuer(host: str, family: str, *, fault: str | None = None) -> WebvhIssuer:
    """The issuer of a host; `fault` is a name in FAULTS."""
    seed = f"did:webvh of {host}"
    private = DemoKey("", FRAGMENT, family, seed).private
    placeholder = f"did:webvh:{SCID}:{host}"
    state = did_web_document(placeholder, [(FRAGMENT, private, ["assertionMethod"])])
    updates = [DemoKey("", f"update-{number}", ED25519, f"{seed}, update {number}") for number in range(4)]
    made = _log(
        state,
        updates,
        backwards=fault == "time-backwards",
        stranger=fault == "stranger",
        jump=fault == "pre-rotation",
    )
    entries = FAULTS[fault](made) if fault is not None else made
    did = str(made[-1]["state"]["id"])
    log = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)
    return WebvhIssuer(did, DemoKey(did, FRAGMENT, family, seed), log.encode())


def _log(
    state: Mapping[str, Any], updates: list[DemoKey], *, backwards: bool, stranger: bool, jump: bool
) -> list[Entry]:
    """Versions that each commit to the key of the next."""
    entries: list[Entry] = []
    for number, time in enumerate(TIMES):
        last = number == len(TIMES) - 1
        current = updates[number + 1] if jump and last else updates[number]
        parameters: Entry = {
            "updateKeys": [_multikey(current)],
            "nextKeyHashes": [_hash(updates[number + 1])],
        }
        if not entries:
            parameters |= {"method": "did:webvh:1.0", "scid": SCID}
        entry = {
            "versionId": entries[-1]["versionId"] if entries else SCID,
            "versionTime": TIMES[0] if backwards and last else time,
            "parameters": parameters,
            "state": entries[0]["state"] if entries else dict(state),
        }
        if not entries:
            entry = json.loads(json.dumps(entry).replace(SCID, _digest(entry)))
        entry["versionId"] = f"{number + 1}-{_digest(entry)}"
        entry["proof"] = [_proof(entry, updates[-1] if stranger and last else current)]
        entries.append(entry)
    return entries


def _altered(entries: list[Entry]) -> list[Entry]:
    changed = json.loads(json.dumps(entries))
    changed[1]["parameters"]["deactivated"] = False
    return [*changed]


def _without_second(entries: list[Entry]) -> list[Entry]:
    return [entries[0], entries[2]]


def _another_scid(entries: list[Entry]) -> list[Entry]:
    """The first entry says another key, and its hash and proof are left as they were."""
    changed = json.loads(json.dumps(entries))
    changed[0]["versionTime"] = "2026-01-09T08:00:00Z"
    return [*changed]


def _unproved(entries: list[Entry]) -> list[Entry]:
    changed = json.loads(json.dumps(entries))
    del changed[2]["proof"]
    return [*changed]


def _as_they_are(entries: list[Entry]) -> list[Entry]:
    return entries


FAULTS: Mapping[str, Spoil] = {
    "entry-altered": _altered,
    "entry-missing": _without_second,
    "first-entry-altered": _another_scid,
    "pre-rotation": _as_they_are,
    "proof-missing": _unproved,
    "stranger": _as_they_are,
    "time-backwards": _as_they_are,
}
"""Ways in which a log can be broken; those that change nothing here are built into the entries."""


def _multikey(key: DemoKey) -> str:
    return multikey_of(key.private)


def _hash(key: DemoKey) -> str:
    return encode_base58(multihash_of(_multikey(key).encode()))


def _digest(entry: Mapping[str, Any]) -> str:
    return encode_base58(multihash_of(rfc8785.dumps(dict(entry))))


def _proof(entry: Mapping[str, Any], key: DemoKey) -> Entry:
    """An eddsa-jcs-2022 proof of an entry by an update key (did:webvh, "The Authorized Keys")."""
    multikey = _multikey(key)
    proof: Entry = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "created": entry["versionTime"],
        "proofPurpose": "assertionMethod",
    }
    digests = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, dict(entry)))
    return {**proof, "proofValue": encode_multibase(sign_bytes(digests, key.private))}
