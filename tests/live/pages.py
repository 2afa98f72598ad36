"""Sites made of pages: an address each, with its media type and its JSON. What is broken is one page that is another one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .world import Asked, Reply, Site

LINKSET, JSON = "application/linkset+json", "application/json"


@dataclass(frozen=True)
class Page:
    """What stands at an address; without a value there is nothing."""

    value: Any = None
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """Its bytes."""
        return self.value if isinstance(self.value, bytes) else json.dumps(self.value).encode()

    def reply(self) -> Reply:
        """It as an answer."""
        if self.value is None:
            return Reply(404)
        open_to_all = {"Access-Control-Allow-Origin": "*", "Content-Type": self.media_type}
        return Reply(200, self.body, open_to_all | dict(self.headers))


Pages = Mapping[str, Page]


def site(pages: Pages) -> Site:
    """The site: a link set also sends on to the first link of a type that is asked for."""

    def answer(asked: Asked) -> Reply:
        page = pages.get(asked.address, Page())
        wanted = asked.path.partition("linkType=")[2].partition("&")[0]
        if page.media_type == LINKSET and wanted not in ("", "linkset"):
            return _redirect(page.value, wanted)
        return page.reply()

    return answer


def _redirect(linkset: Any, relation: str) -> Reply:
    for context in linkset["linkset"]:
        if relation in context:
            return Reply(307, headers={"Location": context[relation][0]["href"]})
    return Reply(404)


def linkset(anchor: str, **relations: str) -> Page:
    """A link set with one link for each relation."""
    targets = {name: [{"href": href, "title": name, "type": JSON}] for name, href in relations.items()}
    return Page({"linkset": [{"anchor": anchor, **targets}]}, LINKSET)


def credential(kind: str, subject: Mapping[str, Any], **more: Any) -> Page:
    """A credential that nobody signed: what stands in it is what counts here."""
    value = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": [kind, "VerifiableCredential"],
        "issuer": {"id": "did:web:minerals.example", "name": "Minerals"},
        "credentialSubject": dict(subject),
    }
    return Page(value | more, "application/vc")
