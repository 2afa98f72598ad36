"""Public data asks nobody who they are; what is protected by its address alone cannot be guessed, found or listed."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from _guessing import FULL_BITS, bits, last_part, weakness

from harness.errors import AbsentError
from harness.exchange import Exchange
from harness.judge import Findings, case
from harness.judge.access_control import AccessControlUnderTest, CodeUrl
from harness.judge.answers import OK, redirect_target
from harness.judge.endpoint import json_of

WALL = (401, 403, 407, 511)
LOGIN = re.compile(r"/(log|sign)[-_]?(in|on)\b|/o?auth2?/|/authori[sz]e\b|/sso\b", re.IGNORECASE)
NOINDEX = re.compile(r"\b(noindex|none)\b", re.IGNORECASE)
META = re.compile(rb"<meta[^>]+name\s*=\s*[\"']?robots[^>]+\b(noindex|none)\b", re.IGNORECASE)
LISTING = re.compile(rb"<title>\s*(Index of|Directory listing)|<ListBucketResult", re.IGNORECASE)
PROTOCOLS = (
    "DIDAuthentication",
    "DIDAuth",
    "vp_token",
    "id_token",
    "openid4vp",
    "siopv2",
    "presentation_definition",
    "dcql_query",
)


@case("DAC-PUB-01", when=lambda access: access.of("public"))
def public_data_needs_no_identity(access: AccessControlUnderTest) -> Findings:
    """Public data is given to a stranger, without login or form."""
    for asked in access.of("public"):
        exchange = access.exchange("public", asked.step)
        answer = exchange.answer
        if answer is None:
            continue
        to_login = any(LOGIN.search(urlsplit(hop.location).path) for hop in answer.hops)
        if answer.status in WALL or to_login:
            yield access.finds(
                exchange, "public data is behind a question who asks", expected="200, for everybody",
                actual=str(answer.status), hint="Serve public data without login, form or key.",
            )  # fmt: skip
        elif answer.status != OK:
            raise AbsentError(
                f"{exchange.request.url} answers {answer.status}: nothing public is there",
                hint="Name addresses of public data in [[access_control]].",
            )


def _hidden(access: AccessControlUnderTest) -> list[Exchange]:
    """What stands at the secret addresses. Raises AbsentError where nothing does."""
    found = [access.exchange("unguessable", asked.step) for asked in access.of("unguessable")]
    served = [exchange for exchange in found if exchange.answer is not None and exchange.answer.status == OK]
    if not served:
        raise AbsentError(
            "nothing is served at the secret addresses",
            hint="Name addresses in unguessable of [[access_control]] at which something stands.",
        )
    return served


@case("DAC-ID-01", when=lambda access: access.of("unguessable"))
def secret_addresses_are_random(access: AccessControlUnderTest) -> Findings:
    """Addresses that protect what stands there are drawn at random."""
    asked = access.of("unguessable")
    weak = weakness([last_part(exchange.request.url) for exchange in asked])
    if weak is not None:
        yield access.finds(
            access.exchange("unguessable", asked[0].step), f"the addresses can be guessed: {weak}",
            expected="128 random bits in each", actual=", ".join(last_part(e.request.url) for e in asked[:3]),
            hint="Draw each identifier from a cryptographic random source, with 128 bits.",
        )  # fmt: skip


@case("DAC-ID-02", when=lambda access: access.of("unguessable"))
def secret_addresses_are_not_indexed(access: AccessControlUnderTest) -> Findings:
    """Search engines are told not to index what is protected by its address alone."""
    for exchange in _hidden(access):
        answer = exchange.answer
        if answer is None:
            continue
        told = NOINDEX.search(answer.header("x-robots-tag") or "") or META.search(answer.body)
        if not told and _may_crawl(access, exchange.request.url):
            yield access.finds(
                exchange, "search engines may index this", expected="X-Robots-Tag: noindex",
                actual=answer.header("x-robots-tag") or "no such header", hint="Send X-Robots-Tag: noindex.",
            )  # fmt: skip


def _may_crawl(access: AccessControlUnderTest, url: str) -> bool:
    robots = access.find("robots", urljoin(url, "/robots.txt"))
    if robots is None or robots.answer is None or robots.answer.status != OK:
        return True
    rules = RobotFileParser()
    rules.parse(robots.answer.body.decode("utf-8", "replace").splitlines())
    return rules.can_fetch("*", url)


@case("DAC-ID-03", when=lambda access: access.of("folder"))
def stores_do_not_list_files(access: AccessControlUnderTest) -> Findings:
    """No folder above a secret address lists what is in it."""
    secrets = [last_part(exchange.request.url).encode() for exchange in _hidden(access)]
    for asked in access.of("folder"):
        exchange = access.exchange("folder", asked.step)
        answer = exchange.answer
        if answer is None or answer.status != OK:
            continue
        if LISTING.search(answer.body) or any(secret in answer.body for secret in secrets):
            yield access.finds(
                exchange, "the folder lists what is in it", expected="404 or 403, or a page without addresses",
                hint="Turn directory listings and search off.",
            )  # fmt: skip


@case("DAC-KEY-04", when=lambda access: access.of("short"))
def short_links_keep_their_entropy(access: AccessControlUnderTest) -> Findings:
    """A short address has 128 bits and leads on to the full query URL with its key."""
    for asked in access.of("short"):
        exchange = access.exchange("short", asked.step)
        secret = last_part(exchange.request.url)
        if bits(secret) < FULL_BITS:
            yield access.finds(
                exchange, "the short address can be guessed", expected="128 bits, as 32 hexadecimal digits",
                actual=f"{secret}: {bits(secret):.0f} bits", hint="Draw it at random, with 128 bits.",
            )  # fmt: skip
        target = redirect_target(exchange)
        if target is None or not CodeUrl(target).parameter:
            yield access.finds(
                exchange, "the short address does not lead to the full one", expected="a redirect to the query URL with its key",
                actual=target and urlsplit(target).netloc, hint="Redirect to the resolver's query URL with the key.",
            )  # fmt: skip


@case("DAC-AUTH-02", when=lambda access: access.of("authentication"))
def did_authentication_is_offered(access: AccessControlUnderTest) -> Findings:
    """Who has no key is asked to prove a DID: by DID authentication, DID-SIOP or OpenID4VP."""
    for asked in access.of("authentication"):
        exchange = access.exchange("authentication", asked.step)
        root = json_of(exchange.answer) if exchange.answer is not None else None
        words = (
            {str(node.value) for node in root.document.members("type", "response_type", "query")}
            if root
            else set()
        )
        names = set(root.value) if root is not None and isinstance(root.value, dict) else set()
        offered = any(
            word in PROTOCOLS or set(word.split()) & set(PROTOCOLS) for word in words
        ) or names & set(PROTOCOLS)
        if not offered:
            yield access.finds(
                exchange, "no way to prove a DID is offered",
                expected="a verifiablePresentationRequest with DIDAuthentication, or a request of SIOP or OpenID4VP",
                hint="Offer DID authentication, so that a stranger with a role can prove it.",
            )  # fmt: skip
