"""Register, identity anchor and DID lead to each other, and an anchor ends with the registration."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.credential import Node
from harness.judge import Findings, case
from harness.judge.answers import redirect_target
from harness.judge.endpoint import json_of
from harness.judge.linkset import leads_to
from harness.judge.registrar import RegistrarUnderTest, identities, root_of
from harness.trust.moments import moment


@case("DIA-DISC-02", when=lambda registrar: registrar.members)
def anchors_are_found_from_the_register(registrar: RegistrarUnderTest) -> Findings:
    """The link set of a member has a link of type dia, and asking for that type leads to it by 307."""
    for member in registrar.members:
        links = member.linkset.of("dia") if member.linkset is not None else ()
        if not links:
            yield registrar.finds(
                member.exchange, "the register does not link to the identity anchor", expected="a link of type dia",
                actual="no such link", hint="Add the anchor to the link set of the registered id, as dia.",
            )  # fmt: skip
            continue
        hrefs = {link.href for link in links}
        asked = [
            exchange for exchange in registrar.of("asked-for") if exchange.step.startswith(f"{member.url} ")
        ]
        if not any(leads_to(redirect_target(exchange), href) for exchange in asked for href in hrefs):
            yield registrar.finds(
                registrar.exchange("asked-for", f"{member.url} dia"), "asking for dia does not lead to the anchor",
                expected=f"307 to {links[0].href}", actual="no redirect to it", hint="Answer linkType=dia with 307.",
            )  # fmt: skip


@case("DIA-DISC-01", when=lambda registrar: any(member.anchors for member in registrar.members))
def anchors_are_found_from_the_did(registrar: RegistrarUnderTest) -> Findings:
    """The DID document of a member names the register's URI in alsoKnownAs and has a service with the anchor."""
    for member in registrar.members:
        for exchange, anchor in member.anchors:
            for identity in identities(anchor):
                asked = [
                    found for found in registrar.of("did") if found.about.get("did") == identity.get("id")
                ]
                answer = registrar.exchange("did", asked[0].step).answer if asked else None
                document = json_of(answer) if answer is not None else None
                if document is None:
                    continue
                aliases = [node.value for node in document.each("alsoKnownAs")]
                services = [node.value for node in document.document.members("href", "serviceEndpoint")]
                for what, good in (
                    ("alsoKnownAs", member.url in aliases),
                    ("service", exchange.request.url in services),
                ):
                    if not good:
                        yield registrar.finds(
                            asked[0], f"the DID document has no {what} for this registration",
                            pointer=document.at(what).pointer,
                            expected=member.url if what == "alsoKnownAs" else f"a service that leads to {exchange.request.url}",
                            hint=f"Add it to {what}, so that the anchor is found from the DID.",
                        )  # fmt: skip


@case("DIA-SCHEME-01", when=lambda registrar: registrar.schemes and any(m.anchors for m in registrar.members))
def scheme_ids_are_those_of_the_register(registrar: RegistrarUnderTest) -> Findings:
    """A scheme that the register lists is named exactly as there."""
    for member in registrar.members:
        for exchange, anchor in member.anchors:
            for identity in identities(anchor):
                name = identity.get("idScheme", "id")
                if not isinstance(name, str) or name in registrar.schemes:
                    continue
                near = next((known for known in registrar.schemes if _plain(known) == _plain(name)), None)
                if near is not None:
                    yield registrar.finds(
                        exchange, "the id of the scheme is not the one in the register",
                        expected=near, actual=name,
                        hint="Copy the id of the scheme from the register, letter by letter.",
                    )  # fmt: skip


def _plain(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


@case("DIA-REV-01", when=lambda registrar: registrar.ended)
def anchors_end_with_the_registration(registrar: RegistrarUnderTest) -> Findings:
    """The anchor of a registration that has ended is revoked or expired."""
    for exchange, anchor in registrar.ended:
        statuses = registrar.security(anchor).statuses
        revoked = any(check.status is not None and check.status.blocks for check in statuses)
        if not revoked and not _is_over(root_of(anchor), registrar):
            yield registrar.finds(
                exchange, "the registration has ended and its anchor has not", expected="revoked, or validUntil past",
                actual="valid", hint="Revoke the anchor when the registration ends, or let it expire by then.",
            )  # fmt: skip


def _is_over(anchor: Node, registrar: RegistrarUnderTest) -> bool:
    end = moment(anchor.get("validUntil"))
    return end is not None and end < registrar.at
