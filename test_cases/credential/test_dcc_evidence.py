"""What stands behind an attestation: evidence that cannot be swapped, endorsements shown where they come from."""

from __future__ import annotations

from _digests import mismatches
from _reading import along, host

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case

DIGESTS = {"0.6.0": "hashDigest", "0.6.1": "hashDigest"}
CREDENTIAL_TYPES = ("application/vc", "application/vc+jwt", "application/vc+ld+json", "application/ld+json")


def evidence(credential: CredentialUnderTest) -> list[Node]:
    """The links to evidence that can be audited, with an address."""
    return [node for node in along(credential.subjects, "auditableEvidence") if host(node.get("linkURL"))]


@case("DCC-EVID-01", when=evidence)
def evidence_carries_its_digest(credential: CredentialUnderTest) -> Findings:
    """A link to auditable evidence has a digest, and where the bytes were brought, it is theirs."""
    member = DIGESTS.get(credential.version, "digestMultibase")
    for node in evidence(credential):
        if node[member] is None:
            yield node.finds(
                "the evidence can be swapped unseen: its link has no digest",
                expected=member,
                actual="nothing",
                hint="Add the digest of the bytes that are linked.",
            )
        else:
            yield from mismatches(credential, node, member, "linkURL", only_brought=True)


def endorsements(credential: CredentialUnderTest) -> list[tuple[Node, str, str]]:
    """Each endorsement whose evidence and authority both have a host: the link, the two hosts."""
    found = []
    for node in along(credential.subjects, "authorisation"):
        link = next(iter(along([node], "endorsementEvidence")), None)
        authority = authority_host(node.get("issuingAuthority", "id"))
        shown = host(link.get("linkURL")) if link is not None else None
        if link is not None and authority and shown:
            found.append((link, shown, authority))
    return found


def authority_host(identifier: object) -> str | None:
    """The host behind an authority's id: of a URL, or of a did:web."""
    if isinstance(identifier, str) and identifier.startswith("did:web:"):
        return identifier.split(":")[2].partition("%3A")[0].lower()
    return host(identifier)


@case("DCC-AUTH-03", when=endorsements)
def endorsements_are_shown_by_their_authority(credential: CredentialUnderTest) -> Findings:
    """The evidence of an endorsement stands on the authority's site, or is a verifiable credential."""
    for link, shown, authority in endorsements(credential):
        apart = ".".join(shown.split(".")[-2:]) != ".".join(authority.split(".")[-2:])
        if apart and link.get("mediaType") not in CREDENTIAL_TYPES:
            yield link.at("linkURL").finds(
                "the endorsement is shown neither by its authority nor as a credential",
                expected=f"a page of {authority}, or a verifiable credential",
                hint="Link the entry on the site of the authority, or the credential that it issued.",
            )
