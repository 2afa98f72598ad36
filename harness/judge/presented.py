"""The presentations that a credential came in: who holds them, in what form they are secured, whether they verify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from harness.credential import Credential, Document, Node
from harness.credential.envelope import Envelope
from harness.evidence import Web
from harness.trust.cose import kid_of_cose, verify_cose
from harness.trust.cryptosuites.suite import Canonicalise
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.jose import Jws, read_compact, verify_jose
from harness.trust.sd_jwt import verify_sd_jwt
from harness.trust.trace import TrustError, Verification

PURPOSE = "authentication"
"""What a holder signs presentations for (VCDM 2.0 section 4.13)."""


@dataclass(frozen=True)
class Presentation:
    """One presentation around a credential, and what was around it: a token, a COSE message or nothing."""

    document: Document
    outer: Envelope | None

    @property
    def form(self) -> str | None:
        """How it is enveloped: "jwt", "sd-jwt" or "cose"; None where it is not."""
        if self.outer is not None and self.outer.cose is not None:
            return "cose"
        if self.outer is None or self.outer.token is None:
            return None
        return "sd-jwt" if "~" in self.outer.token else "jwt"

    @cached_property
    def jws(self) -> Jws | None:
        """The token around it taken apart, without disclosures; None where there is none or it cannot be read."""
        if self.outer is None or self.outer.token is None:
            return None
        try:
            return read_compact(self.outer.token.partition("~")[0])
        except TrustError:
            return None

    @property
    def signer(self) -> str | None:
        """Whose key has to sign it: its holder's, and where it names none, that of the DID in kid."""
        named = named_holder(self.document.root)
        if named is not None:
            return named
        if self.outer is not None and self.outer.cose is not None:
            try:
                return kid_of_cose(self.outer.cose).partition("#")[0]
            except TrustError:
                return None
        kid = self.jws.header.get("kid") if self.jws is not None else None
        return kid.partition("#")[0] if isinstance(kid, str) else None


@dataclass(frozen=True)
class PresentationCheck:
    """One signature of a presentation: "JOSE", "COSE" or "proof", and what became of it."""

    document: Document
    kind: str
    verification: Verification


def presentations_of(credential: Credential) -> Iterator[Presentation]:
    """The presentations that a credential is the first of, outermost first."""
    layers = credential.envelopes
    for outer, layer in zip((None, *layers), layers, strict=False):
        if layer.kind == "presentation" and layer.document is not None and not layer.position:
            yield Presentation(layer.document, outer)


def signatures_of(
    presentation: Presentation, web: Web, at: datetime, canonicalise: Canonicalise
) -> Iterator[PresentationCheck]:
    """Each signature of a presentation, verified with a key that its holder uses for authentication."""
    document, outer = presentation.document, presentation.outer
    if outer is not None and outer.token is not None:
        verify = verify_sd_jwt if presentation.form == "sd-jwt" else verify_jose
        checked = verify(outer.token, web=web, at=at, issuer=presentation.signer, purpose=PURPOSE)
        yield PresentationCheck(document, "JOSE", checked)
    if outer is not None and outer.cose is not None:
        checked = verify_cose(outer.cose, web=web, at=at, issuer=presentation.signer, purpose=PURPOSE)
        yield PresentationCheck(document, "COSE", checked)
    if document.root.get("proof") in (None, []):
        return
    try:
        proofs = verify_proofs(
            document.value, web=web, at=at, canonicalise=canonicalise, expected_purpose=PURPOSE
        )
    except TrustError as problem:
        yield PresentationCheck(document, "proof", Verification((), problem))
        return
    holder = named_holder(document.root)
    for proof in proofs:
        yield PresentationCheck(document, "proof", made_by(holder, proof))


def named_holder(root: Node) -> str | None:
    """The id of the holder that a presentation names; "" where it names one without an id, None where it names none."""
    for node in root.each("holder"):
        found = node.get("id") if isinstance(node.value, dict) else node.value
        if found is not None or isinstance(node.value, dict):
            return found if isinstance(found, str) else ""
    return None


def made_by(controller: str | None, proof: ProofResult) -> Verification:
    """The verification of a proof, which holds only with a key of the one who has to have made it."""
    made, known = proof.method_controller, proof.verification
    if known.problem is not None or controller is None or made is None or made == controller:
        return known
    stranger = TrustError(
        "issuer-does-not-control-key", "The proof was made with the key of somebody else.",
        step="verification method", clause="CID 1.0 section 3.3",
        expected=controller or "a holder or issuer with an id", actual=made,
        hint="Sign with a key of the holder or issuer that the document names.",
    )  # fmt: skip
    return replace(known, problem=stranger)
