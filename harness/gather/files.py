"""Files, folders, zip archives and standard input -> evidence, in a stable order, within bounds.

What cannot be read is an `Absence` with its reason, so that it shows in the record and the rest goes on.
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from harness.errors import UsageError
from harness.evidence import Absence, Evidence
from harness.gather.limits import MAX_ARCHIVE_MEMBERS, MAX_ARCHIVE_TOTAL, MAX_FILE, MAX_RATIO, MIN_BOMB

SUFFIXES = frozenset({".json", ".jsonld", ".jwt", ".jws", ".jsonl", ".ndjson", ".zip", ".vc", ".vp"})
"""In a folder, files with these suffixes are evidence; others only when they begin like JSON or a JWS."""

_MEDIA_TYPES = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".jwt": "application/vc+jwt",
    ".jws": "application/jose",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".zip": "application/zip",
}
_JWS = re.compile(rb"^\s*eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.")


def gather_paths(paths: list[str], *, skipped: list[str] | None = None) -> Iterator[Evidence | Absence]:
    """Evidence from each path in turn: a file, a folder, an archive, or "-" for standard input.

    Names of files that were left out of folders are added to `skipped`. Raises UsageError for a path
    that does not exist, before anything is read.
    """
    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        raise UsageError(f"there is no file or folder {missing[0]!r}", hint="Check the path; nothing was judged.")
    for path in paths:
        if path == "-":
            yield from _expanded(Evidence("-", sys.stdin.buffer.read(MAX_FILE + 1), _sniffed(b""), "stdin"))
        elif Path(path).is_dir():
            yield from _folder(Path(path), skipped if skipped is not None else [])
        else:
            yield from _file(Path(path), Path(path).name)


def _folder(folder: Path, skipped: list[str]) -> Iterator[Evidence | Absence]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root) / name
            shown = path.relative_to(folder).as_posix()
            if name.startswith(".") or not _wanted(path):
                skipped.append(shown)
                continue
            yield from _file(path, shown)


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
    return head.lstrip()[:1] in (b"{", b"[") or _JWS.match(head) is not None


def _file(path: Path, name: str) -> Iterator[Evidence | Absence]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Absence(name, "this is not a regular file")
            return
        archive = path.suffix.lower() == ".zip"
        if status.st_size > MAX_FILE and not archive:
            yield Absence(name, f"{status.st_size:,} bytes are more than the limit of {MAX_FILE:,} for one file")
            return
        if archive:
            with path.open("rb") as file:
                yield from _archive(name, file)
            return
        body = path.read_bytes()
    except OSError as error:
        yield Absence(name, f"cannot be read: {error.strerror or error}")
        return
    yield Evidence(name, body, _MEDIA_TYPES.get(path.suffix.lower(), _sniffed(body)), "file")


def _expanded(evidence: Evidence) -> Iterator[Evidence | Absence]:
    if len(evidence.body) > MAX_FILE:
        yield Absence(evidence.name, f"standard input holds more than {MAX_FILE:,} bytes")
    elif evidence.body.startswith(b"PK\x03\x04"):
        yield from _archive(evidence.name, io.BytesIO(evidence.body))
    elif evidence.name == "-" and _is_lines(evidence.body):
        yield Evidence("-.jsonl", evidence.body, "application/jsonl", evidence.origin)
    else:
        yield evidence


def _is_lines(body: bytes) -> bool:
    lines = [line for line in body.splitlines() if line.strip()]
    return len(lines) > 1 and all(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for line in lines)


def _archive(name: str, file: io.BufferedIOBase | io.BufferedReader) -> Iterator[Evidence | Absence]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_ARCHIVE_MEMBERS:
                yield Absence(name, f"the archive has {len(members):,} members; the limit is {MAX_ARCHIVE_MEMBERS:,}")
                return
            total = 0
            for member in sorted(members, key=lambda item: item.filename):
                if member.is_dir():
                    continue
                total += member.file_size
                if total > MAX_ARCHIVE_TOTAL:
                    yield Absence(name, f"the archive unpacks to more than {MAX_ARCHIVE_TOTAL:,} bytes")
                    return
                yield _member(name, archive, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        yield Absence(name, f"this is no readable zip archive: {error}")


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Evidence | Absence:
    shown = f"{name}!/{member.filename}"
    reason = _refused(member)
    if reason is not None:
        return Absence(shown, reason, "vendor")
    try:
        with archive.open(member) as file:
            body = file.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        return Absence(shown, f"cannot be unpacked: {error}", "vendor")
    if len(body) > MAX_FILE:
        return Absence(shown, f"unpacks to more than {MAX_FILE:,} bytes", "vendor")
    suffix = Path(member.filename).suffix.lower()
    return Evidence(shown, body, _MEDIA_TYPES.get(suffix, _sniffed(body)), "zip")


def _refused(member: zipfile.ZipInfo) -> str | None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
        return "its path leads out of the archive; it is not read"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a symbolic link; it is not followed"
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
