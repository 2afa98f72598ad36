"""The members of a submission, their bounds, and the one way in which they are packed.

Members are stored without compression, in the order of their names, with one date: the same members are the
same bytes on every machine, and no submission can unpack to more than it weighs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

MANIFEST = "manifest.json"
RECORD = "record.json"
VENDOR = "vendor.toml"
INDEX = "evidence/index.json"
ATTESTATION = "attestation.jwt"
DID_DOCUMENT = "attestation/did.json"
STATUS_LIST = "attestation/status-list.jwt"
BLOB = re.compile(r"evidence/([0-9a-f]{64})")

NEEDED = (MANIFEST, RECORD, VENDOR, INDEX)
NAMED = frozenset({*NEEDED, ATTESTATION, DID_DOCUMENT, STATUS_LIST})
UNLISTED = frozenset({MANIFEST, ATTESTATION})
"""Members that the manifest cannot list: itself, and the attestation, which seals it."""

DATE = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
UNIX = 3


def known_member(name: str) -> bool:
    """Whether a submission may have a member of this name."""
    return name in NAMED or BLOB.fullmatch(name) is not None


def pack(members: Mapping[str, bytes]) -> bytes:
    """Members as the bytes of a submission: always the same for the same members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            member = zipfile.ZipInfo(name, DATE)
            member.create_system = UNIX
            member.external_attr = MODE
            archive.writestr(member, members[name])
    return buffer.getvalue()
