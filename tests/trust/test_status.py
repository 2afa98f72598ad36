"""Status lists: entries, list credentials, bits and answers; each rule with a good and a broken twin."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence import Absence, Evidence, Web
from harness.trust.bitstring import LARGEST_LIST, bits_of, expand_legacy_list, expand_list
from harness.trust.encoding import encode_base64url, encode_multibase
from harness.trust.status import (
    MINIMUM_ENTRIES,
    Status,
    StatusListCredential,
    encode_list,
    entries_of,
    list_evidence,
    read_list,
    status_of,
)
from harness.trust.status_entry import IndexForm, StatusEntry, read_entry
from harness.trust.trace import TrustError

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
URL: Final = "https://example.com/credentials/status/3"

PUBLISHED_LIST: Final = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""encodedList of the example in Bitstring Status List 1.0 section 2.2."""


def an_entry(**changes: Any) -> dict[str, Any]:
    """The entry of the example in section 2.1, with changes; None takes a member away."""
    entry: dict[str, Any] = {
        "id": "https://example.com/credentials/status/3#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": URL,
        **changes,
    }
    return {name: value for name, value in entry.items() if value is not None}


def a_list(*set_indexes: int, subject: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The list credential of the example in section 2.2, with these bits set and with changes."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:example:12345",
        "validFrom": "2021-04-05T14:27:40Z",
        "credentialSubject": {
            "id": "https://example.com/status/3#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(bits_of(set_indexes)),
            **(subject or {}),
        },
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}


def read(document: dict[str, Any]) -> StatusListCredential:
    """Read a list credential that was fetched from its URL, now."""
    return read_list(document, url=URL, at=NOW)


def codes(thing: StatusEntry | StatusListCredential) -> list[str]:
    """The codes of its problems, in order."""
    return [problem.code for problem in thing.problems]


def answer(entry: dict[str, Any], document: dict[str, Any]) -> Status:
    """The status of a credential with this entry under this list."""
    return status_of(read_entry(entry), read(document))


def refusal(entry: dict[str, Any], document: dict[str, Any]) -> TrustError:
    """Why there is no status."""
    with pytest.raises(TrustError) as caught:
        answer(entry, document)
    return caught.value


def gzip_bomb(mebibytes: int) -> bytes:
    """Gzip of so many MiB of zeros, made of one block that is repeated: no need to compress it all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * mebibytes + packer.flush()


# --- the published example


def test_published_list_has_the_published_bits() -> None:
    """The list of the recommendation expands to 16 KiB of zeros: 131,072 credentials, none revoked."""
    expanded = expand_list(PUBLISHED_LIST)
    assert expanded.size == MINIMUM_ENTRIES
    assert expanded.bits == bytes(16_384)


def test_published_entry_is_not_revoked() -> None:
    """The example credential of the recommendation has status 0 in the example list."""
    status = answer(an_entry(), a_list(subject={"encodedList": PUBLISHED_LIST}))
    assert status == Status(0, "revocation")
    assert not status.is_set
    assert not status.blocks


def test_credential_without_status_has_no_entries() -> None:
    """No credentialStatus is no entry, and no problem."""
    assert entries_of({"type": ["VerifiableCredential"]}) == ()


def test_every_entry_is_read_with_its_place() -> None:
    """Several entries are each read, and know their JSON pointer."""
    credential = {"credentialStatus": [an_entry(), an_entry(statusPurpose="suspension")]}
    entries = entries_of(credential)
    assert [one.pointer for one in entries] == ["/credentialStatus/0", "/credentialStatus/1"]
    assert [one.purpose for one in entries] == ["revocation", "suspension"]
    assert [one.problems for one in entries] == [(), ()]


# --- bit order and answers


def test_bits_are_read_from_left_to_right() -> None:
    """With bit 1 set alone, index 1 is revoked and index 6 is not: no reading from the right."""
    document = a_list(1)
    assert expand_list(document["credentialSubject"]["encodedList"]).bits[0] == 0b0100_0000
    assert answer(an_entry(statusListIndex="1"), document).blocks
    assert not answer(an_entry(statusListIndex="6"), document).is_set


@pytest.mark.parametrize("index", [0, 7, 8, 131_071])
def test_edges_of_the_list_are_in_the_list(index: int) -> None:
    """The first and last entry, and those at the edge of a byte, answer for themselves alone."""
    assert answer(an_entry(statusListIndex=str(index)), a_list(index)).is_set
    assert not answer(an_entry(statusListIndex=str((index + 1) % MINIMUM_ENTRIES)), a_list(index)).is_set


@pytest.mark.parametrize(
    ("purpose", "blocks"), [("revocation", True), ("suspension", True), ("refresh", False)]
)
def test_purpose_says_whether_a_set_bit_blocks(purpose: str, blocks: bool) -> None:
    """A revoked or suspended credential is not relied on; one with a newer version still is."""
    status = answer(an_entry(statusPurpose=purpose), a_list(94_567, subject={"statusPurpose": purpose}))
    assert status.is_set
    assert status.blocks is blocks


def test_one_list_may_serve_several_purposes() -> None:
    """The purpose of a list is one string or several; the entry's has to be among them."""
    document = a_list(94_567, subject={"statusPurpose": ["suspension", "revocation"]})
    assert answer(an_entry(), document).blocks
    assert refusal(an_entry(statusPurpose="refresh"), document).code == "status-purpose-mismatch"


MESSAGES: Final = [
    {"status": "0x0", "message": "pending_review"},
    {"status": "0x1", "message": "accepted"},
    {"status": "0x2", "message": "rejected"},
    {"status": "0x3", "message": "undefined"},
]


def a_message_entry(**changes: Any) -> dict[str, Any]:
    """An entry of two bits with four messages."""
    members = {"statusPurpose": "message", "statusSize": 2, "statusMessage": MESSAGES, **changes}
    return an_entry(**members)


def test_two_bits_make_four_messages() -> None:
    """An entry of two bits is read at twice its index, the left bit the more significant."""
    bits = bytes([0b00_01_10_11]) + bytes(2 * 16_384 - 1)
    document = a_list(subject={"statusPurpose": "message", "encodedList": encode_list(bits)})
    said = [answer(a_message_entry(statusListIndex=str(place)), document) for place in range(4)]
    assert [one.value for one in said] == [0, 1, 2, 3]
    assert [one.message for one in said] == ["pending_review", "accepted", "rejected", "undefined"]


def test_width_that_does_not_divide_a_byte() -> None:
    """Entries of three bits run across bytes."""
    bits = int("000001010011100101110111", 2).to_bytes(3, "big") + bytes(3 * 16_384)
    messages = [{"status": hex(one), "message": str(one)} for one in range(8)]
    document = a_list(subject={"statusPurpose": "message", "encodedList": encode_list(bits)})
    for place in range(8):
        entry = a_message_entry(statusListIndex=str(place), statusSize=3, statusMessage=messages)
        assert answer(entry, document).message == str(place)


def test_message_without_messages_says_set_or_unset() -> None:
    """Without statusMessage the values of one bit mean "set" and "unset" (section 2.1)."""
    document = a_list(0, subject={"statusPurpose": "message"})
    assert answer(an_entry(statusPurpose="message", statusListIndex="0"), document).message == "set"
    assert answer(an_entry(statusPurpose="message", statusListIndex="1"), document).message == "unset"


# --- entries


@pytest.mark.parametrize(
    ("written", "form", "index"),
    [
        ("94567", IndexForm.STRING, 94_567),
        ("0", IndexForm.STRING, 0),
        ("0094567", IndexForm.STRING, 94_567),
        (94_567, IndexForm.INTEGER, 94_567),
        (94_567.0, IndexForm.INTEGER, 94_567),
    ],
)
def test_index_is_read_as_string_and_as_integer(written: Any, form: IndexForm, index: int) -> None:
    """W3C wants a string and UNTP 0.7.0 an integer: both are read, and which it was is noted."""
    entry = read_entry(an_entry(statusListIndex=written))
    assert (entry.index, entry.index_form, entry.problems) == (index, form, ())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-1", "status-index-negative"),
        ("-0", "status-index-negative"),
        (-1, "status-index-negative"),
        ("", "status-index-malformed"),
        ("abc", "status-index-malformed"),
        ("0x10", "status-index-malformed"),
        ("1e3", "status-index-malformed"),
        ("+7", "status-index-malformed"),
        (" 7", "status-index-malformed"),
        ("7\n", "status-index-malformed"),
        ("٧", "status-index-malformed"),  # noqa: RUF001 - an Arabic digit, on purpose
        ("1_000", "status-index-malformed"),
        (True, "status-index-malformed"),
        (1.5, "status-index-malformed"),
        (float("inf"), "status-index-malformed"),
        ([7], "status-index-malformed"),
        (None, "status-index-malformed"),
    ],
)
def test_index_that_is_no_index(written: Any, code: str) -> None:
    """An index that is no whole number of 0 or more is named, and gives no status."""
    entry = an_entry(statusListIndex=written)
    assert codes(read_entry(entry)) == [code]
    assert refusal(entry, a_list()).code == code


@pytest.mark.parametrize(
    "written",
    ["131072", 131_072, "9" * 300, "9" * 100_000, 10**300],
    ids=["one too many", "one too many, integer", "300 digits", "100,000 digits", "301 digits, integer"],
)
def test_index_beyond_the_list(written: str | int) -> None:
    """An index beyond the list, however huge, is a range error and never a status."""
    problem = refusal(an_entry(statusListIndex=written), a_list())
    assert problem.code == "status-index-out-of-range"
    assert not problem.undetermined
    assert problem.expected == "an index from 0 to 131,071"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": None}, "status-type-missing"),
        ({"type": 7}, "status-type-missing"),
        ({"type": "RevocationBitmap2022"}, "status-type-unknown"),
        ({"statusPurpose": None}, "status-purpose-malformed"),
        ({"statusPurpose": ["revocation"]}, "status-purpose-malformed"),
        ({"statusPurpose": ""}, "status-purpose-malformed"),
        ({"statusListCredential": None}, "status-list-url-missing"),
        ({"statusListCredential": 3}, "status-list-url-malformed"),
        ({"statusListCredential": "status/3"}, "status-list-url-malformed"),
        ({"statusListCredential": "http://[::1"}, "status-list-url-malformed"),
        ({"statusListCredential": "https://example.com/a b"}, "status-list-url-malformed"),
        ({"id": URL}, "status-entry-id-is-list"),
        ({"statusSize": 0}, "status-size-malformed"),
        ({"statusSize": "1"}, "status-size-malformed"),
        ({"statusSize": True}, "status-size-malformed"),
        ({"statusSize": 10**9}, "status-size-over-budget"),
        ({"statusSize": 2}, "status-messages-missing"),
        ({"statusSize": 2, "statusMessage": MESSAGES[:2]}, "status-messages-count"),
        ({"statusSize": 1, "statusMessage": MESSAGES}, "status-messages-count"),
        ({"statusMessage": "hello"}, "status-messages-malformed"),
        ({"statusMessage": [{"status": "0", "message": "a"}, MESSAGES[1]]}, "status-messages-malformed"),
        ({"statusMessage": [{"status": "0x0"}, MESSAGES[1]]}, "status-messages-malformed"),
        ({"statusMessage": [MESSAGES[1], MESSAGES[1]]}, "status-messages-malformed"),
        ({"statusReference": ["https://example.org/a", 7]}, "status-reference-malformed"),
    ],
)
def test_broken_entry_names_the_rule(changes: dict[str, Any], code: str) -> None:
    """Each member of the entry that breaks a rule gives exactly the problem of that rule."""
    assert codes(read_entry(an_entry(**changes))) == [code]


@pytest.mark.parametrize("value", ["revoked", 7, ["a"], True])
def test_entry_that_is_no_object(value: Any) -> None:
    """Anything else than an object is a malformed entry."""
    assert codes(read_entry(value)) == ["status-entry-malformed"]


def test_unknown_status_type_is_undetermined() -> None:
    """Of a status that the harness does not know it says neither yes nor no."""
    assert read_entry(an_entry(type="RevocationBitmap2022")).problems[0].undetermined


def test_entry_id_that_differs_from_the_list_is_fine() -> None:
    """The id of an entry may be absent or any other URL than that of its list."""
    assert codes(read_entry(an_entry())) == codes(read_entry(an_entry(id=None))) == []


# --- the list credential


@pytest.mark.parametrize(
    ("changes", "subject", "expected"),
    [
        ({"type": ["VerifiableCredential"]}, {}, ["status-list-type"]),
        ({"type": None}, {}, ["status-list-type"]),
        ({"id": "https://example.com/credentials/status/4"}, {}, ["status-list-id"]),
        ({"validUntil": "2026-11-21T23:59:59Z"}, {}, ["status-list-expired"]),
        ({"validFrom": "2026-11-22T00:00:01Z"}, {}, ["status-list-not-yet-valid"]),
        ({"validFrom": "yesterday"}, {}, ["status-list-validity"]),
        ({"validFrom": 7}, {}, ["status-list-validity"]),
        ({"credentialSubject": "a list"}, {}, ["status-list-subject", "status-list-purpose", "encoded-list-missing"]),
        ({}, {"type": "StatusList2021"}, ["status-list-subject"]),
        ({}, {"statusPurpose": 7}, ["status-list-purpose"]),
        ({}, {"statusPurpose": []}, ["status-list-purpose"]),
        ({}, {"statusPurpose": ["revocation", 7]}, ["status-list-purpose"]),
        ({}, {"ttl": -1}, ["status-list-ttl"]),
        ({}, {"ttl": "soon"}, ["status-list-ttl"]),
        ({}, {"encodedList": None}, ["encoded-list-missing"]),
        ({}, {"encodedList": ""}, ["encoded-list-missing"]),
        ({}, {"encodedList": 7}, ["encoded-list-missing"]),
        ({}, {"encodedList": PUBLISHED_LIST[1:]}, ["encoded-list-not-multibase"]),
        ({}, {"encodedList": "z" + PUBLISHED_LIST[1:]}, ["encoded-list-not-multibase"]),
        ({}, {"encodedList": PUBLISHED_LIST + "="}, ["encoded-list-not-base64url"]),
        ({}, {"encodedList": PUBLISHED_LIST.replace("-", "+")}, ["encoded-list-not-base64url"]),
        ({}, {"encodedList": PUBLISHED_LIST[:40]}, ["encoded-list-truncated"]),
        ({}, {"encodedList": encode_multibase(bytes(16_384), base="u")}, ["encoded-list-not-gzip"]),
        ({}, {"encodedList": encode_multibase(zlib.compress(bytes(16_384)), base="u")}, ["encoded-list-not-gzip"]),
        ({}, {"encodedList": encode_multibase(gzip.compress(bytes(16_384)) + b"\0", base="u")}, ["encoded-list-not-gzip"]),
        ({}, {"encodedList": encode_list(bytes(1_024))}, ["status-list-too-short"]),
        ({}, {"encodedList": encode_list(bytes(16_383))}, ["status-list-too-short"]),
    ],
)  # fmt: skip
def test_broken_list_names_the_rule(
    changes: dict[str, Any], subject: dict[str, Any], expected: list[str]
) -> None:
    """Each member of the list credential that breaks a rule gives exactly the problems of that rule."""
    document = a_list(subject=subject, **changes)
    assert codes(read(document)) == expected
    assert not any(problem.undetermined for problem in read(document).problems)


def test_good_list_has_no_problem() -> None:
    """The good twin of all the broken lists: everything optional is there and right."""
    document = a_list(7, subject={"ttl": 300_000}, validUntil="2027-01-01T00:00:00+01:00")
    found = read(document)
    assert found.problems == ()
    assert (found.issuer, found.purpose, found.ttl, found.legacy) == (
        "did:example:12345",
        ("revocation",),
        300_000,
        False,
    )
    assert found.valid_until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_issuer_may_be_an_object_and_another_than_that_of_the_credential() -> None:
    """The judge is told who issued the list, however it was written."""
    assert (
        read(a_list(issuer={"id": "did:web:other.example", "name": "Other"})).issuer
        == "did:web:other.example"
    )


def test_list_without_id_is_fine() -> None:
    """A list credential may have no id."""
    assert read(a_list(id=None)).problems == ()


def test_list_of_two_gzip_members_is_read_whole() -> None:
    """Gzip data may consist of several members (RFC 1952 section 2.2)."""
    packed = gzip.compress(bits_of([1])) + gzip.compress(bits_of([2]))
    bits = expand_list(encode_multibase(packed, base="u"))
    assert (bits.size, bits.value(1), bits.value(MINIMUM_ENTRIES + 2)) == (2 * MINIMUM_ENTRIES, 1, 1)


def test_two_bits_need_a_list_of_twice_the_size() -> None:
    """The minimum counts entries, so that a list for two bits has to be twice as long."""
    document = a_list(subject={"statusPurpose": "message"})
    assert refusal(a_message_entry(statusListIndex="0"), document).code == "status-list-too-short"


def test_expired_list_gives_no_status() -> None:
    """Nobody relies on a list that is out of date."""
    assert refusal(an_entry(), a_list(validUntil="2026-11-01T00:00:00Z")).code == "status-list-expired"


def test_wrong_id_of_the_list_leaves_the_answer_clear() -> None:
    """A fault of the list that does not touch the bits is reported, and the status is still told."""
    document = a_list(94_567, id="https://example.com/other")
    assert codes(read(document)) == ["status-list-id"]
    assert answer(an_entry(), document).blocks


# --- fetching


def test_list_that_was_brought_is_given() -> None:
    """The bytes at the list's URL are what the judge opens and verifies."""
    body = Evidence(URL, b"{}", "application/vc")
    assert list_evidence(read_entry(an_entry()), Web({URL: body})) is body


def test_list_that_is_not_there_is_the_publishers_fault() -> None:
    """A server that answers 404 says that there is no such list."""
    with pytest.raises(TrustError) as caught:
        list_evidence(read_entry(an_entry()), Web({URL: Absence(URL, "404 Not Found", fault="vendor")}))
    assert (caught.value.code, caught.value.undetermined) == ("status-list-not-found", False)


@pytest.mark.parametrize("web", [Web(), Web({URL: Absence(URL, "no answer within 10 s")})])
def test_list_that_could_not_be_reached_is_undetermined(web: Web) -> None:
    """When the line failed, or nobody asked, the status is unknown: neither passed nor failed."""
    with pytest.raises(TrustError) as caught:
        list_evidence(read_entry(an_entry()), web)
    assert (caught.value.code, caught.value.undetermined) == ("status-list-unreachable", True)


# --- StatusList2021


def a_legacy_list(*set_indexes: int, **subject: Any) -> dict[str, Any]:
    """The same list in the form of the 2021 draft: no multibase, VCDM 1.1 dates."""
    encoded = encode_base64url(gzip.compress(bits_of(set_indexes)))
    members = {"type": "StatusList2021", "encodedList": encoded, **subject}
    changes = {"type": ["VerifiableCredential", "StatusList2021Credential"], "validFrom": None}
    return a_list(subject=members, issuanceDate="2021-04-05T14:27:40Z", **changes)


def test_legacy_list_is_read_and_called_legacy() -> None:
    """StatusList2021 still answers, and both sides say that they are legacy."""
    entry, document = an_entry(type="StatusList2021Entry"), a_legacy_list(94_567)
    assert read_entry(entry).legacy
    assert read(document).legacy
    assert read(document).problems == ()
    assert answer(entry, document).blocks


@pytest.mark.parametrize("ending", ["", "="])
def test_legacy_list_may_be_padded_and_in_either_alphabet(ending: str) -> None:
    """The draft says base-64 and nothing more, so both alphabets are read."""
    text = PUBLISHED_LIST[1:].replace("-", "+") + ending
    assert expand_legacy_list(text).size == MINIMUM_ENTRIES


def test_generations_do_not_mix() -> None:
    """An entry of one standard and a list of the other give no status."""
    assert refusal(an_entry(type="StatusList2021Entry"), a_list()).code == "status-list-generation"
    assert refusal(an_entry(), a_legacy_list()).code == "status-list-generation"


# --- bombs


def test_bomb_of_a_gigabyte_is_given_up_quickly() -> None:
    """One GB of zeros in one MB of gzip costs no more time and memory than the cap."""
    text = encode_multibase(gzip_bomb(1_024), base="u")
    started = perf_counter()
    problem = read(a_list(subject={"encodedList": text})).problems[0]
    assert perf_counter() - started < 2
    assert (problem.code, problem.undetermined) == ("encoded-list-over-budget", True)


def test_largest_list_is_still_read() -> None:
    """The good twin of the bomb: a list of exactly the cap."""
    assert expand_list(encode_list(bytes(LARGEST_LIST))).size == LARGEST_LIST * 8


def test_bomb_of_many_members_is_given_up() -> None:
    """Endless empty gzip members are a bomb of time."""
    text = encode_multibase(gzip.compress(b"") * 100_000, base="u")
    assert read(a_list(subject={"encodedList": text})).problems[0].code == "encoded-list-over-budget"


def test_text_that_is_too_long_is_not_even_decoded() -> None:
    """A list text of more than 32 MiB is given up by its length."""
    with pytest.raises(TrustError) as caught:
        expand_list("u" + "A" * (2 * LARGEST_LIST))
    assert (caught.value.code, caught.value.undetermined) == ("encoded-list-over-budget", True)


# --- properties


@given(st.binary(min_size=1, max_size=2_000))
def test_lists_survive_a_round_trip(bits: bytes) -> None:
    """What is encoded is read back bit for bit."""
    expanded = expand_list(encode_list(bits))
    assert expanded.bits == bits
    bit_string = "".join(str(expanded.value(place)) for place in range(expanded.size))
    assert int(bit_string, 2) == int.from_bytes(bits, "big")


@given(st.sets(st.integers(0, MINIMUM_ENTRIES - 1), max_size=20), st.integers(0, MINIMUM_ENTRIES - 1))
def test_exactly_the_set_indexes_are_set(set_indexes: set[int], index: int) -> None:
    """A bit is set if and only if its index was set."""
    entry = read_entry(an_entry(statusListIndex=str(index)))
    assert status_of(entry, read(a_list(*set_indexes))).is_set == (index in set_indexes)


@given(st.integers(0, 8 * len(PUBLISHED_LIST) - 1))
def test_flipped_bit_of_the_list_never_raises_anything_else(place: int) -> None:
    """Any bit of the list text may be damaged: there are problems, other bits, or the same, but no crash."""
    raw = bytearray(PUBLISHED_LIST.encode())
    raw[place // 8] ^= 1 << place % 8
    found = read(a_list(subject={"encodedList": raw.decode("latin-1")}))
    assert found.problems or found.bits is not None


def outcome_of(entry: StatusEntry) -> Status | None:
    """The status, or None where the harness says why there is none."""
    try:
        return status_of(entry, read(a_list()))
    except TrustError:
        return None


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
MEMBERS: Final = st.sampled_from(
    ["id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage", "statusReference"]
)  # fmt: skip


@given(MEMBERS, JSON)
def test_any_value_of_any_member_gives_a_status_or_a_trust_error(member: str, value: Any) -> None:
    """Whatever JSON stands in an entry, reading never crashes and no answer comes without an index."""
    entry = read_entry({**an_entry(), member: value})
    outcome = outcome_of(entry)
    assert outcome is None or (entry.index is not None and entry.purpose == outcome.purpose)


@given(st.sampled_from(["id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"]), JSON)
def test_any_value_in_a_list_credential_is_read(member: str, value: Any) -> None:
    """Whatever JSON stands in a list credential, reading it never crashes."""
    assert read({**a_list(), member: value}).url == URL
