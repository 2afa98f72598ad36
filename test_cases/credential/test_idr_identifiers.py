"""Identifiers of products, facilities and parties: unique in the world, plain, and made to be found."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from _code_lists import listed
from _reading import host

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case, once

TYPES = (
    "DigitalProductPassport", "DigitalConformityCredential", "DigitalFacilityRecord", "DigitalTraceabilityEvent",
    "DigitalIdentityAnchor",
)  # fmt: skip
THINGS = (
    "product", "facility", "party", "producedAtFacility", "producedByParty", "operatedByParty", "issuedToParty",
    "assessedOrganisation",
)  # fmt: skip
CLASSES = frozenset({"Product", "Facility"})
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:\S", re.IGNORECASE)
GTR = re.compile(r"urn:gtr:[a-z0-9-]+(\.[a-z0-9-]+)+(%2F[^:/\s]*)*:[^/\s]+\Z", re.IGNORECASE)
LOCAL = ("localhost", ".local", ".localhost", ".internal", ".lan")
GS1 = ("gs1.org", "id.gs1.org", "www.gs1.org", "ref.gs1.org")
KEYS = re.compile(r"(gtin|gln)", re.IGNORECASE)


@once
def things(credential: CredentialUnderTest) -> list[Node]:
    """The ids of products, facilities and parties that are URIs."""
    objects = [*(s for s in credential.subjects if CLASSES & set(s.types)), *credential.members(*THINGS)]
    stated = [node["id"] for node in objects if isinstance(node.value, dict)]
    return [node for node in stated if node is not None and isinstance(node.value, str) and ":" in node.value]


@once
def _of(credential: CredentialUnderTest, start: str) -> list[Node]:
    return [node for node in things(credential) if node.value.lower().startswith(start)]


def is_global(uri: str) -> bool:
    """Whether a URI can name one thing in the whole world: with an authority of the internet, a DID, a URN, a UUID."""
    if uri.startswith(("did:", "uuid:")) or URN.match(uri):
        return True
    try:
        name = (urlsplit(uri).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if "." not in name or name.endswith(LOCAL):
        return False
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return True


@case("IDR-ID-01", types=TYPES, when=things)
def identifiers_are_unique_in_the_world(credential: CredentialUnderTest) -> Findings:
    """The id of a product, facility or party is a URI that nobody else can use for something else."""
    for node in things(credential):
        if not is_global(node.value):
            yield node.finds(
                "this identifier is not unique in the world",
                expected="a URL on a host of the internet, a DID or a URN",
                hint="Use the identifier's URL at its resolver, such as a GS1 Digital Link, or a DID.",
            )


@case("IDR-ID-02", types=TYPES, when=lambda credential: _of(credential, "urn:gtr:"))
def register_urns_carry_a_domain(credential: CredentialUnderTest) -> Findings:
    """In urn:gtr the scheme part is a DNS name; slashes are percent-encoded."""
    for node in _of(credential, "urn:gtr:"):
        if not GTR.match(node.value):
            yield node.finds(
                "this URN does not name its register by a domain",
                expected="urn:gtr:register.example:number, slashes as %2F",
                hint="Put the DNS name of the register after urn:gtr:.",
            )


@case("IDR-ID-03", types=TYPES, when=lambda credential: _of(credential, "http"))
def identifier_urls_are_plain(credential: CredentialUnderTest) -> Findings:
    """An identifier that is a URL has no query and no fragment."""
    for node in _of(credential, "http"):
        if "?" in node.value or "#" in node.value:
            yield node.finds(
                "the identifier carries a query or a fragment",
                expected="the plain URL of the identifier (ISO/IEC 18975)",
                hint="Leave linkType and the like to whoever resolves it.",
            )


@case("IDR-ID-05", types=TYPES, when=things)
def things_can_be_found_by_their_identifier(credential: CredentialUnderTest) -> Findings:
    """A product, facility or party is not named by a bare UUID, by which nobody can find it."""
    for node in [*_of(credential, "uuid:"), *_of(credential, "urn:uuid:")]:
        yield node.finds(
            "a UUID does not lead anywhere",
            expected="an identifier that resolves",
            hint="Use a UUID for things that nobody has to discover; name this one by a URL or a DID.",
        )


@case("DIA-SCHEME-01-CREDENTIAL", requirement="DIA-SCHEME-01", when=lambda credential: any(_gs1(credential)))
def registered_schemes_are_named_by_their_id(credential: CredentialUnderTest) -> Findings:
    """A scheme that the UN lists is named by exactly the id of the register."""
    known = listed("untp_registers")["identifier_schemes"]
    for node in _gs1(credential):
        if node.value not in known:
            yield node.finds(
                "the identifier scheme is one that the UN register lists, under another id",
                expected=", ".join(known),
                hint="Write the id of the register, letter for letter.",
            )


def _gs1(credential: CredentialUnderTest) -> list[Node]:
    schemes = [node["id"] for node in credential.members("idScheme") if isinstance(node.value, dict)]
    return [node for node in schemes if node and host(node.value) in GS1 and KEYS.search(node.value)]
