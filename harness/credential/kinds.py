"""What a JSON document is, told from its members: a credential, part of one, or something else."""

from __future__ import annotations

from typing import Any

SUBJECT_CLASSES = frozenset(
    {
        "Product", "ProductPassport", "Facility", "FacilityRecord", "ConformityAttestation", "Attestation",
        "RegisteredIdentity", "MakeEvent", "MoveEvent", "ModifyEvent", "ObjectEvent", "AggregationEvent",
        "AssociationEvent", "TransactionEvent", "TransformationEvent",
    }
)  # fmt: skip

_OTHERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("a JSON Schema", frozenset({"$schema"})),
    ("a link set", frozenset({"linkset"})),
    ("a DID document", frozenset({"id", "verificationMethod"})),
    ("a proof", frozenset({"verificationMethod", "proofPurpose"})),
    ("a key set", frozenset({"keys"})),
    ("a catalogue of conformity criteria", frozenset({"conformityCriterion"})),
    ("a conformity profile", frozenset({"criterion", "scheme"})),
    ("a conformity scheme", frozenset({"endorsementLevel"})),
    ("a conformity criterion", frozenset({"passThreshold"})),
    ("a register", frozenset({"entries", "registrar"})),
    ("an entry of the software register", frozenset({"untpScope", "products"})),
    ("an entry of a register of identifier schemes", frozenset({"registerType", "registrarName"})),
)

_TYPED = {
    "ConformityScheme": "a conformity scheme",
    "ConformityProfile": "a conformity profile",
    "Criterion": "a conformity criterion",
    "ConformitySchemeVocabulary": "a catalogue of conformity criteria",
}
"""What is published beside credentials and says so in its type."""

UNREADABLE = "unreadable"
CREDENTIAL = "credential"


def kind_of(value: Any) -> str:
    """Tell "credential", also for the bare subject of one, or what else the document looks like."""
    if not isinstance(value, dict):
        return "a JSON array" if isinstance(value, list) else "a JSON value"
    types = value.get("type")
    named = (
        {types}
        if isinstance(types, str)
        else {t for t in types if isinstance(t, str)}
        if isinstance(types, list)
        else set()
    )
    if (
        "VerifiableCredential" in named
        or named & SUBJECT_CLASSES
        or {"credentialSubject", "issuer"} & value.keys()
    ):
        return CREDENTIAL
    if isinstance(value.get("vc"), dict):
        return CREDENTIAL
    if "VerifiablePresentation" in named:
        return "a presentation that holds no credential"
    for name in sorted(named & _TYPED.keys()):
        return _TYPED[name]
    for kind, marks in _OTHERS:
        if marks <= value.keys():
            return kind
    if set(value) == {"@context"}:
        return "a JSON-LD context"
    return (
        CREDENTIAL
        if "@context" in value
        else "a JSON document without @context, type, issuer or credentialSubject"
    )
