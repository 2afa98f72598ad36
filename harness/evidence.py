"""Bytes with their origin, or an absence with its reason. All that judging ever sees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Evidence:
    """Bytes as they were received, never altered.

    `name` is what the user calls it (a relative path, a URL); `origin` says where it came from
    ("file", "zip", "stdin", "web", "online", "demo" …); `media_type` is what it was declared to be.
    """

    name: str
    body: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    origin: str = "file"

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes, in lower-case hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Absence:
    """Something that was referred to and could not be had, with the reason."""

    name: str
    reason: str
    fault: str = "line"
    """Whose it is: "line" (not reachable, not allowed, no answer) or "vendor" (404, wrong content)."""


class Web(Mapping[str, "Evidence | Absence"]):
    """What gather brought from the web, by URL: evidence or an absence. Judging asks nothing else."""

    def __init__(self, answers: Mapping[str, Evidence | Absence] | None = None) -> None:
        self._answers = dict(answers or {})

    def __getitem__(self, url: str) -> Evidence | Absence:
        answer = self._answers.get(url)
        return answer if answer is not None else Absence(url, "was not asked for")

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)
