"""Folders and archives as strangers make them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.evidence import Absence, Evidence
from harness.gather.files import gather_paths

Gathered = list[Evidence | Absence]


def gather(*paths: Path | str, skipped: list[str] | None = None) -> Gathered:
    """All that comes of these paths."""
    return list(gather_paths([str(path) for path in paths], skipped=skipped))


def names(found: Gathered) -> list[str]:
    """The names of what came, absences included."""
    return [item.name for item in found]


def absences(found: Gathered) -> dict[str, str]:
    """The reasons of what did not come, by name."""
    return {item.name: item.reason for item in found if isinstance(item, Absence)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder inside of another one."""
    made = tmp_path / "evidence"
    made.mkdir()
    return made


def archive(members: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    """A zip archive of these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            if change is not None:
                change(info)
            made.writestr(info, body)
    return held.getvalue()


def with_flag(body: bytes, bit: int) -> bytes:
    """An archive in whose headers, local and central, a flag is set."""
    changed = bytearray(body)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(signature)
        while place >= 0:
            flags = struct.unpack_from("<H", changed, place + at)[0]
            struct.pack_into("<H", changed, place + at, flags | bit)
            place = changed.find(signature, place + 4)
    return bytes(changed)
