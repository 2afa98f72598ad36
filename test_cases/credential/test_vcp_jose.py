"""The JOSE envelope: a compact JWS around the credential itself, signed by the issuer's published key."""

from __future__ import annotations

from collections.abc import Iterable

from harness.credential import Node
from harness.errors import AbsentError
from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of, settle
from harness.trust import jose_claims, jose_rules
from harness.trust.codes import DECIDES, Problem
from harness.trust.jose import Jws
from harness.trust.trace import TrustError

OWN = "VCP-JOSE-15"
OWNER = {**DECIDES, "payload-malformed": "VCP-JSON-01", "token-malformed": OWN}
"""Which requirement a verification belongs to, by the code at which it stopped; the rest is the signature's own."""


def enveloped(credential: CredentialUnderTest) -> bool:
    """Whether the credential came in a JOSE envelope."""
    return credential.security.token is not None


def signed(credential: CredentialUnderTest) -> bool:
    """Whether the credential came in a signed envelope of either kind, JOSE or COSE."""
    return enveloped(credential) or credential.credential.cose is not None


def header(credential: CredentialUnderTest) -> Jws | None:
    """The token taken apart, where it and its payload can be read."""
    return credential.security.jws if not unreadable(credential) else None


def unreadable(credential: CredentialUnderTest) -> bool:
    """Whether the payload is no strict JSON, which VCP-JSON-01 and VCP-ENV-21 report."""
    return bool(credential.credential.faults)


def told(problems: Iterable[Problem], where: str) -> Findings:
    """Findings of problems in the header or the claims, which have no line of their own."""
    for problem in problems:
        message = f"{problem.message} (in the {where})"
        yield Problem(
            problem.code, message, None, "", problem.expected, problem.actual, problem.hint
        ).finding()


@case("VCP-JOSE-01")
def it_is_enveloped_with_jose(credential: CredentialUnderTest) -> Findings:
    """The credential is delivered in a JOSE envelope."""
    if credential.credential.cose is not None:
        yield from (problem.finding() for problem in jose_rules.not_enveloped("a COSE envelope"))
    elif not enveloped(credential):
        yield from (problem.finding() for problem in jose_rules.secured_with_jose(credential.document.value))


@case("VCP-JOSE-02", when=enveloped)
def it_is_a_compact_jws(credential: CredentialUnderTest) -> Findings:
    """The token is three base64url parts without padding."""
    if credential.security.jws is None:
        yield from told(jose_rules.compact_form(credential.security.token or ""), "token")


@case("VCP-JOSE-03", when=header)
def the_payload_is_the_credential(credential: CredentialUnderTest) -> Findings:
    """The payload is the credential itself."""
    jws = credential.security.claims
    if jws is not None and "vc" not in jws.claims and "vp" not in jws.claims:
        yield from told(jose_claims.payload_is_credential(jws), "payload")


@case("VCP-JOSE-04", when=header)
def there_is_no_vc_claim(credential: CredentialUnderTest) -> Findings:
    """The vc and vp claims of VCDM 1.1 are gone."""
    jws = credential.security.claims
    if jws is not None:
        yield from told(jose_claims.vcdm11_claims(jws), "payload")


@case("VCP-JOSE-05", when=header)
def typ_is_vc_jwt(credential: CredentialUnderTest) -> Findings:
    """The header typ is vc+jwt, or vc+sd-jwt for an SD-JWT."""
    jws = credential.security.jws
    if jws is not None:
        form = "sd-jwt" if credential.security.disclosable else "jwt"
        yield from told(jose_rules.header_typ(jws, form=form), "header")


@case("VCP-JOSE-06", when=header)
def cty_is_vc(credential: CredentialUnderTest) -> Findings:
    """The header cty is absent or vc."""
    jws = credential.security.jws
    if jws is not None:
        yield from told(jose_rules.header_cty(jws), "header")


@case("VCP-JOSE-09", when=header)
def kid_is_present(credential: CredentialUnderTest) -> Findings:
    """The protected header names the key."""
    jws = credential.security.jws
    if jws is not None and "kid" not in jws.header:
        yield from told(jose_rules.kid_present(jws), "header")


@case("VCP-JOSE-10", when=lambda credential: header(credential) and "kid" in credential.security.jws.header)
def kid_names_a_published_key(credential: CredentialUnderTest) -> Findings:
    """Kid is an absolute DID URL of a method in the issuer's document."""
    yield from stopped_here(credential, "VCP-JOSE-10")


@case("VCP-JOSE-11", when=header)
def iss_equals_the_issuer(credential: CredentialUnderTest) -> Findings:
    """Where there is an iss, it is the issuer."""
    jws = credential.security.claims
    if jws is not None:
        yield from told(jose_claims.issuer_claim(jws, credential.document.value), "header or payload")


@case("VCP-JOSE-13", when=header)
def claims_do_not_contradict(credential: CredentialUnderTest) -> Findings:
    """JWT claims say the same as the members of the credential."""
    jws = credential.security.claims
    if jws is not None:
        yield from told(
            jose_claims.claims_against_credential(jws, credential.document.value, credential.at), "payload"
        )


@case("VCP-JOSE-14", when=header)
def the_key_is_a_json_web_key(credential: CredentialUnderTest) -> Findings:
    """The signing key is published as JsonWebKey with publicKeyJwk."""
    resolution, jws = credential.security.issuer_resolution, credential.security.jws
    if resolution is None or jws is None or resolution.document is None:
        raise AbsentError(
            "the issuer's DID document is not there, so its keys cannot be judged",
            hint="Bring the document along, or allow the network.",
        )
    kid = jws.header.get("kid")
    if isinstance(kid, str):
        yield from told(jose_rules.key_is_json_web_key(resolution.document, kid), "DID document")


@case("VCP-JOSE-15", when=signed)
def the_signature_verifies(credential: CredentialUnderTest) -> Findings:
    """The signature belongs to these bytes and to a key that the issuer controls."""
    verification = credential.security.signature
    if verification is None:
        return
    problem = settle(verification)
    if problem is None:
        return
    owner = OWNER.get(problem.code, OWN)
    if owner != OWN:
        raise AbsentError(f"the verification stopped before the signature, at {owner}: {problem.message}")
    yield finding_of(problem, verification.steps)


@case("VCP-JOSE-19", when=lambda credential: envelope_of(credential) is not None)
def the_enveloped_object_is_well_formed(credential: CredentialUnderTest) -> Findings:
    """An EnvelopedVerifiableCredential has its context, type and data: URL."""
    node = envelope_of(credential)
    if node is not None:
        for problem in jose_rules.enveloped_object(node.value):
            yield node.document.finding(
                problem.pointer or "",
                problem.message,
                expected=problem.expected,
                actual=problem.actual,
                hint=problem.hint,
            )


NEVER_HIDDEN = frozenset(
    {"@context", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema"}
    | {"relatedResource", "iss", "exp", "nbf", "cnf", "aud"}
)
"""What verifiers need, by VC-JOSE-COSE section 3.2.1 and RFC 9901 section 9.7."""
MEMBERS_FREE = frozenset({"issuer", "aud"})
"""Those of which parts may be hidden: the name of the issuer, single entries of aud."""


@case("VCP-JOSE-22", when=lambda credential: credential.security.processed is not None)
def what_verifiers_need_is_never_hidden(credential: CredentialUnderTest) -> Findings:
    """No member that validation and verification need is selectively disclosable."""
    processed = credential.security.processed
    for place in sorted(processed.disclosed if processed is not None else ()):
        name = place.split("/")[1]
        part = name in MEMBERS_FREE and place not in (f"/{name}", "/issuer/id")
        if name in NEVER_HIDDEN and not part:
            yield credential.document.finding(
                place,
                f"{name} is selectively disclosable, so that a holder can withhold it",
                expected=f"{name} in the clear",
                actual="a disclosure",
                hint="Leave what says whether a credential is valid out of what holders may hide.",
            )


def envelope_of(credential: CredentialUnderTest) -> Node | None:
    """The EnvelopedVerifiableCredential object around the token, if any."""
    for envelope in reversed(credential.credential.envelopes):
        if envelope.kind == "enveloped" and envelope.document is not None:
            return envelope.document.root
    return None


def stopped_here(credential: CredentialUnderTest, requirement: str) -> Findings:
    """A finding where the verification stopped at a code of this requirement."""
    verification = credential.security.signature
    if verification is None:
        return
    problem: TrustError | None = settle(verification)
    if problem is not None and OWNER.get(problem.code) == requirement:
        yield finding_of(problem, verification.steps)
