"""A stranger's zip archive -> members, or the rule that it breaks. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

from harness.errors import UsageError
from harness.listing.layout import NEEDED, known_member, pack
from harness.listing.rules import Breach, SubmissionRefusedError, Window
from harness.report.visible import one_line

_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, EOFError, NotImplementedError, OverflowError,
    RuntimeError, ValueError, OSError,
)  # fmt: skip
"""What zipfile raises on archives that are broken, on purpose or not."""


def read_submission_file(path: Path, window: Window) -> bytes:
    """The bytes of a submission. Raises UsageError where there is no such file, SubmissionRefusedError where it is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(
                "this is not a file", where=str(path), hint="Name the submission.zip that certify wrote."
            )
        with path.open("rb") as file:
            body = file.read(window.largest_submission + 1)
    except OSError as problem:
        raise UsageError(
            f"the submission cannot be read: {problem.strerror or problem}",
            where=str(path),
            hint="Name the submission.zip that certify wrote.",
        ) from problem
    if len(body) > window.largest_submission:
        raise SubmissionRefusedError(
            Breach(
                "REV-ZIP-01", "The submission is larger than the limit.", path.name,
                f"at most {window.largest_submission:,} bytes", f"more than {window.largest_submission:,} bytes",
            )
        )  # fmt: skip
    return body


def read_members(body: bytes, window: Window) -> dict[str, bytes]:
    """The members of a submission by name. Raises SubmissionRefusedError with the rules that the archive breaks."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            listed = archive.infolist()
            breaches = _breaches(listed, len(body), window)
            if breaches:
                raise SubmissionRefusedError(*breaches)
            members = {member.filename: _read(archive, member) for member in listed}
    except _BROKEN as problem:
        raise SubmissionRefusedError(
            Breach("REV-ZIP-01", f"The archive cannot be read: {one_line(str(problem), 200)}.")
        ) from problem
    if pack(members) != body:
        raise SubmissionRefusedError(
            Breach(
                "REV-ZIP-06", "The archive is not written as certify writes it.",
                expected="stored members in the order of their names, one date, nothing around them",
                actual=_difference(listed, members, body),
            )
        )  # fmt: skip
    missing = [name for name in NEEDED if name not in members]
    if missing:
        raise SubmissionRefusedError(
            *(Breach("REV-ZIP-07", "A member is missing.", name, expected=name) for name in missing)
        )
    return members


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(member.file_size + 1)


def _breaches(listed: list[zipfile.ZipInfo], weight: int, window: Window) -> list[Breach]:
    found = []
    if len(listed) > window.most_members:
        limit = f"at most {window.most_members:,}"
        return [Breach("REV-ZIP-05", "There are too many members.", None, limit, f"{len(listed):,}")]
    seen: set[str] = set()
    for member in listed:
        name = one_line(member.orig_filename, 120)
        if not known_member(member.orig_filename) or member.orig_filename != member.filename:
            found.append(Breach("REV-ZIP-02", "A submission has no such member.", name))
        if member.filename in seen:
            found.append(Breach("REV-ZIP-03", "The member occurs more than once.", name))
        seen.add(member.filename)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or member.is_dir() or member.flag_bits & 1:
            what = "encrypted" if member.flag_bits & 1 else _KINDS.get(kind, "a folder or device")
            found.append(Breach("REV-ZIP-04", "The member is no plain file.", name, "a plain file", what))
        elif member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            size = f"{member.compress_size:,} bytes that unpack to {member.file_size:,}"
            found.append(Breach("REV-ZIP-05", "The member is compressed.", name, "stored", size))
        elif member.filename == "record.json" and member.file_size > window.largest_record:
            limit = f"at most {window.largest_record:,} bytes"
            found.append(
                Breach("REV-REC-01", "The record is too large.", name, limit, f"{member.file_size:,} bytes")
            )
    unpacked = sum(member.file_size for member in listed)
    if not found and unpacked > weight:
        size = f"{unpacked:,} bytes in an archive of {weight:,}"
        found.append(
            Breach("REV-ZIP-05", "Members lie over each other.", None, "each in its own place", size)
        )
    return found[:20]


_KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder"}


def _difference(listed: list[zipfile.ZipInfo], members: dict[str, bytes], body: bytes) -> str:
    names = [member.filename for member in listed]
    if names != sorted(names):
        return "members in another order"
    if len(pack(members)) != len(body):
        return f"{len(body):,} bytes in place of {len(pack(members)):,}"
    return "other dates, modes or flags"
