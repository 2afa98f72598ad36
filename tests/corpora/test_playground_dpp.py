"""The credential of the UN/CEFACT playground, verified with the DID document of its issuer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.credential.did_url import document_url
from harness.evidence import Evidence, Web
from harness.trust import did_rules, jose_claims, jose_rules
from harness.trust.did import resolve
from harness.trust.jose import Jws, read_compact, verify_jose
from harness.trust.trace import Trace

CREDENTIAL = Path("corpora/tests-untp/playground/dpp.json")
DOCUMENT = Path("corpora/web/uncefact.github.io/project-vckit/test-and-development/did.json")
ISSUER = "did:web:uncefact.github.io:project-vckit:test-and-development"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(name="envelope")
def the_envelope(corpora: Path) -> dict[str, Any]:
    """The enveloped credential as it is published."""
    envelope: dict[str, Any] = json.loads((corpora / CREDENTIAL).read_text())["verifiableCredential"]
    return envelope


@pytest.fixture(name="jws")
def the_jws(envelope: dict[str, Any]) -> Jws:
    """The token in the envelope."""
    return read_compact(envelope["id"].partition(",")[2])


@pytest.fixture(name="web")
def the_web(corpora: Path) -> Web:
    """The web with the issuer's document."""
    url = document_url(ISSUER)
    assert url is not None
    return Web({url: Evidence(url, (corpora / DOCUMENT).read_bytes(), "application/json", "web")})


def test_it_verifies(jws: Jws, web: Web) -> None:
    """The signature is that of the issuer that the credential names."""
    verification = verify_jose(jws, web=web, at=NOW)
    assert verification.holds, verification.problem


def test_one_changed_digit_is_found(jws: Jws, web: Web) -> None:
    """With one character of the payload changed, it does not verify."""
    head, payload, signature = jws.token.split(".")
    altered = payload[:-8] + ("A" if payload[-8] != "A" else "B") + payload[-7:]
    problem = verify_jose(f"{head}.{altered}.{signature}", web=web, at=NOW, issuer=ISSUER).problem
    assert problem is not None
    assert problem.code == "signature-mismatch"


def test_it_meets_the_rules_of_vc_jose_cose(envelope: dict[str, Any], jws: Jws, web: Web) -> None:
    """Header, claims, envelope and key are as VC-JOSE-COSE wants them, but for the old name of the key's type."""
    assert jose_rules.header_typ(jws) == jose_rules.header_cty(jws) == jose_rules.kid_present(jws) == []
    assert jose_rules.kid_dereferences(jws, web, at=NOW).holds
    assert jose_rules.enveloped_object(envelope) == []
    assert jose_claims.vcdm11_claims(jws) == jose_claims.payload_is_credential(jws) == []
    assert jose_claims.issuer_claim(jws, jws.claims) == []
    document = resolve(ISSUER, web, Trace())
    assert jose_rules.key_is_json_web_key(document, str(jws.header["kid"])) == []
    assert did_rules.method_problems(document) == []
    assert did_rules.private_members(document) == []
    assert did_rules.acknowledged_method(ISSUER, "0.7.0") == []
