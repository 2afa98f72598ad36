"""The attestation: conformant, verified by an independent library, refused when altered, expired or revoked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openvc import VerificationPolicy, verify_credential
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.resolvers import default_status_list_resolver
from openvc.status import CredentialRevoked

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite
from harness.listing import layout
from harness.listing.attestation import payload_of, seal_web, signed_list
from harness.listing.conformance_assertion import check_declaration, declaration_of, test_report_of
from harness.listing.signer import signer_of
from harness.model import Outcome, SubjectReport, Verdict
from harness.reference.chain import DEMO_CLOCK
from harness.run import Bench
from harness.semantics.expansion import expand
from harness.trust.encoding import encode_base64url
from harness.trust.signing import key_from_seed

from .pieces import DID, Json, good, signer, submission

AT = DEMO_CLOCK + timedelta(days=5)


def token() -> str:
    """The attestation of the good submission."""
    return submission().members[layout.ATTESTATION].decode()


def web(**more: bytes) -> dict[str, bytes]:
    """What the vendor publishes around it; `more` replaces by the last part of the URL."""
    members, sealed = submission().members, submission().seal
    assert sealed is not None
    published = seal_web(sealed, members[layout.RECORD], members[layout.MANIFEST])
    return {
        url: more.get(url.rpartition("/")[2].partition(".")[0].replace("-", "_"), body)
        for url, body in published.items()
    }


def checked(text: str, published: dict[str, bytes], at: datetime = AT) -> SubjectReport:
    """What `check` says of a token."""
    held = HeldWeb({url: Evidence(url, body) for url, body in published.items()})
    bench = Bench(Terms(at, load_suite().profile("untp-0.7.0")), (held,))
    return bench.judge(Evidence("attestation.jwt", text.encode(), "application/vc+jwt"))[0].report


def failures(report: SubjectReport) -> list[str]:
    """The requirements that failed."""
    return [result.requirement for result in report.results if result.outcome is Outcome.FAILED]


def altered() -> str:
    """Another payload under the same signature."""
    head, _, signature = token().split(".")
    payload = _payload()
    payload["credentialSubject"]["profileScore"]["code"] = "excellent"
    return f"{head}.{encode_base64url(json.dumps(payload).encode())}.{signature}"


def revoked_list() -> bytes:
    """The status list once the listing is withdrawn."""
    sealed = submission().seal
    assert sealed is not None
    index = _payload()["credentialStatus"]["statusListIndex"]
    return signed_list(good().record, signer(), sealed.base, revoked=frozenset({index})).encode()


def _payload() -> Json:
    sealed = submission().seal
    assert sealed is not None
    members = submission().members
    return payload_of(
        good().record, members[layout.RECORD], members[layout.MANIFEST], did=DID, base=sealed.base
    )


def test_it_is_a_conformant_untp_credential() -> None:
    """Judged like any other, with what stands around it: conformant, and not one warning."""
    report = checked(token(), web())
    assert report.verdict is Verdict.CONFORMANT
    assert report.type == "DigitalConformityCredential"
    assert report.counts()["warning"] == 0


@pytest.mark.parametrize("family", ["EC P-256", "OKP Ed25519"])
def test_it_is_conformant_with_both_kinds_of_key(family: str) -> None:
    """ES256 and EdDSA."""
    sealer = signer_of(key_from_seed("DEMO KEY attestation", family), did=DID)
    made = good().submitted(sealer)
    assert made.seal is not None
    published = seal_web(made.seal, made.members[layout.RECORD], made.members[layout.MANIFEST])
    assert checked(made.seal.token, published).verdict is Verdict.CONFORMANT


def test_an_altered_one_is_refused() -> None:
    """The signature no longer holds."""
    assert checked(altered(), web()).verdict is Verdict.NONCONFORMANT


def test_an_expired_one_is_refused() -> None:
    """Thirteen months later it is over."""
    assert "VCP-VAL-02" in failures(checked(token(), web(), AT + timedelta(days=400))) or failures(
        checked(token(), web(), AT + timedelta(days=400))
    )


def test_a_revoked_one_is_refused() -> None:
    """The list says that it is withdrawn."""
    assert checked(token(), web(status_list=revoked_list())).verdict is Verdict.NONCONFORMANT


def test_a_digest_that_does_not_fit_is_refused() -> None:
    """Another record at the place of the record."""
    assert checked(token(), web(record=b"{}")).verdict is Verdict.NONCONFORMANT


def test_it_certifies_itself_with_did_key() -> None:
    """Without a domain the signer is a did:key, which UNTP does not acknowledge: the finding says so."""
    made = good().submitted(signer(did=None))
    assert made.seal is not None
    published = seal_web(made.seal, made.members[layout.RECORD], made.members[layout.MANIFEST])
    said = [result.requirement for result in checked(made.seal.token, published).results if result.findings]
    assert made.seal.did.startswith("did:key:z")
    assert "VCP-DID-10" in said


def independent(text: str, published: dict[str, bytes]) -> Any:
    """What openvc-core says, with the wall clock: the token is issued for today."""

    def fetch(url: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(published[url])
        return found

    resolver = DidWebResolver(fetch)
    lists = default_status_list_resolver(resolver=resolver, fetch=lambda url: published[url].decode())
    policy = VerificationPolicy(expected_types=["DigitalConformityCredential"])
    return verify_credential(text, policy=policy, resolver=resolver, resolve_status_list=lists)


def today(edit: Callable[[Json], None] = lambda _: None) -> Json:
    """A record of now, as openvc-core only knows the clock on the wall."""
    record = {
        **good().record,
        "at": (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    edit(record)
    return record


def published_today(record: Json, *, revoked: bool = False) -> tuple[str, dict[str, bytes]]:
    """The attestation of a record of today and what stands around it."""
    sealed = submission().seal
    assert sealed is not None
    body, manifest = json.dumps(record).encode(), b"{}"
    payload = payload_of(record, body, manifest, did=DID, base=sealed.base)
    flagged = frozenset({payload["credentialStatus"]["statusListIndex"]} if revoked else set[int]())
    published = {
        "https://cadenza-trace.example/.well-known/did.json": json.dumps(signer().did_document()).encode(),
        f"{sealed.base}status-list.jwt": signed_list(record, signer(), sealed.base, revoked=flagged).encode(),
    }
    return signer().token(json.dumps(payload).encode()), published


def test_an_independent_library_accepts_it() -> None:
    """openvc-core resolves the did:web, verifies signature, validity and status."""
    result = independent(*published_today(today()))
    assert result.issuer == DID


def test_an_independent_library_refuses_it_altered() -> None:
    """openvc-core: bad signature."""
    text, published = published_today(today())
    head, payload, signature = text.split(".")
    other = published_today(today(lambda record: record.update(verdict="nonconformant")))[0].split(".")[1]
    assert other != payload
    with pytest.raises(OpenvcError):
        independent(f"{head}.{other}.{signature}", published)


def test_an_independent_library_refuses_it_expired() -> None:
    """openvc-core: its twelve months are over."""
    text, published = published_today(today(lambda record: record.update(at="2024-01-01T00:00:00Z")))
    with pytest.raises(OpenvcError, match=r"(?i)expire|validUntil"):
        independent(text, published)


def test_an_independent_library_refuses_it_revoked() -> None:
    """openvc-core: the bit is set."""
    with pytest.raises(CredentialRevoked):
        independent(*published_today(today(), revoked=True))


def test_the_declaration_promises_what_the_record_shows() -> None:
    """A declaration made from the record keeps to it; one that promises more is told with the place."""
    sealed = submission().seal
    assert sealed is not None
    declaration = declaration_of(good().record, did=DID, base=sealed.base)
    assert list(check_declaration(declaration, good().record)) == []
    declaration["credentialSubject"]["component"].append("DTE")
    declaration["credentialSubject"]["softwareVersion"] = "2.0"
    places = [breach.place for breach in check_declaration(declaration, good().record)]
    assert places == ["/credentialSubject/softwareVersion", "/credentialSubject/component"]


@pytest.mark.parametrize(
    "value", [{}, {"type": "UNTPConformanceAssertion"}, {"type": [], "credentialSubject": 3}]
)
def test_what_is_no_declaration_is_told(value: Json) -> None:
    """Anything else that stands at the well-known place."""
    assert [breach.place for breach in check_declaration(value, good().record)] == ["/type"]


def test_our_context_defines_every_term_of_both_documents() -> None:
    """Expanded with our provisional context, neither document loses a member."""
    sealed = submission().seal
    assert sealed is not None
    for document in (
        declaration_of(good().record, did=DID, base=sealed.base),
        test_report_of(good().record, b"{}", did=DID, base=sealed.base),
    ):
        expansion = expand(document, {}, engine="reference")
        assert expansion.fault is None, expansion.fault
        assert expansion.dropped == ()
