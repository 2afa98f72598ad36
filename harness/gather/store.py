"""The evidence store: every byte that a run judged, by its digest, and what could not be had, with the reason.

What was given to the run keeps its order and its names; answers of the web are kept by URL; what was said to
live endpoints is kept exchange by exchange, in the order of the run. From the store alone, with the network off, the same run can be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.evidence import Absence, Evidence
from harness.exchange import Recording


@dataclass
class EvidenceStore:
    """Evidence as it came: `given` in the order of the run, `web` by URL, `recording` of endpoints, `blobs` by digest."""

    given: list[Evidence | Absence] = field(default_factory=list)
    web: dict[str, Evidence | Absence] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict, repr=False)
    recording: Recording = field(default_factory=Recording)

    def taking(self, evidence: Iterable[Evidence | Absence]) -> Iterator[Evidence | Absence]:
        """Pass what is given to the run through, and keep it."""
        for item in evidence:
            self.given.append(self._kept(item))
            yield item

    def keep(self, answers: Iterable[Evidence | Absence]) -> None:
        """Keep answers of the web; bytes win over the absence of the same URL."""
        for answer in answers:
            if isinstance(answer, Evidence) or answer.name not in self.web:
                self.web[answer.name] = self._kept(answer)

    def record(self, recording: Recording) -> None:
        """Keep what was said to live endpoints."""
        self.recording = recording
        self.blobs.update(recording.rows()[1])

    def _kept(self, item: Evidence | Absence) -> Evidence | Absence:
        if isinstance(item, Absence):
            return item
        body = self.blobs.setdefault(item.sha256, item.body)
        return Evidence(item.name, body, item.media_type, item.origin)

    def index(self) -> dict[str, Any]:
        """The store without its bytes: members `evidence`, `given`, `web`, and `exchanges` where there are any."""
        index: dict[str, Any] = {
            "evidence": 1,
            "given": [_row(item) for item in self.given],
            "web": [_row(self.web[url]) for url in sorted(self.web)],
        }
        rows, _ = self.recording.rows()
        return index | ({"exchanges": rows} if rows else {})

    @classmethod
    def restored(cls, index: Mapping[str, Any], blobs: Mapping[str, bytes]) -> EvidenceStore:
        """The store of an index that follows its schema; every digest that it names is among the blobs."""
        store = cls(blobs=dict(blobs))
        store.given = [_item(row, blobs) for row in index["given"]]
        store.web = {row["name"]: _item(row, blobs) for row in index["web"]}
        store.recording = Recording.restored(index.get("exchanges", ()), blobs)
        return store


def _row(item: Evidence | Absence) -> dict[str, Any]:
    if isinstance(item, Absence):
        return {"name": item.name, "absent": item.reason, "fault": item.fault}
    return {
        "name": item.name, "media_type": item.media_type, "origin": item.origin, "sha256": item.sha256,
        "bytes": len(item.body),
    }  # fmt: skip


def _item(row: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Evidence | Absence:
    if "absent" in row:
        return Absence(row["name"], row["absent"], row["fault"])
    return Evidence(row["name"], blobs[row["sha256"]], row["media_type"], row["origin"])
