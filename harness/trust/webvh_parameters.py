"""The parameters of a did:webvh log: what an entry may say, and what is in force after it.

Source: did:webvh v1.0, "did:webvh DID Method Parameters" and "The witness Parameter".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.trust.keys import ED25519, from_multibase
from harness.trust.trace import TrustError

METHOD = "did:webvh:1.0"
CLAUSE = "did:webvh v1.0, did:webvh DID Method Parameters"
STEP = "DID log parameters"

_KNOWN = frozenset(
    {
        "method",
        "scid",
        "updateKeys",
        "nextKeyHashes",
        "witness",
        "watchers",
        "portable",
        "deactivated",
        "ttl",
    }
)
_DEFAULTS: Mapping[str, Any] = {
    "updateKeys": [],
    "nextKeyHashes": [],
    "witness": {},
    "watchers": [],
    "portable": False,
    "deactivated": False,
    "ttl": 3600,
}


@dataclass(frozen=True)
class Witnesses:
    """Who has to approve entries, and how many of them."""

    threshold: int
    ids: frozenset[str]


@dataclass(frozen=True)
class Parameters:
    """What is in force after an entry."""

    scid: str
    update_keys: tuple[str, ...] = ()
    next_key_hashes: tuple[str, ...] = ()
    witnesses: Witnesses | None = None
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = 3600


def first(said: Mapping[str, Any]) -> Parameters:
    """The parameters after the first entry, which has to name method, scid and updateKeys."""
    for name in ("method", "scid", "updateKeys"):
        if name not in said:
            raise _wrong(f"the first entry has no {name}")
    values = _checked(said)
    scid = values["scid"]
    if not isinstance(scid, str):
        raise _wrong("scid is not a string")
    if not values["updateKeys"]:
        raise _wrong("the first entry has no updateKeys")
    return _merge(Parameters(scid), values)


def following(before: Parameters, said: Mapping[str, Any]) -> Parameters:
    """The parameters after a later entry, which keep what it does not name."""
    values = _checked(said)
    if "scid" in values:
        raise _wrong("scid appears again after the first entry")
    if values.get("portable") is True:
        raise TrustError(
            "webvh-not-portable",
            "portable is set to true after the first entry",
            step=STEP,
            clause=CLAUSE,
            expected="portable: true in the first entry only",
            hint="A DID is portable from the start or never.",
        )
    if before.next_key_hashes:
        for name in ("updateKeys", "nextKeyHashes"):
            if name not in values:
                raise TrustError(
                    "webvh-pre-rotation",
                    f"the entry has no {name} although pre-rotation is active",
                    step=STEP,
                    clause=CLAUSE,
                    expected=name,
                    hint=f"Name {name} in each entry while nextKeyHashes is not empty.",
                )
    return _merge(before, values)


def _merge(before: Parameters, values: Mapping[str, Any]) -> Parameters:
    now = before
    if "updateKeys" in values:
        now = replace(now, update_keys=tuple(values["updateKeys"]))
    if "nextKeyHashes" in values:
        now = replace(now, next_key_hashes=tuple(values["nextKeyHashes"]))
    if "watchers" in values:
        now = replace(now, watchers=tuple(values["watchers"]))
    if "witness" in values:
        now = replace(now, witnesses=_witnesses(values["witness"]))
    for name in ("portable", "deactivated", "ttl"):
        if name in values:
            now = replace(now, **{name: values[name]})
    return now


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(said.keys() - _KNOWN)
    if unknown:
        raise _wrong(f"unknown parameter {unknown[0][:60]!r}")
    values = {name: _DEFAULTS.get(name) if value is None else value for name, value in said.items()}
    method = values.get("method", METHOD)
    if method != METHOD:
        raise TrustError(
            "webvh-method-unsupported",
            f"the log follows {str(method)[:60]!r}",
            step=STEP,
            clause=CLAUSE,
            expected=METHOD,
            actual=str(method)[:60],
            undetermined=_other_version(method),
            hint="The harness reads logs of did:webvh 1.0.",
        )
    for name in ("updateKeys", "nextKeyHashes", "watchers"):
        entries = values.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(one, str) for one in entries):
            raise _wrong(f"{name} is not an array of strings")
    for name in ("portable", "deactivated"):
        if not isinstance(values.get(name, False), bool):
            raise _wrong(f"{name} is neither true nor false")
    ttl = values.get("ttl", 0)
    if isinstance(ttl, bool) or not isinstance(ttl, int) or not 0 <= ttl <= 2**31:
        raise _wrong("ttl is not a number of seconds")
    return values


def _other_version(method: object) -> bool:
    known = ("did:webvh:0.3", "did:webvh:0.4", "did:webvh:0.5", "did:tdw:0.3", "did:tdw:0.4", "did:tdw:0.5")
    return method in known


def _witnesses(said: object) -> Witnesses | None:
    if said == {}:
        return None
    if not isinstance(said, Mapping):
        raise _wrong("witness is not an object")
    threshold, entries = said.get("threshold"), said.get("witnesses")
    if not isinstance(entries, list) or not entries:
        raise _wrong("witness.witnesses is not a filled array")
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in entries]
    for identifier in ids:
        if not isinstance(identifier, str) or not _is_ed25519_did_key(identifier):
            raise _wrong(f"the witness {str(identifier)[:80]!r} is no did:key of an Ed25519 key")
    if len(set(ids)) < len(ids):
        raise _wrong("a witness is listed twice")
    if isinstance(threshold, bool) or not isinstance(threshold, int) or not 1 <= threshold <= len(ids):
        raise _wrong(f"the witness threshold is {str(threshold)[:20]}, not a number from 1 to {len(ids)}")
    return Witnesses(threshold, frozenset(one for one in ids if isinstance(one, str)))


def _is_ed25519_did_key(identifier: str) -> bool:
    prefix, _, value = identifier.rpartition(":")
    if prefix != "did:key" or not value.startswith("z"):
        return False
    try:
        return from_multibase(value).family == ED25519
    except TrustError:
        return False


def _wrong(what: str) -> TrustError:
    return TrustError(
        "webvh-parameter", what, step=STEP, clause=CLAUSE, hint="See the table of parameters there."
    )
