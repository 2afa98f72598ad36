"""What the web answered in a submission against what it answers the reviewer: DID documents, contexts, what is linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.gather.web import Source
from harness.listing.rules import Breach
from harness.listing.submission import Submission
from harness.report.visible import one_line


def differing_answers(submission: Submission, web: Sequence[Source]) -> Iterator[Breach]:
    """Where the web answers the reviewer with other bytes; status lists are left out, they change by nature."""
    for url, held in _held(submission):
        for source in web:
            found = source.fetch(url)
            if isinstance(found, Evidence) and found.sha256 != held.sha256:
                if _is_status_list(held) and _is_status_list(found):
                    continue
                message = "The web answers with something else."
                yield Breach("REV-EVI-05", message, one_line(url, 200), held.sha256, found.sha256)


def uncompared(submission: Submission, web: Sequence[Source]) -> int:
    """How many answers of the web in a submission the reviewer has not brought."""
    return sum(
        not any(isinstance(source.fetch(url), Evidence) for source in web) for url, _ in _held(submission)
    )


def _held(submission: Submission) -> Iterator[tuple[str, Evidence]]:
    for url, answer in submission.store().web.items():
        if isinstance(answer, Evidence):
            yield url, answer


def _is_status_list(answer: Evidence) -> bool:
    for credential in read_credentials(answer):
        value = credential.document.value if credential.document is not None else None
        types = value.get("type") if isinstance(value, dict) else None
        if isinstance(types, list) and any("StatusList" in str(one) for one in types):
            return True
    return False
