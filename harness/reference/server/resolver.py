"""The identity resolver: link sets, single links, defaults, the walk from item to class, and what it says of itself.

Sources: UNTP Identity Resolver; ISO/IEC 18975 (GS1 Digital Link); RFC 9264; RFC 8288 for the Link header.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.reference.payloads import dump
from harness.reference.server.answers import OPEN, json_answer, preferred, problem
from harness.reference.server.estate import Estate
from harness.reference.server.gs1 import LENGTHS, OTHER_KEYS, read_path
from harness.reference.server.links import LINKSET, PIP, RELATIONS, Target, link_set
from harness.reference.server.muddled import SPACED, muddled_default, muddled_set
from harness.reference.server.possessions import Possessions

LOTS = "lots"
Contexts = list[tuple[str, tuple[Target, ...]]]
"""Anchors with their targets, the finest first."""
WHOLE = ("linkset", "all")
LINKED = f'<{{}}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'


@dataclass(frozen=True)
class Resolver:
    """Resolves identifiers of this server."""

    estate: Estate
    possessions: Possessions

    def routes(self) -> Iterator[Route]:
        """Its endpoints: a path for each primary key, the secondary resolver, and the description of itself."""
        for key in (*LENGTHS, *OTHER_KEYS):
            yield Route(f"/{key}/{{path:path}}", self._primary)
        yield Route(f"/{LOTS}/{{number:path}}", self._lot)
        yield Route("/go-round", self._go_round)
        yield Route("/secondary/{path:path}", self._secondary)
        yield Route("/.well-known/resolver", self._description)
        yield Route("/.well-known/gs1resolver", self._description)

    async def _primary(self, request: Request) -> Response:
        path = unquote(request.url.path).lstrip("/")
        found = read_path(path)
        if found is None:
            if self.estate.faults.has("bad-200"):
                return json_answer({"linkset": []}, media_type=LINKSET)
            return problem(400, "Malformed identifier", f"{path} breaks the syntax of its scheme.")
        levels = list(found.levels())
        if self.estate.faults.has("carrier-split") and found.text != path:
            levels = [path]
        return self.resolved(request, [f"{self.estate.base}/{level}" for level in levels])

    async def _lot(self, request: Request) -> Response:
        """A lot by the value of its URN, put into the template of its scheme."""
        number = request.path_params["number"]
        raw = request.scope["raw_path"].decode("ascii").removeprefix(f"/{LOTS}/")
        if self.estate.faults.has("urn-raw") and raw != number:
            return problem(404, "Unknown identifier", "No record of it is kept here.")
        return self.resolved(request, [f"{self.estate.base}/{LOTS}/{quote(number, safe='')}"])

    async def _go_round(self, request: Request) -> Response:
        """Where redirects end up that never end, which only a fault leads to."""
        return Response(status_code=307, headers=OPEN | {"location": str(request.url)})

    async def _secondary(self, request: Request) -> Response:
        """What the maker's own resolver knows of an item."""
        identifier = f"{self.estate.base}/{request.path_params['path']}"
        targets = self.possessions.secondary.get(identifier)
        if targets is None:
            return problem(404, "Unknown identifier", "Nothing is known of it here.")
        if self.estate.faults.has("idr-html"):
            return Response(
                "<!doctype html><title>Item</title>", headers=OPEN | {"content-type": "text/html"}
            )
        return json_answer(link_set([(identifier, targets)]), media_type=LINKSET)

    async def _description(self, _request: Request) -> Response:
        if self.estate.faults.has("wk-404"):
            return problem(404, "Not found", "Nothing answers here.")
        return json_answer(
            {
                "name": "Resolver of Cadenza Trace",
                "resolverRoot": f"{self.estate.base}/",
                "supportedPrimaryKeys": [*LENGTHS, *OTHER_KEYS],
                "supportedLinkType": [
                    {
                        "namespace": "https://untp.unece.org/docs/specification/IdentityResolver#",
                        "prefix": "untp:",
                    }
                ],
                "linkTypeDefaultCanBeLinkset": False,
            }
        )

    def resolved(self, request: Request, levels: list[str]) -> Response:
        """The answer for an identifier, given with its coarser ones."""
        faults = self.estate.faults
        host = request.headers.get("host", "")
        if (faults.has("host-case") and host != host.lower()) or (
            faults.has("head-405") and request.method == "HEAD"
        ):
            return problem(404 if request.method == "GET" else 405, "Not found", "Nothing answers here.")
        contexts = [(level, self._targets(level)) for level in levels]
        known = [(level, targets) for level, targets in contexts if targets]
        if not known:
            if faults.has("unknown-200"):
                return json_answer({"linkset": []}, media_type=LINKSET)
            return problem(404, "Unknown identifier", "No record of it is kept here.")
        role = request.query_params.get("accessRole")
        if role is not None and not faults.has("variant-ignored"):
            known = [(level, _for_role(targets, role)) for level, targets in known]
        wanted = request.query_params.get("linkType")
        if role is None and faults.has("linkset-404") and wanted in WHOLE and len(levels) > 1:
            return problem(404, "No such link", f"There is no link of the type {wanted}.")
        if wanted in WHOLE or (wanted is None and (role is not None or _asks_for_set(request))):
            return self._set(known)
        return self._single(request, known, wanted)

    def _targets(self, identifier: str) -> tuple[Target, ...]:
        return self.possessions.links.get(identifier, ())

    def _set(self, known: Contexts) -> Response:
        faults = self.estate.faults
        media_type = "application/json" if faults.has("linkset-json") else LINKSET
        if faults.has("single-redirect"):
            known = [(known[0][0], self.possessions.variants[:1])]
        value = muddled_set(link_set(known), faults)
        headers = {**OPEN, "link": LINKED.format(known[0][0]), "vary": "Accept, Accept-Language"}
        if faults.has("cors-closed"):
            headers.pop("access-control-allow-origin")
        return Response(dump(value).encode(), 200, headers | {"content-type": media_type})

    def _single(self, request: Request, known: Contexts, wanted: str | None) -> Response:
        faults = self.estate.faults
        own = {target.relation for target in known[0][1]}
        if wanted in ("gs1:pip", "pip"):
            wanted = PIP
        if faults.has("filter-ignored") and wanted != PIP:
            wanted = None
        if faults.has("fallback-404") and wanted in RELATIONS and wanted not in own:
            return problem(404, "No such link", f"There is no link of the type {wanted}.")
        if faults.has("type-404") and wanted not in (None, *RELATIONS, "gs1:pip", "pip", SPACED):
            return problem(404, "No such link type", f"There is no link type {wanted}.")
        if wanted is None and faults.has("default-404"):
            return problem(404, "No default", "Ask for a link type.")
        if faults.has("single-redirect") and not (wanted and faults.has("redirect-200")):
            return _redirect(self.possessions.variants[0].href, known[0][0])
        if faults.has("rel-space") and wanted == SPACED:
            wanted = "dcc"
        if wanted is not None and wanted not in RELATIONS:
            wanted = None
        for anchor, targets in known:
            fitting = [t for t in targets if t.readable and not t.roles and wanted in (None, t.relation)]
            if fitting:
                chosen = self._in_language(request, fitting)
                if wanted is None and faults.has("redirect-loop"):
                    return _redirect(f"{self.estate.base}/go-round", anchor)
                if wanted is None:
                    chosen = muddled_default(chosen, targets, faults)
                if faults.has("redirect-200") and wanted is not None and anchor == known[0][0]:
                    return Response(
                        "<!doctype html><title>Links</title>", headers={"content-type": "text/html"}
                    )
                return _redirect(chosen.href, anchor)
        return self._single(request, known, None) if wanted is not None else self._set(known)

    def _in_language(self, request: Request, targets: list[Target]) -> Target:
        """The target of the first relation in the language that is asked for, by parameter before header."""
        same = [target for target in targets if target.relation == targets[0].relation]
        if self.estate.faults.has("lang-ignored"):
            return same[0]
        wanted = request.query_params.get("language") or request.query_params.get("lang")
        offered = [target.language for target in same]
        if wanted is None:
            header = request.headers.get("accept-language") or "*"
            ranges = sorted((_weighed(part) for part in header.split(",")), key=lambda pair: -pair[1])
            wanted = next((name for name, _ in ranges if name in offered), None)
        return same[offered.index(wanted)] if wanted in offered else same[0]


def _for_role(targets: tuple[Target, ...], role: str) -> tuple[Target, ...]:
    """The variants of a role."""
    return tuple(target for target in targets if role in target.roles)


def _asks_for_set(request: Request) -> bool:
    """Whether the Accept header names the media type of link sets; a browser's does not."""
    accept = request.headers.get("accept") or ""
    return LINKSET in accept and preferred(request, (LINKSET, "text/html")) == LINKSET


def _redirect(target: str, anchor: str) -> Response:
    headers = {**OPEN, "location": target, "link": LINKED.format(anchor), "vary": "Accept, Accept-Language"}
    return Response(status_code=307, headers=headers)


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";q=")
    try:
        return name.strip().lower().partition("-")[0], float(weight or 1)
    except ValueError:
        return name.strip().lower(), 0.0
