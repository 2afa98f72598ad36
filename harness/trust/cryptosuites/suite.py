"""What every cryptosuite has in common: its name, its inputs, and the two ways from JSON to hashData.

Canonicalisation of JSON-LD lives elsewhere and comes in as a function; JCS (RFC 8785) needs no other.
Every intermediate value goes to the trace under the name that the suite's standard gives it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from harness.errors import AbsentError, BudgetError, EngineError, MalformedError
from harness.trust.encoding import decode_multibase
from harness.trust.keys import ED25519, P256, P384, PublicKey
from harness.trust.signatures import ALGORITHMS, Algorithm
from harness.trust.trace import Trace, TrustError

Canonicalise = Callable[[dict[str, Any], str], str]
"""(document with @context, "sha256" or "sha384") -> canonical N-Quads (RDFC-1.0).

Raises BudgetError, AbsentError (a context was not brought) or MalformedError (no JSON-LD).
"""

DATA_INTEGRITY = "https://www.w3.org/TR/vc-data-integrity/"
EDDSA = "https://www.w3.org/TR/vc-di-eddsa/"
ECDSA = "https://www.w3.org/TR/vc-di-ecdsa/"
SECURITY = "https://w3id.org/security#"

FAMILIES: Mapping[str, tuple[str, Algorithm]] = {
    ED25519: ("sha256", ALGORITHMS["EdDSA"]),
    P256: ("sha256", ALGORITHMS["ES256"]),
    P384: ("sha384", ALGORITHMS["ES384"]),
}
"""Family of a key -> the hash function and the signature algorithm that go with it."""

OPTION_TERMS: Mapping[str, str] = {
    "created": "http://purl.org/dc/terms/created",
    "expires": SECURITY + "expiration",
    **{
        name: SECURITY + name
        for name in (
            "proofPurpose", "verificationMethod", "cryptosuite", "domain", "challenge", "nonce",
            "previousProof",
        )
    },
}  # fmt: skip
"""Proof options and the IRIs that they have to become, or else nobody signed them."""


@dataclass(frozen=True)
class Secured:
    """A document as one proof secures it: without that proof, with the earlier proofs it builds on."""

    document: Mapping[str, Any] = field(repr=False)
    proof: Mapping[str, Any]

    def options(self, *, without: str) -> dict[str, Any]:
        """The proof without the member that holds its value."""
        return {name: value for name, value in self.proof.items() if name != without}


@dataclass(frozen=True)
class Workings:
    """What one verification works with: the canonicaliser that it was given, and its trace."""

    canonicalise: Canonicalise
    trace: Trace


Check = Callable[[Secured, PublicKey, Workings], None]


@dataclass(frozen=True)
class Suite:
    """A cryptosuite: `check` returns where the proof verifies with the key, and raises TrustError if not."""

    name: str
    check: Check = field(repr=False)
    legacy: bool = False


def family_of(key: PublicKey, families: tuple[str, ...], suite: str, clause: str) -> tuple[str, Algorithm]:
    """Hash function and algorithm for a key; raises TrustError where the suite cannot use such a key."""
    if key.family not in families:
        raise TrustError(
            "key-does-not-fit-suite", f"{suite} cannot be verified with this kind of key.",
            step="verificationMethod", clause=clause, expected=" or ".join(families), actual=key.family,
            hint="Name a verification method of the suite's own kind, or the suite of the key.",
        )  # fmt: skip
    return FAMILIES[key.family]


def proof_bytes(proof: Mapping[str, Any], trace: Trace, clause: str, *, base: str = "z") -> bytes:
    """Decode proofValue from multibase in the one base that the suite allows."""
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise TrustError(
            "proof-value-missing", "The proof has no proofValue.", step="proofValue", clause=clause,
            expected=f"multibase text that begins with '{base}'",
            actual="missing" if value is None else repr(value)[:80],
        )  # fmt: skip
    if not value.startswith(base):
        raise TrustError(
            "proof-value-encoding", "proofValue is not in the base that its suite asks for.", step="proofValue",
            clause=clause, expected=f"multibase text that begins with '{base}'", actual=repr(value[:12]),
            hint={"z": "Encode it as base58btc.", "u": "Encode it as base64url without padding."}[base],
        )  # fmt: skip
    try:
        raw = decode_multibase(value)
    except MalformedError as error:
        raise TrustError(
            "proof-value-malformed", f"proofValue is {error.message}.", step="proofValue", clause=clause,
            actual=value[:80], hint=error.hint,
        ) from error  # fmt: skip
    trace.step("proofBytes", raw, clause)
    return raw


def rdfc_hash_data(
    secured: Secured, hash_name: str, work: Workings, clause: str, *, value: str = "proofValue"
) -> bytes:
    """Compute hashData of a suite that canonicalises RDF: hash of the options, then hash of the document."""
    document = dict(secured.document)
    transformed = canonical_quads(document, hash_name, work, "unsecuredDocument", clause)
    work.trace.step("transformedDocument", transformed, clause)
    options = canonical_options(secured, hash_name, work, clause, value=value)
    return join_hashes(options.encode(), transformed.encode(), hash_name, work.trace, clause)


def canonical_options(
    secured: Secured, hash_name: str, work: Workings, clause: str, *, value: str = "proofValue"
) -> str:
    """Compute canonicalProofConfig, which has to hold every option: a term that no context maps is not signed."""
    config = secured.options(without=value)
    config.pop("@context", None)
    if "@context" in secured.document:
        config["@context"] = secured.document["@context"]
    text = canonical_quads(config, hash_name, work, "proofConfig", clause)
    work.trace.step("canonicalProofConfig", text, clause)
    lost = [name for name, iri in OPTION_TERMS.items() if name in config and f"<{iri}>" not in text]
    if f"<{SECURITY}{config.get('type')}>" not in text:
        lost.insert(0, "type")
    if lost:
        raise TrustError(
            "proof-options-not-secured", "No context defines these proof options: nobody signed them.",
            step="canonicalProofConfig", clause=DATA_INTEGRITY + "#context-injection",
            expected="a context that defines them", actual=", ".join(lost),
            hint="Add https://w3id.org/security/data-integrity/v2 to @context, or use VCDM 2.0.",
        )  # fmt: skip
    return text


def canonical_quads(document: dict[str, Any], hash_name: str, work: Workings, step: str, clause: str) -> str:
    """Canonicalise, and turn whatever stops it into a TrustError at this step."""
    work.trace.step(step, as_text(document), clause)
    try:
        return work.canonicalise(document, hash_name)
    except BudgetError as error:
        raise _uncanonical("canonicalisation-over-budget", error, step, undetermined=True) from error
    except AbsentError as error:
        raise _uncanonical("context-absent", error, step, undetermined=True) from error
    except EngineError as error:
        raise _uncanonical("canonicalisation-failed", error, step, undetermined=True) from error
    except MalformedError as error:
        raise _uncanonical("document-not-canonicalisable", error, step, undetermined=False) from error


def jcs_hash_data(secured: Secured, hash_name: str, trace: Trace, clause: str) -> bytes:
    """Compute hashData of a suite that canonicalises JSON (RFC 8785)."""
    config = secured.options(without="proofValue")
    document = dict(secured.document)
    if "@context" in config:
        _check_context_prefix(document.get("@context"), config["@context"], clause)
        document["@context"] = config["@context"]
    trace.step("unsecuredDocument", as_text(document), clause)
    transformed = canonical_json(document, "unsecuredDocument", clause)
    trace.step("transformedDocument", transformed.decode(), clause)
    trace.step("proofConfig", as_text(config), clause)
    canonical_config = canonical_json(config, "proofConfig", clause)
    trace.step("canonicalProofConfig", canonical_config.decode(), clause)
    return join_hashes(canonical_config, transformed, hash_name, trace, clause)


def join_hashes(config: bytes, transformed: bytes, hash_name: str, trace: Trace, clause: str) -> bytes:
    """Concatenate proofConfigHash and transformedDocumentHash, in this order."""
    transformed_hash = hashlib.new(hash_name, transformed).digest()
    trace.step("transformedDocumentHash", transformed_hash, clause)
    config_hash = hashlib.new(hash_name, config).digest()
    trace.step("proofConfigHash", config_hash, clause)
    trace.step("hashData", config_hash + transformed_hash, clause)
    return config_hash + transformed_hash


def canonical_json(value: dict[str, Any], step: str, clause: str) -> bytes:
    """JSON in the one form of RFC 8785; raises TrustError for what has none."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise TrustError(
            "document-not-canonicalisable", f"The JSON has no canonical form: {error}", step=step,
            clause=clause,
            hint="RFC 8785 takes I-JSON only: no integers beyond 2^53, no lone surrogates.",
        ) from error  # fmt: skip


def as_text(value: Any) -> str:
    """JSON for a trace."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _check_context_prefix(of_document: Any, of_proof: Any, clause: str) -> None:
    whole = of_document if isinstance(of_document, list) else [of_document]
    part = of_proof if isinstance(of_proof, list) else [of_proof]
    if whole[: len(part)] != part:
        raise TrustError(
            "proof-context-mismatch", "@context of the document does not begin with @context of the proof.",
            step="proofConfig", clause=clause, expected=as_text(part)[:300],
            actual=as_text(whole)[:300],
            hint="Contexts may be added after those that were signed, never before or instead of them.",
        )  # fmt: skip


def _uncanonical(
    code: str, error: EngineError | AbsentError | MalformedError, step: str, *, undetermined: bool
) -> TrustError:
    return TrustError(
        code, f"The {step} cannot be canonicalised: {error.message}", step=step,
        clause="https://www.w3.org/TR/rdf-canon/#canonicalization", hint=error.hint, undetermined=undetermined,
    )  # fmt: skip
