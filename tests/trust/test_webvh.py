"""did:webvh: whole logs replayed, and logs broken one rule at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.did_url import document_url
from harness.evidence import Evidence, Web
from harness.trust.did import DidDocument, find_method, resolve
from harness.trust.signing import multikey_of
from harness.trust.trace import Trace, TrustError
from harness.trust.webvh import entry_hash
from trust.issuers import NOW
from trust.webvh_logs import Log, a_log_key, key_hash, prove, witness_parameter

FIRST, SECOND, THIRD = a_log_key("first"), a_log_key("second"), a_log_key("third")
WITNESS, WITNESS2 = a_log_key("witness"), a_log_key("second witness")

PUBLISHED_ENTRY = json.loads(
    '{"versionId": "QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE", "versionTime": "2025-04-01T17:39:50Z", '
    '"parameters": {"witness": {"threshold": 2, "witnesses": [{"id": '
    '"did:key:z6Mkkc51mg2vpQzKWAbWQZupeGYhowaBjYkmvcKMTqteqHB4", "weight": 1}, {"id": '
    '"did:key:z6MkuDdJdKLCgwZuQuEi9xG6LVgJJ9Tebr74CXPYPSumqgJs", "weight": 1}, {"id": '
    '"did:key:z6MkoSWmQyp4fTk4ZQy4KUsss9dFX51XfEUzKKKj1J1JUsrF", "weight": 1}]}, "updateKeys": '
    '["z6MkgzBDcBFV3sk4ypPE5YXMZHmS213A3HpYY2LmcVKV15jr"], "nextKeyHashes": '
    '["QmZreDcjvWEpyRFznQeExWNCsvMLk5i59AcRJJuQC8UodJ"], "method": "did:webvh:0.5", "scid": '
    '"QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE"}, "state": {"@context": ["https://www.w3.org/ns/did/v1"], '
    '"id": "did:webvh:QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE:domain.example"}}'
)
"""The example of did:webvh v1.0, "Generate Entry Hash"."""


def resolved(log: Log, proofs: bytes | None = None, *, query: str = "", at: datetime = NOW) -> DidDocument:
    """What the log says of its DID."""
    return resolve(log.did + query, log.web(proofs), Trace(), at=at)


def refused(log: Log, proofs: bytes | None = None, **options: Any) -> TrustError:
    """The error with which the log is refused."""
    with pytest.raises(TrustError) as caught:
        resolved(log, proofs, **options)
    return caught.value


def set_to(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change that sets the member at a path such as proof/0/type."""

    def change(entry: dict[str, Any]) -> None:
        *parents, name = path.split("/")
        place: Any = entry
        for parent in parents:
            place = place[int(parent)] if parent.isdigit() else place[parent]
        place[name] = value

    return change


def test_published_entry_hash() -> None:
    """The entry of the specification has the hash that the specification prints."""
    assert (
        entry_hash(PUBLISHED_ENTRY, PUBLISHED_ENTRY["versionId"])
        == "QmQ6FJ4fk2xheSSQoEjVpTgx9AQPKhJgtR9hn1nr4EeCrZ"
    )


def test_a_log_of_three_entries() -> None:
    """Keys rotate, the last document counts, and the trace shows SCID and every version."""
    log = Log().add(FIRST).add(FIRST, {"updateKeys": [multikey_of(SECOND)]}).add(SECOND)
    trace = Trace()
    document = resolve(log.did, log.web(), trace, at=NOW)
    assert find_method(document, "#key-1", "assertionMethod", Trace(), at=NOW).controller == log.did
    assert document.metadata["versionId"] == log.entries[2]["versionId"]
    assert document.metadata["created"] == "2026-01-02T00:00:00Z"
    names = [step.name for step in trace.steps]
    assert names == ["DID log URL", "SCID", "versionId", "versionId", "versionId", "DID resolution result"]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("?versionNumber=1", 1),
        ("?versionNumber=2", 2),
        ("?versionTime=2026-01-02T00:00:00Z", 1),
        ("?versionTime=2026-01-03T23:59:59Z", 2),
        ("?versionTime=2026-06-01T00:00:00%2B02:00", 3),
    ],
)
def test_versions_that_are_asked_for(query: str, number: int) -> None:
    """A version is chosen by number or time, and is the one that was in force."""
    log = Log().add(FIRST).add(FIRST).add(FIRST)
    assert resolved(log, query=query).metadata["versionId"] == log.entries[number - 1]["versionId"]


@pytest.mark.parametrize(
    "query",
    [
        "?versionNumber=0",
        "?versionNumber=4",
        "?versionId=1-Qm",
        "?versionTime=2025-01-01T00:00:00Z",
        "?versionTime=x",
        "?versionNumber=1&versionTime=2026-06-01T00:00:00Z",
    ],
)
def test_versions_that_are_not_there(query: str) -> None:
    """A version that the log does not have is not found."""
    log = Log().add(FIRST).add(FIRST)
    assert refused(log, query=query).code == "webvh-version-not-found"


def test_an_earlier_version_outlives_a_broken_end() -> None:
    """A version in the part that holds can be had, although the log as a whole is refused."""
    log = Log().add(FIRST).add(FIRST).add(SECOND)
    assert refused(log).code == "webvh-key-not-authorised"
    assert resolved(log, query="?versionNumber=2").metadata["versionId"] == log.entries[1]["versionId"]
    assert refused(log, query="?versionTime=2026-06-01T00:00:00Z").code == "webvh-key-not-authorised"


def test_pre_rotation() -> None:
    """With pre-rotation the announced key signs its own entry, until it is switched off."""
    log = Log().add(FIRST, {"nextKeyHashes": [key_hash(SECOND)]})
    log.add(SECOND, {"updateKeys": [multikey_of(SECOND)], "nextKeyHashes": [key_hash(THIRD)]})
    log.add(THIRD, {"updateKeys": [multikey_of(THIRD)], "nextKeyHashes": []})
    log.add(THIRD)
    assert resolved(log).metadata["versionId"].startswith("4-")


def test_witnesses() -> None:
    """Enough approvals of an entry, or of a later one, let it stand."""
    log = Log().add(FIRST, witness_parameter(1, WITNESS, WITNESS2)).add(FIRST)
    assert resolved(log, log.witnessed((2, WITNESS2))).metadata["updated"] == "2026-01-03T00:00:00Z"
    assert resolved(log, log.witnessed((1, WITNESS), (2, WITNESS))).did == log.did


def test_a_witness_list_is_replaced_after_its_entry() -> None:
    """The entry that replaces the witnesses is still approved by the old ones."""
    log = Log().add(FIRST, witness_parameter(1, WITNESS)).add(FIRST, witness_parameter(1, WITNESS2))
    assert refused(log, log.witnessed((1, WITNESS), (2, WITNESS2))).code == "webvh-witness"
    assert resolved(log, log.witnessed((2, WITNESS))).did == log.did


def test_switching_witnesses_off_needs_them_once_more() -> None:
    """The entry that ends witnessing is witnessed, the next one is not."""
    log = Log().add(FIRST, witness_parameter(1, WITNESS)).add(FIRST, {"witness": {}}).add(FIRST)
    assert refused(log, log.witnessed((1, WITNESS))).code == "webvh-witness"
    assert resolved(log, log.witnessed((2, WITNESS))).did == log.did


@pytest.mark.parametrize(
    ("proofs", "code"),
    [
        (None, "webvh-witness-absent"),
        (b"", "webvh-witness"),
        (b"{}", "webvh-witness"),
        (b'[1, {}, {"versionId": "1-Qm"}]', "webvh-witness"),
    ],
)
def test_witness_proofs_that_do_not_count(proofs: bytes | None, code: str) -> None:
    """Absent proofs leave it open, unreadable and foreign ones do not count."""
    error = refused(Log().add(FIRST, witness_parameter(1, WITNESS)), proofs)
    assert (error.code, error.undetermined) == (code, proofs is None)


def test_one_witness_counts_once() -> None:
    """Two proofs by one witness are one approval; strangers and other logs count for nothing."""
    log = Log().add(FIRST, witness_parameter(2, WITNESS, WITNESS2))
    assert refused(log, log.witnessed((1, WITNESS), (1, WITNESS), (1, THIRD))).code == "webvh-witness"
    other = Log(place="other.example.com").add(FIRST, witness_parameter(2, WITNESS, WITNESS2))
    assert refused(log, other.witnessed((1, WITNESS), (1, WITNESS2))).code == "webvh-witness"


def test_deactivation() -> None:
    """A deactivated DID resolves and gives no key any more; an earlier version still does."""
    log = Log().add(FIRST).add(FIRST, {"deactivated": True, "updateKeys": []})
    document = resolved(log)
    assert document.deactivated
    with pytest.raises(TrustError) as caught:
        find_method(document, "#key-1", "assertionMethod", Trace())
    assert caught.value.code == "did-deactivated"
    assert find_method(resolved(log, query="?versionNumber=1"), "#key-1", "assertionMethod", Trace())


def test_a_portable_did_moves() -> None:
    """A portable DID moves if the new document names the old DID."""
    log = Log().add(FIRST, {"portable": True})
    old = log.did
    new = f"did:webvh:{log.scid}:new.example.com"
    log.add(FIRST, state={**log.document(new), "alsoKnownAs": [old]})
    assert resolved(log).did == new
    with pytest.raises(TrustError) as caught:
        resolve(old, log.web(did=old), Trace())
    assert caught.value.code == "did-document-for-another-did"


MOVED = "did:webvh:{SCID}:new.example.com"


@pytest.mark.parametrize(
    ("parameters", "state", "code"),
    [
        ({"portable": False}, {"id": MOVED, "alsoKnownAs": ["old"]}, "webvh-not-portable"),
        ({"portable": True}, {"id": MOVED}, "webvh-not-portable"),
        ({"portable": True}, {"id": MOVED, "alsoKnownAs": "old"}, "webvh-not-portable"),
        ({"portable": True}, {"id": "did:webvh:QmOther:a.example"}, "webvh-scid"),
        ({"portable": True}, {"id": "did:web:a.example"}, "webvh-scid"),
        ({"portable": True}, {}, "webvh-scid"),
        ({"portable": True}, {"id": f"{MOVED}#x"}, "webvh-log-malformed"),
        ({"portable": True}, {"id": "did:webvh:{SCID}:127.0.0.1"}, "webvh-log-malformed"),
    ],
)
def test_moves_that_are_refused(parameters: dict[str, Any], state: dict[str, Any], code: str) -> None:
    """A DID that may not move, does not name itself, or moves to another SCID is refused."""
    log = Log().add(FIRST, parameters)
    did = log.did
    log.add(
        FIRST,
        state=json.loads(json.dumps(state).replace("{SCID}", log.scid).replace('"old"', f'"{did}"'))
        or {"x": 1},
    )
    with pytest.raises(TrustError) as caught:
        resolve(did, log.web(did=did), Trace())
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"method": "did:webvh:99.0"}, "webvh-method-unsupported"),
        ({"method": "did:webvh:0.5"}, "webvh-method-unsupported"),
        ({"scid": 1}, "webvh-parameter"),
        ({"updateKeys": []}, "webvh-parameter"),
        ({"updateKeys": "z"}, "webvh-parameter"),
        ({"updateKeys": [1]}, "webvh-parameter"),
        ({"unknown": 1}, "webvh-parameter"),
        ({"portable": "yes"}, "webvh-parameter"),
        ({"ttl": -1}, "webvh-parameter"),
        ({"ttl": True}, "webvh-parameter"),
        ({"witness": []}, "webvh-parameter"),
        ({"witness": {"threshold": 1}}, "webvh-parameter"),
        ({"witness": {"threshold": 1, "witnesses": [{"id": "did:web:a.b"}]}}, "webvh-parameter"),
        ({"witness": {"threshold": 1, "witnesses": [{"id": "did:key:zBad0"}]}}, "webvh-parameter"),
        (witness_parameter(0, WITNESS), "webvh-parameter"),
        (witness_parameter(2, WITNESS), "webvh-parameter"),
        (witness_parameter(1, WITNESS, WITNESS), "webvh-parameter"),
        ({"updateKeys": [multikey_of(SECOND)]}, "webvh-key-not-authorised"),
    ],
)
def test_first_entries_that_are_refused(parameters: dict[str, Any], code: str) -> None:
    """Each parameter has its type, and the first entry names what it has to."""
    assert refused(Log().add(FIRST, parameters)).code == code


@pytest.mark.parametrize("missing", ["method", "scid", "updateKeys"])
def test_first_entries_that_say_too_little(missing: str) -> None:
    """method, scid and updateKeys stand in the first entry."""
    log = Log().add(FIRST, before=lambda entry: entry["parameters"].pop(missing))
    assert refused(log).code == "webvh-parameter"


@pytest.mark.parametrize(
    "parameters", [{"watchers": None, "ttl": None, "nextKeyHashes": None, "witness": None}]
)
def test_null_is_read_as_the_default(parameters: dict[str, Any]) -> None:
    """Early logs wrote null for "not any more": it is read as the default."""
    assert resolved(Log().add(FIRST, parameters)).metadata["ttl"] == "3600"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"scid": "x"}, "webvh-parameter"),
        ({"portable": True}, "webvh-not-portable"),
        ({"method": "did:webvh:0.9"}, "webvh-method-unsupported"),
    ],
)
def test_later_entries_that_are_refused(parameters: dict[str, Any], code: str) -> None:
    """What only the first entry may say is refused in a later one."""
    assert refused(Log().add(FIRST).add(FIRST, parameters)).code == code


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({}, "webvh-pre-rotation"),
        ({"updateKeys": [multikey_of(SECOND)]}, "webvh-pre-rotation"),
        ({"nextKeyHashes": []}, "webvh-pre-rotation"),
        (
            {"updateKeys": [multikey_of(SECOND), multikey_of(THIRD)], "nextKeyHashes": []},
            "webvh-pre-rotation",
        ),
        ({"updateKeys": [multikey_of(THIRD)], "nextKeyHashes": []}, "webvh-key-not-authorised"),
    ],
)
def test_pre_rotation_that_is_broken(second: dict[str, Any], code: str) -> None:
    """Keys that were not announced, or lists that are left out, end the log."""
    log = Log().add(FIRST, {"nextKeyHashes": [key_hash(SECOND)]}).add(SECOND, second)
    assert refused(log).code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_to("versionId", "2-QmQ6FJ4fk2xheSSQoEjVpTgx9AQPKhJgtR9hn1nr4EeCrZ"), "webvh-proof"),
        (set_to("state/service", []), "webvh-proof"),
        (set_to("versionTime", 7), "webvh-log-malformed"),
        (set_to("parameters", []), "webvh-log-malformed"),
        (set_to("extra", 1e400), "webvh-log-malformed"),
        (set_to("extra", 2**60), "webvh-log-malformed"),
        (set_to("proof", []), "webvh-proof"),
        (set_to("proof", ["x"]), "webvh-proof"),
        (set_to("proof/0/type", "Ed25519Signature2020"), "webvh-proof"),
        (set_to("proof/0/cryptosuite", "ecdsa-jcs-2019"), "webvh-proof"),
        (set_to("proof/0/cryptosuite", None), "webvh-proof"),
        (set_to("proof/0/proofPurpose", "authentication"), "webvh-proof"),
        (set_to("proof/0/verificationMethod", "did:web:a.b#c"), "webvh-proof"),
        (
            set_to("proof/0/verificationMethod", f"did:key:{multikey_of(FIRST)}#{multikey_of(SECOND)}"),
            "webvh-proof",
        ),
        (
            set_to("proof/0/verificationMethod", f"did:key:{multikey_of(SECOND)}#{multikey_of(SECOND)}"),
            "webvh-proof",
        ),
        (set_to("proof/0/proofValue", "z1"), "webvh-proof"),
        (set_to("proof/0/proofValue", "z0"), "webvh-proof"),
        (set_to("proof/0/proofValue", 1), "webvh-proof"),
        (set_to("proof/0/created", "2027-01-01T00:00:00Z"), "webvh-proof"),
    ],
)
def test_entries_altered_after_signing(change: Callable[[dict[str, Any]], None], code: str) -> None:
    """Any change to an entry or its proof after the fact is found."""
    assert refused(Log().add(FIRST).add(FIRST, after=change)).code == code


def resign(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """A change by somebody who has the key: the proof is made anew, the hash is not."""

    def altered(entry: dict[str, Any]) -> None:
        change(entry)
        entry.pop("proof")
        entry["proof"] = [prove(entry, FIRST)]

    return altered


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_to("versionId", "3-QmQ6FJ4fk2xheSSQoEjVpTgx9AQPKhJgtR9hn1nr4EeCrZ"), "webvh-version-id"),
        (set_to("versionId", "2"), "webvh-version-id"),
        (set_to("versionId", "2-Qm-Qm"), "webvh-version-id"),
        (set_to("versionId", "02-QmQ6FJ4fk2xheSSQoEjVpTgx9AQPKhJgtR9hn1nr4EeCrZ"), "webvh-version-id"),
        (set_to("versionId", "2-QmQ6FJ4fk2xheSSQoEjVpTgx9AQPKhJgtR9hn1nr4EeCrZ"), "webvh-entry-hash"),
        (set_to("state/alsoKnownAs", []), "webvh-entry-hash"),
    ],
)
def test_entries_rewritten_by_the_controller(change: Callable[[dict[str, Any]], None], code: str) -> None:
    """Even who holds the key cannot rewrite history: number and hash chain tell."""
    assert refused(Log().add(FIRST).add(FIRST, after=resign(change))).code == code


@pytest.mark.parametrize(
    "time",
    ["2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z", "2026-06-01T00:00:00", "2026-06-01T00:00:00+02:00", "x"],
)
def test_version_times(time: str) -> None:
    """Times are in UTC and strictly later than the one before."""
    assert refused(Log().add(FIRST).add(FIRST, time=time)).code == "webvh-version-time"


def test_versions_from_the_future() -> None:
    """A log from the future is refused, with five minutes of grace, and not without a clock."""
    log = Log().add(FIRST)
    moment = datetime(2026, 1, 1, 23, 50, tzinfo=UTC)
    assert refused(log, at=moment).code == "webvh-version-time"
    assert resolved(log, at=moment.replace(minute=55)).did == log.did
    assert resolve(log.did, log.web(), Trace()).did == log.did


def test_the_log_of_another_did() -> None:
    """A log that never names the DID, or has another SCID, is that of somebody else."""
    log, other = Log().add(FIRST), Log(place="other.example.com").add(SECOND)
    for did in (f"did:webvh:{log.scid}:other.example.com", other.did):
        url = document_url(did)
        assert url is not None
        web = Web({url: Evidence(url, log.lines())})
        with pytest.raises(TrustError) as caught:
            resolve(did, web, Trace())
        assert caught.value.code in ("did-document-for-another-did", "webvh-scid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "webvh-log-malformed"),
        (b"\n", "webvh-log-malformed"),
        (b"{}", "webvh-log-malformed"),
        (b"[]", "webvh-log-malformed"),
        (b"\xff\xfe\n", "webvh-log-malformed"),
        (b"[" * 100_000, "webvh-log-malformed"),
        (b"\n" * 3_000, "webvh-log-too-long"),
        (b" " * 5_000_000, "webvh-log-too-long"),
    ],
)
def test_bytes_that_are_no_log(body: bytes, code: str) -> None:
    """Whatever is served in place of a log, the answer says what is wrong with it."""
    log = Log().add(FIRST)
    url = document_url(log.did)
    assert url is not None
    with pytest.raises(TrustError) as caught:
        resolve(log.did, Web({url: Evidence(url, body)}), Trace())
    assert caught.value.code == code


def test_no_entry_after_deactivation() -> None:
    """Nothing follows the entry that deactivates a DID."""
    assert (
        refused(Log().add(FIRST).add(FIRST, {"deactivated": True}).add(FIRST)).code
        == "webvh-after-deactivation"
    )


GOOD = Log().add(FIRST, {"portable": True}).add(FIRST)
GOOD_LINES = GOOD.lines()


@settings(deadline=None, max_examples=80)
@given(st.integers(0, len(GOOD_LINES) * 8 - 1))
def test_no_bit_of_a_log_can_change(bit: int) -> None:
    """A log with any one bit flipped is refused, and only ever with TrustError."""
    altered = bytearray(GOOD_LINES)
    altered[bit // 8] ^= 1 << bit % 8
    if bytes(altered).replace(b"\r", b"") == GOOD_LINES or bytes(altered).split() == GOOD_LINES.split():
        return
    url = document_url(GOOD.did)
    assert url is not None
    with pytest.raises(TrustError):
        resolve(GOOD.did, Web({url: Evidence(url, bytes(altered))}), Trace())
