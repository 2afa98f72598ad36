"""did:webvh v1.0: replay a DID log from its first entry, and trust no entry that does not follow.

Source: https://identity.foundation/didwebvh/v1.0/ "Read (Resolve)". A log that fails anywhere fails as
a whole, unless an earlier version was asked for that is in the part that holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from harness.credential.did_url import document_url, parse_did_url, scid_of
from harness.errors import MalformedError
from harness.trust import webvh_parameters
from harness.trust.codes import SHOWN
from harness.trust.encoding import encode_base58, multihash_of, read_object
from harness.trust.moments import moment, utc
from harness.trust.trace import Step, TrustError
from harness.trust.webvh_parameters import Parameters, Witnesses
from harness.trust.webvh_proof import approvals, canonical, check_witnessed, proofs_of, signer_of

MAX_LOG = 4 * 1024 * 1024
MAX_ENTRIES = 2_000
TOLERANCE = timedelta(minutes=5)
PLACEHOLDER = "{SCID}"
STEP = "DID log"
_READ = "did:webvh v1.0, Read (Resolve)"
_VERSION_ID = re.compile(r"([1-9][0-9]{0,6})-(Qm[1-9A-HJ-NP-Za-km-z]{44})")


@dataclass(frozen=True)
class Version:
    """One verified entry: its document, identity, time, and the parameters in force after it."""

    document: Mapping[str, Any]
    id: str
    time: datetime
    parameters: Parameters
    witnesses: Witnesses | None
    """Who had to approve it."""


@dataclass(frozen=True)
class State:
    """What a log says of a DID at one version: document, metadata, and the steps that were taken."""

    document: Mapping[str, Any]
    deactivated: bool
    metadata: Mapping[str, Any]
    steps: tuple[Step, ...]
    latest: datetime


@lru_cache(maxsize=128)
def replay(did: str, log: bytes, proofs: bytes | None, *, witness_url: str, query: str | None) -> State:
    """Verify a whole log and read one version of it, the last unless `query` asks for another.

    `proofs` is did-witness.json, None where it was not brought. Raises TrustError with a webvh code.
    """
    scid = scid_of(did)
    versions: list[Version] = []
    stopped: TrustError | None = None
    try:
        for entry in _entries(log):
            versions.append(_next(versions, entry, scid))
        _check_named(did, versions)
    except TrustError as error:
        stopped = error
    try:
        _check_witnesses(versions, proofs, witness_url)
    except TrustError as error:
        stopped = error
    chosen = _choose(versions, query, stopped)
    last = versions[-1].parameters
    steps = [Step.of("SCID", scid, "did:webvh v1.0, SCID Generation and Verification")]
    steps += [
        Step.of("versionId", one.id, "did:webvh v1.0, Entry Hash Generation and Verification")
        for one in versions
    ]
    refused = last.deactivated and query is None
    return State(chosen.document, refused, _metadata(chosen, versions), tuple(steps), versions[-1].time)


def check_not_ahead(state: State, at: datetime) -> None:
    """Refuse a log whose newest version lies in the future by more than five minutes."""
    if state.latest > at + TOLERANCE:
        raise TrustError(
            "webvh-version-time",
            "the log has a version from the future",
            step=STEP,
            clause=_READ,
            expected=f"at most {utc(at + TOLERANCE)}",
            actual=utc(state.latest),
            hint="Correct the clock that wrote it.",
        )


def entry_hash(entry: Mapping[str, Any], predecessor: str) -> str:
    """The hash of an entry, given the versionId of the one before, or the SCID ("Generate Entry Hash")."""
    bare = {name: value for name, value in entry.items() if name != "proof"}
    bare["versionId"] = predecessor
    return encode_base58(multihash_of(canonical(bare, "an entry")))


def scid_from(entry: Mapping[str, Any], scid: str) -> str:
    """The SCID that the first entry really has ("Verify SCID")."""
    bare = {name: value for name, value in entry.items() if name != "proof"}
    bare["versionId"] = PLACEHOLDER
    text = json.dumps(bare, ensure_ascii=False).replace(scid, PLACEHOLDER)
    return encode_base58(multihash_of(canonical(json.loads(text), "the first entry")))


def key_hash(multikey: str) -> str:
    """The commitment to a future key ("Pre-Rotation Key Hash Generation and Verification")."""
    return encode_base58(multihash_of(multikey.encode()))


def _entries(log: bytes) -> Iterator[dict[str, Any]]:
    lines = log.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if len(log) > MAX_LOG or len(lines) > MAX_ENTRIES:
        raise TrustError(
            "webvh-log-too-long",
            f"a log of {len(log):,} bytes and {len(lines):,} entries",
            step=STEP,
            clause=_READ,
            expected=f"at most {MAX_LOG:,} bytes and {MAX_ENTRIES:,} entries",
            undetermined=True,
        )
    if not lines:
        raise _malformed("the log is empty")
    for number, line in enumerate(lines, start=1):
        try:
            yield read_object(line, f"entry {number} of the log")
        except MalformedError as error:
            raise _malformed(error.message, error.hint) from error


def _next(versions: list[Version], entry: dict[str, Any], scid: str) -> Version:
    before = versions[-1] if versions else None
    number = len(versions) + 1
    for name, kind in (("versionId", str), ("versionTime", str), ("parameters", dict), ("state", dict)):
        if not isinstance(entry.get(name), kind):
            raise _malformed(f"entry {number} has no {name}, or of the wrong type")
    said = entry["parameters"]
    parameters = (
        webvh_parameters.following(before.parameters, said) if before else webvh_parameters.first(said)
    )
    if before is not None and before.parameters.deactivated:
        raise TrustError(
            "webvh-after-deactivation",
            f"entry {number} comes after the DID was deactivated",
            step=STEP,
            clause="did:webvh v1.0, Deactivate (Revoke)",
        )
    _check_proofs(entry, before, parameters, number)
    if before is None and parameters.scid != scid:
        raise _wrong_scid("the log has another SCID than the DID", scid, parameters.scid)
    _check_version_id(entry, before, scid, number)
    time = _time(entry["versionTime"], before, number)
    if before is None:
        _check_scid(entry, scid)
    _check_state(entry["state"], before, scid, number)
    _check_pre_rotation(before, parameters, number)
    witnesses = before.parameters.witnesses or parameters.witnesses if before else parameters.witnesses
    return Version(entry["state"], entry["versionId"], time, parameters, witnesses)


def _check_proofs(entry: Mapping[str, Any], before: Version | None, now: Parameters, number: int) -> None:
    bare = {name: value for name, value in entry.items() if name != "proof"}
    proofs = proofs_of(entry)
    if not proofs:
        raise TrustError(
            "webvh-proof",
            f"entry {number} has no proof",
            step="DID log proof",
            clause="did:webvh v1.0, Authorized Keys",
        )
    own = before is None or bool(before.parameters.next_key_hashes)
    authorised = now.update_keys if before is None or own else before.parameters.update_keys
    for proof in proofs[:8]:
        signer = signer_of(proof, bare)
        if signer not in authorised:
            raise TrustError(
                "webvh-key-not-authorised",
                f"entry {number} is signed by a key that is not in updateKeys",
                step=STEP,
                clause="did:webvh v1.0, Authorized Keys",
                expected=", ".join(authorised)[:400] or "no key at all",
                actual=signer,
                hint="Sign with a key of the entry before, or of this one under pre-rotation.",
            )


def _check_version_id(entry: Mapping[str, Any], before: Version | None, scid: str, number: int) -> None:
    version = entry["versionId"]
    found = _VERSION_ID.fullmatch(version)
    if found is None or int(found[1]) != number:
        raise TrustError(
            "webvh-version-id",
            f"entry {number} has the versionId {version[:80]!r}",
            step=STEP,
            clause=_READ,
            expected=f"{number}-<entryHash>",
            actual=version[:80],
        )
    really = entry_hash(entry, before.id if before else scid)
    if really != found[2]:
        raise TrustError(
            "webvh-entry-hash",
            f"entry {number} was altered after it was written",
            step="entryHash",
            clause="did:webvh v1.0, Verify The Entry Hash",
            expected=found[2],
            actual=really,
            hint="Publish the log as the tool wrote it; entries are never edited.",
        )


def _time(text: str, before: Version | None, number: int) -> datetime:
    time = moment(text) if text.endswith(("Z", "+00:00")) else None
    if time is None or (before is not None and time <= before.time):
        after = f" after {utc(before.time)}" if before else ""
        raise TrustError(
            "webvh-version-time",
            f"entry {number} has the versionTime {text[:60]!r}",
            step=STEP,
            clause=_READ,
            expected=f"a moment in UTC{after}",
            actual=text[:60],
        )
    return time


def _check_scid(entry: Mapping[str, Any], scid: str) -> None:
    really = scid_from(entry, scid)
    if really != scid:
        raise _wrong_scid("the SCID is not the hash of the first entry", scid, really)


def _wrong_scid(what: str, expected: str, actual: str) -> TrustError:
    clause = "did:webvh v1.0, Verify SCID"
    return TrustError(
        "webvh-scid", what, step="SCID", clause=clause, expected=expected, actual=actual[:SHOWN]
    )


def _check_state(state: Mapping[str, Any], before: Version | None, scid: str, number: int) -> None:
    identifier = state.get("id")
    if not isinstance(identifier, str) or not identifier.startswith(f"did:webvh:{scid}:"):
        what = f"the document of entry {number} has another SCID"
        raise _wrong_scid(what, f"did:webvh:{scid}:…", str(identifier))
    try:
        if not parse_did_url(identifier).is_did:
            raise _malformed(f"the id of the document in entry {number} is more than a DID")
        document_url(identifier)
    except MalformedError as error:
        raise _malformed(f"the id of the document in entry {number}: {error.message}", error.hint) from error
    previous = before.document["id"] if before else identifier
    if before is None or previous == identifier:
        return
    known = state.get("alsoKnownAs")
    if not before.parameters.portable or not isinstance(known, list) or previous not in known:
        raise TrustError(
            "webvh-not-portable",
            f"the DID changes in entry {number}",
            step=STEP,
            clause="did:webvh v1.0, DID Portability",
            expected=f"portable: true from the first entry, and {previous} in alsoKnownAs",
            actual=identifier,
        )


def _check_pre_rotation(before: Version | None, parameters: Parameters, number: int) -> None:
    promised = before.parameters.next_key_hashes if before else ()
    strangers = [key for key in parameters.update_keys if promised and key_hash(key) not in promised]
    if strangers:
        raise TrustError(
            "webvh-pre-rotation",
            f"entry {number} has a key that the entry before did not announce",
            step=STEP,
            clause="did:webvh v1.0, Pre-Rotation Key Hash Generation and Verification",
            expected=", ".join(promised)[:400],
            actual=key_hash(strangers[0]),
        )


def _check_witnesses(versions: list[Version], proofs: bytes | None, witness_url: str) -> None:
    """Cut the versions off before the first that too few witnesses approved, and raise TrustError."""
    approved: dict[str, set[int]] | None = None
    for index, version in enumerate(versions):
        if version.witnesses is None:
            continue
        try:
            if approved is None:
                approved = _approvals(proofs, versions, witness_url)
            check_witnessed(index, version.witnesses, approved)
        except TrustError:
            del versions[index:]
            raise


def _approvals(proofs: bytes | None, versions: list[Version], witness_url: str) -> dict[str, set[int]]:
    if proofs is None:
        raise TrustError(
            "webvh-witness-absent",
            f"the witness proofs at {witness_url} could not be had",
            step="DID log witnesses",
            clause="did:webvh v1.0, DID Witnesses",
            expected=witness_url,
            undetermined=True,
            hint="Publish did-witness.json beside the log.",
        )
    return approvals(proofs, [one.id for one in versions])


def _check_named(did: str, versions: list[Version]) -> None:
    if not any(version.document["id"] == did for version in versions):
        raise TrustError(
            "did-document-for-another-did",
            "no version of the log has this DID",
            step=STEP,
            clause=_READ,
            expected=did,
            actual=str(versions[-1].document["id"]),
            hint="Is this the log of another DID?",
        )


def _choose(versions: list[Version], query: str | None, stopped: TrustError | None) -> Version:
    asked = parse_qs(query or "", keep_blank_values=True)
    found: Version | None = versions[-1] if versions and stopped is None else None
    if asked.keys() & {"versionId", "versionNumber", "versionTime"}:
        matching = [one for index, one in enumerate(versions) if _is_asked(index, versions, asked, stopped)]
        found = matching[-1] if matching else None
    if found is not None:
        return found
    raise stopped or TrustError(
        "webvh-version-not-found",
        "the log has no such version",
        step=STEP,
        clause="did:webvh v1.0, Reading DID URLs",
        expected=query,
        actual=f"{len(versions)} versions",
    )


def _is_asked(
    index: int, versions: list[Version], asked: Mapping[str, list[str]], stopped: TrustError | None
) -> bool:
    version = versions[index]
    if any(one != version.id for one in asked.get("versionId", [])):
        return False
    if any(one != str(index + 1) for one in asked.get("versionNumber", [])):
        return False
    until = versions[index + 1].time if index + 1 < len(versions) else None
    for text in asked.get("versionTime", []):
        when = moment(text.replace(" ", "+"))
        if when is None or when < version.time or (until is not None and when >= until):
            return False
        if until is None and stopped is not None:
            return False
    return True


def _metadata(chosen: Version, versions: list[Version]) -> dict[str, Any]:
    last = versions[-1].parameters
    return {
        "versionId": chosen.id,
        "versionTime": utc(chosen.time),
        "created": utc(versions[0].time),
        "updated": utc(versions[-1].time),
        "scid": last.scid,
        "portable": last.portable,
        "deactivated": last.deactivated,
        "ttl": str(last.ttl),
        "watchers": list(last.watchers),
    }


def _malformed(what: str, hint: str | None = None) -> TrustError:
    return TrustError(
        "webvh-log-malformed", what, step=STEP, clause="did:webvh v1.0, The DID Log File", hint=hint
    )
