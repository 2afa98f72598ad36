"""The closure over references: a credential says what it refers to, that may refer to more, until nothing is new."""

from __future__ import annotations

from collections.abc import Container, Sequence

from harness.credential import Credential, read_credentials
from harness.credential.references import Reference, references
from harness.evidence import Absence, Evidence, Web
from harness.gather.limits import MAX_REFERENCES, MAX_ROUNDS
from harness.gather.web import Source

OFFLINE = "nothing leaves this machine without --online, and no --web folder answers it"


class Closure:
    """Brings what credentials refer to from the first source that has it; each URL is asked once."""

    def __init__(self, sources: Sequence[Source], known: Container[str] = frozenset()) -> None:
        self._sources = sources
        self._known = known
        self._answers: dict[str, Evidence | Absence] = {}
        self._further: dict[str, tuple[Reference, ...]] = {}

    def of(self, credential: Credential) -> Web:
        """Everything that one credential refers to, directly or through what it brought."""
        found: dict[str, Evidence | Absence] = {}
        waiting = list(references(credential))
        for _ in range(MAX_ROUNDS):
            further: list[Reference] = []
            for reference in waiting:
                if reference.url in found or reference.url in self._known or len(found) >= MAX_REFERENCES:
                    continue
                answer = found[reference.url] = self._fetch(reference.url)
                if isinstance(answer, Evidence) and reference.purpose == "status":
                    further.extend(self._refers(answer))
            if not further:
                break
            waiting = further
        return Web(found)

    def _fetch(self, url: str) -> Evidence | Absence:
        answer = self._answers.get(url)
        if answer is None:
            answer = self._answers[url] = self._ask(url)
        return answer

    def _ask(self, url: str) -> Evidence | Absence:
        absences = []
        for source in self._sources:
            answer = source.fetch(url)
            if isinstance(answer, Evidence):
                return answer
            absences.append(answer)
        return absences[-1] if absences else Absence(url, OFFLINE)

    def _refers(self, answer: Evidence) -> tuple[Reference, ...]:
        if answer.name not in self._further:
            found = [reference for inner in read_credentials(answer) for reference in references(inner)]
            self._further[answer.name] = tuple(found)
        return self._further[answer.name]
