"""Encodings: published values, round trips, and texts that have to be refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import MalformedError
from harness.trust import encoding

QUICK = settings(deadline=None, max_examples=150)


@QUICK
@given(st.binary(max_size=200))
def test_base64url_round_trip(raw: bytes) -> None:
    """What is written as base64url reads back."""
    assert encoding.decode_base64url(encoding.encode_base64url(raw)) == raw


@QUICK
@given(st.binary(max_size=100))
def test_base58_round_trip(raw: bytes) -> None:
    """What is written as base58 reads back, leading zeros included."""
    assert encoding.decode_base58(encoding.encode_base58(raw)) == raw


@QUICK
@given(st.binary(max_size=80), st.sampled_from("zuf"))
def test_multibase_round_trip(raw: bytes, base: str) -> None:
    """Each multibase reads back what it wrote."""
    assert encoding.decode_multibase(encoding.encode_multibase(raw, base=base)) == raw


@QUICK
@given(st.integers(0, 2**63 - 1), st.binary(max_size=4))
def test_varint_round_trip(number: int, rest: bytes) -> None:
    """A varint reads back, and says where the rest begins."""
    written = encoding.encode_varint(number)
    assert encoding.decode_varint(written + rest) == (number, len(written))


@QUICK
@given(st.binary(max_size=60), st.sampled_from([*encoding.HASHES]))
def test_multihash_round_trip(content: bytes, code: int) -> None:
    """A multihash reads back its function and digest."""
    written = encoding.multihash_of(content, code=code)
    assert encoding.encode_multihash(*encoding.decode_multihash(written)) == written


@QUICK
@given(st.text(max_size=40))
def test_one_spelling_per_value(text: str) -> None:
    """Whatever base64url text is accepted is the one that its bytes are written as."""
    try:
        raw = encoding.decode_base64url(text)
    except MalformedError:
        return
    assert encoding.encode_base64url(raw) == text


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("2NEpo7TZRRrLZSi2U", b"Hello World!"),
        (
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
            b"The quick brown fox jumps over the lazy dog.",
        ),
        ("11233QC4", bytes.fromhex("0000287fb4cd")),
    ],
)
def test_published_base58(text: str, raw: bytes) -> None:
    """The test vectors of draft-msporny-base58-03 section 5."""
    assert encoding.decode_base58(text) == raw
    assert encoding.encode_base58(raw) == text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("YQ==", "padding"),
        ("YQ=", "padding"),
        ("a+b/", r"'\+'"),
        ("YQ\n", r"'\\n'"),
        ("Y Q", "' '"),
        ("é", "'é'"),
        ("A", "cut off"),
        ("AAAAA", "cut off"),
        ("YR", "stray bits"),
        ("YWJ", "stray bits"),
    ],
)
def test_base64url_that_is_refused(text: str, word: str) -> None:
    """Padding, foreign signs, white space, stray bits and cut-off texts are named."""
    with pytest.raises(MalformedError, match=word) as caught:
        encoding.decode_base64url(text)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "Qabc", "z0", "zOIl", "uYQ==", "fABCD", "fabc", "f0g", "mYQ"])
def test_multibase_that_is_refused(text: str) -> None:
    """Unknown bases and foreign signs are refused."""
    with pytest.raises(MalformedError):
        encoding.decode_multibase(text)


def test_huge_base58_is_refused_at_once() -> None:
    """A megabyte of base58 costs nothing, since it is not read."""
    with pytest.raises(MalformedError, match="1,000,000 characters"):
        encoding.decode_base58("1" * 1_000_000)


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\x80" * 9, b"\x80" * 9 + b"\x01", b"\x81\x00"])
def test_varint_that_is_refused(raw: bytes) -> None:
    """Varints without an end, of more than nine bytes or with needless bytes are refused."""
    with pytest.raises(MalformedError, match="varint"):
        encoding.decode_varint(raw)


@pytest.mark.parametrize("raw", ["1220" + "00" * 31, "1220" + "00" * 33, "1210" + "00" * 16, "12"])
def test_multihash_that_is_refused(raw: str) -> None:
    """A digest of another length than its function gives is refused."""
    with pytest.raises(MalformedError):
        encoding.decode_multihash(bytes.fromhex(raw))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"a": 1, "a": 2}', "occurs twice"),
        (b"[1]", "not a JSON object"),
        (b'{"a": NaN}', "NaN"),
        (b"\xff\xfe", "strict JSON"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "strict JSON"),
    ],
)
def test_objects_that_are_refused(body: bytes, word: str) -> None:
    """Repeated names, other values than objects, NaN, other encodings and deep nesting are refused."""
    with pytest.raises(MalformedError, match=word):
        encoding.read_object(body, "the text")
