"""What the resolver, the registrar and the vocabulary have beside credentials: links, pages, registers, schemes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from harness.reference.server.estate import Estate
from harness.reference.server.further import ITEM, OLDER, VERSION
from harness.reference.server.links import LINKSET, PIP, Links, Target, links_of
from harness.reference.server.muddled import muddled_targets
from harness.reference.server.vault import PACK, Vault
from harness.resources import resource

SITE = ("test_cases", "vectors", "live", "site")
LANGUAGES = {"en": "Voltara P64 traction battery pack", "de": "Voltara P64 Traktionsbatterie"}
LOT = "VC-FOI/2026-27"
VARIANT_ROLE = "untp:accessRole#Recycler"


@dataclass(frozen=True)
class Possessions:
    """Everything that is linked, listed or described."""

    estate: Estate
    vault: Vault

    @cached_property
    def site(self) -> Mapping[str, dict[str, Any]]:
        """Registers, schemes, profiles, criteria and schemas, by the URL that is their id."""
        found = {}
        for path in sorted(resource(*SITE).glob("*.json")):
            value = json.loads(self.estate.address.moved(path.read_text(encoding="utf-8")))
            found[str(value.get("id") or value["$id"])] = value
        return found

    def named(self, kind: str) -> tuple[str, ...]:
        """The URLs of the site whose documents are of a kind, such as ConformityScheme."""
        return tuple(url for url, value in self.site.items() if kind in value.get("type", ()))

    @property
    def item(self) -> str:
        """The identifier with the richest link set."""
        return self.vault.identifier(ITEM)

    @property
    def model(self) -> str:
        """The class of that item."""
        return f"{self.estate.base}/{PACK.rpartition('/')[0]}"

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Product information for people, by URL."""
        return {
            f"{self.estate.base}/pages/p64.{language}.html": (
                f"<!doctype html><html lang={language}><title>{title}</title><h1>{title}</h1></html>"
            )
            for language, title in LANGUAGES.items()
        }

    @property
    def links(self) -> Links:
        """The links of every identifier; what is encrypted changes with the faults."""
        links = links_of(self.estate.current, (*self._more(), *self.vault.targets()))
        return {url: muddled_targets(url, targets, self.estate.faults) for url, targets in links.items()}

    @property
    def variants(self) -> tuple[Target, ...]:
        """The links that are for one role alone."""
        every = (target for targets in self.links.values() for target in targets)
        return tuple(target for target in every if target.roles == (VARIANT_ROLE,) and target.readable)

    @cached_property
    def secondary(self) -> Mapping[str, tuple[Target, ...]]:
        """What the maker's own resolver has: the passport and the events of the item."""
        return {self.item: links_of(self.estate.current, ())[self.item]}

    @property
    def lot(self) -> str:
        """A lot that is identified by a URN, as the template of its scheme gives it."""
        return f"{self.estate.base}/lots/{quote(LOT, safe='')}"

    def _more(self) -> Iterator[tuple[str, Target]]:
        for (url, _), (language, title) in zip(self.pages.items(), LANGUAGES.items(), strict=True):
            yield self.item, Target(PIP, url, title, "text/html", language)
        foil = self.estate.payloads[f"{VERSION}/dpp-foil-batch"]
        yield self.lot, Target("dpp", foil.url, str(foil.value["name"]))
        yield (
            self.lot,
            Target("dte", self.estate.payloads[f"{VERSION}/dte-foil-and-pack"].url, "Making of the foil"),
        )
        older = self.estate.payloads[f"{VERSION}/{OLDER.name}"]
        predecessor = {"rel": ["predecessor-version"]}
        yield (
            self.item,
            Target("dpp", older.url, f"{older.value['name']}, first version", members=predecessor),
        )
        secondary = f"{self.estate.base}/secondary/{self.item.removeprefix(f'{self.estate.base}/')}"
        yield self.item, Target("idr", secondary, "Resolver of the maker", LINKSET)
        update = {"rel": ["edit"], "method": ["POST", "Authorization"], "accessRole": [VARIANT_ROLE]}
        yield self.item, Target("dte", f"{self.estate.base}/events", "Add an event", members=update)
