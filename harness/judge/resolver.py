"""What a resolver case sees: for each identifier what the resolver answered, read from the recording alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from harness.exchange import Exchange
from harness.judge.answers import OK
from harness.judge.endpoint import EndpointUnderTest, body_of
from harness.judge.linkset import Link, LinkSet, covers, is_linkset, is_same

FORMS = ("linkset", "all", "accept")
"""The probes that ask for the link set, the first one being what 0.7.0 prints."""


ACCEPTED = "accept"
"""Last word of the step that asked for a link set by the Accept header alone."""


_BLANK = re.compile(r"\s")


@dataclass(frozen=True)
class Resolved:
    """One identifier, as a URL of the resolver: what each probe was answered."""

    subject: ResolverUnderTest
    url: str

    def exchange(self, probe: str, *more: str) -> Exchange:
        """The exchange of a probe for this identifier. Raises AbsentError or LineError where there is no answer."""
        return self.subject.exchange(probe, " ".join((self.url, *more)))

    def find(self, probe: str, *more: str) -> Exchange | None:
        """The same, answered or not; None where it was never made."""
        return self.subject.find(probe, " ".join((self.url, *more)))

    @cached_property
    def listing(self) -> Exchange | None:
        """The exchange that gave the link set; None where no form of asking gave one."""
        asked = (self.find(form) for form in FORMS)
        return next((exchange for exchange in asked if exchange is not None and linkset_in(exchange)), None)

    @cached_property
    def linkset(self) -> LinkSet | None:
        """The link set; None where the resolver gave none. Raises where it did not answer at all."""
        if self.listing is None:
            self.exchange(FORMS[0])
            return None
        return linkset_in(self.listing)

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, at every anchor."""
        return self.linkset.links if self.linkset is not None else ()

    @property
    def own(self) -> tuple[Link, ...]:
        """The links at the identifier itself that can be read, not updated."""
        return tuple(link for link in self.links if is_same(link.anchor, self.url) and not link.is_update)

    @property
    def relations(self) -> dict[str, tuple[Link, ...]]:
        """The links at the identifier itself, by relation; a name with blanks in it is none that could be asked for."""
        names = dict.fromkeys(link.relation for link in self.own if not _BLANK.search(link.relation))
        return {name: tuple(link for link in self.own if link.relation == name) for name in names}

    @property
    def coarser(self) -> tuple[Link, ...]:
        """The links of relations that only a coarser identifier has."""
        mine = {link.relation for link in self.links if is_same(link.anchor, self.url)}
        return tuple(
            link
            for link in self.links
            if link.relation not in mine
            and covers(link.anchor, self.url)
            and not is_same(link.anchor, self.url)
            and not link.is_update
        )


@dataclass(frozen=True)
class ResolverUnderTest(EndpointUnderTest):
    """One resolver of vendor.toml, as it answered."""

    @cached_property
    def identifiers(self) -> tuple[Resolved, ...]:
        """The identifiers that were asked for, in order."""
        return tuple(Resolved(self, exchange.step) for exchange in self.of(FORMS[0]))

    @property
    def links(self) -> Iterator[tuple[Resolved, Link]]:
        """Every link of every link set."""
        for item in self.identifiers:
            yield from ((item, link) for link in item.links)


SUBJECT = ResolverUnderTest


def listing_of(subject: EndpointUnderTest, probe: str, step: str) -> Exchange:
    """The exchange that gave the link set of an identifier, else the first that asked for it.

    Raises AbsentError or LineError where that has no answer.
    """
    asked = (subject.find(probe, name) for name in (step, f"{step} {ACCEPTED}"))
    found = next((exchange for exchange in asked if exchange is not None and linkset_in(exchange)), None)
    return found if found is not None else subject.exchange(probe, step)


def linkset_in(exchange: Exchange) -> LinkSet | None:
    """The link set in an answer of status 200, None where there is none."""
    document = body_of(exchange.answer) if exchange.answer is not None else None
    if exchange.answer is None or exchange.answer.status != OK or document is None:
        return None
    return LinkSet(document) if is_linkset(document.value) else None
