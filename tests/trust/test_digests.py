"""Digests of linked resources: read, checked for plausibility, and compared with bytes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.trust.digests import (
    MULTIHASHES,
    Digest,
    check_digest,
    read_hash_digest,
    read_multibase,
    read_sri,
    sri_of,
)
from harness.trust.encoding import encode_multibase, encode_varint
from harness.trust.trace import TrustError

CONTENT: Final = b'{"name": "mine"}\n'
OTHER: Final = b'{"name": "mind"}\n'


def multibase_of(content: bytes, *, code: int = 0x12, base: str = "u") -> str:
    """The digestMultibase of content by the hash function that has this multihash identifier."""
    digest = hashlib.new(MULTIHASHES[code], content).digest()
    return encode_multibase(encode_varint(code) + encode_varint(len(digest)) + digest, base=base)


def refusal(read: Any, *arguments: Any) -> TrustError:
    """Why a digest could not be read."""
    with pytest.raises(TrustError) as caught:
        read(*arguments)
    return caught.value


def agrees(digests: tuple[Digest, ...], content: bytes) -> bool:
    """Whether the digests belong to the content."""
    return check_digest(digests, content).holds


# --- digestSRI


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_sri_belongs_to_its_bytes_alone(algorithm: str) -> None:
    """A digestSRI of each hash agrees with its content and with no other."""
    digests = read_sri(sri_of(CONTENT, algorithm=algorithm))
    assert [(one.algorithm, one.form) for one in digests] == [(algorithm, "sri")]
    assert agrees(digests, CONTENT)
    assert not agrees(digests, OTHER)


def test_sri_of_the_standards_own_example() -> None:
    """The example of Subresource Integrity section 1.2.1 (alert('Hello, world.');) agrees."""
    example = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
    assert agrees(read_sri(example), b"alert('Hello, world.');")


def test_sri_may_be_several() -> None:
    """An array and a list with spaces say the same; each hash function has to have a match."""
    one, two = sri_of(CONTENT, algorithm="sha256"), sri_of(CONTENT, algorithm="sha512")
    assert read_sri([one, two]) == read_sri(f"{one} {two}")
    assert agrees(read_sri([one, two]), CONTENT)
    wrong = sri_of(OTHER, algorithm="sha256")
    assert not agrees(read_sri([wrong, two]), CONTENT)
    assert agrees(read_sri([wrong, one]), CONTENT)


def test_sri_may_use_the_other_alphabet() -> None:
    """The grammar allows base64url signs and no padding as well."""
    text = "sha512-" + base64.urlsafe_b64encode(hashlib.sha512(CONTENT).digest()).decode().rstrip("=")
    assert agrees(read_sri(text), CONTENT)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "digest-malformed"),
        (7, "digest-malformed"),
        ("", "digest-malformed"),
        ("   ", "digest-malformed"),
        ([], "digest-malformed"),
        (["sha256-"], "digest-malformed"),
        ("sha256", "digest-malformed"),
        (sri_of(CONTENT) + "?ct=text/html", "digest-malformed"),
        (sri_of(CONTENT).replace("-", "_"), "digest-malformed"),
        ("sha384-öäü", "digest-malformed"),
        pytest.param("sha256-" + "A" * 2_000, "digest-malformed", id="too long"),
        ([sri_of(CONTENT)] * 17, "digest-malformed"),
        ("sha384-" + sri_of(CONTENT, algorithm="sha256").partition("-")[2], "digest-length"),
        (sri_of(CONTENT)[:-4], "digest-length"),
        ("sha256-" + hashlib.sha256(CONTENT).hexdigest(), "digest-length"),
        ("md5-1B2M2Y8AsgTpgAmY7PhCfg==", "digest-algorithm-unsupported"),
    ],
)
def test_broken_sri_names_the_rule(value: Any, code: str) -> None:
    """Whatever cannot be a digestSRI says so without the target."""
    problem = refusal(read_sri, value)
    assert problem.code == code
    assert problem.undetermined == (code == "digest-algorithm-unsupported")


# --- digestMultibase


@pytest.mark.parametrize("base", ["u", "z"])
@pytest.mark.parametrize("code", list(MULTIHASHES))
def test_multibase_belongs_to_its_bytes_alone(code: int, base: str) -> None:
    """A digestMultibase of each hash and base agrees with its content and with no other."""
    digests = read_multibase(multibase_of(CONTENT, code=code, base=base))
    assert agrees(digests, CONTENT)
    assert not agrees(digests, OTHER)


def test_multibase_of_the_standards_own_example_is_plausible() -> None:
    """The example of VC Data Integrity 1.0 section 2.6 is a multihash of SHA-256."""
    (digest,) = read_multibase("zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n")
    assert (digest.algorithm, len(digest.value), digest.form) == ("sha256", 32, "multibase")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "digest-malformed"),
        ({}, "digest-malformed"),
        ("abc123-example-digest-invalid", "digest-malformed"),
        ("u====", "digest-malformed"),
        ("u", "digest-malformed"),
        ("zO0Il", "digest-malformed"),
        (encode_multibase(hashlib.sha256(CONTENT).digest(), base="u"), "digest-malformed"),
        (encode_multibase(b"\x12\x20" + bytes(20), base="u"), "digest-length"),
        (encode_multibase(b"\x12\x14" + bytes(20), base="u"), "digest-length"),
        (encode_multibase(b"\x12\x20" + bytes(33), base="u"), "digest-length"),
        (encode_multibase(b"\x11\x14" + bytes(20), base="u"), "digest-algorithm-unsupported"),
        (encode_multibase(b"\xff" * 12, base="u"), "digest-malformed"),
    ],
)
def test_broken_multibase_names_the_rule(value: Any, code: str) -> None:
    """Whatever cannot be a digestMultibase says so without the target; our own bad sample too."""
    assert refusal(read_multibase, value).code == code


def test_bare_digest_gets_the_hint() -> None:
    """Who forgets the multihash header is told which bytes it has."""
    hint = refusal(read_multibase, encode_multibase(hashlib.sha256(CONTENT).digest(), base="z")).hint
    assert hint is not None
    assert "0x12 0x20" in hint


# --- hashDigest of UNTP 0.6


@pytest.mark.parametrize("method", ["SHA-256", "SHA-1"])
def test_hash_digest_belongs_to_its_bytes_alone(method: str) -> None:
    """A hexadecimal hashDigest of either method agrees with its content, in either case."""
    text = hashlib.new(method.replace("-", "").lower(), CONTENT).hexdigest()
    assert agrees(read_hash_digest(text, method), CONTENT)
    assert agrees(read_hash_digest(text.upper(), method), CONTENT)
    assert not agrees(read_hash_digest(text, method), OTHER)


def test_hash_digest_in_base64_is_read_and_named() -> None:
    """The pages name no encoding, so base64 is read, and its form says that it was not hexadecimal."""
    text = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    (digest,) = read_hash_digest(text, "SHA-256")
    assert digest.form == "base64"
    assert agrees((digest,), CONTENT)


@pytest.mark.parametrize(
    ("value", "method", "code"),
    [
        ("6239119", "SHA-256", "digest-length"),
        ("6239119dda5bd4c8a6ffb832fe16feaa5c27b7dba154d24c53d4470a2c69adc2", "SHA-1", "digest-length"),
        ("zz39119dda5bd4c8a6ffb832fe16feaa5c27b7dba154d24c53d4470a2c69adc2", "SHA-256", "digest-length"),
        ("", "SHA-256", "digest-length"),
        (None, "SHA-256", "digest-malformed"),
        (6_239_119, "SHA-256", "digest-malformed"),
        (hashlib.md5(CONTENT).hexdigest(), "MD5", "digest-algorithm-unknown"),
        (hashlib.sha256(CONTENT).hexdigest(), None, "digest-algorithm-unknown"),
        (hashlib.sha256(CONTENT).hexdigest(), ["SHA-256"], "digest-algorithm-unknown"),
    ],
)
def test_broken_hash_digest_names_the_rule(value: Any, method: Any, code: str) -> None:
    """The seven digits of the CRM samples and other impossible digests are named without the target."""
    assert refusal(read_hash_digest, value, method).code == code


# --- comparing


def test_mismatch_shows_both_sides() -> None:
    """A wrong digest says what was expected and what the bytes gave, with a step for each."""
    checked = check_digest(read_sri(sri_of(CONTENT)), OTHER)
    assert checked.problem is not None
    assert checked.problem.code == "digest-mismatch"
    assert checked.problem.expected == hashlib.sha384(CONTENT).hexdigest()
    assert checked.problem.actual == hashlib.sha384(OTHER).hexdigest()
    assert [step.name for step in checked.steps] == ["content", "sha384 digest", "sha384 digest given"]


def test_nothing_to_compare_does_not_hold() -> None:
    """No digest is no agreement."""
    checked = check_digest((), CONTENT)
    assert checked.problem is not None
    assert checked.problem.code == "digest-missing"


@given(
    st.binary(max_size=200), st.sampled_from(list(MULTIHASHES)), st.sampled_from(["u", "z"]), st.integers(0)
)
def test_any_flipped_bit_of_the_content_is_found(content: bytes, code: int, base: str, place: int) -> None:
    """A digest agrees with its bytes, and with none that differ in one bit."""
    digests = read_multibase(multibase_of(content, code=code, base=base))
    assert agrees(digests, content)
    if content:
        changed = bytearray(content)
        changed[place // 8 % len(content)] ^= 1 << place % 8
        assert not agrees(digests, bytes(changed))


@given(
    st.sampled_from([sri_of(CONTENT), multibase_of(CONTENT), multibase_of(CONTENT, base="z")]), st.integers(0)
)
def test_any_flipped_bit_of_the_digest_is_found(text: str, place: int) -> None:
    """A digest with one bit changed is refused or does not agree; upper case of the SRI name alone may."""
    raw = bytearray(text.encode())
    raw[place // 8 % len(raw)] ^= 1 << place % 8
    changed = raw.decode("latin-1")
    read = read_sri if text.startswith("sha") else read_multibase
    try:
        digests = read(changed)
    except TrustError:
        return
    assert not agrees(digests, CONTENT) or changed.lower() == text.lower()


@given(st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text(max_size=50), max_size=3)), st.text())
def test_reading_never_crashes(value: Any, method: str) -> None:
    """Whatever stands where a digest belongs is read or refused."""
    for read in (read_sri, read_multibase, lambda one: read_hash_digest(one, method)):
        try:
            digests = read(value)
        except TrustError:
            continue
        assert digests
