"""The rules about the seal of a submission: signature, validity, status, content, and who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from harness.credential import read_credentials
from harness.credential.did_url import document_url, parse_did_url
from harness.errors import MalformedError
from harness.evidence import Absence, Evidence, Web
from harness.gather.web import HeldWeb, Source
from harness.judge import Terms, load_suite
from harness.judge.security import Security
from harness.listing import layout
from harness.listing.attestation import FILE, digest_multibase, payload_of
from harness.listing.rules import Breach
from harness.listing.submission import Submission
from harness.model import Outcome, Verdict
from harness.report.visible import one_line
from harness.run import Bench
from harness.trust.moments import moment

PROFILE = "untp-0.7.0"
"""What the attestation is judged by, whatever the product was judged by."""


@dataclass(frozen=True)
class SealCheck:
    """The seal of a submission at the time of review; `web` answers what the reviewer brings himself."""

    submission: Submission
    at: datetime
    web: tuple[Source, ...] = ()

    @cached_property
    def security(self) -> Security | None:
        """The trust side of the attestation; None where it is no token at all."""
        body = self.submission.members.get(layout.ATTESTATION)
        if body is None:
            return None
        credential = next(iter(read_credentials(Evidence(FILE, body, "application/vc+jwt", "submission"))))
        if credential.token is None or credential.document is None:
            return None
        value = credential.document.value
        issuer = value.get("issuer") if isinstance(value, dict) else None
        did = issuer.get("id") if isinstance(issuer, Mapping) else issuer
        named = did if isinstance(did, str) else None
        return Security(credential, Web(self.surroundings(value, named)), self.at, named, "reference")

    def surroundings(self, value: Any, did: str | None) -> dict[str, Evidence | Absence]:
        """What the submission itself answers: the signer's document, the list, the record and the manifest."""
        members, answers = self.submission.members, {}
        place = _document_url(did)
        identifier = value.get("id") if isinstance(value, dict) else None
        base = identifier.removesuffix(FILE) if isinstance(identifier, str) else ""
        urls = [
            (place, layout.DID_DOCUMENT, "application/did+json"),
            (f"{base}status-list.jwt", layout.STATUS_LIST, "application/vc+jwt"),
            (f"{base}record.json", layout.RECORD, "application/json"),
            (f"{base}manifest.json", layout.MANIFEST, "application/json"),
        ]
        for url, name, media_type in urls:
            if url is not None and name in members:
                answers[url] = Evidence(url, members[name], media_type, "submission")
        return dict(answers)

    def breaches(self) -> Iterator[Breach]:
        """The rules that the seal breaks, in order."""
        for name in (layout.ATTESTATION, layout.STATUS_LIST):
            if name not in self.submission.members:
                yield Breach("REV-SIG-01", "The submission is not sealed.", name, expected=name)
                return
        security = self.security
        if security is None or security.signature is None or security.disclosable:
            yield Breach("REV-SIG-02", "The attestation is no signed credential.", layout.ATTESTATION)
            return
        if self.submission.members[layout.ATTESTATION] != (security.token or "").encode():
            yield Breach(
                "REV-SIG-02", "Something stands beside the token of the attestation.", layout.ATTESTATION
            )
            return
        document = security.credential.document
        value = document.value if document is not None else None
        if not isinstance(value, dict) or security.issuer is None:
            yield Breach("REV-SIG-02", "The attestation names no issuer.", layout.ATTESTATION)
            return
        problem = security.signature.problem
        if problem is not None:
            rule = "REV-SIG-01" if layout.DID_DOCUMENT not in self.submission.members else "REV-SIG-02"
            yield Breach(
                rule, one_line(problem.message), layout.ATTESTATION, problem.expected, problem.actual
            )
            return
        yield from self._valid(value)
        yield from self._status(security)
        yield from self._content(value, security.issuer)
        yield from self._conformant(security)
        yield from self._signer(security.issuer)

    def _valid(self, value: Mapping[str, Any]) -> Iterator[Breach]:
        begun, ended = moment(value.get("validFrom")), moment(value.get("validUntil"))
        if begun is None or begun > self.at:
            yield Breach(
                "REV-SIG-03", "The attestation is not valid yet.", f"{FILE} at /validFrom",
                f"before {self.at.isoformat()}", one_line(str(value.get("validFrom"))),
            )  # fmt: skip
        if ended is None or ended <= self.at:
            yield Breach(
                "REV-SIG-03", "The attestation has expired.", f"{FILE} at /validUntil",
                f"after {self.at.isoformat()}", one_line(str(value.get("validUntil"))),
            )  # fmt: skip

    def _status(self, security: Security) -> Iterator[Breach]:
        place = f"{FILE} at /credentialStatus"
        if not security.statuses:
            yield Breach("REV-SIG-04", "The attestation has no status entry.", place)
        for check in (*security.statuses, *self._published_statuses(security)):
            if check.problem is not None or check.status is None:
                message = check.problem.message if check.problem is not None else "The status cannot be read."
                yield Breach("REV-SIG-04", one_line(message), place)
            elif check.signature is None or check.signature.problem is not None:
                yield Breach("REV-SIG-04", "The signature of the status list does not verify.", place)
            elif check.status.value != 0:
                yield Breach("REV-SIG-04", "The attestation is revoked.", place, "not set", "set")

    def _published_statuses(self, security: Security) -> Iterator[Any]:
        """What the list that the reviewer brings says: it may be newer than the one in the submission."""
        answers = dict(security.web)
        newer = False
        for entry in security.status_entries:
            for source in self.web:
                found = source.fetch(entry.list_url or "")
                if isinstance(found, Evidence):
                    answers[found.name] = found
                    newer = True
        if newer:
            renewed = Security(security.credential, Web(answers), self.at, security.issuer, security.engine)
            yield from renewed.statuses

    def _content(self, value: Mapping[str, Any], did: str) -> Iterator[Breach]:
        members, record = self.submission.members, self.submission.record
        identifier = value.get("id")
        base = identifier.removesuffix(FILE) if isinstance(identifier, str) else ""
        body, manifest = members[layout.RECORD], members[layout.MANIFEST]
        expected = payload_of(record, body, manifest, did=did, base=base)
        subject = value.get("credentialSubject")
        sealed = subject if isinstance(subject, Mapping) else {}
        for member, name, sealed_body in (
            ("conformityCertificate", layout.RECORD, body),
            ("auditableEvidence", layout.MANIFEST, manifest),
        ):
            link = sealed.get(member)
            actual = link.get("digestMultibase") if isinstance(link, Mapping) else None
            if actual != digest_multibase(sealed_body):
                yield Breach(
                    "REV-SIG-05", f"The attestation seals another {name}.", f"{FILE} at /credentialSubject/{member}",
                    digest_multibase(sealed_body), one_line(str(actual)),
                )  # fmt: skip
                return
        if value != expected:
            place, wanted, found = next(_differences("", expected, dict(value)))
            yield Breach(
                "REV-SIG-06", "The attestation does not state what the record shows.", f"{FILE} at {place}",
                one_line(wanted, 200), one_line(found, 200),
            )  # fmt: skip

    def _conformant(self, security: Security) -> Iterator[Breach]:
        """Judge the attestation as any other credential, at the moment from which it is valid."""
        suite = load_suite()
        held = HeldWeb({url: security.web[url] for url in security.web})
        begun = moment(self.submission.record["at"]) or self.at
        bench = Bench(Terms(begun.astimezone(UTC), suite.profile(PROFILE)), (held,))
        for judged in bench.judge(security.credential.evidence):
            if judged.report.verdict is Verdict.CONFORMANT:
                continue
            for result in judged.report.results:
                if result.outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN) and result.findings:
                    finding = result.findings[0]
                    if result.requirement in _OF_ITS_METHOD and not (security.issuer or "").startswith(
                        "did:web:"
                    ):
                        continue
                    yield Breach(
                        "REV-SIG-07", f"{result.requirement}: {one_line(finding.message)}",
                        f"{FILE} at {finding.pointer or '/'}", finding.expected, finding.actual,
                    )  # fmt: skip

    def _signer(self, did: str) -> Iterator[Breach]:
        place = f"{FILE} at /issuer/id"
        parsed = parse_did_url(did)
        if parsed.method != "web":
            yield Breach(
                "REV-WHO-02",
                "The signer certifies itself.",
                place,
                "did:web of the vendor",
                one_line(did, 120),
            )
            return
        record = self.submission.record
        homes = [(record["vendor"] or {}).get("website"), (record["product"] or {}).get("url")]
        if not any(home and at_home(did, home) for home in homes):
            yield Breach(
                "REV-WHO-01", "The signer is not on the vendor's domain.", place,
                " or ".join(one_line(home, 120) for home in homes if home) or "a website in vendor.toml",
                one_line(did, 120),
            )  # fmt: skip
        for source in self.web:
            found = source.fetch(document_url(did) or "")
            if isinstance(found, Evidence) and found.body != self.submission.members[layout.DID_DOCUMENT]:
                yield Breach(
                    "REV-WHO-03", "The domain publishes another DID document.", layout.DID_DOCUMENT, found.sha256,
                    "another",
                )  # fmt: skip

    def to_confirm(self) -> list[str]:
        """What no offline review can know, and the reviewer should ask the web for."""
        security = self.security
        found = []
        trusted = sorted(self.submission.terms.anchors.parties)
        if trusted:
            named = one_line(", ".join(trusted), 600)
            found.append(
                f"the parties that the vendor named as trusted roots are roots that you trust: {named}"
            )
        place = _document_url(security.issuer) if security is not None else None
        if place is None or any(isinstance(source.fetch(place), Evidence) for source in self.web):
            return found
        found.append(
            f"{place} is the document in the submission ({layout.DID_DOCUMENT}); --web DIR compares it"
        )
        return found


_OF_ITS_METHOD = frozenset({"VCP-DID-10", "VCP-JOSE-14"})
"""What a did:key cannot keep: UNTP does not acknowledge it, and its key is no JsonWebKey. REV-WHO-02 says so."""


def _document_url(did: str | None) -> str | None:
    try:
        return document_url(did) if did is not None else None
    except MalformedError:
        return None


def at_home(did: str, home: str) -> bool:
    """Whether a did:web lies on the host of a URL or below it; on a path of the host, only on the URL's own."""
    try:
        host = (urlsplit(home).hostname or "").removeprefix("www.")
    except ValueError:
        return False
    name, *segments = parse_did_url(did).specific_id.split(":")
    mine = unquote(name).partition(":")[0].lower()
    if not host or "." not in host or not (mine == host or mine.endswith(f".{host}")):
        return False
    path = [part for part in urlsplit(home).path.split("/") if part]
    return [unquote(part) for part in segments] == path[: len(segments)]


def _differences(place: str, wanted: Any, found: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted(wanted.keys() | found.keys()):
            if wanted.get(name) != found.get(name):
                yield from _differences(f"{place}/{name}", wanted.get(name), found.get(name))
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            if one != other:
                yield from _differences(f"{place}/{index}", one, other)
    else:
        yield place or "/", str(wanted), str(found)
