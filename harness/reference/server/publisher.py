"""The publisher: DID documents, credentials at their ids, status lists, contexts, templates, linked documents."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.reference.issuing import enveloped
from harness.reference.payloads import dump
from harness.reference.server.answers import document, preferred, problem
from harness.reference.server.estate import TOKEN, Estate
from harness.reference.server.rehosting import HOSTS
from harness.reference.webvh import webvh_issuer
from harness.trust.jose import read_compact
from harness.trust.keys import P256

OFFERED = (TOKEN, "application/vc", "text/html")
YEAR = 31_536_000
HOUR = 3_600


@dataclass(frozen=True)
class Publisher:
    """Publishes what the vendor and its customers have issued."""

    estate: Estate

    def routes(self) -> Iterator[Route]:
        """Its endpoints."""
        yield Route("/.well-known/did.json", self._did)
        yield Route("/.well-known/did.jsonl", self._log)
        yield Route(f"/{HOSTS}/{{path:path}}", self._anything)
        yield Route("/credentials/{identifier}", self._anything)
        yield Route("/status/{purpose}/{number}", self._anything)

    def answers(self, url: str) -> bool:
        """Whether something is published at a URL."""
        estate = self.estate
        return (
            url in estate.did_urls or url in estate.statuses.given or url in estate.documents
            or url in estate.by_url or url in estate.issued
        )  # fmt: skip

    async def _did(self, request: Request) -> Response:
        return await run_in_threadpool(self._document_of, request, self.estate.did)

    async def _log(self, request: Request) -> Response:
        """The log of the vendor's did:webvh."""
        host = self.estate.did.removeprefix("did:web:")
        return document(request, webvh_issuer(host, P256).log, "text/jsonl")

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
        if url in estate.by_url or url in estate.issued:
            return self._credential(request, estate.issued.get(url) or estate.tokens[url])
        if url in estate.documents:
            return self._linked(request, url)
        return problem(404, "Not found", "Nothing is published here.")

    def _document_of(self, request: Request, did: str) -> Response:
        value = self.estate.did_document(did)
        faults = self.estate.faults
        media_type = "application/did+json"
        if faults.has("publisher-shows-a-did-without-keys"):
            value["verificationMethod"] = []
        if faults.has("publisher-shows-a-private-key"):
            value["verificationMethod"][0]["publicKeyJwk"]["d"] = "AAAA"
        if faults.has("publisher-sends-did-documents-as-text"):
            media_type = "text/plain"
        return document(request, dump(value).encode(), media_type)

    def _list(self, request: Request, url: str) -> Response:
        faults = self.estate.faults
        if faults.has("publisher-loses-the-status-list"):
            return problem(404, "Not found", "Nothing is published here.")
        body = self.estate.signed_list(url)
        return document(request, body, TOKEN)

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
        return document(request, body, media_type, headers=kept)


def page_of(token: bytes) -> bytes:
    """A page for people: the name of the credential and what it says, as text."""
    value = json.loads(read_compact(token.decode()).payload)
    name = html.escape(str(value.get("name", "Credential")))
    text = html.escape(json.dumps(value, indent=2, ensure_ascii=False))
    return (
        f"<!doctype html><html lang=en><title>{name}</title><h1>{name}</h1><pre>{text}</pre></html>".encode()
    )
