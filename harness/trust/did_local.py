"""DIDs that carry their document in themselves: did:key and did:jwk.

Sources: the did:key method v0.9, the did:jwk method; verification relationships of DID Core 1.0 section 5.3.
"""

from __future__ import annotations

from typing import Any

from harness.credential.did_url import DidUrl
from harness.errors import MalformedError
from harness.trust.codes import shown
from harness.trust.encoding import decode_base64url, read_object
from harness.trust.keys import from_multibase
from harness.trust.trace import TrustError

RELATIONSHIPS = (
    "authentication",
    "assertionMethod",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)


def key_document(parsed: DidUrl) -> dict[str, Any]:
    """The document of a did:key: one Multikey for everything that signs (did:key, Document Creation)."""
    value = parsed.specific_id
    if not value.startswith("z"):
        raise _local(parsed, "a did:key begins with z", "did:key method, section 2.1")
    try:
        from_multibase(value)
    except TrustError as error:
        if error.code != "key-not-for-signatures":
            raise
    identifier = f"{parsed.did}#{value}"
    method = {"id": identifier, "type": "Multikey", "controller": parsed.did, "publicKeyMultibase": value}
    uses = {name: [identifier] for name in RELATIONSHIPS if name != "keyAgreement"}
    return {"id": parsed.did, "verificationMethod": [method], **uses}


def jwk_document(parsed: DidUrl) -> dict[str, Any]:
    """The document of a did:jwk: one JsonWebKey2020, for what its `use` allows (did:jwk, Read)."""
    try:
        jwk = read_object(decode_base64url(parsed.specific_id), "the JWK in the did:jwk")
    except MalformedError as error:
        raise _local(parsed, error.message, "did:jwk method, Read") from error
    identifier = f"{parsed.did}#0"
    method = {"id": identifier, "type": "JsonWebKey2020", "controller": parsed.did, "publicKeyJwk": jwk}
    document: dict[str, Any] = {"id": parsed.did, "verificationMethod": [method]}
    use = jwk.get("use")
    for name in RELATIONSHIPS:
        if use is None or (use == "enc") == (name == "keyAgreement"):
            document[name] = [identifier]
    return document


def _local(parsed: DidUrl, what: str, clause: str) -> TrustError:
    return TrustError("did-malformed", what, step="DID", clause=clause, actual=shown(parsed.did))
