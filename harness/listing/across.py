"""Who verified whose credentials: answers of one vendor's verifier on credentials that another vendor submitted.

Nothing is asked here. What a verifier was asked about stands in the recording of its submission; a credential is
the same one where its token is, or its JSON. An answer is right where it agrees with the verdict on the credential.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.credential import parse, read_credentials
from harness.evidence import Evidence
from harness.gather.adapters import verified_in
from harness.gather.store import EvidenceStore

DATA = "data:"
VERIFIER = "verifier"


@dataclass(frozen=True)
class Shared:
    """What one submission has for others: its credentials with their verdicts, and its verifier's answers."""

    credentials: Mapping[str, str]
    answers: tuple[tuple[str, bool], ...]
    """Key of a credential that the verifier was asked about, and whether it accepted it."""


@dataclass(frozen=True)
class Answers:
    """How many credentials of another vendor a verifier was asked about, and how many answers are right."""

    right: int
    every: int


def shared_of(store: EvidenceStore, record: Mapping[str, Any]) -> Shared:
    """Read the evidence of a submission once."""
    verdicts = {row["sha256"]: str(row["verdict"]) for row in record["subjects"]}
    credentials = {
        key: verdicts[item.sha256]
        for item in store.given
        if isinstance(item, Evidence) and item.sha256 in verdicts
        for credential in read_credentials(item)
        for key in _keys(credential.token or (credential.document.value if credential.document else None))
    }
    return Shared(credentials, tuple(_answers(store)))


def _answers(store: EvidenceStore) -> Iterator[tuple[str, bool]]:
    for exchange in store.recording.of(VERIFIER):
        said = verified_in(exchange)
        if said.accepted or said.rejected:
            parsed = parse(exchange.request.body)
            asked = parsed.value if parsed.valid else exchange.request.body.decode("utf-8", "replace")
            for key in dict.fromkeys(_keys(asked)):
                yield key, said.accepted


def _keys(value: Any) -> Iterator[str]:
    """The keys of every token and every JSON credential inside a value."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            token = item.rpartition(",")[2] if item.startswith(DATA) else item.strip()
            if token.count(".") == 2:  # noqa: PLR2004 - a compact JWS has three parts
                yield hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        elif isinstance(item, dict):
            if "@context" in item:
                text = json.dumps(item, sort_keys=True, separators=(",", ":"))
                yield hashlib.sha256(text.encode()).hexdigest()
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def verified_across(shared: Sequence[tuple[str, str, Shared]]) -> dict[tuple[str, str], Answers]:
    """Answers by page of the verifier and page of the other vendor: (page, vendor, what it shares) for each listing."""
    found: dict[tuple[str, str], Answers] = {}
    for page, vendor, mine in shared:
        for other_page, other_vendor, theirs in shared:
            if other_vendor != vendor:
                answers = _told(mine.answers, theirs.credentials)
                if answers.every:
                    found[page, other_page] = answers
    return found


def _told(answers: Iterable[tuple[str, bool]], credentials: Mapping[str, str]) -> Answers:
    judged = [
        accepted == (credentials[key] == "conformant")
        for key, accepted in answers
        if credentials.get(key) in ("conformant", "nonconformant")
    ]
    return Answers(sum(judged), len(judged))
