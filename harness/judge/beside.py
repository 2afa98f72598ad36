"""What stands beside a credential: the anchors of its issuer's identity, and the credentials that it links to.

For the trials of verifiers that say of themselves that they look there (`checks` in vendor.toml).
Source: UNTP DigitalIdentityAnchor, "via DID service endpoint"; IdentityResolver, "Verification".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.credential import Credential, parse, read_credentials
from harness.credential.did_url import document_url
from harness.errors import MalformedError
from harness.evidence import Absence, Evidence

SERVICE = "untp:dia"
CREDENTIALS = frozenset({"dpp", "dcc", "dfr", "dte", "dia"})
"""Types of links that announce a UNTP credential."""

Verifies = Callable[[Credential], bool | None]
"""Whether a credential verifies; None where nobody can say."""
Web = Mapping[str, "Evidence | Absence"]


def anchors_in(body: bytes) -> Iterator[str]:
    """Where a DID document says that anchors of its subject stand."""
    parsed = parse(body)
    services = parsed.value.get("service") if parsed.valid and isinstance(parsed.value, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and service.get("type") == SERVICE:
            endpoint = service.get("serviceEndpoint")
            href = endpoint.get("href") if isinstance(endpoint, dict) else endpoint
            if isinstance(href, str):
                yield href


def unanchored(issuer: str | None, web: Web, verifies: Verifies) -> str | None:
    """Why an issuer is not who it says: an anchor that is none, is another's or does not verify, or an alias without.

    None where nothing is wrong, or where what stands at its anchors is not among the evidence.
    """
    document = _document(issuer, web)
    if document is None or issuer is None:
        return None
    addresses = [url for url in anchors_in(document.body) if url in web]
    confirmed: set[str] = set()
    for url in addresses:
        anchor = _credential(web[url])
        if anchor is None:
            return f"what stands at {url} is no credential"
        subject = _object(anchor).get("credentialSubject")
        if "DigitalIdentityAnchor" not in anchor_types(anchor) or not isinstance(subject, dict):
            return f"what stands at {url} is no identity anchor"
        if subject.get("id") != issuer:
            return f"the anchor at {url} is about another"
        if verifies(anchor) is False:
            return f"the anchor at {url} does not verify"
        confirmed |= set(_entries(subject))
    parsed = parse(document.body)
    aliases = parsed.value.get("alsoKnownAs", []) if parsed.valid else []
    missing = [alias for alias in aliases if addresses and alias not in confirmed]
    return f"no anchor confirms that it is also known as {missing[0]}" if missing else None


def astray(credential: Credential, web: Web, verifies: Verifies) -> str | None:
    """Why a link of a credential does not lead where it says: to no credential, or to one that does not verify."""
    document = credential.document
    if document is None:
        return None
    for node in document.objects:
        url, kind = node.get("linkURL"), node.get("linkType")
        if isinstance(url, str) and kind in CREDENTIALS and isinstance(answer := web.get(url), Evidence):
            target = _credential(answer)
            if target is None:
                return f"what stands at {url} is no credential"
            if verifies(target) is False:
                return f"the credential at {url} does not verify"
    return None


def anchor_types(credential: Credential) -> tuple[str, ...]:
    """The types of a credential."""
    return credential.document.root.types if credential.document is not None else ()


def _document(issuer: str | None, web: Web) -> Evidence | None:
    try:
        url = document_url(issuer) if issuer is not None and issuer.startswith("did:") else None
    except MalformedError:
        return None
    answer = web.get(url) if url is not None else None
    return answer if isinstance(answer, Evidence) else None


def _credential(answer: Evidence | Absence) -> Credential | None:
    if isinstance(answer, Absence):
        return None
    found = next(iter(read_credentials(answer)), None)
    return found if found is not None and found.kind == "credential" and found.document is not None else None


def _object(credential: Credential) -> Mapping[str, Any]:
    value = credential.document.value if credential.document is not None else None
    return value if isinstance(value, dict) else {}


def _entries(subject: Mapping[str, Any]) -> Iterator[str]:
    """The names in registers that an anchor confirms."""
    scheme = subject.get("idScheme")
    for name in (subject.get("publicInformation"), subject.get("id")):
        if isinstance(name, str):
            yield name
    if isinstance(scheme, dict):
        yield f"{scheme.get('id')}{subject.get('registeredId')}"
