"""The attestation: conformant, verified by an independent library, refused when altered, expired or revoked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.proof._jws import parse_compact, verify_compact
from openvc.proof._verify_common import check_validity_window
from openvc.status import check_credential_status
from openvc.status.status_list import StatusResult

from harness.evidence import Evidence
from harness.gather.web import HeldWeb
from harness.judge import Terms, load_suite
from harness.listing import layout
from harness.listing.attestation import payload_of, seal_web, signed_list
from harness.listing.signer import signer_of
from harness.model import Outcome, SubjectReport, Verdict
from harness.reference.chain import DEMO_CLOCK
from harness.reference.payloads import multihash
from harness.run import Bench
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


def not_settled(report: SubjectReport) -> list[str]:
    """Why a credential is not conformant: the message of each result that stands against it."""
    assert report.verdict is not Verdict.CONFORMANT
    return [
        result.findings[0].message
        for result in report.results
        if result.outcome in (Outcome.FAILED, Outcome.REVIEW, Outcome.ERROR, Outcome.NOT_RUN)
    ]


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
    """Thirteen months later it is not conformant any more, and the finding says why."""
    assert not_settled(checked(token(), web(), AT + timedelta(days=400))) == ["the credential has expired"]


def test_a_revoked_one_is_refused() -> None:
    """The list says that it is withdrawn, so it is not conformant any more."""
    said = not_settled(checked(token(), web(status_list=revoked_list())))
    assert said == ["the credential was withdrawn: its revocation bit is set"]


def test_its_links_have_the_digests_of_what_it_seals() -> None:
    """Record and manifest, as multihash: whoever fetches them can compare."""
    members, subject = submission().members, _payload()["credentialSubject"]
    assert subject["conformityCertificate"]["digestMultibase"] == multihash(members[layout.RECORD])
    assert subject["auditableEvidence"]["digestMultibase"] == multihash(members[layout.MANIFEST])


def test_it_certifies_itself_with_did_key() -> None:
    """Without a domain the signer is a did:key, which UNTP does not acknowledge: the finding says so."""
    made = good().submitted(signer(did=None))
    assert made.seal is not None
    published = seal_web(made.seal, made.members[layout.RECORD], made.members[layout.MANIFEST])
    said = [result.requirement for result in checked(made.seal.token, published).results if result.findings]
    assert made.seal.did.startswith("did:key:z")
    assert "VCP-DID-10" in said


def independent(text: str, published: dict[str, bytes], at: datetime = AT) -> StatusResult:
    """What openvc-core says: resolver, signature, validity and status, each its own code.

    Its one-call pipeline takes only the `vc` claim of VCDM 1.1; below it, its parts take VCDM 2.0.
    """

    def credential_of(signed_text: str) -> dict[str, Any]:
        header = parse_compact(signed_text)[0]
        method = DidWebResolver(lambda url: json.loads(published[url])).resolve(DID).key_by_kid(header["kid"])
        assert method is not None
        assert method.public_key_jwk is not None
        payload: dict[str, Any] = verify_compact(signed_text, public_key_jwk=method.public_key_jwk)[1]
        check_validity_window(payload, {}, now=at, leeway_s=0)
        return payload

    return check_credential_status(
        credential_of(text), resolve_status_list=lambda url: credential_of(published[url].decode())
    )


def test_an_independent_library_accepts_it() -> None:
    """openvc-core resolves the did:web, verifies signature, validity and status."""
    status = independent(token(), web())
    assert not status.revoked
    assert len(status.entries) == 1


def test_an_independent_library_refuses_it_altered() -> None:
    """openvc-core: bad signature."""
    with pytest.raises(OpenvcError, match="signature"):
        independent(altered(), web())


def test_an_independent_library_refuses_it_expired() -> None:
    """openvc-core: its twelve months are over."""
    with pytest.raises(OpenvcError, match="expired"):
        independent(token(), web(), AT + timedelta(days=400))


def test_an_independent_library_refuses_it_revoked() -> None:
    """openvc-core: the bit is set."""
    assert independent(token(), web(status_list=revoked_list())).revoked
