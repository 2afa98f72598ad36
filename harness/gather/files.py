"""Files, folders, zip archives and standard input -> evidence, in a stable order, within bounds.

What cannot be read is an `Absence` with its reason, so that it shows in the record and the rest goes on.
"""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.credential.cose import looks_like_cose
from harness.credential.strict_json import parse
from harness.errors import UsageError
from harness.evidence import Absence, Evidence
from harness.gather.limits import MAX_ARCHIVE_MEMBERS, MAX_ARCHIVE_TOTAL, MAX_FILE, MAX_RATIO, MIN_BOMB
from harness.gather.web import Source, first_answer

_URL = ("https://", "http://")

SUFFIXES = frozenset({".json", ".jsonld", ".jwt", ".jws", ".jsonl", ".ndjson", ".zip", ".vc", ".vp", ".cose"})
"""In a folder, files with these suffixes are evidence; others only when they begin like JSON or a JWS."""

_MEDIA_TYPES = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".jwt": "application/vc+jwt",
    ".jws": "application/jose",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".zip": "application/zip",
    ".cose": "application/vc+cose",
}
_JWS = re.compile(rb"^\s*eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.")

_UNZIPPING = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, NotImplementedError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises on archives that are broken, on purpose or not."""


def gather_paths(
    paths: list[str], *, skipped: list[str] | None = None, sources: Sequence[Source] = ()
) -> Iterator[Evidence | Absence]:
    """Evidence from each path in turn: a file, a folder, an archive, a URL, or "-" for standard input.

    Names of files that were left out of folders are added to `skipped`; URLs are answered by the first of
    `sources` that has them. Raises UsageError for a path that does not exist, and for a URL where there
    is no source, before anything is read.
    """
    urls = [path for path in paths if path.startswith(_URL)]
    if urls and not sources:
        raise UsageError(
            f"{urls[0]} is a URL, and nothing leaves this machine without --online",
            hint="Add --online, or --web DIR to answer it from a folder.",
        )
    missing = [path for path in paths if path not in ("-", *urls) and not os.path.exists(path)]  # noqa: PTH110 - Path.exists raises on some
    if missing:
        raise UsageError(
            f"there is no file or folder {_shown(missing[0])!r}", hint="Check the path; nothing was judged."
        )
    left_out = skipped if skipped is not None else []
    for path in paths:
        if path == "-":
            body = sys.stdin.buffer.read(MAX_FILE + 1)
            yield from _expanded(Evidence("-", body, _sniffed(body), "stdin"), left_out)
        elif path in urls:
            answer = first_answer(sources, path)
            yield from _expanded(answer, left_out) if isinstance(answer, Evidence) else (answer,)
        elif Path(path).is_dir():
            yield from _folder(Path(path), left_out)
        else:
            yield from _file(Path(path), _shown(Path(path).name), left_out)


def size_of(paths: list[str]) -> int | None:
    """About how many bytes there are to read; None where standard input is among the paths."""
    if "-" in paths:
        return None
    total = 0
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - os.walk is quicker on many files
            for folder, _, names in os.walk(path):
                for name in names:
                    try:
                        total += os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118
                    except OSError:
                        continue
        elif os.path.exists(path):  # noqa: PTH110
            total += os.stat(path).st_size  # noqa: PTH116
    return total


def _folder(folder: Path, skipped: list[str]) -> Iterator[Evidence | Absence]:
    home = os.path.realpath(folder)
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(here.iterdir())
            folders = [path for path in entries if path.is_dir()]
        except OSError as error:
            yield Absence(_below(folder, here), f"the folder cannot be read: {error.strerror or error}")
            continue
        entered = {path for path in folders if not path.name.startswith(".") and not path.is_symlink()}
        left_out = set(folders) - entered
        for path in entries:
            shown = _below(folder, path)
            if path.name.startswith(".") or path in left_out:
                skipped.append(shown)
            elif path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
                yield Absence(shown, "it is a symbolic link that leads out of the folder; it is not followed")
            elif path not in entered and _wanted(path):
                yield from _file(path, shown, skipped)
            elif path not in entered:
                skipped.append(shown)
        waiting += sorted(entered, reverse=True)


def _below(folder: Path, path: Path) -> str:
    return _shown(path.relative_to(folder).as_posix())


def _shown(name: str) -> str:
    """A file name fit to be text: bytes of it that are not UTF-8 are written as hexadecimal escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _wanted(path: Path) -> bool:
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return True
    return _begins_like_evidence(head)


def _begins_like_evidence(head: bytes) -> bool:
    return head.lstrip()[:1] in (b"{", b"[") or looks_like_cose(head) or _JWS.match(head) is not None


def _file(path: Path, name: str, skipped: list[str]) -> Iterator[Evidence | Absence]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Absence(name, "this is not a regular file")
            return
        archive = path.suffix.lower() == ".zip"
        if status.st_size > MAX_FILE and not archive:
            yield Absence(
                name, f"{status.st_size:,} bytes are more than the limit of {MAX_FILE:,} for one file"
            )
            return
        if archive:
            with path.open("rb") as file:
                yield from _archive(name, file, skipped)
            return
        with path.open("rb") as file:
            body = file.read(MAX_FILE + 1)
    except OSError as error:
        yield Absence(name, f"cannot be read: {error.strerror or error}")
        return
    if len(body) > MAX_FILE:
        yield Absence(name, f"it holds more than the limit of {MAX_FILE:,} bytes for one file")
        return
    yield Evidence(name, body, _MEDIA_TYPES.get(path.suffix.lower(), _sniffed(body)), "file")


def _expanded(evidence: Evidence, skipped: list[str]) -> Iterator[Evidence | Absence]:
    if len(evidence.body) > MAX_FILE:
        yield Absence(evidence.name, f"standard input holds more than {MAX_FILE:,} bytes")
    elif evidence.body.startswith(b"PK\x03\x04"):
        yield from _archive(evidence.name, io.BytesIO(evidence.body), skipped)
    elif evidence.name == "-" and _is_lines(evidence.body):
        yield Evidence("-.jsonl", evidence.body, "application/jsonl", evidence.origin)
    else:
        yield evidence


def _is_lines(body: bytes) -> bool:
    """Whether there are several lines and the first is a whole document: bad lines after it do not matter."""
    first, _, rest = body.strip().partition(b"\n")
    if not rest:
        return False
    return _JWS.match(first) is not None or (
        first[:1] == b"{" and first.rstrip()[-1:] == b"}" and parse(first).valid
    )


def _archive(
    name: str, file: io.BufferedIOBase | io.BufferedReader, skipped: list[str]
) -> Iterator[Evidence | Absence]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_ARCHIVE_MEMBERS:
                yield Absence(
                    name, f"the archive has {len(members):,} members; the limit is {MAX_ARCHIVE_MEMBERS:,}"
                )
                return
            total = 0
            for member in sorted(members, key=lambda item: item.filename):
                if member.is_dir():
                    continue
                total += member.file_size
                if total > MAX_ARCHIVE_TOTAL:
                    yield Absence(name, f"the archive unpacks to more than {MAX_ARCHIVE_TOTAL:,} bytes")
                    return
                found = _member(name, archive, member)
                if found is None:
                    skipped.append(_shown_member(name, member))
                else:
                    yield found
    except (*_UNZIPPING, OSError) as error:
        yield Absence(name, f"this is no readable zip archive: {error}")


def _shown_member(name: str, member: zipfile.ZipInfo) -> str:
    return f"{name}!/{_shown(member.filename)}"


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Evidence | Absence | None:
    """The bytes of one member, an absence with its reason, or None where a folder would leave it out too."""
    shown = _shown_member(name, member)
    reason = _dangerous(member)
    if reason is not None:
        return Absence(shown, reason, "vendor")
    parts = member.filename.split("/")
    if any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX":
        return None
    suffix = Path(member.filename).suffix.lower()
    try:
        if suffix not in SUFFIXES and not member.flag_bits & 1:
            with archive.open(member) as file:
                if not _begins_like_evidence(file.read(64)):
                    return None
        reason = _refused(member)
        if reason is not None:
            return Absence(shown, reason, "vendor")
        with archive.open(member) as file:
            body = file.read(MAX_FILE + 1)
    except (*_UNZIPPING, OSError) as error:
        return Absence(shown, f"cannot be unpacked: {error}", "vendor")
    if len(body) > MAX_FILE:
        return Absence(shown, f"unpacks to more than {MAX_FILE:,} bytes", "vendor")
    return Evidence(shown, body, _MEDIA_TYPES.get(suffix, _sniffed(body)), "zip")


def _dangerous(member: zipfile.ZipInfo) -> str | None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
        return "its path leads out of the archive; it is not read"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a symbolic link; it is not followed"
    return None


def _refused(member: zipfile.ZipInfo) -> str | None:
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > MAX_FILE:
        return f"it unpacks to {member.file_size:,} bytes; the limit is {MAX_FILE:,}"
    if member.file_size > MIN_BOMB and member.file_size > MAX_RATIO * max(1, member.compress_size):
        return f"it is compressed more than {MAX_RATIO} times, as bombs are"
    if member.filename.lower().endswith(".zip"):
        return "archives inside archives are not read"
    return None


def _sniffed(body: bytes) -> str:
    head = body[:64].lstrip()
    if head[:1] in (b"{", b"["):
        return "application/json"
    return "application/vc+jwt" if _JWS.match(head) else "application/octet-stream"
