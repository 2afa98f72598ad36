"""The presentation that a credential came in: signed by its holder, in force, and called by its name."""

from __future__ import annotations

from dataclasses import replace

from _instants import instant, instant_of
from _terms import BASE_CONTEXT

from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.presented import Presentation
from harness.judge.security import finding_of, settle
from harness.model import Finding
from harness.trust import jose_rules
from harness.trust.codes import Problem
from harness.trust.jose_claims import token_times, untimely_claims

TYP, CONTENT_TYPE = (16, "typ"), (3, "content type")
"""Header parameters of COSE: label and name (RFC 9596 section 2, RFC 9052 section 3.1)."""
JOSE = ("jwt", "sd-jwt")
PRESENTATION = "VerifiablePresentation"


def presented(credential: CredentialUnderTest) -> bool:
    """Whether the credential came in a presentation, and is the first of it."""
    return bool(credential.security.presentations)


def enveloped(credential: CredentialUnderTest) -> bool:
    """Whether a presentation around the credential is enveloped."""
    return any(one.form is not None for one in credential.security.presentations)


def meant(presentation: Presentation) -> bool:
    """Whether an object is meant as a presentation, and is not the answer of an interface that happens to hold credentials."""
    root = presentation.document.root
    return PRESENTATION in root.types or presentation.form is not None or root["proof"] is not None


@case(
    "VCP-PUB-03-CREDENTIAL",
    requirement="VCP-PUB-03",
    when=lambda credential: any(map(meant, credential.security.presentations)),
)
def the_presentation_is_well_formed(credential: CredentialUnderTest) -> Findings:
    """A presentation has the base context first, its type, and objects as credentials."""
    for root in (one.document.root for one in credential.security.presentations if meant(one)):
        contexts = [node.value for node in root.each("@context")]
        if not isinstance(root.get("@context"), list) or contexts[:1] != [BASE_CONTEXT]:
            yield root.at("@context").finds(
                "the contexts of the presentation do not begin with the base context",
                expected=BASE_CONTEXT,
                actual=None if root["@context"] else "nothing",
                hint="Make @context an array whose first entry is the VCDM 2.0 context.",
            )
        if PRESENTATION not in root.types:
            yield root.at("type").finds(
                f"the presentation is not typed {PRESENTATION}",
                expected=f"{PRESENTATION} in type",
                actual=None if root["type"] else "nothing",
                hint=f"Add {PRESENTATION} to type.",
            )
        for node in root.each("verifiableCredential"):
            if not isinstance(node.value, dict):
                yield node.finds(
                    "what stands for a credential in the presentation is no object",
                    expected="a credential with its proof, or an EnvelopedVerifiableCredential",
                    hint="Put a token into an EnvelopedVerifiableCredential, as data:application/vc+jwt,… in id.",
                )


@case("VCP-PUB-05", when=lambda credential: credential.security.presentation_checks)
def a_signed_presentation_verifies(credential: CredentialUnderTest) -> Findings:
    """The signature of a presentation verifies with a key that its holder uses for authentication."""
    for check in credential.security.presentation_checks:
        problem = settle(check.verification)
        if problem is not None:
            at = "/proof" if check.kind == "proof" else ""
            yield finding_of(problem, check.verification.steps, check.document.finding(at, ""))


@case("VCP-PUB-06", when=presented)
def the_presentation_is_in_force(credential: CredentialUnderTest) -> Findings:
    """At the moment of judgement neither exp, nbf and iat of its token nor validFrom and validUntil put it out of force."""
    for presentation in credential.security.presentations:
        if presentation.form in JOSE and presentation.jws is not None:
            for problem in (
                *untimely_claims(presentation.jws),
                *token_times(presentation.jws, credential.at),
            ):
                yield _at(presentation, problem).for_a_person()
        yield from _out_of_validity(presentation, credential)


def _at(presentation: Presentation, problem: Problem) -> Finding:
    """The finding of a problem, at its place in the presentation."""
    place = presentation.document.finding(problem.pointer or "", "")
    return problem.finding(line=place.line, column=place.column)


def _out_of_validity(presentation: Presentation, credential: CredentialUnderTest) -> Findings:
    """VCDM defines the two for credentials only; a holder who writes them still says when the presentation holds."""
    root, now = presentation.document.root, instant_of(credential.at)
    begin, end = instant(root.get("validFrom")), instant(root.get("validUntil"))
    rules = (
        ("validFrom", "is not valid yet", begin is not None and begin <= now),
        ("validUntil", "has expired", end is not None and end >= now),
    )
    for name, what, holds in rules:
        node = root[name]
        if node is not None and not holds:
            read = instant(node.value) is not None
            yield node.finds(
                f"the presentation {what if read else f'has a {name} that is no date and time with a zone'}",
                expected=f"in force at {credential.at:%Y-%m-%dT%H:%M:%SZ}",
                hint="Ask the holder for a new presentation, or judge it at another --at.",
            ).for_a_person()


@case("VCP-PUB-07", when=enveloped)
def typ_says_presentation(credential: CredentialUnderTest) -> Findings:
    """The header typ is vp+jwt, vp+sd-jwt for an SD-JWT, application/vp+cose in COSE."""
    for presentation in credential.security.presentations:
        if presentation.jws is not None and presentation.form is not None:
            for problem in jose_rules.header_typ(presentation.jws, "vp", presentation.form):
                yield _in_header(problem)
        elif presentation.form == "cose":
            yield from _media_type(presentation, TYP, "application/vp+cose")


@case("VCP-PUB-08", when=enveloped)
def cty_says_presentation(credential: CredentialUnderTest) -> Findings:
    """Where the header has cty it is vp, or application/vp in COSE."""
    for presentation in credential.security.presentations:
        if presentation.jws is not None:
            for problem in jose_rules.header_cty(presentation.jws, "vp"):
                yield _in_header(problem)
        elif presentation.form == "cose":
            yield from _media_type(presentation, CONTENT_TYPE, "application/vp")


def _in_header(problem: Problem) -> Finding:
    """A finding on the header of a presentation, which has no line of its own."""
    return replace(
        problem.finding(pointer=None), message=f"{problem.message} (in the header of the presentation)"
    )


def _media_type(presentation: Presentation, parameter: tuple[int, str], expected: str) -> Findings:
    """What a header of COSE says that the message is; the content type may be left out."""
    label, name = parameter
    cose = presentation.outer.cose if presentation.outer is not None else None
    found = cose.parameter(label) if cose is not None else None
    if found == expected or (found is None and parameter == CONTENT_TYPE):
        return
    yield Finding(
        f"the header parameter {label} ({name}) of the presentation is not {expected}",
        expected=expected,
        actual="nothing" if found is None else str(found)[:160],
        hint=f"Write {expected}, so that nobody takes the message for another one.",
    )
