"""A live declaration at /.well-known/untp-conformance against what a record shows (REV-DEC-01 to REV-DEC-03).

The protocol is a draft, so what is wrong here needs a person and by itself refuses no listing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from harness.credential import read_credentials
from harness.evidence import Absence, Evidence
from harness.gather.closure import Closure
from harness.gather.web import Source
from harness.judge.security import Security
from harness.listing.attestation import digest_multibase, versions_of
from harness.listing.conformance_assertion import DECLARED, REPORTED, declaration_address
from harness.listing.rules import Breach
from harness.listing.sealing import at_home
from harness.listing.shown import failed_components, shown_components
from harness.report.visible import one_line
from harness.semantics.artefacts import registry
from harness.trust.moments import moment


@dataclass(frozen=True)
class Published:
    """A signed credential on the vendor's web: its address and what could be had there."""

    answer: Evidence | Absence
    sources: tuple[Source, ...]
    at: datetime

    @property
    def place(self) -> str:
        """Its address."""
        return self.answer.name

    @cached_property
    def security(self) -> Security | None:
        """Its trust side; None where nothing that can be read stands there."""
        if isinstance(self.answer, Absence):
            return None
        credential = next(iter(read_credentials(self.answer)), None)
        if credential is None or credential.document is None:
            return None
        value = credential.document.value
        issuer = value.get("issuer") if isinstance(value, dict) else None
        did = issuer.get("id") if isinstance(issuer, Mapping) else issuer
        web = Closure(self.sources, registry().contexts).of(credential)
        return Security(credential, web, self.at, did if isinstance(did, str) else None, "reference")

    @cached_property
    def value(self) -> Mapping[str, Any]:
        """The credential; empty where there is none."""
        document = self.security.credential.document if self.security is not None else None
        value = document.value if document is not None else None
        return value if isinstance(value, dict) else {}

    @property
    def kinds(self) -> tuple[Any, ...]:
        """Its types; none where they are no list."""
        types = self.value.get("type")
        return tuple(types) if isinstance(types, list) else ()

    @property
    def subject(self) -> Mapping[str, Any]:
        """Its subject; empty where it has none."""
        subject = self.value.get("credentialSubject")
        return subject if isinstance(subject, Mapping) else {}

    def faults(self, kind: str, home: str) -> Iterator[tuple[str, str, str | None, str | None]]:
        """Why it cannot be believed: message, member, expected, actual. At most one fault of each sort."""
        if isinstance(self.answer, Absence):
            yield f"It cannot be had: {one_line(self.answer.reason, 200)}.", "/", kind, None
            return
        if kind not in self.kinds:
            yield f"This is no {kind}.", "/type", kind, one_line(str(self.value.get("type")), 120)
            return
        security = self.security
        if security is None or security.signature is None or security.issuer is None:
            yield "It is not signed, so anybody could have written it.", "/", "application/vc+jwt", None
            return
        problem = security.signature.problem
        if problem is not None:
            yield one_line(problem.message), "/", problem.expected, problem.actual
        elif not at_home(security.issuer, home):
            yield "Its signer is not on the domain where it stands.", "/issuer/id", home, security.issuer
        begun, ended = moment(self.value.get("validFrom")), moment(self.value.get("validUntil"))
        if begun is None or begun > self.at or (ended is not None and ended <= self.at):
            said = f"{self.value.get('validFrom')} to {self.value.get('validUntil')}"
            yield "It is not in force.", "/validFrom", self.at.isoformat(), one_line(said, 120)
        for check in security.statuses:
            if check.problem is not None:
                yield one_line(check.problem.message), "/credentialStatus", None, None
            elif check.signature is None or check.signature.problem is not None:
                yield "The signature of its status list does not verify.", "/credentialStatus", None, None
            elif check.status is not None and check.status.blocks:
                yield "It is revoked.", "/credentialStatus", "not set", check.status.purpose


def live_breaches(
    url: str, sources: Sequence[Source], at: datetime, record: Mapping[str, Any], record_body: bytes
) -> Iterator[Breach]:
    """What is wrong with the declaration at a URL: who says it, what it promises, and the report that it names."""
    live = published(url, sources, at)
    for message, member, expected, actual in live.faults(DECLARED, url):
        yield Breach("REV-DEC-01", message, f"{url} at {member}", expected, actual)
    if DECLARED not in live.kinds:
        return
    if live.value.get("id") != declaration_address(url):
        yield Breach(
            "REV-DEC-01", "It is the declaration of another place.", f"{url} at /id", declaration_address(url),
            one_line(str(live.value.get("id")), 200),
        )  # fmt: skip
    for breach in check_declaration(live.value, record):
        yield Breach(breach.rule, breach.message, f"{url} at {breach.place}", breach.expected, breach.actual)
    named = live.subject.get("testReport")
    if not isinstance(named, str):
        yield Breach("REV-DEC-03", "It names no test report.", f"{url} at /credentialSubject/testReport")
        return
    report = published(named, sources, at)
    place = one_line(named, 200)
    for message, member, expected, actual in report.faults(REPORTED, url):
        yield Breach("REV-DEC-03", message, f"{place} at {member}", expected, actual)
    if REPORTED not in report.kinds:
        return
    link = report.subject.get("record")
    for member, said, shown in (
        ("record/digestMultibase", link.get("digestMultibase") if isinstance(link, Mapping) else None, digest_multibase(record_body)),
        ("verdict", report.subject.get("verdict"), record["verdict"]),
        ("assertion", report.subject.get("assertion"), live.value.get("id")),
    ):  # fmt: skip
        if said != shown:
            yield Breach(
                "REV-DEC-03", "The test report is not of this record.", f"{place} at /credentialSubject/{member}",
                one_line(str(shown), 200), one_line(str(said), 200),
            )  # fmt: skip


def published(url: str, sources: Sequence[Source], at: datetime) -> Published:
    """What the first source that has it answers at a URL."""
    answers = [source.fetch(url) for source in sources]
    found = next((answer for answer in answers if isinstance(answer, Evidence)), None)
    absent = answers[-1] if answers else Absence(url, "nothing was brought that answers it")
    return Published(found or absent, tuple(sources), at)


def check_declaration(declaration: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Breach]:
    """Where a declaration promises more than the record shows; to declare less is free (REV-DEC-02)."""
    subject = declaration.get("credentialSubject")
    if not isinstance(subject, Mapping):
        yield Breach("REV-DEC-02", "It declares nothing.", "/credentialSubject")
        return
    product = record["product"] or {}
    for member, shown in (("name", product.get("name")), ("softwareVersion", product.get("version"))):
        if subject.get(member) != shown:
            yield Breach(
                "REV-DEC-02", f"The record is of another {member}.", f"/credentialSubject/{member}", str(shown),
                one_line(str(subject.get(member)), 200),
            )  # fmt: skip
    for member, shown_ones in _shown(record).items():
        stated = subject.get(member)
        for one in stated if isinstance(stated, list) else [stated]:
            if not isinstance(one, str) or one not in shown_ones:
                yield Breach(
                    "REV-DEC-02", "The record does not show what is declared.", f"/credentialSubject/{member}",
                    ", ".join(sorted(shown_ones)) or "nothing", one_line(str(one), 200),
                )  # fmt: skip


def _shown(record: Mapping[str, Any]) -> dict[str, set[str]]:
    """What a record shows: components that are shown and have no failure, conformant roles, versions."""
    return {
        "component": set(shown_components(record) - failed_components(record)),
        "role": {role for role, said in record["roles"].items() if said == "conformant"},
        "untpVersion": set(versions_of(record)),
    }
