"""Links to protected targets say how they are encrypted and for whom, and variants follow the access role."""

from __future__ import annotations

import re

from harness.judge import Findings, case
from harness.judge.linkset import Link
from harness.judge.resolver import ResolverUnderTest, linkset_in
from harness.trust.decryption import read_ciphertext

METHOD = re.compile(r"AES(-?(128|192|256))?(-?(GCM|CBC))?\Z", re.IGNORECASE)
"""AES of the code list, and the same with a key length, as the pages print it (CONFLICT-18)."""

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")


def _is_encrypted(resolver: ResolverUnderTest, link: Link) -> bool:
    """Whether a link says so, or its target was found to be."""
    target = resolver.find("target", link.href)
    found = (
        target is not None and target.answer is not None and read_ciphertext(target.answer.body) is not None
    )
    return bool(link.encryption) or found


def _any_encrypted(resolver: ResolverUnderTest) -> bool:
    return any(_is_encrypted(resolver, link) for _, link in resolver.links)


@case("DAC-LINK-01", when=_any_encrypted)
def encrypted_targets_say_so(resolver: ResolverUnderTest) -> Findings:
    """A link to an encrypted target has encryptionMethod, with a value of the code list."""
    for item, link in resolver.links:
        if _is_encrypted(resolver, link) and not METHOD.match(link.encryption) and item.listing is not None:
            yield resolver.finds(
                item.listing, "the link does not say how its target is encrypted", pointer=link.node.pointer,
                expected="encryptionMethod AES, or AES-128 and the like", actual=link.encryption or "no encryptionMethod",
                hint="Add encryptionMethod to every link whose target is encrypted.",
            )  # fmt: skip


@case("DAC-LINK-02", when=_any_encrypted)
def encrypted_targets_list_roles(resolver: ResolverUnderTest) -> Findings:
    """A link to an encrypted target has accessRole, an array of URIs."""
    for item, link in resolver.links:
        value = link.node.get("accessRole")
        good = isinstance(value, list) and value and all(isinstance(v, str) and URI.match(v) for v in value)
        if _is_encrypted(resolver, link) and not good and item.listing is not None:
            yield resolver.finds(
                item.listing, "the link does not list the roles that may read its target",
                pointer=f"{link.node.pointer}/accessRole", expected="an array of URIs, as untp:accessRole#Anonymous",
                hint="Add accessRole as an array; it is compared with registrationScope of identity anchors.",
            )  # fmt: skip


@case("DAC-VAR-01", when=lambda resolver: resolver.of("variant"))
def variants_follow_the_access_role(resolver: ResolverUnderTest) -> Findings:
    """With accessRole only the links of that role are returned, without it those of every role."""
    listed: dict[str, int] = {}
    for asked in resolver.of("variant"):
        url, _, role = asked.step.partition(" ")
        exchange = resolver.exchange("variant", asked.step)
        filtered = linkset_in(exchange)
        item = next(item for item in resolver.identifiers if item.url == url)
        wrong = [link for link in filtered.links if link.roles and role not in link.roles] if filtered else []
        mine = {link.href for link in item.links if role in link.roles}
        listed[role] = listed.get(role, 0) + len(mine)
        shown = {link.href for link in filtered.links} if filtered else set()
        if filtered is not None and (wrong or not mine <= shown):
            yield resolver.finds(
                exchange, f"accessRole does not select the links of {role}", expected=f"the links of {role} alone",
                actual=", ".join(wrong[0].roles) if wrong else f"{len(shown & mine)} of {len(mine)} links of the role",
                hint="Filter the link set by accessRole.",
            )  # fmt: skip
    for role in (role for role, count in listed.items() if not count):
        yield resolver.finds(
            resolver.of("variant")[0], f"no link set without accessRole lists a variant for {role}",
            expected="every variant, where no role is asked for", actual="none of this role",
            hint="List every variant where accessRole is not given.",
        )  # fmt: skip
