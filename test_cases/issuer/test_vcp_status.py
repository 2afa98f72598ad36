"""Status at a live issuer: assigned, revoked, visible in the list; indexes that tell nobody anything."""

from __future__ import annotations

import itertools
from collections import Counter

from harness.errors import AbsentError
from harness.gather.adapters import Kind
from harness.gather.adapters.said import GUESSED
from harness.judge import Findings, case
from harness.judge.issuer import (
    ISSUE,
    LIST,
    REVOKE,
    STATUS,
    Given,
    IssuerUnderTest,
    credential_in,
    given_in,
    issued_in,
    list_bits,
    list_urls,
)  # fmt: skip
from harness.trust.status_entry import entries_of

NOBODY_THERE = frozenset({404, 405, 501})
"""Statuses by which an address that vendor.toml does not name may say that it is none."""
ENOUGH = 8
"""Credentials that are needed to say anything about their indexes."""


@case("VCP-STAT-02")
def a_credential_can_be_revoked(issuer: IssuerUnderTest) -> Findings:
    """A credential is issued with a status, not revoked; once it is revoked, its list shows it."""
    exchange = issuer.exchange(STATUS, ISSUE)
    given = Given(exchange, given_in(exchange), issued_in(exchange))
    if given.said.kind is not Kind.ISSUED:
        raise AbsentError(f"nothing was issued that could be revoked: {given.said.why}")
    if not given.issued or not list_urls(given.issued):
        yield issuer.finds(
            exchange, "what is issued has no entry in a status list", expected="credentialStatus with a list",
            hint="Assign a BitstringStatusListEntry to each credential when it is issued.",
        )  # fmt: skip
        return
    if issuer.find(STATUS, REVOKE) is None:
        raise AbsentError(
            "vendor.toml says not how a credential is revoked", hint="Give status or revoke in [[issuer]]."
        )
    before, revoked = issuer.exchange(LIST, "before"), issuer.exchange(STATUS, REVOKE)
    looks = [look for look in issuer.of(LIST) if look.step.startswith("after")]
    if list_bits(given.said.body, before) != 0:
        yield issuer.finds(
            before,
            "before it is revoked, the list does not say that the credential is not",
            expected="the bit is 0",
        )
    answer = issuer.answer(STATUS, REVOKE)
    if GUESSED in revoked.about and answer.status in NOBODY_THERE:
        raise AbsentError(
            f"{revoked.request.url}, where VC-API has it, answers {answer.status}: vendor.toml says not how a credential is revoked",
            hint="Give status in [[issuer]]: where the status of an issued credential is changed.",
        )
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110: success
        yield issuer.finds(
            revoked, "the credential cannot be revoked", expected="2xx", actual=str(answer.status)
        )
    elif not looks:
        raise AbsentError("the list was not looked at after the revocation")
    elif list_bits(given.said.body, issuer.exchange(LIST, looks[-1].step)) in (0, None):
        yield issuer.finds(
            looks[-1], "the credential was revoked, and its list does not show it", expected="the bit is 1",
            actual="the bit is 0", hint="Publish the list with the change, without caches in between.",
        )  # fmt: skip


def _indexes(issuer: IssuerUnderTest) -> list[tuple[str, int]]:
    """List and index of each credential that was issued, in the order in which they were."""
    found = []
    for exchange in issuer.exchanges:
        said = issued_in(exchange)
        if said.kind is not Kind.ISSUED or exchange.about.get("operation") != "issue":
            continue
        document = credential_in(said.body).document
        value = document.value if document is not None else None
        entries = entries_of(value) if isinstance(value, dict) else ()
        found += [(e.list_url, e.index) for e in entries if e.list_url is not None and e.index is not None]
    return found


@case("VCP-STAT-18", when=lambda issuer: len(_indexes(issuer)) >= ENOUGH)
def indexes_are_random_and_unique(issuer: IssuerUnderTest) -> Findings:
    """Each credential has an index of its own, and no index tells the next."""
    found = _indexes(issuer)
    last = next(e for e in reversed(issuer.exchanges) if issued_in(e).kind is Kind.ISSUED)
    for (url, index), count in Counter(found).items():
        if count > 1:
            yield issuer.finds(
                last, f"{count} credentials share index {index} of {url}", expected="an index for each"
            )
    steps = Counter(b - a for (one, a), (other, b) in itertools.pairwise(found) if one == other)
    step, count = steps.most_common(1)[0] if steps else (0, 0)
    if step and count > len(found) // 2:
        yield issuer.finds(
            last, f"indexes follow each other by {step}: {', '.join(str(index) for _, index in found[:6])} …",
            expected="indexes drawn at random",
            hint="An order tells how many credentials were issued in between, and to whom together.",
        )  # fmt: skip
