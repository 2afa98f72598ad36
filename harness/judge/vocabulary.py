"""What a vocabulary case sees: schemes, profiles, criteria and catalogues, as they stand on the web."""

from __future__ import annotations

from dataclasses import dataclass

from harness.credential import Node
from harness.exchange import Exchange
from harness.judge.answers import OK
from harness.judge.endpoint import SMOKE, EndpointUnderTest, json_of

KINDS = ("schemes", "profiles", "criteria", "catalogues")


@dataclass(frozen=True)
class Entry:
    """One document of the catalogue, and the exchange that brought it."""

    exchange: Exchange
    root: Node

    @property
    def id(self) -> str:
        """Its id; empty where it has none."""
        found = self.root.get("id")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class VocabularyUnderTest(EndpointUnderTest):
    """One `[[vocabulary]]` of vendor.toml, as it answered."""

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """The documents of a kind that were found as JSON. Raises AbsentError or LineError without an answer."""
        found = []
        for asked in self.of(kind):
            exchange = self.exchange(kind, asked.step)
            answer = exchange.answer
            root = json_of(answer) if answer is not None and answer.status == OK else None
            if root is not None:
                found.append(Entry(exchange, root))
        return tuple(found)

    @property
    def maturity(self) -> int:
        """The level of maturity that vendor.toml claims; 0 where it claims none."""
        smoke = self.find(SMOKE)
        return int(smoke.about.get("maturity", "0")) if smoke is not None else 0


SUBJECT = VocabularyUnderTest
