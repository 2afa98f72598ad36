"""Credentials of others, put to a vendor's verifier: `others` in [[verifier]] names files, folders or submissions.

No case judges these answers, as nobody but their issuers vouches for the credentials. They are kept in the recording,
and the register shows whose verifier accepts whose credentials (harness/listing/across.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from harness.credential import Credential, read_credentials
from harness.evidence import Absence, Evidence
from harness.exchange import Exchange, Line
from harness.gather.adapters import Adapter, Question, adapter_of, put
from harness.gather.files import gather_paths
from harness.listing.archive import read_members, read_submission_file
from harness.listing.rules import SubmissionRefusedError, load_rules
from harness.listing.submission import open_members
from harness.vendor import Endpoint, Vendor

OTHERS = "others"
"""The key of [[verifier]], and how the probes begin."""
MOST = 500
"""Credentials of others that one verifier is asked about."""


def about_others(vendor: Vendor, endpoint: Endpoint, line: Line) -> Iterator[Exchange]:
    """Ask a verifier about each credential of others once, in the order of their files."""
    paths = [vendor.folder / path for path in endpoint.row.get(OTHERS, ())]
    if not paths:
        return
    adapter, asked = adapter_of(endpoint), set()
    for name, credential in islice(_credentials(paths), MOST):
        question, key = _question(adapter, credential)
        if key not in asked:
            asked.add(key)
            yield put(line, endpoint, question, probe=f"{OTHERS}-{key[:16]}", about={"other": name})


def _credentials(paths: Iterable[Path]) -> Iterator[tuple[str, Credential]]:
    for path in paths:
        for item in _evidence(path):
            if isinstance(item, Evidence):
                for credential in read_credentials(item):
                    if credential.kind == "credential" and credential.document is not None:
                        yield item.name, credential


def _evidence(path: Path) -> Iterator[Evidence | Absence]:
    """What a path holds: the evidence of each submission, else the credentials of files and folders."""
    archives = sorted(path.glob("*.zip")) if path.is_dir() else [path] if path.suffix == ".zip" else []
    window = load_rules().window
    found = False
    for archive in archives:
        try:
            members = read_members(read_submission_file(archive, window), window)
            yield from open_members(members)[0].store().given
            found = True
        except SubmissionRefusedError:
            continue
    if not found:
        yield from gather_paths([str(path)])


def _question(adapter: Adapter, credential: Credential) -> tuple[Question, str]:
    if credential.token is not None:
        return adapter.verify(credential.token), hashlib.sha256(credential.token.encode()).hexdigest()
    document = credential.document
    assert document is not None
    return adapter.verify(document.value), credential.evidence.sha256
