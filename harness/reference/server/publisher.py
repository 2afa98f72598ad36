"""The publisher: DID documents, credentials at their ids, status lists, contexts, templates, linked documents."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.reference.issuing import MEDIA, enveloped
from harness.reference.payloads import dump
from harness.reference.server.answers import document, preferred, problem
from harness.reference.server.catalogues import Catalogues
from harness.reference.server.estate import TOKEN, TTL, Estate
from harness.reference.server.rehosting import HOSTS
from harness.reference.webvh import webvh_issuer
from harness.trust.jose import read_compact
from harness.trust.keys import P256

OFFERED = (TOKEN, "application/vc", "text/html")
PRESENTED = "untp-0.7.0/dpp-foil-batch"
YEAR = 31_536_000
HOUR = 3_600


@dataclass(frozen=True)
class Publisher:
    """Publishes what the vendor and its customers have issued."""

    estate: Estate
    catalogues: Catalogues

    def routes(self) -> Iterator[Route]:
        """Its endpoints."""
        yield Route("/.well-known/did.json", self._did)
        yield Route("/.well-known/did.jsonl", self._log)
        yield Route(f"/{HOSTS}/{{path:path}}", self._anything)
        yield Route("/pages/{name}", self._anything)
        yield Route("/presentations/{name}", self._presentation)
        yield Route("/events", self._event, methods=["POST"])
        yield Route("/credentials/{identifier}", self._anything)

    async def _did(self, request: Request) -> Response:
        return await run_in_threadpool(self._document_of, request, self.estate.did)

    async def _log(self, request: Request) -> Response:
        """The log of the vendor's did:webvh."""
        host = self.estate.did.removeprefix("did:web:")
        return document(request, webvh_issuer(host, P256).log, "text/jsonl")

    async def _presentation(self, request: Request) -> Response:
        """A presentation of the item's passport by its issuer."""
        if request.path_params["name"] != "1":
            return problem(404, "Not found", "Nothing is published here.")
        body = await run_in_threadpool(self._presented)
        return document(request, body, MEDIA["presentation"])

    async def _event(self, _request: Request) -> Response:
        """Events are taken from those alone who are authorised; in the demo nobody is."""
        if self.estate.faults.has("post-open"):
            return Response(status_code=201)
        headers = {"www-authenticate": 'Bearer realm="events"'}
        refusal = problem(401, "Not authorised", "Log in at /exchanges/did-auth.")
        refusal.headers.update(headers)
        return refusal

    def _presented(self) -> bytes:
        estate = self.estate
        payload = estate.payloads[PRESENTED]
        issuance = replace(
            estate.signed(json.loads(payload.text), payload.issuer),
            delivery="presentation",
            holder=payload.issuer,
        )
        if estate.faults.has("presentation-open"):
            issuance = replace(issuance, wrapper_edits=(_opened,))
        return issuance.delivered()

    async def _anything(self, request: Request) -> Response:
        url = f"{self.estate.base}{request.url.path}"
        return await run_in_threadpool(self.published, request, url)

    def published(self, request: Request, url: str) -> Response:
        """What stands at a URL of this server."""
        estate = self.estate
        if url in estate.did_urls:
            return self._document_of(request, estate.did_urls[url])
        if url in estate.statuses.given:
            return self._list(request, url)
        if (url in estate.by_url and url not in estate.confidential) or url in estate.issued:
            return self._credential(request, estate.issued.get(url) or estate.tokens[url])
        if url in estate.documents:
            return self._linked(request, url)
        return self.catalogues.answer(request, url) or problem(404, "Not found", "Nothing is published here.")

    def _document_of(self, request: Request, did: str) -> Response:
        value = self.estate.did_document(did)
        faults = self.estate.faults
        media_type = "application/did+json"
        if faults.has("publisher-shows-a-did-without-keys") and did == self.estate.did:
            value["verificationMethod"] = []
        if faults.has("dia-noservice"):
            value.pop("service", None)
        if faults.has("publisher-shows-a-private-key"):
            value["verificationMethod"][0]["publicKeyJwk"]["d"] = "AAAA"
        if faults.has("publisher-sends-did-documents-as-text"):
            media_type = "text/plain"
        return document(request, dump(value).encode(), media_type)

    def _list(self, request: Request, url: str) -> Response:
        faults = self.estate.faults
        lost = faults.has("publisher-loses-one-status-list") and url in self.estate.second_lists
        if lost or faults.has("publisher-loses-the-status-list"):
            return problem(404, "Not found", "Nothing is published here.")
        body = self.estate.signed_list(url)
        return document(request, body, TOKEN, seconds=YEAR if faults.has("ttl-long") else TTL // 1_000)

    def _credential(self, request: Request, token: bytes) -> Response:
        vary = {"vary": "Accept"}
        match preferred(request, OFFERED):
            case "application/vc":
                body = json.dumps(enveloped(token.decode())).encode()
                return document(request, body, "application/vc", headers=vary)
            case "text/html":
                return document(request, page_of(token), "text/html; charset=utf-8", headers=vary)
            case None:
                return problem(406, "Not acceptable", f"It is had as {', '.join(OFFERED)}.")
            case _:
                pass
        media_type = TOKEN
        if self.estate.faults.has("publisher-sends-credentials-as-text"):
            media_type = "text/plain"
        return document(request, token, media_type, headers=vary)

    def _linked(self, request: Request, url: str) -> Response:
        body, media_type = self.estate.documents[url]
        if "/contexts/" not in url:
            return document(request, body, media_type, seconds=HOUR)
        kept = {"cache-control": f"public, max-age={YEAR}, immutable"}
        past_caches = "no-cache" in request.headers.get("cache-control", "")
        if self.estate.faults.has("ctx-changed") or (self.estate.faults.has("ctx-mutable") and past_caches):
            value = json.loads(body)
            value["@context"]["zzLater"] = "https://cadenza-trace.example/terms/later"
            body = dump(value).encode()
        return document(request, body, media_type, headers=kept)


def page_of(token: bytes) -> bytes:
    """A page for people: the name of the credential and what it says, as text."""
    value = json.loads(read_compact(token.decode()).payload)
    name = html.escape(str(value.get("name", "Credential")))
    text = html.escape(json.dumps(value, indent=2, ensure_ascii=False))
    return (
        f"<!doctype html><html lang=en><title>{name}</title><h1>{name}</h1><pre>{text}</pre></html>".encode()
    )


def _opened(value: dict[str, Any]) -> dict[str, Any]:
    """A presentation that holds the bare credential instead of its envelope."""
    token = value["verifiableCredential"][0]["id"].partition(",")[2]
    return {**value, "verifiableCredential": [json.loads(read_compact(token).payload)]}
