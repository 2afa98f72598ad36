"""Access control: the encrypted credentials, items behind random addresses, short codes, and the DID login."""

from __future__ import annotations

import html
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.reference.server.answers import OPEN, json_answer, problem
from harness.reference.server.asked import Asked, body_of, read_posted
from harness.reference.server.estate import Estate
from harness.reference.server.vault import FOLDER, HELD, ITEMS, SHORT, Vault

PRIVATE = {"cache-control": "private, no-store"}
HIDDEN = {"x-robots-tag": "noindex, nofollow, noarchive"}
JOSE = "application/jose"


@dataclass(frozen=True)
class AccessControl:
    """Serves what is protected."""

    estate: Estate
    vault: Vault

    def routes(self) -> Iterator[Route]:
        """Its endpoints; the folders themselves answer 404 unless a fault lists them."""
        yield Route(f"/{FOLDER}/{{address}}", self._encrypted)
        yield Route(f"/{ITEMS}/{{address}}", self._item)
        yield Route(f"/{SHORT}/{{address}}", self._short)
        for folder in (FOLDER, ITEMS):
            yield Route(f"/{folder}/", self._folder)
            yield Route(f"/{folder}", self._folder)
        yield Route("/login", self._form)
        yield Route("/exchanges/did-auth", self._login, methods=["POST"])

    async def _encrypted(self, request: Request) -> Response:
        body = await run_in_threadpool(self.vault.ciphertext, request.path_params["address"])
        if body is None:
            return problem(404, "Not found", "Nothing is published here.")
        headers = OPEN | PRIVATE | HIDDEN | {"content-type": JOSE}
        return Response(body, headers=headers)

    async def _item(self, request: Request) -> Response:
        address = request.path_params["address"]
        if address not in self.vault.unguessable:
            return problem(404, "Not found", "Nothing is published here.")
        headers = OPEN | PRIVATE | ({} if self.estate.faults.has("index-open") else HIDDEN)
        name = html.escape(address)
        page = f"<!doctype html><html lang=en><title>Item</title><h1>Item {name}</h1><p>Service history.</p></html>"
        return Response(page, headers=headers | {"content-type": "text/html; charset=utf-8"})

    async def _short(self, request: Request) -> Response:
        if request.path_params["address"] != self.vault.short:
            return problem(404, "Not found", "Nothing is published here.")
        _, item, roles = HELD[0]
        location = {"location": self.vault.code(item, roles[0])}
        return Response(status_code=307, headers=OPEN | PRIVATE | location)

    async def _folder(self, request: Request) -> Response:
        if not self.estate.faults.has("dir-list"):
            return problem(404, "Not found", "Nothing is published here.")
        folder = request.url.path.strip("/")
        names = self.vault.unguessable if folder == ITEMS else tuple(self.vault.addresses)
        rows = "".join(f'<li><a href="/{folder}/{name}">{name}</a></li>' for name in names)
        page = f"<!doctype html><html lang=en><title>Index of /{folder}</title><ul>{rows}</ul></html>"
        return Response(page, headers=OPEN | {"content-type": "text/html; charset=utf-8"})

    async def _form(self, _request: Request) -> Response:
        """A page that wants to know who asks: nothing public leads here, unless by a fault."""
        form = (
            '<form method="post"><label>Your e-mail <input type="email" name="email" required></label></form>'
        )
        page = f"<!doctype html><html lang=en><title>Log in</title>{form}</html>"
        return Response(
            page, 401, OPEN | {"content-type": "text/html; charset=utf-8", "www-authenticate": "Form"}
        )

    async def _login(self, request: Request) -> Response:
        """What has to be presented: control of a DID, and an anchor for the role (VP Request, DIDAuthentication)."""
        asked = read_posted(await body_of(request))
        if not isinstance(asked, Asked):
            return asked
        if self.estate.faults.has("auth-static"):
            return problem(401, "Token needed", "Send the header X-API-Key.")
        if "verifiablePresentation" in asked.value:
            detail = "Nobody has a role in the demo: no authority that accredits recyclers is trusted."
            return problem(403, "Not authorised", detail)
        query = [
            {"type": "DIDAuthentication", "acceptedMethods": [{"method": "web"}, {"method": "webvh"}]},
            {
                "type": "QueryByExample",
                "credentialQuery": {
                    "reason": "The role of a recycler.",
                    "example": {"type": ["DigitalIdentityAnchor"]},
                },
            },
        ]
        return json_answer(
            {
                "verifiablePresentationRequest": {
                    "query": query, "challenge": secrets.token_urlsafe(24), "domain": self.estate.base,
                    "interact": {"service": [{"type": "UnmediatedHttpPresentationService2021", "serviceEndpoint": f"{self.estate.base}/exchanges/did-auth"}]},
                }
            },
            headers=OPEN | PRIVATE,
        )  # fmt: skip
