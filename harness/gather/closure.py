"""The closure over references: a credential says what it refers to, that may refer to more, until nothing is new."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Iterable, Sequence

from harness.credential import Credential, read_credentials
from harness.credential.references import Reference, context_references, references
from harness.evidence import Absence, Evidence, Web
from harness.gather.limits import MAX_ANSWERS, MAX_HELD, MAX_REFERENCES, MAX_ROUNDS
from harness.gather.web import Source, first_answer


class Closure:
    """Brings what credentials refer to from the first source that has it; each URL is asked once.

    Of the answers it holds those that were needed last, up to a number and a size: however many credentials come,
    memory stays flat. What has left the memory is asked for again.
    """

    def __init__(self, sources: Sequence[Source], known: Container[str] = frozenset()) -> None:
        self._sources = sources
        self._known = known
        self._answers: OrderedDict[str, Evidence | Absence] = OrderedDict()
        self._held = 0
        self._further: OrderedDict[tuple[str, str], tuple[Reference, ...]] = OrderedDict()

    def of(self, credential: Credential) -> Web:
        """Everything that one credential refers to, directly or through what it brought."""
        found: dict[str, Evidence | Absence] = {}
        waiting = list(references(credential))
        for _ in range(MAX_ROUNDS):
            further: list[Reference] = []
            for reference in waiting:
                if reference.url in found or reference.url in self._known:
                    continue
                if len(found) >= MAX_REFERENCES:
                    return Web({**found, **_too_many(waiting, found)})
                answer = found[reference.url] = self.fetched(reference.url)
                if isinstance(answer, Evidence):
                    further.extend(self._refers(reference.purpose, answer))
            if not further:
                break
            waiting = further
        return Web(found)

    def bring(self, urls: Iterable[str]) -> Web:
        """What some URLs answer, whether the registry knows them or not."""
        return Web({url: self.fetched(url) for url in urls})

    def fetched(self, url: str) -> Evidence | Absence:
        """What stands behind a URL."""
        answer = self._answers.get(url)
        if answer is None:
            answer = self._answers[url] = first_answer(self._sources, url)
            self._held += _size(answer)
            while len(self._answers) > 1 and (len(self._answers) > MAX_ANSWERS or self._held > MAX_HELD):
                _, oldest = self._answers.popitem(last=False)
                self._held -= _size(oldest)
        else:
            self._answers.move_to_end(url)
        return answer

    def _refers(self, purpose: str, answer: Evidence) -> tuple[Reference, ...]:
        key = (purpose, answer.name)
        if key not in self._further:
            if purpose == "status":
                found = [reference for inner in read_credentials(answer) for reference in references(inner)]
                self._further[key] = tuple(found)
            else:
                self._further[key] = context_references(answer) if purpose == "context" else ()
            while len(self._further) > MAX_ANSWERS:
                self._further.popitem(last=False)
        return self._further[key]


def _size(answer: Evidence | Absence) -> int:
    return len(answer.body) if isinstance(answer, Evidence) else len(answer.reason)


def _too_many(waiting: Iterable[Reference], found: Container[str]) -> dict[str, Absence]:
    reason = (
        f"it stands behind {MAX_REFERENCES:,} other references of this credential, and no more are followed"
    )
    return {one.url: Absence(one.url, reason) for one in waiting if one.url not in found}
