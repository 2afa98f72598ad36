"""Zip archives: nothing leaves the archive, nothing explodes, and one bad member stops no other."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence import Absence, Evidence
from harness.gather import files
from harness.gather.limits import MAX_ARCHIVE_MEMBERS, MAX_FILE

from .conftest import Gathered, absences, archive, gather, names, with_flag

GOOD = b'{"a": 1}'


def unpacked(folder: Path, body: bytes, skipped: list[str] | None = None) -> Gathered:
    """What comes of these bytes as an archive."""
    path = folder / "x.zip"
    path.write_bytes(body)
    return gather(path, skipped=skipped)


def test_members_come_in_order_with_their_bytes(folder: Path) -> None:
    """Each member is evidence of its own, named by archive and path."""
    found = unpacked(folder, archive({"b.json": b"{ }", "sub/a.jwt": b"a.b.c", "a.json": GOOD}))
    assert [(item.name, item.body) for item in found if isinstance(item, Evidence)] == [
        ("x.zip!/a.json", GOOD), ("x.zip!/b.json", b"{ }"), ("x.zip!/sub/a.jwt", b"a.b.c"),
    ]  # fmt: skip
    assert [item.origin for item in found if isinstance(item, Evidence)] == ["zip"] * 3


@pytest.mark.parametrize(
    "name",
    [
        "../a.json", "a/../../b.json", "/etc/passwd", "\\windows\\x.json", "..\\a.json", "C:/x.json", "C:\\x.json",
        "a/..", "..", "//host/share.json", "sub/..\\..\\a.json",
    ],
)  # fmt: skip
def test_a_path_out_of_the_archive_is_refused(folder: Path, name: str) -> None:
    """A member whose path leads elsewhere is told and not read, whatever its suffix; its neighbours come."""
    found = unpacked(folder, archive({name: GOOD, "z.json": GOOD}))
    assert list(absences(found).values()) == ["its path leads out of the archive; it is not read"]
    assert [item.name for item in found if isinstance(item, Evidence)] == ["x.zip!/z.json"]


def test_a_symbolic_link_is_refused(folder: Path) -> None:
    """A member that is a link is not followed."""

    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    found = unpacked(folder, archive({"a.json": b"/etc/passwd"}, link))
    assert absences(found) == {"x.zip!/a.json": "it is a symbolic link; it is not followed"}


def test_an_encrypted_member_is_told(folder: Path) -> None:
    """A member that needs a password is an absence, also where it has no suffix."""
    found = unpacked(folder, with_flag(archive({"a.json": GOOD, "b": GOOD}), 1))
    assert absences(found) == {"x.zip!/a.json": "it is encrypted", "x.zip!/b": "it is encrypted"}


def test_a_bomb_is_not_unpacked(folder: Path) -> None:
    """A member that unpacks to far more than it takes, or to more than the limit, is refused before it is read."""
    began = time.process_time()
    found = unpacked(
        folder, archive({"a.json": b" " * 12_000_000, "b.json": b" " * (MAX_FILE + 1), "z.json": GOOD})
    )
    reasons = absences(found)
    assert "as bombs are" in reasons["x.zip!/a.json"]
    assert f"{MAX_FILE:,}" in reasons["x.zip!/b.json"]
    assert names(found)[-1] == "x.zip!/z.json"
    assert time.process_time() - began < 5


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_says(folder: Path) -> None:
    """A directory that declares ten bytes for a megabyte is a broken member, not a megabyte."""
    body = bytearray(archive({"a.json": b'{"a": "' + b"x" * 1_000_000 + b'"}', "b.json": GOOD}))
    struct.pack_into("<I", body, body.find(b"PK\x01\x02") + 24, 10)
    found = unpacked(folder, bytes(body))
    assert "cannot be unpacked" in absences(found)["x.zip!/a.json"]
    assert names(found) == ["x.zip!/a.json", "x.zip!/b.json"]


def test_archives_in_archives_are_not_read(folder: Path) -> None:
    """A nested archive is told and not opened."""
    found = unpacked(folder, archive({"inner.zip": archive({"a.json": GOOD}), "z.json": GOOD}))
    assert absences(found) == {"x.zip!/inner.zip": "archives inside archives are not read"}


def test_a_damaged_member_stops_no_other(folder: Path) -> None:
    """A member whose compressed bytes are broken is told; the members after it come."""
    body = bytearray(archive({"a.json": bytes(range(256)) * 20, "b.json": GOOD}))
    start = 30 + len("a.json")
    body[start : start + 20] = b"\xff" * 20
    found = unpacked(folder, bytes(body))
    assert list(absences(found)) == ["x.zip!/a.json"]
    assert names(found) == ["x.zip!/a.json", "x.zip!/b.json"]


@pytest.mark.parametrize(
    "body",
    [b"", b"PK\x03\x04", b"no archive", archive({"a.json": GOOD})[:-10], archive({"a.json": GOOD})[:40]],
)
def test_what_is_no_archive_is_told(folder: Path, body: bytes) -> None:
    """An empty, foreign or cut archive is one absence with a reason."""
    (found,) = unpacked(folder, body)
    assert isinstance(found, Absence)
    assert "no readable zip archive" in found.reason


def test_an_empty_archive_gives_nothing(folder: Path) -> None:
    """An archive without members brings no evidence and no error."""
    assert unpacked(folder, archive({})) == []


def test_two_members_of_one_name_are_both_judged(folder: Path) -> None:
    """An archive may hold two members of one name: neither is lost."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("a.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a.json", b"2")
    found = unpacked(folder, held.getvalue())
    assert sorted(item.body for item in found if isinstance(item, Evidence)) == [b"1", b"2"]


def test_what_a_folder_leaves_out_an_archive_leaves_out(folder: Path) -> None:
    """Hidden members, what macOS adds and foreign formats are left out by name, as in a folder."""
    skipped: list[str] = []
    members = {
        "a.json": GOOD,
        "__MACOSX/._a.json": b"\x00",
        ".DS_Store": b"\x00",
        "sub/.x.json": GOOD,
        "read.pdf": b"%PDF",
        "token": b"eyJ9.e30.",
    }
    assert names(unpacked(folder, archive(members), skipped)) == ["x.zip!/a.json", "x.zip!/token"]
    assert skipped == [
        "x.zip!/.DS_Store",
        "x.zip!/__MACOSX/._a.json",
        "x.zip!/read.pdf",
        "x.zip!/sub/.x.json",
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_compression_is_read_and_its_damage_told(folder: Path, method: int) -> None:
    """Members in any compression that Python knows come; damaged, they are absences."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        made.writestr("a.json", GOOD * 50)
    assert [isinstance(item, Evidence) for item in unpacked(folder, held.getvalue())] == [True]
    body = bytearray(held.getvalue())
    body[44:60] = b"\xff" * 16
    assert list(absences(unpacked(folder, bytes(body)))) == ["x.zip!/a.json"]


def test_strange_names_are_told_as_text(folder: Path) -> None:
    """Names with newlines, other scripts and emoji come as they are."""
    members = {"new\nline.json": GOOD, "ü\U0001f600.json": GOOD}
    assert names(unpacked(folder, archive(members))) == ["x.zip!/new\nline.json", "x.zip!/ü\U0001f600.json"]


def flood(count: int) -> bytes:
    """An archive whose directory names one member many times over."""
    (name, body) = (b"a.json", b"{}")
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0x21, 0, 2, 2, len(name), 0)
    start = local + name + body
    entries = []
    for number in range(count):
        shown = f"{number:07}.json".encode()
        entries.append(
            struct.pack(
                "<4s6H3I5H2I",
                b"PK\x01\x02",
                20,
                20,
                0,
                0,
                0,
                0x21,
                0,
                2,
                2,
                len(shown),
                0,
                0,
                0,
                0,
                0o100644 << 16,
                0,
            )
            + shown
        )
    directory = b"".join(entries)
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), len(start)
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(start) + len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return start + directory + end64 + locator + end


def test_a_hundred_thousand_members_are_listed_in_time(folder: Path) -> None:
    """A directory of a hundred thousand members that are not what it says is told member by member."""
    began = time.process_time()
    found = unpacked(folder, flood(100_000))
    assert len(found) == 100_000
    assert "cannot be unpacked" in next(iter(absences(found).values()))
    assert time.process_time() - began < 20


def test_more_members_than_the_limit_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of more members than the limit is one absence."""
    assert MAX_ARCHIVE_MEMBERS >= 100_000
    monkeypatch.setattr(files, "MAX_ARCHIVE_MEMBERS", 1_000)  # a lower limit is reached sooner
    found = unpacked(folder, flood(1_001))
    assert list(absences(found).values()) == ["the archive has 1,001 members; the limit is 1,000"]


SAMPLE = archive({"a.json": GOOD * 9, "b.json": b"[]", "c": b"eyJ9.e30."})


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4
    )
)
def test_no_damage_makes_unpacking_raise(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, bytes]]
) -> None:
    """An archive with bytes overwritten anywhere gives evidence and absences, never an exception."""
    body = bytearray(SAMPLE)
    for place, junk in edits:
        body[place : place + len(junk)] = junk
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(body)
    for item in gather(path):
        assert item.name.startswith("damaged.zip")
        assert item.name.encode()
