"""The integrity of what is linked: templates, related resources and secure links."""

from __future__ import annotations

from _digests import mismatches, secured_links

from harness.judge import CredentialUnderTest, Findings, case
from harness.trust.digests import check_digest, read_multibase
from harness.trust.trace import TrustError


@case("VCP-RND-04", when=lambda c: any(node["digestMultibase"] for node in c.root.each("renderMethod")))
def template_digests_match(credential: CredentialUnderTest) -> Findings:
    """A digest given for a template is the one of the bytes at its URL, or of the template itself."""
    for node in credential.root.each("renderMethod"):
        template = node.get("template")
        if node["digestMultibase"] is None:
            continue
        if isinstance(template, str) and node["url"] is None:
            try:
                wrong = check_digest(read_multibase(node.get("digestMultibase")), template.encode()).problem
            except TrustError as problem:
                wrong = problem
            if wrong is not None:
                yield node.at("digestMultibase").finds(
                    "the digest is not that of the template", expected=wrong.expected, actual=wrong.actual,
                    hint="Compute the digest again after every change of the template.",
                )  # fmt: skip
        else:
            yield from mismatches(credential, node, "digestMultibase", "url")


@case(
    "VCP-ENV-22-DIGESTS",
    requirement="VCP-ENV-22",
    when=lambda c: any(
        node["digestSRI"] or node["digestMultibase"] for node in c.root.each("relatedResource")
    ),
)
def related_resources_are_what_they_were(credential: CredentialUnderTest) -> Findings:
    """The digest of a related resource can be one and, where the resource was brought, is that of its bytes."""
    for node in credential.root.each("relatedResource"):
        for member in ("digestSRI", "digestMultibase"):
            if node[member] is not None:
                yield from mismatches(credential, node, member, "id", only_brought=True)


@case(
    "DPP-LINK-01",
    types=("DigitalProductPassport",),
    when=lambda credential: secured_links(credential, "hashDigest"),
)
def secure_link_hashes_match(credential: CredentialUnderTest) -> Findings:
    """In 0.6.x the hash of a secure link is that of its target."""
    for node in secured_links(credential, "hashDigest"):
        yield from mismatches(credential, node, "hashDigest", "linkURL")


@case(
    "DPP-LINK-04",
    types=("DigitalProductPassport",),
    when=lambda credential: secured_links(credential, "digestMultibase"),
)
def link_digests_match(credential: CredentialUnderTest) -> Findings:
    """In 0.7.0 the digest of a link is that of its target."""
    for node in secured_links(credential, "digestMultibase"):
        yield from mismatches(credential, node, "digestMultibase", "linkURL")
