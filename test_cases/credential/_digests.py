"""Digests of what is linked: read from a link, compared with the bytes that gather brought."""

from __future__ import annotations

from collections.abc import Iterator

from harness.credential import Node
from harness.evidence import Absence
from harness.judge import CredentialUnderTest
from harness.judge.security import finding_of, settle
from harness.model import Finding
from harness.trust.digests import check_digest, read_hash_digest, read_multibase, read_sri
from harness.trust.trace import TrustError


def mismatches(
    credential: CredentialUnderTest, node: Node, member: str, url_member: str, *, only_brought: bool = False
) -> Iterator[Finding]:
    """Findings where a digest is malformed or belongs to other bytes.

    Raises AbsentError where bytes are missing, unless it is asked to look at what was brought only.
    """
    pointer = f"{node.pointer}/{member}"
    try:
        if member == "hashDigest":
            digests = read_hash_digest(node.get(member), node.get("hashMethod"))
        else:
            digests = (read_sri if member == "digestSRI" else read_multibase)(node.get(member))
        url = node.get(url_member)
        if not isinstance(url, str) or (only_brought and isinstance(credential.web[url], Absence)):
            return
        verification = check_digest(digests, credential.fetched(url).body)
    except TrustError as problem:
        settled = settle(problem)
        if settled is not None:
            yield finding_of(settled, (), credential.document.finding(pointer, ""))
        return
    problem_found = settle(verification)
    if problem_found is not None:
        yield finding_of(problem_found, verification.steps, credential.document.finding(pointer, ""))


def secured_links(credential: CredentialUnderTest, member: str, url_member: str = "linkURL") -> list[Node]:
    """Every object with a digest and a URL."""
    return [
        node
        for node in credential.document.objects
        if node[member] is not None and node[url_member] is not None
    ]
