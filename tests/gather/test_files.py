"""Files and folders: everything that is evidence comes in a stable order, and nothing else is followed or opened."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential import read_credentials
from harness.errors import UsageError
from harness.evidence import Evidence
from harness.gather.files import gather_paths
from harness.gather.limits import MAX_FILE

from .conftest import absences, archive, gather, names

JWT = b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln"


def test_a_folder_comes_in_order_and_without_what_is_no_evidence(folder: Path) -> None:
    """Files come by name, folders after files; hidden files and foreign formats are left out by name."""
    for name in (
        "b.json",
        "a.jsonld",
        "sub/z.json",
        "sub/a.jwt",
        "sub/.hidden.json",
        ".git/config.json",
        "A.JSON",
        "read.me",
        "sub-a.json",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"{}")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "token").write_bytes(JWT)
    skipped: list[str] = []
    assert names(gather(folder, skipped=skipped)) == [
        "A.JSON", "a.jsonld", "b.json", "read.me", "sub-a.json", "token", "sub/a.jwt", "sub/z.json",
    ]  # fmt: skip
    assert skipped == [".git", "photo.jpg", "sub/.hidden.json"]


def test_the_same_folder_comes_the_same_way_twice(folder: Path) -> None:
    """The order depends on names alone, not on the order in which files were made."""
    for name in ("c", "a", "b"):
        (folder / f"{name}.json").write_bytes(b"{}")
    assert names(gather(folder)) == names(gather(folder)) == ["a.json", "b.json", "c.json"]


def test_an_empty_folder_gives_nothing(folder: Path) -> None:
    """A folder without a file brings no evidence and no error."""
    assert gather(folder) == []


def test_bytes_are_never_altered(folder: Path) -> None:
    """Line ends, byte-order marks and white space come as they are."""
    body = b"\xef\xbb\xbf \r\n{}\r\n\x00"
    (folder / "a.json").write_bytes(body)
    (found,) = gather(folder)
    assert isinstance(found, Evidence)
    assert found.body == body


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    """A symbolic link to a file elsewhere is told, and its target is not read; links inside are files."""
    secret = folder.parent / "secret.json"
    secret.write_bytes(b'{"secret": 1}')
    (folder / "out.json").symlink_to(secret)
    (folder / "up.json").symlink_to("../secret.json")
    (folder / "real.json").write_bytes(b"{}")
    (folder / "in.json").symlink_to("real.json")
    found = gather(folder)
    assert set(absences(found)) == {"out.json", "up.json"}
    assert all(b"secret" not in item.body for item in found if isinstance(item, Evidence))
    assert names(found) == ["in.json", "out.json", "real.json", "up.json"]


def test_links_to_folders_are_never_entered(folder: Path) -> None:
    """A link to a folder, to itself or to its parent ends at the link."""
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "x.json").write_bytes(b"{}")
    (folder / "other").symlink_to(folder.parent / "other")
    (folder / "loop").symlink_to(".")
    (folder / "a.json").write_bytes(b"{}")
    skipped: list[str] = []
    assert names(gather(folder, skipped=skipped)) == ["a.json"]
    assert skipped == ["loop", "other"]


def test_links_that_lead_nowhere_are_told(folder: Path) -> None:
    """A dangling link and links in a circle are absences, and the rest comes."""
    (folder / "gone.json").symlink_to("nothing.json")
    (folder / "one.json").symlink_to("two.json")
    (folder / "two.json").symlink_to("one.json")
    (folder / "z.json").write_bytes(b"{}")
    found = gather(folder)
    assert set(absences(found)) == {"gone.json", "one.json", "two.json"}
    assert names(found)[-1] == "z.json"


def test_a_link_named_on_the_command_line_is_followed(folder: Path) -> None:
    """What the user names is what the user means, also where it is a link."""
    (folder.parent / "a.json").write_bytes(b"{}")
    (folder / "link.json").symlink_to(folder.parent / "a.json")
    assert [type(item) for item in gather(folder / "link.json")] == [Evidence]


def test_a_fifo_is_never_opened(folder: Path) -> None:
    """A named pipe would block for ever: it is told or left out, and the rest comes."""
    os.mkfifo(folder / "pipe.json")
    os.mkfifo(folder / "pipe")
    (folder / "z.json").write_bytes(b"{}")
    skipped: list[str] = []
    found = gather(folder, skipped=skipped)
    assert absences(found) == {"pipe.json": "this is not a regular file"}
    assert (names(found)[-1], skipped) == ("z.json", ["pipe"])


def test_a_device_is_no_file() -> None:
    """A device that never ends is not read."""
    assert absences(gather("/dev/zero")) == {"zero": "this is not a regular file"}


def test_a_file_that_cannot_be_read_is_told() -> None:
    """A file that exists and gives an error when it is read is an absence with the reason."""
    assert "cannot be read" in absences(gather("/proc/self/mem"))["mem"]


def test_a_file_of_200_megabytes_is_not_read(folder: Path) -> None:
    """A file above the limit is refused by its size, with both numbers, and the rest comes."""
    with (folder / "big.json").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    (folder / "z.json").write_bytes(b"{}")
    found = gather(folder)
    assert "209,715,200" in absences(found)["big.json"]
    assert f"{MAX_FILE:,}" in absences(found)["big.json"]
    assert names(found) == ["big.json", "z.json"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"new\nline.json", "new\nline.json"),
        ("ümläut-\U0001f600-\u202e.json".encode(), "ümläut-\U0001f600-\u202e.json"),
        (b"\xff\xfe.json", "\\xff\\xfe.json"),
        (b"-rf.json", "-rf.json"),
        (b"#L1.json", "#L1.json"),
        (b"<script>.json", "<script>.json"),
        (b"a" * 250 + b".json", "a" * 250 + ".json"),
    ],
)
def test_strange_names_are_told_as_text(folder: Path, name: bytes, shown: str) -> None:
    """Any file name that a disk takes comes as a name that can be written anywhere."""
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"{}")
    found = names(gather(folder))
    assert found == [shown]
    assert found[0].encode()


def test_folders_deeper_than_a_path_can_be_are_told(folder: Path) -> None:
    """A tree that the system cannot name to its end is an absence, and the rest comes."""
    (folder / "z.json").write_bytes(b"{}")
    here = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    found = gather(folder)
    assert [reason.startswith("the folder cannot be read") for reason in absences(found).values()] == [True]
    assert names(found)[0] == "z.json"
    shutil.rmtree(folder / ("d" * 200))


def test_a_deep_tree_is_walked_to_its_end(folder: Path) -> None:
    """A thousand folders inside each other are no depth that ends the walk."""
    made = [folder]
    for _ in range(1000):
        made.append(made[-1] / "d")
        made[-1].mkdir()
    (made[-1] / "a.json").write_bytes(b"{}")
    assert names(gather(folder)) == ["d/" * 1000 + "a.json"]
    (made[-1] / "a.json").unlink()
    for path in reversed(made):
        path.rmdir()


@pytest.mark.parametrize("path", ["nowhere.json", "x" * 5000, "a\nb", "/dev/null/x", "\udcff.json"])
def test_a_path_that_is_not_there_is_wrong_usage(path: str, tmp_path: Path) -> None:
    """A missing path is told before anything is judged, also where the system cannot even ask for it."""
    (tmp_path / "a.json").write_bytes(b"{}")
    with pytest.raises(UsageError, match="there is no file or folder") as caught:
        gather(tmp_path / "a.json", path)
    assert str(caught.value).encode()


class Stdin:
    """Standard input as a pipe gives it."""

    def __init__(self, body: bytes) -> None:
        self.buffer = io.BytesIO(body)


@pytest.mark.parametrize(
    ("body", "credentials"),
    [
        (b'{"a": 1}', 1),
        (JWT, 1),
        (b'{"a": 1}\n{"b": 2}\n', 2),
        (b'\n{"a": 1}\r\n\r\n{broken\r\n{"b": 2}', 3),
        (JWT + b"\n" + JWT + b"\n", 2),
        (b'{"a": 1}\n' + JWT, 2),
        (b'{"a":\n{"b": 1}\n}', 1),
        (b'{"a": {"b": 1}\n}', 1),
        (b"", 1),
        (b"\x00\x01", 1),
    ],
)
def test_standard_input_is_one_document_or_lines(
    body: bytes, credentials: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input is read as lines where its first line is a whole document, also with bad lines after it."""
    monkeypatch.setattr(sys, "stdin", Stdin(body))
    (found,) = gather_paths(["-"])
    assert isinstance(found, Evidence)
    assert found.body == body
    assert len(list(read_credentials(found))) == credentials


def test_standard_input_may_be_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip archive on standard input is taken apart like a file."""
    monkeypatch.setattr(sys, "stdin", Stdin(archive({"a.json": b"{}", "../b.json": b"{}"})))
    found = gather("-")
    assert names(found) == ["-!/../b.json", "-!/a.json"]
    assert set(absences(found)) == {"-!/../b.json"}


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """More on standard input than the limit is refused, not read to its end."""
    stream = Stdin(b" " * (MAX_FILE + 100))
    monkeypatch.setattr(sys, "stdin", stream)
    assert list(absences(gather("-"))) == ["-"]
    assert stream.buffer.tell() == MAX_FILE + 1


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(st.binary(max_size=80), st.sampled_from(["json", "zip", "jwt", "", "txt"]))
def test_no_file_makes_gathering_raise(body: bytes, suffix: str) -> None:
    """Whatever a file holds and is called, it is evidence or an absence."""
    folder = Path(f"/dev/shm/untp-crm-gather-{os.getpid()}")
    folder.mkdir(exist_ok=True)
    path = folder / f"a.{suffix}"
    path.write_bytes(body)
    try:
        (found,) = gather(path)
    finally:
        path.unlink()
        folder.rmdir()
    assert found.name == path.name
